//! The Runtime API runs a binary as Lambda would.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "these are tests, helpers included"
)]

use std::path::Path;
use std::time::{Duration, SystemTime};

use nightshift_tests::lambda::{Lambda, Settings};
use serde_json::{Value, json};
use tokio::time::Instant;

const LIMIT: Duration = Duration::from_secs(20);

async fn empty() -> Lambda {
    let binary = Path::new(env!("CARGO_BIN_EXE_empty-handler"));
    Lambda::start_binary("empty", binary.to_owned(), Settings::new()).await
}

async fn unruly() -> Lambda {
    let binary = Path::new(env!("CARGO_BIN_EXE_unruly-handler"));
    Lambda::start_binary("unruly", binary.to_owned(), Settings::new()).await
}

#[tokio::test]
async fn an_event_is_answered_and_the_process_stays_for_the_next() {
    let lambda = empty().await;
    for _ in 0..3 {
        let run = lambda.invoke(&json!({"any": "thing"}), LIMIT).await;
        assert_eq!(run.value(), &json!({}));
        assert!(!run.cold);
    }
}

#[tokio::test]
async fn the_function_knows_its_deadline_and_who_it_is() {
    let before = SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis();
    let run = unruly().await.invoke(&json!({}), LIMIT).await;
    let deadline = u128::from(run.value()["deadline_ms"].as_u64().unwrap());
    assert!((before + 20_000..before + 30_000).contains(&deadline));
    assert_eq!(run.value()["request_id"], *run.request_id);
    assert_eq!(
        run.value()["arn"],
        "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-unruly"
    );
}

#[tokio::test]
async fn each_invocation_has_its_own_log() {
    let lambda = unruly().await;
    let first = lambda.invoke(&json!({"print": "one"}), LIMIT).await;
    assert_eq!(first.log, ["started", "one", "one again"]);
    let second = lambda.invoke(&json!({"print": "two"}), LIMIT).await;
    assert_eq!(second.log, ["two", "two again"]);
}

#[tokio::test]
async fn a_function_past_its_deadline_is_killed_and_started_anew() {
    let lambda = unruly().await;
    let limit = Duration::from_millis(300);
    let run = lambda.invoke(&json!({"then": "hang"}), limit).await;
    assert_eq!(run.error().error_type, "Sandbox.Timedout");
    let message = &run.error().error_message;
    assert!(
        message.ends_with("Task timed out after 0.30 seconds"),
        "{message}"
    );
    assert!(run.duration >= limit && run.duration < limit * 5, "{run:?}");

    let next = lambda.invoke(&json!({}), LIMIT).await;
    assert!(next.cold && next.result.is_ok(), "{next:?}");
}

#[tokio::test]
async fn a_crash_is_reported_at_once() {
    let run = unruly().await.invoke(&json!({"then": "exit"}), LIMIT).await;
    assert_eq!(run.error().error_type, "Runtime.ExitError");
    let message = &run.error().error_message;
    assert!(
        message.ends_with("Runtime exited with error: exit status 3"),
        "{message}"
    );
    assert!(run.duration < LIMIT / 2);
}

#[tokio::test]
async fn a_function_can_be_killed_at_any_moment() {
    let lambda = unruly().await;
    let payload = json!({"then": "hang"});
    let killer = lambda.killer();
    let (run, ()) = tokio::join!(lambda.invoke(&payload, LIMIT), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        killer.kill().await;
    });
    let message = &run.error().error_message;
    assert!(message.ends_with("with error: signal: killed"), "{message}");
}

#[tokio::test]
async fn an_event_from_the_queue_is_tried_three_times_and_then_recorded() {
    let lambda = unruly().await;
    let payload = json!({"then": "fail", "mark": 7});
    let run = lambda.invoke_async(&payload, LIMIT).await;
    assert_eq!(run.attempts.len(), 3);
    let first = &run.attempts[0].request_id;
    assert!(run.attempts.iter().all(|each| each.request_id == *first));

    let mut record = run.on_failure.unwrap();
    let timestamp = record["timestamp"].take();
    let (date, rest) = timestamp.as_str().unwrap().split_once('T').unwrap();
    assert_eq!((date.len(), rest.len()), (10, "18:16:05.568Z".len()));
    let error_type = record["responsePayload"]["errorType"].take();
    assert!(error_type.is_string());
    assert_eq!(
        record,
        json!({
            "version": "1.0",
            "timestamp": null,
            "requestContext": {
                "requestId": first,
                "functionArn":
                    "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-unruly:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3,
            },
            "requestPayload": payload,
            "responseContext": {
                "statusCode": 200,
                "executedVersion": "$LATEST",
                "functionError": "Unhandled",
            },
            "responsePayload": {"errorType": null, "errorMessage": "as wished"},
        })
    );
}

#[tokio::test]
async fn an_event_that_went_well_leaves_no_record() {
    let run = unruly().await.invoke_async(&json!({}), LIMIT).await;
    assert_eq!((run.attempts.len(), run.on_failure), (1, None::<Value>));
}

#[tokio::test]
async fn two_instances_handle_two_events_at_once() {
    let (one, two) = tokio::join!(unruly(), unruly());
    let limit = Duration::from_millis(400);
    let payload = json!({"then": "hang"});
    let start = Instant::now();
    tokio::join!(one.invoke(&payload, limit), two.invoke(&payload, limit));
    assert!(start.elapsed() < limit * 2);
}

#[tokio::test]
#[should_panic(expected = "usage")]
async fn a_binary_that_does_not_start_shows_what_it_said() {
    let binary = Path::new("/usr/bin/env");
    let settings = Settings::new();
    // It prints its environment and ends: good enough for a usage text.
    let settings = settings.set("TEXT", "usage");
    Lambda::start_binary("no-function", binary.to_owned(), settings).await;
}
