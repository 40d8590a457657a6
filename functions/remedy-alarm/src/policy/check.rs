//! What the types of a policy do not rule out.

use aurora_model::Span;
use handler::{PolicyError, policy};

use super::{Never, Only, Policy, Remedies};

/// What ends sooner than this ends by itself.
const LEAST_AGE: Span = Span::seconds(10);

type Checked = Result<(), PolicyError>;

pub(super) fn all(policy: &Policy) -> Checked {
    if policy.cluster.is_empty() {
        let problem = "expected a cluster's identifier, got an empty text";
        return wrong("cluster", problem);
    }
    between(
        "history",
        policy.history,
        Span::seconds(30 * 60),
        Span::hours(24),
    )?;
    within("rows", policy.rows, 1, 20)?;
    ignored(&policy.ignore)?;
    if let Some(access) = &policy.database {
        named("database.secret", &access.secret)?;
        let limit = access.query_limit;
        between(
            "database.query_limit",
            limit,
            Span::seconds(1),
            Span::seconds(30),
        )?;
        if let Some(ca) = &access.ca {
            policy::pem(ca).or_else(|problem| wrong("database.ca", problem))?;
        }
    }
    remedies(policy)?;
    policy::check_above_zero("expire_after", policy.expire_after)
}

fn ignored(patterns: &[String]) -> Checked {
    let every = |it: &&String| it.trim_matches('*').is_empty();
    match patterns.iter().find(every) {
        Some(pattern) => wrong(
            "ignore",
            format!("expected patterns of names, got {pattern:?}, which leaves no alarm"),
        ),
        None => Ok(()),
    }
}

fn remedies(policy: &Policy) -> Checked {
    let Remedies {
        secret,
        idle_transactions,
        long_statements,
        idle_sessions,
        max_kills,
        ..
    } = &policy.remedies;
    within("remedies.max_kills", max_kills.0, 1, 50)?;
    if let Some(rule) = idle_transactions {
        let field = "remedies.idle_transactions";
        rule_of(field, rule.longer_than, &rule.only, &rule.never)?;
        no_digests(field, &rule.only, &rule.never)?;
    }
    if let Some(rule) = long_statements {
        let field = "remedies.long_statements";
        rule_of(field, rule.longer_than, &rule.only, &rule.never)?;
    }
    if let Some(rule) = idle_sessions {
        let field = "remedies.idle_sessions";
        rule_of(field, rule.longer_than, &rule.only, &rule.never)?;
        no_digests(field, &rule.only, &rule.never)?;
        within(
            &format!("{field}.above_percent"),
            rule.above_percent,
            50,
            99,
        )?;
    }
    let ends = idle_transactions.is_some() || long_statements.is_some() || idle_sessions.is_some();
    match (ends, &policy.database, secret) {
        (true, None, _) => wrong(
            "database",
            "is missing; what is to be ended has to be looked at first",
        ),
        (true, Some(_), None) => wrong(
            "remedies.secret",
            "is missing; name the secret of the user that may end sessions",
        ),
        (_, _, Some(secret)) => named("remedies.secret", secret),
        _ => Ok(()),
    }
}

fn rule_of(field: &str, longer_than: Span, only: &Only, never: &Never) -> Checked {
    if longer_than < LEAST_AGE {
        let problem = format!("expected at least {LEAST_AGE}, got {longer_than}");
        return wrong(&format!("{field}.longer_than"), problem);
    }
    if only.users.is_empty() {
        let problem = r#"expected at least one user; ["*"] is every user"#;
        return wrong(&format!("{field}.only.users"), problem);
    }
    let lists = [
        ("only.users", &only.users),
        ("only.schemas", &only.schemas),
        ("only.digests", &only.digests),
        ("never.users", &never.users),
        ("never.schemas", &never.schemas),
        ("never.digests", &never.digests),
    ];
    let empty = |(_, patterns): &(&str, &Vec<String>)| patterns.iter().any(String::is_empty);
    match lists.into_iter().find(empty) {
        Some((list, _)) => wrong(
            &format!("{field}.{list}"),
            "expected a pattern, got an empty text",
        ),
        None => Ok(()),
    }
}

/// A session that sleeps has no statement that could be meant.
fn no_digests(field: &str, only: &Only, never: &Never) -> Checked {
    let given = [("only", &only.digests), ("never", &never.digests)];
    match given.into_iter().find(|(_, digests)| !digests.is_empty()) {
        Some((list, _)) => wrong(
            &format!("{field}.{list}.digests"),
            "a session that sleeps has no statement; leave it out",
        ),
        None => Ok(()),
    }
}

fn named(field: &str, secret: &str) -> Checked {
    if secret.is_empty() {
        let problem = "expected the name or ARN of a secret, got an empty text";
        return wrong(field, problem);
    }
    Ok(())
}

fn between(field: &str, got: Span, least: Span, most: Span) -> Checked {
    if (least..=most).contains(&got) {
        return Ok(());
    }
    wrong(field, format!("expected from {least} to {most}, got {got}"))
}

fn within(field: &str, got: u8, least: u8, most: u8) -> Checked {
    if (least..=most).contains(&got) {
        return Ok(());
    }
    let problem = format!("expected a whole number from {least} to {most}, got {got}");
    wrong(field, problem)
}

fn wrong(field: &str, problem: impl Into<String>) -> Checked {
    Err(PolicyError::new(format!("policy.{field}"), problem))
}
