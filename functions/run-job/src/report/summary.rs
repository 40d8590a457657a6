//! What a run has done, in one sentence.

use aurora_model::words::moment;
use jobs::{
    Job,
    policy::{Kind, Rows},
};

use super::numbers::{a_second, count, grouped, time};
use crate::database::{Run, Tally};

/// `deleted 3,000,000 rows of shop.access_logs older than … in 6,120 steps, 104 s of work`.
pub(super) fn summary(job: &Job, run: &Run) -> String {
    let database = &job.database;
    match job.kind() {
        Some(Kind::Purge(rows) | Kind::Archive(rows)) => {
            format!("{}{}{}", rows_gone(job, rows, run), effort(run), walk(run))
        }
        Some(Kind::Partitions(partitions)) => {
            format!(
                "{}{}",
                partitions_kept(&format!("{database}.{}", partitions.table), run),
                effort(run)
            )
        }
        Some(Kind::Call(call)) => format!(
            "called {database}.{}{}{}",
            call.procedure,
            changed(run),
            effort(run)
        ),
        Some(Kind::Statement(_)) => format!(
            "ran its statement in {database}{}{}",
            changed(run),
            effort(run)
        ),
        None => "did nothing".to_owned(),
    }
}

/// `deleted 3,000,000 rows of shop.access_logs older than 2026-10-22 02:00 UTC`.
fn rows_gone(job: &Job, rows: &Rows, run: &Run) -> String {
    let Tally {
        rows: gone,
        children,
        ..
    } = run.tally;
    let verb = if rows.into.is_some() {
        "moved"
    } else {
        "deleted"
    };
    let children = match children {
        0 => String::new(),
        some => format!(" and {} of its child tables", count(some, "row")),
    };
    let into = rows.into.as_ref().map(|into| format!(" to {into}"));
    format!(
        "{verb} {} of {}.{}{}{children}{}",
        count(gone, "row"),
        job.database,
        rows.table,
        into.unwrap_or_default(),
        which(rows, run),
    )
}

/// ` older than 2026-10-22 02:00 UTC`.
pub(super) fn which(rows: &Rows, run: &Run) -> String {
    let cutoff = rows
        .older_than
        .map(|age| run.slot.saturating_sub(age.duration()));
    match cutoff {
        Some(Ok(cutoff)) => format!(" older than {}", moment(cutoff)),
        _ => " that satisfy its condition".to_owned(),
    }
}

/// ` in 6,120 steps, 2 invocations, 104 s of work (28,800 rows a second)`.
fn effort(run: &Run) -> String {
    let Tally {
        steps,
        rows,
        children,
        busy_ms,
        ..
    } = run.tally;
    let mut parts = vec![];
    if steps > 0 {
        parts.push(count(steps, "step"));
    }
    if run.attempts > 1 {
        parts.push(count(run.attempts.into(), "invocation"));
    }
    if busy_ms > 0 {
        let rate = a_second(rows + children, busy_ms).filter(|rate| *rate > 0);
        let rate = rate.map(|rate| format!(" ({} rows a second)", grouped(rate)));
        parts.push(format!(
            "{} of work{}",
            time(busy_ms),
            rate.unwrap_or_default()
        ));
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!(" in {}", parts.join(", "))
    }
}

fn walk(run: &Run) -> String {
    match run.place.walk.as_str() {
        "" => String::new(),
        "PRIMARY" => "; walked the primary key".to_owned(),
        index => format!("; walked the index {index}"),
    }
}

fn partitions_kept(table: &str, run: &Run) -> String {
    match (run.tally.steps, run.tally.rows) {
        (0, _) => format!("found the partitions of {table} as they are to be"),
        (_, 0) => format!("kept the partitions of {table}"),
        (_, rows) => format!(
            "kept the partitions of {table}; {} went with them",
            count(rows, "row")
        ),
    }
}

fn changed(run: &Run) -> String {
    match run.tally.rows {
        0 => String::new(),
        rows => format!(", which changed {}", count(rows, "row")),
    }
}
