//! Secrets Manager waits for the answer: it goes on unless that is an error, and nobody else
//! tells of the error.

use aurora_model::report::{ROTATION_STEP, TriggerRef};

use super::*;

const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3";
const FIRST_STEPS: [&str; 3] = ["createSecret", "setSecret", "testSecret"];

fn step(name: &str) -> Value {
    json!({"Step": name, "SecretId": SECRET, "ClientRequestToken": "5e1f0c9a-7b1d-4a55-9d1e-0a6f3c2b8d47"})
}

/// A deployment with a policy, and the topic that counts its mails.
struct Night {
    settings: Settings,
    topic: Rule,
}

impl Night {
    fn new() -> Self {
        let topic = accepted();
        let policy = Some(json!({"schedule": "doctor"}));
        Self {
            settings: Settings {
                function: "rotate-secret",
                policy,
                ..settings(inbox(&topic))
            },
            topic,
        }
    }

    /// What Secrets Manager is answered when the step `name` decides this, with this outcome.
    async fn step(
        &self,
        name: &str,
        choice: Choice<Create>,
        outcomes: Vec<Outcome>,
    ) -> Result<Value, Error> {
        run(&self.settings, Delivery::BestEffort, step(name))
            .answer::<Wish, _, _>(async |call| {
                let plan = Plan {
                    decisions: vec![Decision::new("orders", "shop/app", choice, "it is due")],
                    ..Plan::empty()
                };
                let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
                Ok(Report::new("rotate-secret", mode, trigger, plan, outcomes))
            })
            .await
    }

    async fn act(&self, name: &str, outcome: Outcome) -> Result<Value, Error> {
        self.step(name, Choice::Act(Create), vec![outcome]).await
    }

    /// The error of a run of `payload` whose function, if it comes to it, cannot read something.
    async fn broken(&self, payload: Value, retry: bool) -> Error {
        run(&self.settings, Delivery::BestEffort, payload)
            .answer::<Wish, Report, _>(async |_| {
                Err(Error::Observe {
                    what: "the secret",
                    retry,
                    source: Box::new(Throttled),
                })
            })
            .await
            .unwrap_err()
    }

    fn mails(&self) -> usize {
        self.topic.num_calls()
    }
}

#[tokio::test(start_paused = true)]
async fn of_four_steps_that_succeed_only_the_last_is_mailed() {
    let night = Night::new();
    for name in FIRST_STEPS {
        let answer = night.act(name, Outcome::Done).await.unwrap();
        assert_eq!(answer["outcome"], "success");
        assert_eq!(night.mails(), 0, "{name}");
    }
    let answer = night.act("finishSecret", Outcome::Done).await.unwrap();
    assert_eq!(answer["headline"], "orders: created shop/app");
    assert_eq!(night.mails(), 1);
    // Asked again, it finds everything done.
    assert!(
        night
            .act("finishSecret", Outcome::AlreadyDone)
            .await
            .is_ok()
    );
    assert_eq!(night.mails(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_retry_may_cure_is_an_error_and_no_mail_at_any_step() {
    let night = Night::new();
    let busy = || Outcome::Busy {
        detail: "a reader lags".into(),
    };
    for name in [FIRST_STEPS.as_slice(), &["finishSecret"]].concat() {
        let error = night.act(name, failed(true)).await.unwrap_err();
        assert_eq!(error.type_name(), "Retryable", "{name}");
        let error = night.act(name, busy()).await.unwrap_err();
        assert_eq!(error.type_name(), "Retryable", "{name}");
        let waiting = night.step(name, Choice::Wait, vec![]).await.unwrap_err();
        assert_eq!(waiting.type_name(), "Retryable", "{name}");
    }
    assert_eq!(night.mails(), 0);
    let error = night.act("setSecret", busy()).await.unwrap_err();
    insta::assert_snapshot!(error, @"orders: still to create shop/app. a reader lags");
    let error = night
        .step("setSecret", Choice::Wait, vec![])
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @"orders: shop/app waiting for the next try. it is due");
}

#[tokio::test(start_paused = true)]
async fn what_fails_for_good_or_needs_a_person_is_an_error_and_a_mail() {
    let night = Night::new();
    let error = night.act("setSecret", failed(false)).await.unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"orders: failed to create shop/app. RDS said no");
    assert_eq!(night.mails(), 1);
    let error = night
        .step("testSecret", Choice::Alert, vec![])
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"orders: shop/app needs a person. it is due");
    assert_eq!(night.mails(), 2);
    let error = night.act("finishSecret", failed(false)).await.unwrap_err();
    assert_eq!((error.type_name(), night.mails()), ("NonRetryable", 3));
}

