//! Each file in `events/report-failure` is a record as Lambda sends it, and each gives a mail.
//! Those called `bad-….json` are payloads that no function accepts; each gives one clear error.

mod alarms;
mod endings;
mod jobs;
mod mails;
mod rotations;

use std::{fs, path::PathBuf, time::Duration};

use aws_smithy_types::base64;
use handler::{
    Deadline, Invocation, Mode,
    inbox::{Mail, Place, render},
    trigger::{self, Payload},
};
use jiff::Timestamp;
use serde_json::Value;

use crate::{NAME, Policy, handle};

fn folder() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "../../events", NAME]
        .iter()
        .collect()
}

fn event(case: &str) -> Value {
    event_of(NAME, case)
}

fn event_of(function: &str, case: &str) -> Value {
    let path = folder().join(format!("../{function}/{case}.json"));
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// The record of a run of `function` that `request` woke and that timed out.
fn lost(function: &str, request: &Value) -> Value {
    let mut record = event("timed-out");
    let arn =
        format!("arn:aws:lambda:eu-central-1:123456789012:function:nightshift-{function}:$LATEST");
    record["requestContext"]["functionArn"] = arn.into();
    record["requestPayload"] = request.clone();
    record
}

/// A record has a time of its own: this is not it.
fn now() -> Timestamp {
    Timestamp::UNIX_EPOCH
}

fn call(record: &Value) -> Invocation<Policy> {
    let Payload { trigger, .. } = trigger::parse(record, now()).unwrap();
    Invocation {
        policy: Policy {},
        mode: Mode::Apply,
        now: trigger.time,
        trigger,
        request_id: "7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99".into(),
        deadline: Deadline::in_(Duration::from_secs(30)),
    }
}

fn mail(record: &Value) -> Mail {
    let call = call(record);
    let report = handle(&call).unwrap();
    assert!(report.worth_a_mail() && !report.worth_a_retry());
    let place = Place {
        function_name: "nightshift-report-failure".into(),
        region: "eu-central-1".into(),
        log_group: "/aws/lambda/nightshift-report-failure".into(),
    };
    render(&report, &place, &call.request_id)
}

/// What a person reads: the subject, then the mail.
fn read(record: &Value) -> String {
    let mail = mail(record);
    let bodies: Value = serde_json::from_str(&mail.message).unwrap();
    let email = bodies["email"].as_str().unwrap();
    assert!(!email.contains('{'), "raw JSON in the mail:\n{email}");
    let email = with_payload_checked(email, &record["requestPayload"]);
    format!("{}\n\n{email}", mail.subject)
}

/// `email` with the command's payload, which must be that of the lost run, left out.
fn with_payload_checked(email: &str, expected: &Value) -> String {
    let Some((before, after)) = email.split_once("--payload ") else {
        return email.into();
    };
    let (payload, after) = after.split_once(' ').unwrap();
    let decoded = base64::decode(payload).unwrap();
    let decoded: Value = serde_json::from_slice(&decoded).unwrap();
    assert_eq!(&decoded, expected);
    format!("{before}--payload <base64> {after}")
}

#[test]
fn every_event_gives_a_mail_and_every_bad_one_an_error() {
    let mut seen = (0, 0);
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let case = name.strip_suffix(".json").unwrap();
        if case.starts_with("bad-") {
            assert!(trigger::parse(&event(case), now()).is_err(), "{case}");
            seen.1 += 1;
        } else if case != "policy.schema" {
            let subject = mail(&event(case)).subject;
            assert!(
                subject.starts_with("[ACT] nightshift-"),
                "{case}: {subject}"
            );
            seen.0 += 1;
        }
    }
    assert_eq!(seen, (12, 1));
}

#[test]
fn a_bad_record_gives_one_clear_error() {
    let error = trigger::parse(&event("bad-no-function"), now()).unwrap_err();
    insta::assert_snapshot!(error, @"payload.requestContext: functionArn is missing");
}

#[test]
fn another_trigger_is_refused() {
    let mut call = call(&event("timed-out"));
    call.trigger.cause = handler::Cause::Schedule;
    let error = handle(&call).unwrap_err();
    assert!(!error.retryable());
    insta::assert_snapshot!(error, @"event: expected an on-failure record, got schedule. Correct the trigger's payload; nothing was touched.");
}

#[test]
fn it_needs_no_policy_and_knows_none() {
    let absent = <Policy as handler::Policy>::absent().unwrap();
    let policy: Policy = handler::policy::parse(&absent).unwrap();
    let limit = handler::Policy::expire_after(&policy);
    assert_eq!(limit.to_string(), "14d");
    let error = handler::policy::parse::<Policy>(&serde_json::json!({"keep": 1})).unwrap_err();
    insta::assert_snapshot!(error, @"policy.keep: unknown field keep; none is known here");
}

/// Subscriptions to the mails of a function, or to failures, find its lost runs too.
#[test]
fn attributes_and_metrics_say_whose_failure_it_is() {
    let record = event("timed-out");
    let attributes = mail(&record).attributes;
    let value = |name: &str| attributes[name].string_value().unwrap().to_owned();
    assert_eq!(value("function"), "take-snapshot");
    assert_eq!(value("outcome"), "failed");
    assert_eq!(value("severity"), "critical");
    let report = handle(&call(&record)).unwrap();
    let metrics = handler::metrics::of_report(&report);
    let failed = metrics.iter().find(|metric| metric.name == "FailedRuns");
    assert_eq!(failed.map(|metric| metric.value), Some(0.0));
}

/// A bridge for the table of endings: `timed-out`, with another condition, answer and count.
fn record(condition: &str, attempts: u32, status: Value, response: Value) -> Value {
    let mut record = event("timed-out");
    record["requestContext"]["condition"] = condition.into();
    record["requestContext"]["approximateInvokeCount"] = attempts.into();
    record["responseContext"] = status;
    record["responsePayload"] = response;
    record
}

/// A moment, for comparing.
fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}
