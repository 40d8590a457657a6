//! One invocation from payload to answer, with the clock stopped.

mod rotation;

use std::cell::Cell;

use aurora_model::{Choice, Decision, Plan, plan::Action};
use aws_sdk_sns::{Client, operation::publish::PublishOutput};
use aws_smithy_mocks::{Rule, mock};
use schemars::JsonSchema;
use serde::Deserialize;

use super::*;
use crate::{
    Log, Sdk,
    inbox::{
        Inbox, Place,
        tests::publish::{answer, deaf_inbox, inbox},
    },
};

const NOW: &str = "2026-11-21T02:00:30Z";

#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Wish {
    schedule: String,
    mode: Option<Mode>,
}

impl Policy for Wish {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }
    fn expire_after(&self) -> Span {
        Span::hours(6)
    }
    fn check(&self) -> Result<(), PolicyError> {
        Ok(())
    }
}

struct Create;

impl Action for Create {
    fn verb(&self) -> &'static str {
        "create"
    }
}

fn settings(inbox: Inbox) -> Settings {
    Settings {
        function: "take-snapshot",
        mode: Mode::Apply,
        policy: None,
        place: Place::default(),
        inbox,
        log: Log::to(|_| {}),
    }
}

fn run(settings: &Settings, delivery: Delivery, payload: Value) -> Run<'_> {
    let now: Timestamp = NOW.parse().unwrap();
    let event = Event {
        payload,
        request_id: "r-1".into(),
        now,
        ends_ms: now.as_millisecond().unsigned_abs() + 60_000,
    };
    Run::begin(settings, delivery, event)
}

fn payload(time: &str) -> Value {
    json!({
        "policy": {"schedule": "nightly"},
        "event": {"scheduled_time": time, "schedule_arn": "arn:aws:scheduler:eu-central-1:1:schedule/default/nightly"}
    })
}

fn tonight() -> Value {
    payload("2026-11-21T02:00:00Z")
}

fn report(call: &Invocation<Wish>, outcome: Outcome) -> Report {
    let decision = Decision::new(
        "orders",
        "orders-nightly-20261121",
        Choice::Act(Create),
        "tonight",
    );
    let plan = Plan {
        decisions: vec![decision],
        ..Plan::empty()
    };
    let trigger = call.trigger.reference();
    Report::new(
        "take-snapshot",
        call.mode.as_str(),
        trigger,
        plan,
        vec![outcome],
    )
}

fn accepted() -> Rule {
    mock!(Client::publish).then_output(|| PublishOutput::builder().message_id("1").build())
}

/// What the run answers when the function reports `outcome`.
async fn answered(
    settings: &Settings,
    delivery: Delivery,
    outcome: Outcome,
) -> Result<Value, Error> {
    run(settings, delivery, tonight())
        .answer::<Wish, _, _>(async |call| Ok(report(&call, outcome)))
        .await
}

