//! How large steps are, and what slows them down.

use std::fmt::Display;

use handler::policy::check_above_zero;

use super::{Checked, expect, sql};
use crate::policy::{Chunk, Lag, Limit, Query, Throttle};

/// Checks how large a step is.
///
/// # Errors
/// The first field that makes no sense.
pub(super) fn chunk(chunk: &Chunk) -> Checked {
    let Chunk {
        target_ms,
        first,
        most,
        nice_ratio,
    } = chunk;
    let (fine, path) = ((1..=60_000).contains(target_ms), "chunk.target_ms");
    expect(fine, path, "a whole number from 1 to 60000", target_ms)?;
    let (fine, path) = ((1..=100_000).contains(most), "chunk.most");
    expect(fine, path, "a whole number from 1 to 100000", most)?;
    let expected = format!("a whole number from 1 to {most}, which is chunk.most");
    expect((1..=*most).contains(first), "chunk.first", &expected, first)?;
    let fine = (0.0..=100.0).contains(nice_ratio);
    expect(
        fine,
        "chunk.nice_ratio",
        "a number from 0 to 100",
        nice_ratio,
    )
}

/// Checks the throttle.
///
/// # Errors
/// As [`chunk`].
pub(super) fn throttle(throttle: &Throttle) -> Checked {
    let Throttle {
        replica_lag,
        history_list_length,
        threads_running,
        commit_ms,
        lock_waits,
        query,
        every_ms,
        patience,
    } = throttle;
    if let Some(of) = replica_lag {
        lag(of)?;
    }
    let limits = [
        ("history_list_length", history_list_length),
        ("threads_running", threads_running),
        ("commit_ms", commit_ms),
        ("lock_waits", lock_waits),
    ];
    for (field, limit) in limits {
        if let Some(Limit { soft, critical }) = limit {
            pair(field, ("soft", soft), ("critical", critical))?;
        }
    }
    if let Some(of) = query {
        self::query(of)?;
    }
    let (fine, path) = ((100..=60_000).contains(every_ms), "throttle.every_ms");
    expect(fine, path, "a whole number from 100 to 60000", every_ms)?;
    check_above_zero("throttle.patience", *patience)
}

fn lag(lag: &Lag) -> Checked {
    let Lag {
        soft_ms,
        critical_ms,
        replicas: _,
    } = lag;
    pair(
        "replica_lag",
        ("soft_ms", soft_ms),
        ("critical_ms", critical_ms),
    )
}

fn query(query: &Query) -> Checked {
    let Query {
        sql,
        soft,
        critical,
    } = query;
    let checked = sql::query(sql);
    checked.map_err(|problem| handler::PolicyError::new("policy.throttle.query.sql", problem))?;
    pair("query", ("soft", soft), ("critical", critical))
}

/// At least one of two limits, and the critical one is not below the soft one.
fn pair<T: PartialOrd + Display>(
    field: &str,
    (soft, soft_limit): (&str, &Option<T>),
    (critical, critical_limit): (&str, &Option<T>),
) -> Checked {
    let path = format!("throttle.{field}");
    match (soft_limit, critical_limit) {
        (None, None) => {
            let expected = format!("{soft}, {critical} or both; null for no limit at all");
            expect(false, &path, &expected, "neither")
        }
        (Some(low), Some(high)) => {
            let expected = format!("at least {soft}, which is {low}");
            expect(high >= low, &format!("{path}.{critical}"), &expected, high)
        }
        _ => Ok(()),
    }
}
