//! Records that differ from the files in `events`, down to what Lambda may send one day.

use serde_json::{Value, json};

use super::{at, call, event, mail, read, record};
use crate::handle;

fn subject(condition: &str, attempts: u32, status: Value, response: Value) -> String {
    mail(&record(condition, attempts, status, response)).subject
}

fn answered(response: Value) -> String {
    let status =
        json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"});
    subject("RetriesExhausted", 3, status, response)
}

#[test]
fn what_lambda_says_without_a_type_is_understood() {
    let message = "2026-11-21T02:01:00.000Z e4b46cbf Task timed out after 3.50 seconds";
    insta::assert_snapshot!(answered(json!({"errorMessage": message})), @"[ACT] nightshift-take-snapshot timed out after 3.50 s (3 tries)");
    let message = "RequestId: e4b46cbf Error: Runtime exited without providing a reason";
    insta::assert_snapshot!(answered(json!({"errorMessage": message})), @"[ACT] nightshift-take-snapshot crashed, without providing a reason (3 tries)");
    let message = "RequestId: e4b46cbf Process exited before completing request";
    insta::assert_snapshot!(answered(json!({"errorMessage": message})), @"[ACT] nightshift-take-snapshot failed (3 tries): Process exited before completing request");
}

#[test]
fn what_is_not_known_is_said_as_it_is() {
    insta::assert_snapshot!(answered(json!({"errorType": "Extension.Crash", "errorMessage": "an extension went"})), @"[ACT] nightshift-take-snapshot failed (3 tries): Extension.Crash: an extension went");
    insta::assert_snapshot!(answered(json!({"errorType": "Runtime.ExitError"})), @"[ACT] nightshift-take-snapshot crashed (3 tries)");
    insta::assert_snapshot!(answered(json!("a text")), @"[ACT] nightshift-take-snapshot was given up, RetriesExhausted (3 tries)");
    insta::assert_snapshot!(subject("Bored", 1, Value::Null, Value::Null), @"[ACT] nightshift-take-snapshot was given up, Bored (1 try)");
    insta::assert_snapshot!(subject("RetriesExhausted", 2, json!({"statusCode": 404}), Value::Null), @"[ACT] nightshift-take-snapshot does not exist (2 tries)");
    insta::assert_snapshot!(subject("RecursiveInvocation", 0, json!({"statusCode": 400}), Value::Null), @"[ACT] nightshift-take-snapshot was stopped as a loop");
}

#[test]
fn what_was_tried_before_it_was_throttled_may_have_done_something() {
    let throttled = json!({"statusCode": 429});
    let record = record("EventAgeExceeded", 1, throttled, Value::Null);
    let report = handle(&call(&record)).unwrap();
    insta::assert_snapshot!(report.headline, @"nightshift-take-snapshot was not started: it was throttled until the event was too old (1 try)");
    insta::assert_snapshot!(report.notes[2].text, @"Lambda could not start it: a run of it was still going, or the account's concurrency was used up. Part of its work may be done. That is safe: another run finds it and does only the rest.");
}

#[test]
fn the_trigger_is_that_of_the_lost_run() {
    let report = handle(&call(&event("timed-out"))).unwrap();
    let lost = report.about.unwrap();
    let trigger = lost.trigger.unwrap();
    assert_eq!(trigger.time, at("2026-11-21T02:00:00Z"));
    assert_eq!(trigger.name(), "nightshift-take-snapshot");
    assert_eq!(report.trigger.kind, "failure");
    assert_eq!(report.trigger.time, at("2026-11-21T02:06:12.093Z"));
}

