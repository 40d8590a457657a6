//! Readers that are asked for.

use jiff::SignedDuration;

use super::{ASKED, last_before, tags};
use crate::{
    history::History,
    invariants::oracle::remedies::{of_run, ringing, trouble},
    script::REMEDIES,
};

/// For which troubles a reader is asked for where the policy does not say.
const BY_DEFAULT: [&str; 2] = ["cpu", "read-latency"];
/// So long scale-readers heeds a wish.
const HEEDED: SignedDuration = SignedDuration::from_mins(15);

pub(in crate::invariants) fn a_reader_is_asked_for_as_allowed(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    let of_remedies = history.chain_of(run).function == REMEDIES;
    if !of_remedies || !tags(record).any(|key| key == ASKED) {
        return None;
    }
    let (plan, policy) = of_run(history, run)?;
    let ask = &policy["remedies"]["add_reader"];
    let holds = |trouble: &str| match ask["on"].as_array() {
        Some(on) => on.iter().any(|it| it == trouble),
        None => BY_DEFAULT.contains(&trouble),
    };
    let seen = (history.sees_since(run), history.last()?.at);
    let rings = ringing(history, plan, seen);
    if !ask.is_object() || !rings.into_iter().map(trouble).any(holds) {
        return Some(format!("run {run} asked for a reader, unasked"));
    }
    let (before, pause) = last_before(history, plan, run, ASKED)?;
    (pause + SignedDuration::from_secs(1) < HEEDED)
        .then(|| format!("run {run} asked for a reader {pause:#} after run {before} did"))
}