/// What the function is handed.
async fn handed(settings: &Settings, payload: Value) -> Result<Invocation<Wish>, Error> {
    let seen = Cell::new(None);
    let quiet = |call: Invocation<Wish>| {
        let quiet = report(&call, Outcome::AlreadyDone);
        seen.set(Some(call));
        async { Ok(quiet) }
    };
    let answer = run(settings, Delivery::BestEffort, payload)
        .answer::<Wish, _, _>(quiet)
        .await;
    answer.map(|_| seen.take().unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_function_is_handed_policy_mode_trigger_and_time() {
    let settings = settings(inbox(&accepted()));
    let call = handed(&settings, tonight()).await.unwrap();
    assert_eq!(call.policy.schedule, "nightly");
    assert_eq!(call.mode, Mode::Apply);
    assert_eq!(call.trigger.time.to_string(), "2026-11-21T02:00:00Z");
    assert_eq!(call.now.to_string(), NOW);
    assert_eq!(call.request_id, "r-1");
    assert!(call.deadline.has(Duration::from_secs(51)));
}

#[tokio::test(start_paused = true)]
async fn the_environment_has_a_policy_where_the_payload_has_none() {
    let mut settings = settings(inbox(&accepted()));
    let mut bare = tonight();
    bare.as_object_mut().unwrap().remove("policy");
    let error = handed(&settings, bare.clone()).await.unwrap_err();
    insta::assert_snapshot!(error, @"policy: is missing; put it into the payload or into POLICY. Correct the policy; nothing was touched.");
    settings.policy = Some(json!({"schedule": "hourly"}));
    assert_eq!(
        handed(&settings, bare).await.unwrap().policy.schedule,
        "hourly"
    );
    assert_eq!(
        handed(&settings, tonight()).await.unwrap().policy.schedule,
        "nightly"
    );
}

#[tokio::test(start_paused = true)]
async fn the_stricter_mode_wins() {
    let mut settings = settings(inbox(&accepted()));
    let mut careful = tonight();
    careful["policy"]["mode"] = "plan".into();
    assert_eq!(handed(&settings, careful).await.unwrap().mode, Mode::Plan);
    settings.mode = Mode::Plan;
    assert_eq!(handed(&settings, tonight()).await.unwrap().mode, Mode::Plan);
    let mut bold = tonight();
    bold["policy"]["mode"] = "apply".into();
    assert_eq!(handed(&settings, bold).await.unwrap().mode, Mode::Plan);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_understood_is_for_a_person() {
    let settings = settings(inbox(&accepted()));
    let mut wrong = tonight();
    wrong["policy"]["keep"] = 7.into();
    let error = handed(&settings, wrong).await.unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"policy.keep: unknown field keep; known here: schedule or mode. Correct the policy; nothing was touched.");
    let error = handed(&settings, json!({})).await.unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    let error = handed(&settings, payload("2026-11-21T04:00:00Z"))
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"the trigger's time: 2026-11-21T04:00:00Z is in the future; now it is 2026-11-21T02:00:30Z. Correct the trigger's payload; nothing was touched.");
}

#[tokio::test(start_paused = true)]
async fn a_trigger_that_is_too_old_is_told_and_not_acted_on() {
    let rule = accepted();
    let settings = settings(inbox(&rule));
    let old = run(
        &settings,
        Delivery::BestEffort,
        payload("2026-11-20T20:00:00Z"),
    );
    let never = async |_: Invocation<Wish>| -> Result<Report, Error> { panic!("acted on") };
    let answer = old.answer(never).await.unwrap();
    assert_eq!(answer["outcome"], "expired");
    insta::assert_snapshot!(answer["headline"].as_str().unwrap(), @"The trigger is 6h old and expires after 6h: nothing was done. Invoke the function with a fresh trigger if the work is still wanted.");
    assert_eq!(rule.num_calls(), 1);
    // Six hours are allowed.
    assert!(
        handed(&settings, payload("2026-11-20T20:00:30Z"))
            .await
            .is_ok()
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_is_the_answer_and_is_mailed_when_it_is_news() {
    let rule = accepted();
    let settings = settings(inbox(&rule));
    let answer = answered(&settings, Delivery::BestEffort, Outcome::Done)
        .await
        .unwrap();
    assert_eq!(answer["outcome"], "success");
    assert_eq!(rule.num_calls(), 1);
    let answer = answered(&settings, Delivery::BestEffort, Outcome::AlreadyDone)
        .await
        .unwrap();
    assert_eq!(answer["outcome"], "nothing");
    assert_eq!(rule.num_calls(), 1);
}

fn failed(retry: bool) -> Outcome {
    Outcome::Failed {
        detail: "RDS said no".into(),
        retry,
    }
}

/// Exactly one of the two tells: the run, or report-failure after Lambda's retries.
#[tokio::test(start_paused = true)]
async fn what_a_retry_may_cure_is_an_error_and_no_mail() {
    let rule = accepted();
    let settings = settings(inbox(&rule));
    let error = answered(&settings, Delivery::BestEffort, failed(true))
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "Retryable");
    insta::assert_snapshot!(error, @"orders: failed to create 1. First failure: RDS said no");
    assert_eq!(rule.num_calls(), 0);
    let answer = answered(&settings, Delivery::BestEffort, failed(false))
        .await
        .unwrap();
    assert_eq!(answer["outcome"], "failed");
    assert_eq!(rule.num_calls(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_mail_that_fails_changes_nothing_unless_it_is_required() {
    let refused = settings(inbox(&answer(403, "AuthorizationError")));
    let answer_ = answered(&refused, Delivery::BestEffort, Outcome::Done)
        .await
        .unwrap();
    assert_eq!(answer_["outcome"], "success");
    let error = answered(&refused, Delivery::Required, Outcome::Done)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"nobody was told: sns:Publish to arn:aws:sns:eu-central-1:123456789012:nightshift-inbox: AuthorizationError: SNS says why");
    let busy = settings(inbox(&answer(500, "InternalError")));
    let error = answered(&busy, Delivery::Required, Outcome::Done)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "Retryable");
}

/// Whether the function's note that the team was told is made, where SNS answers like this.
async fn noted(topic: &Rule) -> bool {
    let (settings, noted) = (settings(inbox(topic)), Cell::new(false));
    let note = async || {
        assert_eq!(topic.num_calls(), 1, "the mail comes first");
        noted.set(true);
    };
    let answered = run(&settings, Delivery::BestEffort, tonight())
        .answer::<Wish, _, _>(async |call| Ok(Answer::noted(report(&call, Outcome::Done), note())))
        .await;
    assert_eq!(answered.unwrap()["outcome"], "success");
    noted.get()
}

#[tokio::test(start_paused = true)]
async fn that_the_team_was_told_is_noted_after_the_mail_and_not_without_it() {
    assert!(noted(&accepted()).await);
    assert!(!noted(&answer(403, "AuthorizationError")).await);
}

#[tokio::test(start_paused = true)]
async fn without_an_inbox_only_a_plan_is_an_answer() {
    let mut nowhere = settings(Inbox::new(Sdk::default(), None));
    let error = answered(&nowhere, Delivery::Required, Outcome::Done).await;
    assert_eq!(error.unwrap_err().type_name(), "NonRetryable");
    let answer = answered(&nowhere, Delivery::BestEffort, Outcome::Done).await;
    assert!(answer.is_ok());
    nowhere.mode = Mode::Plan;
    let answer = answered(&nowhere, Delivery::Required, Outcome::Planned).await;
    assert!(answer.is_ok());
}

/// A run must not die of its mail: then it would be mailed as a failure, and its answer lost.
#[tokio::test(start_paused = true)]
async fn a_mail_that_hangs_is_given_up_before_lambda_gives_up_the_run() {
    let settings = settings(deaf_inbox());
    let began = tokio::time::Instant::now();
    let answer = answered(&settings, Delivery::BestEffort, Outcome::Done)
        .await
        .unwrap();
    assert_eq!(answer["outcome"], "success");
    let took = began.elapsed();
    assert!(
        took > Duration::from_secs(55) && took < Duration::from_mins(1),
        "{took:?}"
    );
    let error = answered(&settings, Delivery::Required, Outcome::Done)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "Retryable");
    insta::assert_snapshot!(error, @"nobody was told: sns:Publish: no answer before the function's time was up");
}

#[derive(Debug, thiserror::Error)]
#[error("DescribeDBClusters of all clusters: throttled")]
struct Throttled;

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_stops_the_run() {
    let settings = settings(inbox(&accepted()));
    let call = handed(&settings, tonight()).await.unwrap();
    let read = call
        .read("all clusters", async { Ok::<_, Throttled>(7) }, |_| true)
        .await;
    assert_eq!(read.unwrap(), 7);
    let error = call
        .read("all clusters", async { Err::<(), _>(Throttled) }, |_| true)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "Retryable");
    insta::assert_snapshot!(error, @"reading all clusters: DescribeDBClusters of all clusters: throttled. Nothing was touched.");
    let error = call
        .read("all clusters", async { Err::<(), _>(Throttled) }, |_| false)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    let hangs = std::future::pending::<Result<(), Throttled>>();
    let error = call
        .read("all clusters", hangs, |_| false)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "Retryable");
    insta::assert_snapshot!(error, @"reading all clusters: the function's time was up before it was answered; AWS throttled every try or was not reached. Nothing was touched.");
}
