//! Rotations: what their steps report and mail.

use serde_json::Value;
use simulated_aws::Effect;

use crate::{
    database::Query,
    history::{History, own},
    script::ROTATES,
    step::{Ending, What},
};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

/// The statements of a run that really changed something, and those that are not known to.
fn queries(history: &History, run: usize) -> impl Iterator<Item = &Query> {
    history
        .steps
        .iter()
        .filter_map(move |step| match &step.what {
            What::Asked(query) if query.who == run && query.statement.is_some() => Some(&**query),
            _ => None,
        })
}

/// The labels that these runs moved, by whatever answer: the secret, the label.
fn moved(
    history: &History,
    runs: impl Iterator<Item = usize>,
) -> impl Iterator<Item = (&str, &str)> {
    let effects = runs.flat_map(|run| history.effects_of_run(run));
    effects.filter_map(|effect| match effect {
        Effect::LabelMoved { secret, label, .. } => Some((secret.as_str(), label.as_str())),
        _ => None,
    })
}

/// What a row says and is not so.
pub(super) fn claimed(history: &History, chain: usize, row: &Value) -> Option<String> {
    let (subject, action) = (text(row, "subject"), text(row, "action"));
    if text(row, "outcome") != "done" {
        return None;
    }
    let chain = &history.chains[chain];
    let of_subject = |arn: &str| arn.contains(&format!(":{subject}-"));
    let runs = || chain.runs.iter().copied();
    let label = |wanted: &str| {
        moved(history, runs()).any(|(arn, label)| of_subject(arn) && label == wanted)
    };
    let calls = || runs().flat_map(|run| &history.runs[run].calls);
    let put = || {
        let effects = calls().flat_map(|record| own(record));
        { effects }.any(|effect| matches!(effect, Effect::Other { operation, subject } if operation == "PutSecretValue" && of_subject(subject)))
    };
    // The statement changed something, or the server said that there was nothing to change.
    let sent = || {
        runs()
            .flat_map(|run| queries(history, run))
            .any(|query| query.changed || query.told.is_ok())
    };
    let unsure = calls().any(|record| record.fault.is_some());
    let so = match action {
        "store" => put() || unsure,
        "rotate" | "restore" => label("AWSCURRENT") || unsure,
        "release" => label("AWSPENDING") || unsure,
        "change" | "retire" => sent(),
        _ => true,
    };
    (!so).then(|| format!("the report says {action} done of {subject}, and it is not so"))
}

/// What the run did and its report does not say.
pub(super) fn untold(history: &History, run: usize, report: &Value) -> Option<String> {
    let rows = || report["rows"].as_array().into_iter().flatten();
    let chain = history.chain_of(run);
    let lost = history.runs[run].troubled > 0;
    // A run that came to its end has spoken for itself.
    let mute = |other: &usize| *other == run || died(history, *other);
    let runs = chain.runs.iter().copied().filter(mute);
    let moved = moved(history, runs).find(|(_, label)| *label == "AWSCURRENT");
    let said = |actions: &[&str]| {
        rows().any(|row| {
            let unsure = lost && text(row, "outcome") == "failed";
            actions.contains(&text(row, "action")) && (text(row, "outcome") == "done" || unsure)
        })
    };
    if let Some((secret, _)) = moved
        && chain.runs.last() == Some(&run)
        && !said(&["rotate", "restore"])
    {
        return Some(format!(
            "AWSCURRENT of {secret} was moved, and the report does not say so"
        ));
    }
    let changed = queries(history, run).find(|query| query.changed && query.fault.is_none())?;
    let row =
        rows().any(|row| ["change", "retire", "rotate", "release"].contains(&text(row, "action")));
    (!row).then(|| {
        format!(
            "{} was done, and the report has no word of it",
            changed.said
        )
    })
}

/// Whether a run ended without a word.
fn died(history: &History, run: usize) -> bool {
    let ended = history.runs[run].ended.as_ref();
    let spoke = |ending: &Ending| matches!(ending, Ending::Answered(_) | Ending::Failed { .. });
    ended.is_some_and(|(_, ending)| !spoke(ending))
}

fn mailed(history: &History, run: usize) -> bool {
    let failed = history.runs[run]
        .log
        .iter()
        .any(|line| line.contains("\"mail_failed\""));
    failed || history.mails.iter().any(|mail| mail.run == run)
}

