//! The steps of a rotation, as Secrets Manager sends them.

use super::*;

const SECRET: &str = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3";
const VERSION: &str = "5e1f0c9a-7b1d-4a55-9d1e-0a6f3c2b8d47";

/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html>
fn step(name: &str) -> Value {
    json!({
        "Step": name,
        "SecretId": SECRET,
        "ClientRequestToken": VERSION,
        "RotationToken": "AgAAAGVhdGVy-not-to-be-seen",
    })
}

fn error(field: &str, value: Option<Value>) -> String {
    let mut payload = step("createSecret");
    let fields = payload.as_object_mut().unwrap();
    match value {
        Some(value) => drop(fields.insert(field.into(), value)),
        None => drop(fields.remove(field)),
    }
    parse(&payload, now()).unwrap_err().to_string()
}

#[test]
fn a_step_says_which_it_is_of_which_secret_and_version() {
    let Payload { trigger, policy } = parsed(&step("setSecret"));
    let set = RotationStep {
        step: Step::Set,
        secret: SECRET.into(),
        token: VERSION.into(),
    };
    assert_eq!(trigger.cause, Cause::Rotation(set));
    assert_eq!(trigger.id, format!("{SECRET}:{VERSION}"));
    assert_eq!(trigger.time, now());
    assert_eq!(trigger.reference().name(), "shop/app");
    assert_eq!(policy, None);
}

#[test]
fn the_last_step_stands_for_the_whole_rotation() {
    for (names, step, kind) in [
        (
            ["createSecret", "create_secret"],
            Step::Create,
            "rotation-step",
        ),
        (["setSecret", "set_secret"], Step::Set, "rotation-step"),
        (["testSecret", "test_secret"], Step::Test, "rotation-step"),
        (["finishSecret", "finish_secret"], Step::Finish, "rotation"),
    ] {
        for name in names {
            let trigger = parsed(&self::step(name)).trigger;
            assert_eq!(trigger.reference().kind, kind);
            assert!(trigger.reference().of_rotation());
            let Cause::Rotation(RotationStep { step: said, .. }) = trigger.cause else {
                panic!("a rotation");
            };
            assert_eq!((said, said.to_string().as_str()), (step, names[0]));
        }
    }
}

#[test]
fn what_secrets_manager_uses_to_know_its_caller_is_not_kept() {
    let trigger = parsed(&step("createSecret")).trigger;
    assert!(!format!("{trigger:?}").contains("not-to-be-seen"));
}

#[test]
fn a_step_may_come_with_a_policy() {
    let wrapped = json!({"policy": {"grace": "12h"}, "event": step("testSecret")});
    let Payload { trigger, policy } = parsed(&wrapped);
    assert_eq!(trigger, parsed(&step("testSecret")).trigger);
    assert_eq!(policy, Some(json!({"grace": "12h"})));
    let mut tick = wrapped;
    tick["tick"] = true.into();
    insta::assert_snapshot!(parse(&tick, now()).unwrap_err(), @"tick: only a schedule can be a tick");
}

#[test]
fn a_wrong_step() {
    insta::assert_snapshot!(error("Step", Some(json!("rotateSecret"))), @r#"payload.Step: expected createSecret, setSecret, testSecret or finishSecret, got "rotateSecret""#);
    insta::assert_snapshot!(error("Step", None), @"payload: Step is missing");
    insta::assert_snapshot!(error("SecretId", None), @"payload: SecretId is missing");
    insta::assert_snapshot!(error("SecretId", Some(json!(""))), @"payload.SecretId: expected the ARN of a secret, got an empty text");
    insta::assert_snapshot!(error("ClientRequestToken", None), @"payload: ClientRequestToken is missing");
    insta::assert_snapshot!(error("ClientRequestToken", Some(json!(""))), @"payload.ClientRequestToken: expected the id of a version, got an empty text");
    insta::assert_snapshot!(error("ClientRequestToken", Some(json!(7))), @"payload.ClientRequestToken: expected a text, got 7");
}

/// Nobody else will tell of it, whatever is wrong with it.
#[test]
fn a_step_that_cannot_be_understood_is_still_known_for_one() {
    let mut wrong = step("rotateSecret");
    let known = waiting(&wrong, now()).unwrap();
    assert_eq!((known.kind, known.name()), ("rotation-step", "shop/app"));
    wrong["SecretId"] = Value::Null;
    assert_eq!(waiting(&wrong, now()).unwrap().name(), "");
    let finish = waiting(&json!({"policy": {}, "event": step("finishSecret")}), now()).unwrap();
    assert_eq!((finish.kind, finish.time), ("rotation", now()));
    assert_eq!(waiting(&scheduled(), now()), None);
    assert_eq!(waiting(&json!("Step"), now()), None);
}
