//! What reaches people, and how often.

use serde_json::Value;
use simulated_aws::Effect;

use super::{jobs, readers, remedies, rotations};
use crate::{
    history::{Chain, History, Mail, Run},
    invariants::oracle,
    script::{REMEDIES, ROTATES, RUNS, SCALES},
    step::{Ending, What},
};

/// Whether the run has logged, and so counted, that its mail was not sent.
pub(super) fn mail_failed(run: &Run) -> bool {
    run.log.iter().any(|line| line.contains("\"mail_failed\""))
}

/// The mails that runs of this chain sent.
fn mails<'a>(history: &'a History, chain: &'a Chain) -> impl Iterator<Item = &'a Mail> {
    history
        .mails
        .iter()
        .filter(|mail| chain.runs.contains(&mail.run))
}

/// The chain that ended in the last step, with its last answer if it had one.
fn ended(history: &History) -> Option<(usize, Option<&Value>)> {
    match &history.last()?.what {
        What::Ended {
            run,
            ending: Ending::Answered(report),
        } => Some((history.runs[*run].chain, Some(report))),
        What::DeadLetter { chain } => Some((*chain, None)),
        _ => None,
    }
}

/// Whether a report needs a person, or tells of a change: said once more, as simply as the
/// design says it.
pub(super) fn worth_a_mail(report: &Value) -> bool {
    let rows = || report["rows"].as_array().into_iter().flatten();
    let is =
        |row: &Value, field: &str, values: &[&str]| values.iter().any(|value| row[field] == *value);
    let changed = rows().any(|row| {
        is(row, "outcome", &["done"]) || (row["outcome"] == "failed" && row["retry"] == false)
    });
    if report["trigger"]["kind"] == "tick" {
        return changed;
    }
    let notes = report["notes"].as_array().into_iter().flatten();
    changed
        || rows()
            .any(|row| is(row, "outcome", &["planned", "refused"]) || row["verdict"] == "alert")
        || notes
            .into_iter()
            .any(|note| is(note, "severity", &["warning", "critical"]))
        || report["breaches"]
            .as_array()
            .is_some_and(|breaches| !breaches.is_empty())
        || report["outcome"] == "expired"
}

pub(super) fn what_needs_a_person_is_mailed(history: &History) -> Option<String> {
    if history.over() {
        return unheard(history);
    }
    let (number, report) = ended(history)?;
    let chain = &history.chains[number];
    let report = report?;
    if chain.function == ROTATES {
        return rotations::unmailed(history, *chain.runs.last()?, report);
    }
    if chain.function == RUNS {
        return jobs::unmailed(history, *chain.runs.last()?, report);
    }
    if chain.function == REMEDIES {
        return remedies::unmailed(history, *chain.runs.last()?, report);
    }
    let run = *chain.runs.last()?;
    let worth = if chain.function == SCALES {
        match readers::unmailed(history, run, report) {
            Ok(rest) => worth_a_mail(&rest),
            Err(untold) => return Some(untold),
        }
    } else {
        worth_a_mail(report)
    };
    if !worth || mails(history, chain).next().is_some() {
        return None;
    }
    let counted = mail_failed(&history.runs[run]);
    (!counted || chain.function == "report-failure")
        .then(|| format!("nobody was told of event {number}: {}", report["headline"]))
}

/// A chain that Lambda gave up and of which nobody hears.
fn unheard(history: &History) -> Option<String> {
    let given_up = history.steps.iter().filter_map(|step| match &step.what {
        What::GivenUp { chain } => Some(*chain),
        _ => None,
    });
    let mut lost = given_up.filter(|chain| history.chains[*chain].function != "report-failure");
    lost.find_map(|lost| {
        let about = |chain: &&Chain| chain.about == Some(lost);
        let reporters: Vec<&Chain> = history.chains.iter().filter(about).collect();
        let told = reporters
            .iter()
            .any(|chain| mails(history, chain).next().is_some());
        let kept = history
            .dead_letters
            .iter()
            .any(|dead| history.chains[*dead].about == Some(lost));
        (!told && !kept).then(|| format!("event {lost} was given up and nobody was told"))
    })
}