pub(super) fn the_end_of_a_rotation_is_mailed(history: &History) -> Option<String> {
    let (run, ending) = history.last_ending()?;
    let chain = history.chain_of(run);
    let invocation = chain
        .rotation
        .as_ref()
        .filter(|_| chain.function == ROTATES)?;
    let rows = |report: &Value| report["rows"].as_array().cloned().unwrap_or_default();
    let rotated = |row: &Value| text(row, "action") == "rotate" && text(row, "outcome") == "done";
    let over = |row: &Value| text(row, "reason").contains("is AWSCURRENT already");
    let (finished, needed) = match ending {
        Ending::Failed { kind, .. } => (false, kind == "NonRetryable"),
        Ending::Answered(report) => {
            let finished = rows(report).iter().any(rotated);
            let again = report["mode"] == "apply" && rows(report).iter().any(over);
            (finished, finished || again)
        }
        _ => (false, false),
    };
    let of_it = |run: &usize| {
        let of = history.chain_of(*run).rotation.as_ref();
        of.is_some_and(|of| of.secret == invocation.secret && of.token == invocation.token)
    };
    // Each try of a rotation that cannot go on ends the same way, and so does each step that comes
    // after the last one: that is told once, which a note on the secret says after the mail.
    let told = mailed(history, run)
        || !finished
            && (0..history.runs.len())
                .filter(of_it)
                .any(|run| mailed(history, run));
    (needed && !told).then(|| {
        format!(
            "{} of {} ended with {ending}, and nobody was told",
            invocation.step.name(),
            invocation.secret
        )
    })
}

pub(super) fn a_success_is_mailed_once(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    let published = |effect: &Effect| matches!(effect, Effect::Published(_));
    let invocation = history.chain_of(run).rotation.as_ref()?;
    if !record.effects.iter().any(published) {
        return None;
    }
    let same = |run: usize| {
        let of = history.chain_of(run).rotation.as_ref();
        of.is_some_and(|of| of.secret == invocation.secret && of.token == invocation.token)
    };
    let rotated = |body: &String| {
        let report = serde_json::from_str::<Value>(body).unwrap_or_default();
        let mut rows = report["rows"].as_array().into_iter().flatten();
        rows.any(|row| text(row, "action") == "rotate" && text(row, "outcome") == "done")
    };
    let mails = history.mails.iter().filter(|mail| same(mail.run));
    let told = mails
        .filter(|mail| mail.message.bodies.get("sqs").is_some_and(rotated))
        .count();
    let unsure = history
        .runs
        .iter()
        .enumerate()
        .filter(|(run, _)| same(*run));
    let unsure = unsure.map(|(_, run)| run.troubled).sum::<usize>();
    (told > 1 + unsure).then(|| {
        format!(
            "the rotation to {} was called a success in {told} mails",
            invocation.token
        )
    })
}

/// What the doctor did, or found for the first time, and told nobody. Of a step of a rotation,
/// [`the_end_of_a_rotation_is_mailed`] asks.
pub(super) fn unmailed(history: &History, run: usize, report: &Value) -> Option<String> {
    if history.chain_of(run).rotation.is_some() || mailed(history, run) {
        return None;
    }
    // In mode plan nothing is written down, so what is new is not known: the schedule tells all.
    let tick = history.chain_of(run).payload["tick"] == true;
    let silent = tick && report["mode"] == "plan";
    let mut rows = report["rows"].as_array().into_iter().flatten();
    let row = rows.find(|row| {
        let changed = text(row, "outcome") == "done";
        let failed = text(row, "outcome") == "failed" && row["retry"] == false;
        changed || failed || (text(row, "verdict") == "alert" && !silent && !known(history, row))
    })?;
    Some(format!("nobody was told of run {run}: {row}"))
}

/// Whether an earlier mail, or one that failed and was counted, told of the same.
fn known(history: &History, row: &Value) -> bool {
    let same = |other: &Value| {
        text(other, "subject") == text(row, "subject") && state(other) == state(row)
    };
    let mailed = history.mails.iter().any(|mail| {
        let body = mail.message.bodies.get("sqs").map_or("", String::as_str);
        let report = serde_json::from_str::<Value>(body).unwrap_or_default();
        report["rows"].as_array().into_iter().flatten().any(same)
    });
    let lost = |line: &String| line.contains("\"mail_failed\"");
    mailed || history.runs.iter().any(|run| run.log.iter().any(lost))
}

/// `current-shut`, with which the reason begins. Whatever keeps the doctor from looking is one
/// state: a tick does not tell of it again for another reason.
fn state(row: &Value) -> &str {
    let begins = text(row, "reason").split(':').next().unwrap_or_default();
    let is_name = begins.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    if is_name { begins } else { "not-seen" }
}
