//! Reports: what they say and what happened.

use serde_json::Value;
use simulated_aws::Effect;

use super::{imports, jobs, readers, remedies, rotations};
use crate::{
    history::{History, own},
    script::{IMPORTS, REMEDIES, ROTATES, RUNS, SCALES},
    step::Ending,
};

/// The report that came out in the last step, as an answer or as a mail, and its run.
fn told(history: &History) -> Option<(usize, Value)> {
    if let Some((run, Ending::Answered(report))) = history.last_ending() {
        return Some((run, report.clone()));
    }
    let (run, record) = history.last_call()?;
    own(record).find_map(|effect| match effect {
        Effect::Published(message) => {
            let body = message
                .bodies
                .get("sqs")
                .or_else(|| message.bodies.get("lambda"))?;
            Some((run, serde_json::from_str(body).ok()?))
        }
        _ => None,
    })
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn rows(report: &Value) -> impl Iterator<Item = &Value> {
    report["rows"].as_array().into_iter().flatten()
}

pub(super) fn a_report_tells_what_happened(history: &History) -> Option<String> {
    let (run, report) = told(history)?;
    let chain = history.runs[run].chain;
    if history.chains[chain].function == ROTATES {
        let claims = rows(&report).find_map(|row| rotations::claimed(history, chain, row));
        return claims.or_else(|| rotations::untold(history, run, &report));
    }
    if history.chains[chain].function == RUNS {
        return rows(&report).find_map(|row| jobs::claimed(history, run, row));
    }
    if history.chains[chain].function == IMPORTS {
        return imports::claims(history, run, &report);
    }
    if history.chains[chain].function == REMEDIES {
        let claims = rows(&report).find_map(|row| remedies::claimed(history, run, row));
        return claims.or_else(|| remedies::untold(history, run, &report));
    }
    if history.chains[chain].function == SCALES {
        let claims = rows(&report).find_map(|row| readers::claimed(history, chain, row));
        return claims.or_else(|| {
            let mut effects = history.effects_of_run(run);
            effects.find_map(|effect| untold(history, run, &report, effect))
        });
    }
    let claims = rows(&report).find_map(|row| claimed(history, chain, row));
    claims.or_else(|| {
        let mut effects = history.effects_of_run(run);
        effects.find_map(|effect| untold(history, run, &report, effect))
    })
}

/// What a row says and is not so.
fn claimed(history: &History, chain: usize, row: &Value) -> Option<String> {
    let (subject, outcome) = (text(row, "subject"), text(row, "outcome"));
    let creates = text(row, "action") == "create";
    let done = history
        .effects_of(chain)
        .any(|effect| about(effect).is_some_and(|id| id == subject));
    let ever = history.snapshots.contains_key(subject);
    let gone = !history
        .there()
        .any(|life| life.snapshot.id == subject && life.snapshot.status != "deleting");
    // Of a deletion that was tried again because its answer was lost, nobody can say whether it
    // was this run's try or another run's that took effect.
    let unsure = !creates && gone && unanswered(history, chain, subject);
    let wrong = match outcome {
        "done" => !done && !unsure,
        "already-done" if creates => !ever,
        "already-done" => !gone,
        _ => false,
    };
    wrong.then(|| format!("the report says {outcome} of {subject}, and it is not so"))
}

fn unanswered(history: &History, chain: usize, subject: &str) -> bool {
    let calls = history.chains[chain]
        .runs
        .iter()
        .flat_map(|run| &history.runs[*run].calls);
    let mut lost =
        calls.filter(|call| call.fault.is_some() && call.call.operation.starts_with("Delete"));
    lost.any(|call| call.call.text("DBClusterSnapshotIdentifier") == Some(subject))
}

/// What the run did and its report does not say.
fn untold(history: &History, run: usize, report: &Value, effect: &Effect) -> Option<String> {
    let id = about(effect)?;
    let Some(row) = rows(report).find(|row| text(row, "subject") == id) else {
        let left_out = report["rows_left_out"].as_u64().unwrap_or(0) > 0;
        return (!left_out).then(|| format!("the report has no word of {id}"));
    };
    let outcome = text(row, "outcome");
    let unsure = text(row, "detail").contains("whether it took effect");
    let lost = history.runs[run].troubled > 0;
    let fine = outcome == "done" || (lost && unsure);
    (!fine).then(|| {
        format!(
            "the report says {outcome:?} of {id}, {:?}, and it was done",
            text(row, "detail")
        )
    })
}

fn about(effect: &Effect) -> Option<&str> {
    match effect {
        Effect::SnapshotCreated(snapshot) | Effect::SnapshotDeleted(snapshot) => Some(&snapshot.id),
        Effect::InstanceCreated(instance) | Effect::InstanceDeleted(instance) => Some(&instance.id),
        _ => None,
    }
}

pub(super) fn partial_is_no_success(history: &History) -> Option<String> {
    let (_, report) = told(history)?;
    let outcome = text(&report, "outcome");
    if !["success", "nothing"].contains(&outcome) {
        return None;
    }
    let bad = rows(&report).find(|row| {
        ["busy", "failed", "left", "refused"].contains(&text(row, "outcome"))
            || ["wait", "alert"].contains(&text(row, "verdict"))
    })?;
    Some(format!(
        "the run is called {outcome}, and of {} it says {bad}",
        text(bad, "subject")
    ))
}
