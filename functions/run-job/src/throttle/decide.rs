//! From readings and limits to a verdict.

use std::time::Duration;

use jobs::policy::{Limit, Throttle};

use super::{Verdict, words};

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// How far a reader or replica is behind, in milliseconds.
    Lag {
        /// The identifier of the DB instance, or `host:port`.
        of: String,
    },
    /// `InnoDB`'s history list length.
    HistoryListLength,
    /// Threads that run, without our own.
    ThreadsRunning,
    /// How long the job's commits take, in milliseconds.
    Commit,
    /// How many sessions wait for a lock of the job.
    LockWaits,
    /// The team's own query.
    Query,
}

/// One number, or why there is none, in words.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Of what.
    pub what: What,
    /// The number.
    pub value: Result<f64, String>,
}

/// What holds with these readings. A reading that has no limit counts for nothing, and one that is
/// missing as above its soft limit. `again` is when to look again, should the job wait.
#[must_use]
pub fn decide(limits: &Throttle, readings: &[Reading], again: Duration) -> Verdict {
    let mut critical = Vec::new();
    let mut soft = Vec::new();
    for reading in readings {
        match grade(limits, reading) {
            Grade::Within => {}
            Grade::Soft(finding) => soft.push(finding),
            Grade::Critical(finding) => critical.push(finding),
        }
    }
    if !critical.is_empty() {
        let why = said(critical);
        return Verdict::Stop { why };
    }
    if soft.is_empty() {
        return Verdict::Go;
    }
    let why = said(soft);
    Verdict::Wait { why, again }
}

/// The lag that is the furthest, below or above its soft limit.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Furthest {
    /// In milliseconds.
    pub(super) lag: f64,
    /// In milliseconds.
    pub(super) soft: f64,
    /// Whose it is, and how much.
    pub(super) words: String,
}

/// Which reader is the furthest behind. `None` where the lag has no soft limit, or none was read.
pub(super) fn furthest(limits: &Throttle, readings: &[Reading]) -> Option<Furthest> {
    let of = |reading: &Reading| {
        let (soft, _) = bounds(limits, &reading.what);
        let lag =
            matches!(reading.what, What::Lag { .. }).then_some(reading.value.as_ref().ok()?)?;
        Some((*lag, soft?, words::exceeded(&reading.what, *lag)))
    };
    let lags = readings.iter().filter_map(of);
    let (lag, soft, words) = lags.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| b.2.cmp(&a.2)))?;
    let words = format!(
        "{words}, and its limit of {} is near",
        words::amount(&What::Commit, soft)
    );
    Some(Furthest { lag, soft, words })
}

/// Something that is not as it should be: how grave, and in words.
struct Finding {
    gravity: f64,
    words: String,
}

enum Grade {
    Within,
    Soft(Finding),
    Critical(Finding),
}

fn grade(limits: &Throttle, reading: &Reading) -> Grade {
    let Reading { what, value } = reading;
    let (soft, critical) = bounds(limits, what);
    if soft.is_none() && critical.is_none() {
        return Grade::Within;
    }
    let number = match value {
        Ok(number) if number.is_finite() => *number,
        Ok(_) => return Grade::Soft(missing(what, "it is no number")),
        Err(why) => return Grade::Soft(missing(what, why)),
    };
    if let Some(limit) = critical.filter(|limit| number > *limit) {
        return Grade::Critical(above(what, number, limit, "the critical limit of "));
    }
    match soft.filter(|limit| number > *limit) {
        Some(limit) => Grade::Soft(above(what, number, limit, "")),
        None => Grade::Within,
    }
}

fn above(what: &What, number: f64, limit: f64, which: &str) -> Finding {
    let (reading, bound) = (words::exceeded(what, number), words::amount(what, limit));
    Finding {
        gravity: over(number, limit),
        words: format!("{reading}, above {which}{bound}"),
    }
}

/// What cannot be read comes behind all that is known to be bad.
fn missing(what: &What, why: &str) -> Finding {
    let name = words::name(what);
    Finding {
        gravity: 0.0,
        words: format!("{name} cannot be read: {why}"),
    }
}

/// How many times the limit a number is. A limit of 0 or less has no such measure: there, how far
/// it is exceeded counts.
fn over(number: f64, limit: f64) -> f64 {
    if limit > 0.0 {
        number / limit
    } else {
        1.0 + number - limit
    }
}

/// The gravest first.
fn said(mut findings: Vec<Finding>) -> String {
    findings.sort_by(|a, b| {
        let graver = b.gravity.total_cmp(&a.gravity);
        graver.then_with(|| a.words.cmp(&b.words))
    });
    let words: Vec<String> = findings.into_iter().map(|finding| finding.words).collect();
    words.join("; ")
}

/// The soft and the critical limit of `what`, in its unit.
fn bounds(limits: &Throttle, what: &What) -> (Option<f64>, Option<f64>) {
    let of = |limit: Option<Limit>| {
        let Limit { soft, critical } = limit.unwrap_or_default();
        (soft.map(float), critical.map(float))
    };
    match what {
        What::Lag { .. } => of(limits.replica_lag.as_ref().map(|lag| Limit {
            soft: lag.soft_ms,
            critical: lag.critical_ms,
        })),
        What::HistoryListLength => of(limits.history_list_length),
        What::ThreadsRunning => of(limits.threads_running),
        What::Commit => of(limits.commit_ms),
        What::LockWaits => of(limits.lock_waits),
        What::Query => {
            let query = limits.query.as_ref();
            query.map_or((None, None), |query| (query.soft, query.critical))
        }
    }
}

/// Limits beyond 2^53 lose their last digits, which no reading has.
#[allow(clippy::cast_precision_loss, reason = "said above")]
const fn float(limit: u64) -> f64 {
    limit as f64
}

#[cfg(test)]
mod tests;
