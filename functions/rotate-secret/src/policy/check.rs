//! What the types of a policy's fields do not rule out.

use aurora_model::Span;
use handler::{
    PolicyError,
    policy::{host, pem},
};

use super::SecretPolicy;

/// The longest a function may run.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Span = Span::seconds(15 * 60);

/// Checks the fields that hold for a secret; `at` is where they are written.
///
/// # Errors
/// The first field that makes no sense.
pub(super) fn fields(policy: &SecretPolicy, at: &str) -> Result<(), PolicyError> {
    let SecretPolicy {
        superuser: _,
        strategy: _,
        fallback: _,
        grace,
        settle,
        stuck_after,
        reader_wait,
        overwrite_unknown: _,
        plain_text: _,
        ca,
        accept_hosts,
        limits,
    } = policy;
    let wrong = |field: &str, problem: String| PolicyError::new(format!("{at}.{field}"), problem);
    above_zero(*grace).map_err(|problem| wrong("grace", problem))?;
    if grace < settle {
        return Err(wrong(
            "grace",
            format!("expected at least the settle time of {settle}, got {grace}"),
        ));
    }
    above_zero(*stuck_after).map_err(|problem| wrong("stuck_after", problem))?;
    in_time(*reader_wait).map_err(|problem| wrong("reader_wait", problem))?;
    let limits = [
        ("limits.connect", limits.connect),
        ("limits.statement", limits.statement),
        ("limits.lock_wait", limits.lock_wait),
    ];
    for (field, limit) in limits {
        let checked = above_zero(limit).and_then(|()| in_time(limit));
        checked.map_err(|problem| wrong(field, problem))?;
    }
    if let Some(ca) = ca {
        pem(ca).map_err(|problem| wrong("ca", problem.into()))?;
    }
    for name in accept_hosts {
        if !host(name) {
            let expected = "expected host names such as db.example.com, without a port";
            return Err(wrong("accept_hosts", format!("{expected}, got {name:?}")));
        }
    }
    Ok(())
}

fn above_zero(span: Span) -> Result<(), String> {
    if span == Span::seconds(0) {
        return Err("expected a length of time above 0s, got 0s".into());
    }
    Ok(())
}

fn in_time(span: Span) -> Result<(), String> {
    if span > LONGEST {
        return Err(format!("expected at most 15m, got {span}"));
    }
    Ok(())
}