#[test]
fn a_payload_that_is_no_trigger_still_gives_a_mail() {
    let mut record = event("failed-for-good");
    record["requestPayload"] = json!("hello");
    record["responsePayload"]["errorMessage"] =
        "payload: expected an object with \"policy\" and \"event\". Correct the trigger's payload; nothing was touched.".into();
    insta::assert_snapshot!(read(&record), @r#"
    [ACT] nightshift-prune-snapshots failed (3 tries): payload: expected an object with "policy" and...

    nightshift-prune-snapshots failed (3 tries): payload: expected an object with "policy" and "event". Correct the trigger's payload; nothing was touched. A person must act.

    It ended with an error that trying again does not cure. Running it twice is always safe: what is done is found and not done again.

    What to do: correct what the error names. To try it before you deploy it: make plan FUNCTION=prune-snapshots EVENT=<file>.

    Function: nightshift-prune-snapshots in eu-central-1
    Log: /aws/lambda/nightshift-prune-snapshots, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    "#);
}

#[test]
fn a_function_that_is_none_of_ours_goes_by_its_own_name() {
    let mut record = event("timed-out");
    record["requestContext"]["functionArn"] =
        "arn:aws:lambda:eu-central-1:123456789012:function:snapshot-taker".into();
    record["requestPayload"] = json!({"hello": "world"});
    insta::assert_snapshot!(read(&record), @r"
    [ACT] snapshot-taker timed out after 60 s (3 tries)

    snapshot-taker timed out after 60 s (3 tries). A person must act.

    Lambda cut its last try off after 60 s: that is its time-out. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see in the log what it waited for. If it only had too much to do, raise TimeoutSeconds in its stack.

    Function: snapshot-taker in eu-central-1
    Log: /aws/lambda/snapshot-taker, request e4b46cbf-b738-4f0a-8880-a18cdf61200e
    Told by: nightshift-report-failure, request 7d3c1b52-0a0e-4a63-9f0e-2f1d3c5b7a99
    ");
}

#[test]
fn many_clusters_are_counted_and_a_long_payload_gives_no_command() {
    let mut record = event("timed-out");
    let ids: Vec<String> = (1..=40)
        .map(|n| format!("tenant-{n:03}-aurora-cluster"))
        .collect();
    record["requestPayload"]["policy"]["clusters"] = json!({"ids": ids});
    let text = read(&record);
    assert!(
        text.contains("tenant-005-aurora-cluster and 35 others."),
        "{text}"
    );
    assert!(!text.contains("aws lambda invoke"), "{text}");
}

/// The record comes from outside; the command is pasted into a shell.
#[test]
fn nothing_of_a_record_reaches_a_shell_unquoted() {
    let mut record = event("timed-out");
    record["requestContext"]["functionArn"] =
        "arn:aws:lambda:eu-central-1:123456789012:function:x;reboot".into();
    assert!(!read(&record).contains("aws lambda invoke"));
    let mut record = event("timed-out");
    record["requestPayload"]["policy"]["schedule"] = "'; reboot; '".into();
    let text = read(&record);
    let command = text.split("aws lambda invoke").nth(1).unwrap();
    assert!(!command.contains("reboot"), "{text}");
}

/// The paragraph that says what woke a run and what it was to do.
fn task(function: &str, payload: Value) -> String {
    let mut record = event("timed-out");
    let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:nightshift-{function}");
    record["requestContext"]["functionArn"] = arn.into();
    record["requestPayload"] = payload;
    let report = handle(&call(&record)).unwrap();
    report.notes[1].text.clone()
}

#[test]
fn whatever_woke_a_run_is_named() {
    let alarm = json!({
        "source": "aws.cloudwatch", "alarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:disk: 90 %",
        "accountId": "123456789012", "time": "2026-11-21T02:00:00.989+0000", "region": "eu-central-1",
        "alarmData": {"alarmName": "disk: 90 %", "state": {"value": "ALARM", "timestamp": "2026-11-21T02:00:00.989+0000"}}
    });
    insta::assert_snapshot!(task("take-snapshot", alarm), @"It was woken by the alarm disk: 90 % at 2026-11-21 02:00 UTC, to take the snapshots of the clusters of its policy.");
    let api_call = json!({
        "version": "0", "id": "36eb8523", "detail-type": "AWS API Call via CloudTrail", "source": "aws.rds",
        "time": "2026-11-21T09:14:02Z", "detail": {"eventName": "DeleteDBClusterSnapshot", "userIdentity": {}}
    });
    insta::assert_snapshot!(task("take-snapshot", api_call), @"It was woken by a call of DeleteDBClusterSnapshot at 2026-11-21 09:14 UTC, to see whether a snapshot succeeded, failed or was deleted.");
    let rule = json!({"policy": {"schedule": "hourly", "clusters": {"ids": ["orders"]}}, "event": {
        "id": "53dc4d37", "detail-type": "Scheduled Event", "source": "aws.events", "time": "2026-11-21T02:00:00Z",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/nightshift-prune-snapshots-schedule"], "detail": {}
    }});
    insta::assert_snapshot!(task("prune-snapshots", rule), @"It was woken by the schedule nightshift-prune-snapshots-schedule for 2026-11-21 02:00 UTC, to delete the hourly snapshots of the cluster orders that no rule of its policy keeps.");
    insta::assert_snapshot!(task("report-failure", event("timed-out")), @"It was woken by the failure of nightshift-take-snapshot at 2026-11-21 02:06 UTC, to tell you of it.");
}
