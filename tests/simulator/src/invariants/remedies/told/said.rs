//! Whether what a run did is what its report and its mail say.

use serde_json::Value;

use super::report;
use crate::{
    history::History,
    invariants::{
        inbox,
        oracle::remedies::of_run,
        remedies::{ended, rows, text},
    },
    step::What,
};

/// What a row says was done and was not.
pub(in crate::invariants) fn claimed(history: &History, run: usize, row: &Value) -> Option<String> {
    let (subject, action) = (text(row, "subject"), text(row, "action"));
    if text(row, "outcome") != "done" || !action.starts_with("end") {
        return None;
    }
    let of_run = history
        .steps
        .iter()
        .rev()
        .filter_map(|step| match &step.what {
            What::Told(told) if told.who == run && told.victim.is_some() => Some(told),
            _ => None,
        });
    let mut of_run = of_run.map(|told| (format!("connection {} of ", told.id), &told.instance));
    let was =
        of_run.any(|(begins, on)| subject.starts_with(&begins) && subject.ends_with(on.as_str()));
    (!was).then(|| format!("the report says {action} of {subject} was done, and it is not so"))
}

/// What a run did and its report does not say.
pub(in crate::invariants) fn untold(
    history: &History,
    run: usize,
    report: &Value,
) -> Option<String> {
    let began = history.runs[run].began;
    let steps = history
        .steps
        .iter()
        .rev()
        .take_while(|step| step.at >= began);
    let mut of_run = steps.filter_map(ended).filter(|told| told.who == run);
    of_run.find_map(|told| {
        let begins = format!("connection {} of ", told.id);
        let mut of = rows(report).filter(|row| {
            let subject = text(row, "subject");
            subject.starts_with(&begins) && subject.ends_with(&told.instance)
        });
        let said = of.any(|row| ["done", "failed"].contains(&text(row, "outcome")));
        let left_out = report["rows_left_out"].as_u64().unwrap_or(0) > 0;
        (!said && !left_out).then(|| format!("run {run} ended {}, and does not say so", told.id))
    })
}

/// What is worth a mail and was mailed to nobody.
pub(in crate::invariants) fn unmailed(
    history: &History,
    run: usize,
    report: &Value,
) -> Option<String> {
    // That a policy names no cluster there is, a tick leaves to others to tell.
    let tick = report["trigger"]["kind"] == "tick";
    let none = |row: &Value| tick && row["subject"] == row["cluster"];
    let worth = |row: &&Value| {
        (text(row, "verdict") == "alert" && !none(row))
            || (text(row, "outcome") == "done" && text(row, "action").starts_with("end"))
            || (text(row, "outcome") == "failed" && row["retry"] == false)
    };
    let row = rows(report).find(worth)?;
    let chain = history.chain_of(run);
    let mut mails = history.mails.iter();
    let told = mails.any(|mail| chain.runs.contains(&mail.run));
    let failed = inbox::mail_failed(&history.runs[run]);
    // What cannot be noted is not told by every tick.
    let notes = report["notes"].as_array().into_iter().flatten();
    let mut notes = notes.map(|it| text(it, "text"));
    let held_back = notes.any(|it| it.contains(" cannot be noted on "));
    let known = told_before(history, run, row);
    (!told && !failed && !held_back && !known).then(|| format!("nobody was told: {row}"))
}

/// Whether a mail of an earlier run told of the same failure: it comes again with every tick.
fn told_before(history: &History, run: usize, row: &Value) -> bool {
    let cluster = |run: usize| of_run(history, run).map(|(plan, _)| &plan.cluster);
    let mails = history.mails.iter();
    let mut mails = mails.filter(|it| it.run < run && cluster(it.run) == cluster(run));
    let same = |other: &Value| {
        let why = |row: &Value| {
            let why = text(row, "detail").replace(text(row, "subject"), "");
            why.replace(|it: char| it.is_ascii_digit(), "")
        };
        let failed = text(other, "outcome") == "failed" && text(row, "outcome") == "failed";
        failed && other["action"] == row["action"] && why(other) == why(row)
    };
    mails.any(|mail| rows(&report(mail)).any(same))
}