/// Otherwise Secrets Manager would go on to make a version the current one that no database knows.
#[tokio::test(start_paused = true)]
async fn in_mode_plan_the_first_step_with_something_to_do_ends_the_rotation_with_one_mail() {
    let mut night = Night::new();
    night.settings.mode = Mode::Plan;
    let error = night
        .act("createSecret", Outcome::Planned)
        .await
        .unwrap_err();
    assert_eq!(error.type_name(), "NonRetryable");
    insta::assert_snapshot!(error, @"orders: would create shop/app. The mode is plan: nothing was changed, and the rotation ends here. Set the mode to apply to rotate the secret");
    assert_eq!(night.mails(), 1);
    // A step with nothing to do in either mode does not hide the plan of the next one.
    assert!(
        night
            .step("createSecret", Choice::Keep, vec![])
            .await
            .is_ok()
    );
    assert_eq!(night.mails(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_step_that_ends_with_an_error_mails_it_unless_a_retry_may_cure_it() {
    let night = Night::new();
    let error = night.broken(step("setSecret"), true).await;
    assert_eq!((error.type_name(), night.mails()), ("Retryable", 0));
    for payload in [
        step("setSecret"),
        step("rotateSecret"),
        json!({"Step": "setSecret", "SecretId": SECRET}),
        json!({"policy": {"schedule": 7}, "event": step("createSecret")}),
    ] {
        let before = night.mails();
        let error = night.broken(payload.clone(), false).await;
        assert_eq!(error.type_name(), "NonRetryable");
        assert_eq!(night.mails(), before + 1, "{payload}");
    }
}

/// Of the other triggers `report-failure` tells.
#[tokio::test(start_paused = true)]
async fn an_error_of_the_schedule_is_not_mailed_by_the_run() {
    let night = Night::new();
    let error = night.broken(tonight(), false).await;
    assert_eq!((error.type_name(), night.mails()), ("NonRetryable", 0));
}

#[tokio::test(start_paused = true)]
async fn an_error_that_cannot_be_mailed_is_still_the_answer_and_is_logged() {
    let lines = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = lines.clone();
    let mut night = Night::new();
    night.settings.inbox = inbox(&answer(403, "AuthorizationError"));
    night.settings.log = Log::to(move |line| log.lock().unwrap().push(line.to_owned()));
    let error = night.broken(step("setSecret"), false).await;
    insta::assert_snapshot!(error, @"reading the secret: DescribeDBClusters of all clusters: throttled. Nothing was touched.");
    let lines = lines.lock().unwrap().join("\n");
    assert!(lines.contains("mail_failed") && lines.contains("AuthorizationError"));
    assert!(lines.contains(r#""MailFailures":1.0"#) && lines.contains(r#""FailedRuns":1.0"#));
}

/// Whoever pastes the command should not have to trust the payload.
#[test]
fn a_command_is_only_offered_for_a_name_that_is_safe_to_paste() {
    let ended = |id: &str| {
        let trigger = TriggerRef {
            kind: ROTATION_STEP,
            id: id.into(),
            time: NOW.parse().unwrap(),
        };
        let error = Error::Trigger(TriggerError::in_the_future(trigger.time, trigger.time));
        let report = super::super::rotation::ended("rotate-secret", "apply", trigger, &error);
        report.notes[1].text.clone()
    };
    assert!(ended(SECRET).ends_with(
        "begin the rotation anew: aws secretsmanager rotate-secret --secret-id shop/app"
    ));
    for id in ["", "a;b", "--help", "shop/$(x)"] {
        assert!(ended(id).ends_with("begin the rotation anew."), "{id}");
    }
}
