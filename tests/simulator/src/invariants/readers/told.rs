//! What the team hears of trouble that lasts.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use simulated_aws::{Effect, Record};

use crate::{
    history::{History, Mail, Run, own},
    invariants::inbox,
    script::SCALES,
    step::{Ending, What},
};

/// What the team was told of, as the cluster's tag has it.
const TOLD: &str = "nightshift:readers-told";

/// What needs a person or failed for good: on which cluster, what it is about, and the words for it without
/// those that are counts, times or names with a number.
type Trouble = (String, String, BTreeSet<String>);

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn trouble(row: &Value) -> Option<Trouble> {
    let failed = text(row, "outcome") == "failed" && row["retry"] == false;
    let (about, why) = match () {
        () if failed => (text(row, "action"), text(row, "detail")),
        () if text(row, "verdict") == "alert" => (text(row, "subject"), text(row, "reason")),
        () => return None,
    };
    let why = why.replace(text(row, "subject"), " ");
    let numbered = |word: &&str| word.chars().any(char::is_numeric);
    let words = why.split_whitespace().filter(|word| !numbered(word));
    let letters = |word: &str| word.chars().filter(|it| it.is_alphabetic()).collect();
    let words = words.map(letters).collect();
    Some((text(row, "cluster").into(), about.into(), words))
}

fn troubles(report: &Value) -> BTreeSet<Trouble> {
    let rows = report["rows"].as_array().into_iter().flatten();
    rows.filter_map(trouble).collect()
}

/// The report without them.
fn besides(report: &Value) -> Value {
    let mut rest = report.clone();
    let rows = report["rows"].as_array().into_iter().flatten();
    let rows: Vec<_> = rows.filter(|row| trouble(row).is_none()).collect();
    rest["rows"] = json!(rows);
    rest
}

/// The report in a mail.
fn mailed(mail: &Mail) -> Value {
    let body = mail.message.bodies.get("sqs").map_or("", String::as_str);
    serde_json::from_str(body).unwrap_or_default()
}

/// Whether a call is to note on a cluster what the team was told.
fn notes(record: &Record) -> bool {
    let tags = record.call.input["Tags"]["Tag"].as_array();
    let mut tags = tags.into_iter().flatten();
    record.call.operation == "AddTagsToResource" && tags.any(|tag| tag["Key"] == TOLD)
}

fn well(record: &Record) -> bool {
    let answered = record.answer.as_ref();
    record.fault.is_none() && answered.is_some_and(|(status, _)| *status < 300)
}

/// Whether the run found no cluster to note anything on, or says that it could not note what it tells, and that may
/// be so.
fn could_not_note(history: &History, run: usize, report: &Value) -> bool {
    let notes_of = report["notes"].as_array().into_iter().flatten();
    let mut notes_of = notes_of.map(|note| text(note, "text"));
    let mut tries = history.runs[run].calls.iter().filter(|it| notes(it));
    let mut calls = history.runs[run].calls.iter();
    !calls.any(|it| it.call.operation == "DescribeDBInstances")
        || (notes_of.any(|it| it.contains("cannot be noted")) && !tries.any(|it| well(it)))
}

/// What a run found, and what nobody has been told of, by it or before; and what is left to be looked at as in
/// any other report.
pub(in crate::invariants) fn unmailed(
    history: &History,
    run: usize,
    report: &Value,
) -> Result<Value, String> {
    if report["mode"] == "plan" || could_not_note(history, run, report) {
        return Ok(report.clone());
    }
    let of_readers = |mail: &&Mail| history.chain_of(mail.run).function == SCALES;
    let mails = history.mails.iter().filter(of_readers);
    let told: Vec<_> = mails
        .map(|mail| (mail.message.at, troubles(&mailed(mail))))
        .collect();
    let found = troubles(report);
    let untold = |trouble: &&Trouble| {
        let since = over_since(history, run, trouble);
        let told = told
            .iter()
            .filter(|(at, _)| since.is_none_or(|it| it < *at));
        told.into_iter().all(|(_, told)| !told.contains(trouble))
    };
    match found.iter().find(untold) {
        Some(untold) if !inbox::mail_failed(&history.runs[run]) => {
            Err(format!("nobody was told by run {run}: {untold:?}"))
        }
        _ => Ok(besides(report)),
    }
}

