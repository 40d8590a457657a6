//! All figures, and what they were made from, as JSON.

use serde_json::{Value, json};

use crate::{
    figures::{Figures, lags, p99s, rates},
    output::Results,
    run::Run,
};

/// How long a stretch of time the points over time are of, in seconds.
pub const STRETCH: f64 = 5.0;

/// The whole run.
pub fn whole(results: &Results) -> Value {
    let runs: Vec<_> = results
        .runs
        .iter()
        .map(|(run, figures)| one(run, figures))
        .collect();
    let claims: Vec<_> = results
        .claims
        .iter()
        .map(|it| json!({"claim": it.text, "verdict": it.verdict.to_string()}))
        .collect();
    json!({"on": results.about.told, "rows": results.about.rows, "claims": claims, "runs": runs})
}

fn one(run: &Run, figures: &Figures) -> Value {
    let points = |points: Vec<(f64, f64)>| -> Vec<Value> {
        points
            .iter()
            .map(|(at, value)| json!([rounded(at - run.began), rounded(*value)]))
            .collect()
    };
    let history: Vec<_> = run
        .seen
        .states
        .iter()
        .map(|it| json!([rounded(it.at - run.began), it.history]))
        .collect();
    let until = run.caught_up.unwrap_or(run.ended);
    json!({
        "contender": run.turn.contender.name(), "round": run.turn.round, "failed": run.failed,
        "stopped_after_s": run.turn.cap.map(|cap| cap.as_secs()),
        "rows": figures.rows, "seconds": figures.seconds, "rows_per_second": figures.rate,
        "application": application(figures),
        "lag_s": {"at_least": figures.lag.least, "at_most": figures.lag.most},
        "catch_up_s": figures.catch_up,
        "history_list": {"max": figures.history, "flat": figures.flat},
        "last_tenth_to_first": figures.tenths,
        "over_time": {
            "rows_per_second": points(rates(&run.seen.states, 2.0)),
            "lag_s": points(thinned(run)),
            "p99_ms": points(p99s(&run.operations, until, STRETCH)),
            "history_list": history,
        },
    })
}

fn application(figures: &Figures) -> Value {
    let felt = figures.felt;
    json!({
        "operations": felt.operations, "p50_ms": felt.p50, "p99_ms": felt.p99, "max_ms": felt.max,
        "old_row_update_max_ms": felt.old_max, "errors_1205": felt.lock_waits,
        "errors_1213": felt.deadlocks, "other_errors": felt.other_errors, "not_begun": felt.not_begun,
    })
}

/// The lag, the worst of each second.
pub fn thinned(run: &Run) -> Vec<(f64, f64)> {
    let mut points: Vec<(f64, f64)> = vec![];
    for behind in lags(&run.seen.writer, &run.seen.replica) {
        match points.last_mut() {
            Some((at, lag)) if at.floor() >= behind.at.floor() => *lag = lag.max(behind.least),
            _ => points.push((behind.at, behind.least)),
        }
    }
    points
}

fn rounded(value: f64) -> f64 {
    (value * 1e3).round() / 1e3
}
