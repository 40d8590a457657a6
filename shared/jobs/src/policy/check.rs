//! What the types of a policy's fields do not rule out.

mod rows;
mod sql;
mod throttle;

use aurora_model::{Selector, Span};
use handler::{
    PolicyError,
    policy::{check_above_zero, pem},
};
use serde_json::Value;

use super::{Call, Job, Kind, Name, Partitions, Past, Sql, Window};

/// The longest a procedure or a statement may take: what a function may run, less what it needs to
/// log in and to tell how it went.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Span = Span::seconds(14 * 60);
const DAY: Span = Span::hours(24);
/// More partitions ahead serve nobody; MySQL takes 8,192 in all.
/// <https://dev.mysql.com/doc/refman/8.0/en/partitioning-limitations.html>
const AHEAD: u32 = 1_000;
/// Schemas in which nothing is ever taken away.
const PROTECTED: [&str; 5] = [
    crate::ledger::SCHEMA,
    "mysql",
    "sys",
    "information_schema",
    "performance_schema",
];

type Checked = Result<(), PolicyError>;

/// Checks a job.
///
/// # Errors
/// The first field that makes no sense.
pub(super) fn job(job: &Job) -> Checked {
    kind(job)?;
    access(job)?;
    if let Some(event) = &job.replaces_event {
        // A name may have dots of its own.
        let named = event.split_once('.').and_then(|(schema, name)| {
            let schema = Name::new(schema)?;
            Some((schema, Name::new(name)?))
        });
        let expected = "an EVENT as schema.name, without quotes";
        expect(
            named.is_some(),
            "replaces_event",
            expected,
            format_args!("{event:?}"),
        )?;
    }
    job.windows.iter().try_for_each(window)?;
    check_above_zero("catch_up", job.catch_up)?;
    check_above_zero("expire_after", job.expire_after)?;
    throttle::chunk(&job.chunk)?;
    throttle::throttle(&job.throttle)
}

fn kind(job: &Job) -> Checked {
    match job.kind() {
        None => {
            let said = said(job);
            let expected = "expected exactly one of purge, archive, partitions, call and statement";
            Err(PolicyError::new(
                "policy",
                format!("{expected}, got {said}"),
            ))
        }
        Some(Kind::Purge(of)) => rows::purge(of, &job.database),
        Some(Kind::Archive(of)) => rows::archive(of, &job.database),
        Some(Kind::Partitions(of)) => partitions(of, &job.database),
        Some(Kind::Call(of)) => call(of),
        Some(Kind::Statement(of)) => statement(of),
    }
}

/// The kinds that a job says.
fn said(job: &Job) -> String {
    let kinds = [
        ("purge", job.purge.is_some()),
        ("archive", job.archive.is_some()),
        ("partitions", job.partitions.is_some()),
        ("call", job.call.is_some()),
        ("statement", job.statement.is_some()),
    ];
    let said = kinds
        .iter()
        .filter_map(|(kind, said)| said.then_some(*kind));
    match said.collect::<Vec<_>>().join(" and ") {
        none if none.is_empty() => "none".into(),
        said => said,
    }
}

fn access(job: &Job) -> Checked {
    let legal = Selector::Ids(vec![job.cluster.clone()]).check().is_ok();
    let expected = "a DB cluster identifier (1 to 63 letters, digits and hyphens)";
    expect(
        legal,
        "cluster",
        expected,
        format_args!("{:?}", job.cluster),
    )?;
    let plain = !job.secret.is_empty() && !job.secret.contains(char::is_whitespace);
    let expected = "the name or the ARN of a secret";
    expect(plain, "secret", expected, format_args!("{:?}", job.secret))?;
    let ca = job.ca.as_deref().map_or(Ok(()), pem);
    ca.map_err(|problem| PolicyError::new("policy.ca", problem))
}

fn window(window: &Window) -> Checked {
    let expected = "two different times of day such as 22:30 and 06:00, or 00:00 and 24:00";
    let got = format_args!("{:?} and {:?}", window.from, window.to);
    expect(window.minutes().is_some(), "windows", expected, got)
}

fn partitions(of: &Partitions, database: &Name) -> Checked {
    let Partitions {
        table: _,
        every,
        ahead,
        keep,
        past,
        max_drops,
    } = of;
    unprotected(database, "database")?;
    let whole = every.duration().as_secs() % DAY.duration().as_secs() == 0;
    let expected = "whole days such as 1d or 7d";
    let path = "partitions.every";
    expect(whole && *every >= DAY, path, expected, every)?;
    let enough = (1..=AHEAD).contains(ahead);
    expect(
        enough,
        "partitions.ahead",
        "a whole number from 1 to 1000",
        ahead,
    )?;
    check_above_zero("partitions.keep", *keep)?;
    let (path, expected) = ("partitions.max_drops", "a whole number of at least 1");
    expect(*max_drops > 0, path, expected, max_drops)?;
    match past {
        Past::Drop => Ok(()),
        Past::ExchangeInto(schema) => unprotected(schema, "partitions.past.exchange-into"),
    }
}

fn call(of: &Call) -> Checked {
    let Call {
        procedure: _,
        arguments,
        budget: span,
        lost: _,
    } = of;
    let expected = "texts, numbers, true, false or null";
    let wrong = arguments
        .iter()
        .find(|argument| !scalar(argument) && !argument.is_null());
    if let Some(wrong) = wrong {
        return expect(false, "call.arguments", expected, wrong);
    }
    budget("call.budget", *span)
}

fn statement(of: &Sql) -> Checked {
    let Sql {
        sql,
        budget: span,
        lost: _,
    } = of;
    let checked = sql::statement(sql);
    checked.map_err(|problem| PolicyError::new("policy.statement.sql", problem))?;
    budget("statement.budget", *span)
}

fn budget(path: &str, span: Span) -> Checked {
    check_above_zero(path, span)?;
    expect(span <= LONGEST, path, "at most 14m", span)
}

/// Whether a column can be compared with the value.
fn scalar(value: &Value) -> bool {
    value.is_string() || value.is_number() || value.is_boolean()
}

fn unprotected(schema: &Name, path: &str) -> Checked {
    let is = |name: &&str| name.eq_ignore_ascii_case(schema.as_str());
    let found = PROTECTED.iter().any(is);
    let expected = "a schema of yours, from which rows may be taken";
    expect(!found, path, expected, schema)
}

/// One clear error, unless it is `fine`.
fn expect(fine: bool, path: &str, expected: &str, got: impl std::fmt::Display) -> Checked {
    if fine {
        return Ok(());
    }
    let problem = format!("expected {expected}, got {got}");
    Err(PolicyError::new(format!("policy.{path}"), problem))
}