/// When the run began that noted last, as `run` could know, that the trouble was over; none where it is not sure
/// that one did.
fn over_since(history: &History, run: usize, trouble: &Trouble) -> Option<Timestamp> {
    let mut others = history.steps.iter().rev().filter_map(|step| {
        let noted = noted(&step.what, &trouble.0)?;
        (noted != By::Run(run as u64)).then_some((step.at, noted))
    });
    let (at, By::Run(before)) = others.next()? else {
        return None;
    };
    let before = usize::try_from(before).ok()?;
    let Some((_, Ending::Answered(report))) = &history.runs[before].ended else {
        return None;
    };
    let mut rows = report["rows"].as_array().into_iter().flatten();
    let open = rows.any(|row| {
        text(row, "verdict") == "wait"
            || ["busy", "left"].contains(&text(row, "outcome"))
            || row["retry"] == true
    });
    let knew = at < history.sees_since(run) && noted_all(history, before);
    let over = !open && !troubles(report).contains(trouble);
    (knew && over).then_some(history.runs[before].began)
}

/// Who puts a tag on a cluster.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Run(u64),
    Person,
}

/// Who has noted something on the cluster in a step, if somebody did.
fn noted(what: &What, cluster: &str) -> Option<By> {
    let end = format!(":cluster:{cluster}");
    let tagged = |effect: &Effect| {
        matches!(effect, Effect::Other { operation, subject }
            if operation.contains("Tags") && subject.ends_with(&end))
    };
    match what {
        What::Called(record) if notes(record) => {
            own(record).any(tagged).then_some(By::Run(record.who))
        }
        What::Changed { effects, .. } => effects.iter().any(tagged).then_some(By::Person),
        _ => None,
    }
}

pub(in crate::invariants) fn a_lasting_trouble_is_told_once(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    let published = |effect: &Effect| matches!(effect, Effect::Published(_));
    if history.chain_of(run).function != SCALES || !record.effects.iter().any(published) {
        return None;
    }
    let mut mails = history
        .mails
        .iter()
        .rev()
        .map(|mail| (mail.run, mailed(mail)));
    let (_, report) = mails.next()?;
    let found = troubles(&report);
    let cluster = &found.first()?.0;
    let only = report["mode"] == "apply" && !inbox::worth_a_mail(&besides(&report));
    if !only || could_not_note(history, run, &report) {
        return None;
    }
    let mut before = mails.map(|(run, report)| (run, troubles(&report), report));
    let (before, told, report) = before.find(|it| it.1.iter().any(|it| it.0 == *cluster))?;
    let noted = !could_not_note(history, before, &report);
    let knew = noted && found.is_subset(&told) && knew(history, cluster, before, run);
    knew.then(|| format!("run {run} mails what run {before} has told: {found:?}"))
}

/// Whether a run could know of what the run `before` had told: nothing kept that from noting it, and nobody else
/// has noted anything since that began to look.
fn knew(history: &History, cluster: &str, before: usize, run: usize) -> bool {
    let ended = history.runs[before].ended.as_ref();
    let over = ended.is_some_and(|(at, _)| *at < history.sees_since(run));
    let since = history.sees_since(before);
    let recent = history.steps.iter().rev();
    let recent = recent.take_while(|step| step.at >= since);
    let mut noted = recent.filter_map(|step| noted(&step.what, cluster));
    let ours = [before, run].map(|it| By::Run(it as u64));
    over && noted_all(history, before) && noted.all(|who| ours.contains(&who))
}

/// So much of its time a run keeps back, at most.
const KEPT_BACK: SignedDuration = SignedDuration::from_secs(1);

/// Whether nothing kept a run from noting what it had told: the inbox heard it, and there was time left.
fn noted_all(history: &History, run: usize) -> bool {
    let Run {
        began,
        ended,
        calls,
        ..
    } = &history.runs[run];
    let time = SignedDuration::from_secs(history.script.lambda.timeout.cast_signed()) - KEPT_BACK;
    let answered = matches!(ended, Some((at, Ending::Answered(_))) if *at < *began + time);
    let noted = calls.iter().filter(|it| notes(it)).all(|it| well(it));
    answered && noted && !inbox::mail_failed(&history.runs[run])
}