pub(super) fn it_is_mailed_once(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    if !record
        .effects
        .iter()
        .any(|effect| matches!(effect, Effect::Published(_)))
    {
        return None;
    }
    let number = history.runs[run].chain;
    let chain = &history.chains[number];
    let sent = mails(history, chain).count();
    // A mail may come once more for each answer of SNS that was lost, and for each run that
    // ended without an answer: nobody can know whether it had told.
    let unsure = chain.runs.iter().flat_map(|run| &history.runs[*run].calls);
    let unsure = unsure
        .filter(|call| call.call.operation == "Publish" && call.fault.is_some())
        .count();
    let ended_badly = chain
        .runs
        .iter()
        .filter_map(|run| history.runs[*run].ended.as_ref());
    let ended_badly = ended_badly
        .filter(|(_, ending)| !matches!(ending, Ending::Answered(_)))
        .count();
    (sent > 1 + unsure + ended_badly).then(|| format!("event {number} was mailed {sent} times"))
}

pub(super) fn a_night_without_a_snapshot_is_told(history: &History) -> Option<String> {
    if !history.over() || history.script.policies.several_a_day {
        return None;
    }
    let policies = &history.script.policies;
    let steady = |id: &str| {
        !history
            .script
            .acts
            .iter()
            .any(|act| format!("{:?}", act.deed).contains(id))
    };
    let clusters = history.script.clusters.iter().filter(|cluster| {
        oracle::selected(policies, cluster) && cluster.status == "available" && steady(&cluster.id)
    });
    clusters.into_iter().find_map(|cluster| {
        let nights = nights(history);
        let silent = nights
            .into_iter()
            .find(|night| !told(history, &cluster.id, night))?;
        Some(format!(
            "{silent}: no snapshot of {}, and no mail",
            cluster.id
        ))
    })
}

/// The nights in which take-snapshot ran to an end for its schedule.
fn nights(history: &History) -> Vec<String> {
    let policies = &history.script.policies;
    let scheduled = |chain: &&Chain| {
        chain.function == "take-snapshot"
            && chain.payload["event"].get("schedule_arn").is_some()
            && chain.payload.get("tick").is_none()
            && chain.over
    };
    let chains = history.chains.iter().filter(scheduled);
    chains
        .map(|chain| oracle::slot(policies, chain.time))
        .collect()
}

/// Whether the night has a snapshot, or somebody was told of something in it.
fn told(history: &History, cluster: &str, night: &str) -> bool {
    let policies = &history.script.policies;
    let taken = history.snapshots.values().flatten().any(|life| {
        life.snapshot.cluster == cluster
            && oracle::slot_of(policies, &life.snapshot).is_some_and(|slot| slot == night)
    });
    let of_night = |at: jiff::Timestamp| oracle::slot(policies, at) == night;
    let names = |mail: &Mail| {
        let of_failure = history.chain_of(mail.run).function == "report-failure";
        let mut bodies = mail.message.bodies.values();
        // An expired trigger is told of for all its clusters.
        of_failure || bodies.any(|body| body.contains(cluster) || body.contains("expires after"))
    };
    let mailed = history.mails.iter().any(|mail| {
        let tonight = of_night(mail.message.at) || of_night(history.chain_of(mail.run).time);
        tonight && names(mail)
    });
    let mut runs = history.runs.iter();
    let failed = runs.any(|run| {
        let tonight = of_night(run.began) || of_night(history.chains[run.chain].time);
        tonight && mail_failed(run)
    });
    let dead = history
        .dead_letters
        .iter()
        .any(|dead| of_night(history.chains[*dead].taken));
    taken || mailed || failed || dead
}

pub(super) fn a_deletion_by_hand_is_told(history: &History) -> Option<String> {
    let (number, report) = ended(history)?;
    report?;
    let chain = &history.chains[number];
    let detail = &chain.payload["event"]["detail"];
    let caller = detail["userIdentity"]["arn"].as_str().unwrap_or_default();
    let tag = |key: &str, value: &str| {
        let tags = detail["responseElements"]["tagList"]
            .as_array()
            .into_iter()
            .flatten();
        tags.into_iter()
            .any(|tag| tag["key"] == key && tag["value"] == value)
    };
    let (key, value) = oracle::MANAGED_BY;
    let ours = tag(key, value) && tag("nightshift:schedule", &history.script.policies.schedule);
    if !caller.ends_with("/alice") || !ours || mails(history, chain).next().is_some() {
        return None;
    }
    let run = *chain.runs.last()?;
    let counted = mail_failed(&history.runs[run]);
    let id = &detail["requestParameters"]["dBClusterSnapshotIdentifier"];
    (!counted).then(|| format!("{id} was deleted by hand, and nobody was told"))
}
