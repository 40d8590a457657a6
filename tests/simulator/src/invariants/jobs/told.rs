//! What people hear of runs.

use jiff::SignedDuration;
use serde_json::Value;
use simulated_aws::Effect;

use super::{job_of, ledger, store};
use crate::{
    history::{History, Mail},
    script::{JobPlan, RUNS},
    step::Ending,
    store::RunRow,
};

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn rows(report: &Value) -> impl Iterator<Item = &Value> {
    report["rows"].as_array().into_iter().flatten()
}

/// The report in a mail.
fn report(mail: &Mail) -> Value {
    let body = mail.message.bodies.get("sqs").map_or("", String::as_str);
    serde_json::from_str(body).unwrap_or_default()
}

/// The mails that tell of a job.
fn mails<'a>(history: &'a History, job: &'a JobPlan) -> impl Iterator<Item = &'a Mail> {
    history
        .mails
        .iter()
        .filter(|mail| job_of(history, mail.run).is_some_and(|of| of.name == job.name))
}

/// Whether a run of the job could not mail, and counted it; or was given up, which report-failure tells.
fn otherwise(history: &History, job: &JobPlan) -> bool {
    let mine = |run: usize| job_of(history, run).is_some_and(|of| of.name == job.name);
    let failed = |log: &[String]| log.iter().any(|line| line.contains("\"mail_failed\""));
    let mut runs = history.runs.iter().enumerate();
    runs.any(|(run, it)| mine(run) && failed(&it.log))
}

/// The job's run in the ledger that a row says it ended.
fn ended<'a>(history: &'a History, job: &JobPlan, row: &Value) -> Option<&'a RunRow> {
    let runs = &ledger(store(&history.after, job)?)?.runs;
    let over = text(row, "outcome") == "done";
    let mut mine = runs
        .iter()
        .rev()
        .filter(|run| run.job == job.name && run.state == "done");
    mine.next().filter(|_| over)
}

/// What a row says and is not so.
pub(in crate::invariants) fn claimed(history: &History, run: usize, row: &Value) -> Option<String> {
    let ran = text(row, "outcome") == "done" && text(row, "action") == "run";
    let job = job_of(history, run).filter(|_| ran)?;
    let none = ended(history, job, row).is_none();
    none.then(|| {
        format!(
            "the report says that {} is done, and the ledger has no such run",
            job.name
        )
    })
}

pub(in crate::invariants) fn the_end_of_a_run_is_told(history: &History) -> Option<String> {
    if !history.over() {
        return None;
    }
    let jobs = history.script.jobs.as_ref()?;
    jobs.jobs.iter().find_map(|job| {
        let runs = &ledger(store(&history.after, job)?)?.runs;
        let over = runs
            .iter()
            .filter(|run| run.job == job.name && run.ended.is_some());
        let mut silent = over.filter(|run| run.state != "skipped" && worth(job, run));
        let silent = silent.find(|run| {
            let since = run.ended.is_some_and(|ended| {
                let told = |mail: &Mail| mail.message.at >= ended - SignedDuration::from_secs(1);
                mails(history, job).any(told)
            });
            !since && !otherwise(history, job)
        })?;
        Some(format!(
            "run {} of {} ended as {}, and nobody was told",
            silent.id, job.name, silent.state
        ))
    })
}

/// A run that changed nothing and went well is no news.
fn worth(_: &JobPlan, run: &RunRow) -> bool {
    run.state != "done" || run.rows + run.children + run.copied > 0
}

pub(in crate::invariants) fn a_run_is_told_once(history: &History) -> Option<String> {
    let (run, record) = history.last_call()?;
    let job = job_of(history, run)?;
    let published = |effect: &Effect| matches!(effect, Effect::Published(_));
    if !record.effects.iter().any(published) {
        return None;
    }
    let ran = |row: &Value| text(row, "outcome") == "done" && text(row, "action") == "run";
    let said = |mail: &Mail| rows(&report(mail)).any(ran);
    let told = mails(history, job).filter(|mail| said(mail)).count();
    let runs = &ledger(store(&history.after, job)?)?.runs;
    let done = runs
        .iter()
        .filter(|run| run.job == job.name && run.state == "done")
        .count();
    // Once more for each run that was cut off, or whose note or mail was.
    let mine = history.runs.iter().enumerate();
    let mine = mine.filter(|(run, _)| job_of(history, *run).is_some_and(|of| of.name == job.name));
    let unsure: usize = mine
        .map(|(run, it)| {
            let died = !matches!(it.ended, Some((_, Ending::Answered(_) | Ending::Failed { .. })));
            let cut = history.steps.iter().filter(|step| matches!(&step.what, crate::step::What::Asked(query) if query.who == run && query.fault.is_some())).count();
            usize::from(died) + it.troubled + cut
        })
        .sum();
    // A login that is cut is in no trace.
    let weather = &history.script.jobs.as_ref()?.weather;
    let rough = weather.cut > 0 || weather.slow > 0 || weather.away > 0;
    let unsure = unsure + if rough { told } else { 0 };
    (told > done + unsure).then(|| format!("{told} mails tell of {done} runs of {}", job.name))
}

/// What needs a person and was told to nobody.
pub(in crate::invariants) fn unmailed(
    history: &History,
    run: usize,
    report: &Value,
) -> Option<String> {
    let job = job_of(history, run).filter(|_| history.chain_of(run).function == RUNS)?;
    let failed = |row: &Value| text(row, "outcome") == "failed" && row["retry"] == false;
    // A tick leaves it to the schedule to tell what it finds.
    let alert =
        |row: &Value| text(row, "verdict") == "alert" && report["trigger"]["kind"] != "tick";
    let row = rows(report).find(|row| alert(row) || failed(row))?;
    let now = history.last()?.at;
    let lately =
        |mail: &Mail| now.duration_since(mail.message.at) < SignedDuration::from_hours(8 * 24);
    let told = mails(history, job).any(lately) || otherwise(history, job);
    (!told).then(|| format!("nobody was told of {}: {row}", job.name))
}
