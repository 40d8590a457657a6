//! What the types of a policy's fields do not rule out.

use std::net::IpAddr;

use aurora_model::Span;
use handler::PolicyError;

use super::SecretPolicy;

/// The longest a function may run.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Span = Span::seconds(15 * 60);

const BEGIN: &str = "-----BEGIN CERTIFICATE-----";
const END: &str = "-----END CERTIFICATE-----";

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
        host(name).map_err(|problem| wrong("accept_hosts", problem))?;
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

/// Whether `text` looks like certificates in PEM and nothing else. Whether they are any good, the
/// TLS library says. The text is not shown: it may be the key that belongs to the certificate.
fn pem(text: &str) -> Result<(), &'static str> {
    if text.contains("PRIVATE KEY") {
        return Err(
            "expected certificates in PEM only, got a private key among them; \
                    take it out and treat it as known to others",
        );
    }
    let blocks: Vec<&str> = text.split(BEGIN).skip(1).collect();
    if blocks.is_empty() {
        return Err("expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none");
    }
    let whole = |block: &&str| {
        let inner = block.split_once(END).map(|(inner, _)| inner.trim());
        inner.is_some_and(|inner| !inner.is_empty() && inner.bytes().all(base64))
    };
    if blocks.iter().all(whole) {
        Ok(())
    } else {
        Err(
            "expected certificates in PEM, got one that is cut off or no base64; \
             in JSON its line ends are \\n",
        )
    }
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte.is_ascii_whitespace() || b"+/=".contains(&byte)
}

/// Host names as DNS and addresses have them.
/// <https://www.rfc-editor.org/rfc/rfc1123#section-2>
fn host(name: &str) -> Result<(), String> {
    let label = |label: &str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
        (1..=63).contains(&label.len()) && label.bytes().all(plain)
    };
    let labels = name.trim_end_matches('.').split('.');
    if name.len() <= 253 && labels.into_iter().all(label) || name.parse::<IpAddr>().is_ok() {
        return Ok(());
    }
    Err(format!(
        "expected host names such as db.example.com, without a port, got {name:?}"
    ))
}
