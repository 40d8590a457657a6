//! Lost runs of rotate-secret: of its schedule, and of a step that somebody sent by hand. What
//! Secrets Manager sends itself, it waits for: of that Lambda hands on no record.

use serde_json::json;

use super::{lost, read};

fn paragraphs(request: &serde_json::Value) -> String {
    let mail = read(&lost("rotate-secret", request));
    let (news, _) = mail.split_once("\nFunction: ").unwrap();
    news.into()
}

#[test]
fn the_schedule_of_the_doctor() {
    let request = json!({"policy": {}, "event": {
        "scheduled_time": "2026-11-21T03:00:00Z",
        "schedule_arn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/nightshift/nightshift-rotate-secret",
    }});
    insta::assert_snapshot!(paragraphs(&request), @r"
    [ACT] nightshift-rotate-secret timed out after 60 s (3 tries)

    nightshift-rotate-secret timed out after 60 s (3 tries). A person must act.

    It was woken by the schedule nightshift-rotate-secret for 2026-11-21 03:00 UTC, to look after the secrets it rotates and to mend what an earlier rotation left.

    Lambda cut its last try off after 60 s: that is its time-out. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see in the log what it waited for. If it only had too much to do, raise TimeoutSeconds in its stack.

    The next run of its schedule, whenever that is, tries again by itself.

    To run it again for the same trigger (once that is too old, the run does nothing and says so): aws lambda invoke --region eu-central-1 --function-name nightshift-rotate-secret --invocation-type Event --cli-binary-format base64 --payload <base64> /dev/null
    ");
}

#[test]
fn a_step_names_its_secret_and_hands_on_no_token() {
    let secret = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3";
    let request = json!({
        "Step": "setSecret", "SecretId": secret, "ClientRequestToken": "5e1f0c9a", "RotationToken": "AgAAA",
    });
    insta::assert_snapshot!(paragraphs(&request), @r"
    [ACT] nightshift-rotate-secret timed out after 60 s (3 tries)

    nightshift-rotate-secret timed out after 60 s (3 tries). A person must act.

    It was woken by a rotation of shop/app, for the step setSecret.

    Lambda cut its last try off after 60 s: that is its time-out. Part of its work may be done. That is safe: another run finds it and does only the rest.

    What to do: see in the log what it waited for. If it only had too much to do, raise TimeoutSeconds in its stack.

    Where a rotation is still wanted, let Secrets Manager begin it anew: it sends the first step again.
    ");
}
