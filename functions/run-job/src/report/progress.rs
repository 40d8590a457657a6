//! How far a run has come.

use std::fmt::Write as _;

use aurora_model::words::moment;

use super::numbers::{a_second, count, grouped, time};
use crate::database::{Run, Tally};

/// `the run of 2026-11-21 02:00 UTC: 1,200,000 of about 3,000,000 rows gone so far (40 %), 11,000 a
/// second while it works, about 2m 43s of work left`.
pub(crate) fn progress(run: &Run) -> String {
    let Tally { rows, busy_ms, .. } = run.tally;
    let mut text = format!("the run of {}: {}", moment(run.slot), so_far(run));
    let Some(rate) = a_second(rows, busy_ms).filter(|rate| *rate > 0) else {
        return text;
    };
    let _ = write!(text, ", {} a second while it works", grouped(rate));
    let left = run.place.estimate.map(|all| all.saturating_sub(rows));
    if let Some(left) = left.filter(|left| *left > 0) {
        let left = left.saturating_mul(1_000) / rate;
        let _ = write!(text, ", about {} of work left", time(left));
    }
    text
}

fn so_far(run: &Run) -> String {
    let rows = run.tally.rows;
    match run.place.estimate.filter(|all| *all > 0 && *all >= rows) {
        Some(all) => {
            let percent = u128::from(rows) * 100 / u128::from(all);
            format!(
                "{} of about {} gone so far ({percent} %)",
                grouped(rows),
                count(all, "row")
            )
        }
        None => format!("{} gone so far", count(rows, "row")),
    }
}
