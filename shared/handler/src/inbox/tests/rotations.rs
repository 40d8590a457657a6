//! The mails of a rotation: one when it is finished, one when it cannot be.

use aurora_model::report::{ROTATION, ROTATION_STEP};

use super::*;

fn rotation(kind: &'static str) -> TriggerRef {
    TriggerRef {
        kind,
        id: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3:5e1f0c9a-7b1d-4a55-9d1e-0a6f3c2b8d47".into(),
        time: "2026-11-21T02:00:07Z".parse().unwrap(),
    }
}

fn of_secret(verb: &'static str, reason: &str) -> Decision<Do> {
    Decision::new("orders", "shop/app", Choice::Act(Do(verb)), reason)
}

fn report(kind: &'static str, plan: Plan<Do>, outcomes: Vec<Outcome>) -> Report {
    Report::new("rotate-secret", "apply", rotation(kind), plan, outcomes)
}

#[test]
fn a_finished_rotation() {
    let reason = "user app, dual-password: the new password has opened the writer and 2 readers";
    let note = "The old password of app opens the door until 2026-11-22 02:00 UTC. Applications need not do anything.";
    let plan = Plan {
        notes: vec![Note::new(Severity::Info, note)],
        ..of(vec![of_secret("rotate", reason)])
    };
    insta::assert_snapshot!(read(&report(ROTATION, plan, vec![Outcome::Done])), @r"
    [OK] rotate-secret: orders: rotated shop/app

    orders: rotated shop/app. Nobody needs to do anything.

    The old password of app opens the door until 2026-11-22 02:00 UTC. Applications need not do anything.

    What and why
    - rotated shop/app
      user app, dual-password: the new password has opened the writer and 2 readers

    Function: nightshift-rotate-secret in eu-central-1, mode apply
    Woken by: rotation shop/app, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-rotate-secret, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn a_rotation_that_cannot_be_finished() {
    let reason = "user app, dual-password: both passwords are to open the door";
    let detail = "the right APPLICATION_PASSWORD_ADMIN is missing (1227); grant it to app, or name a superuser's secret as masterarn";
    let plan = of(vec![of_secret("set the password of", reason)]);
    let failed = report(ROTATION_STEP, plan, vec![failed(detail, false)]);
    insta::assert_snapshot!(read(&failed), @r"
    [ACT] rotate-secret: orders: failed to set the password of shop/app

    orders: failed to set the password of shop/app. A person must act.

    What and why
    - FAILED to set the password of shop/app
      user app, dual-password: both passwords are to open the door
      -> the right APPLICATION_PASSWORD_ADMIN is missing (1227); grant it to app, or name a superuser's secret as masterarn

    Function: nightshift-rotate-secret in eu-central-1, mode apply
    Woken by: rotation-step shop/app, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-rotate-secret, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn a_rotation_in_mode_plan() {
    let plan = of(vec![of_secret(
        "create a version of",
        "the rotation is due",
    )]);
    let report = Report::new(
        "rotate-secret",
        "plan",
        rotation(ROTATION_STEP),
        plan,
        vec![Outcome::Planned],
    );
    insta::assert_snapshot!(read(&report), @r"
    [PLAN] rotate-secret: orders: would create a version of shop/app

    orders: would create a version of shop/app. Nothing was changed: the mode is plan.

    What and why
    - would create a version of shop/app
      the rotation is due

    Function: nightshift-rotate-secret in eu-central-1, mode plan
    Woken by: rotation-step shop/app, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-rotate-secret, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

/// Its host is none of a cluster's: then the mail names none.
#[test]
fn a_secret_of_no_cluster() {
    let alone = Decision::new("", "shop/app", Choice::Act(Do("rotate")), "it is due");
    insta::assert_snapshot!(read(&report(ROTATION, of(vec![alone]), vec![Outcome::Done])), @r"
    [OK] rotate-secret: rotated shop/app

    rotated shop/app. Nobody needs to do anything.

    What and why
    - rotated shop/app
      it is due

    Function: nightshift-rotate-secret in eu-central-1, mode apply
    Woken by: rotation shop/app, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-rotate-secret, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}

#[test]
fn an_error_before_anything_was_decided() {
    let error = crate::Error::Policy(crate::PolicyError::new(
        "policy.grace",
        "expected at least the settle time of 1h, got 10m",
    ));
    let report =
        crate::run::rotation::ended("rotate-secret", "apply", rotation(ROTATION_STEP), &error);
    insta::assert_snapshot!(read(&report), @r"
    [ACT] rotate-secret: rotation of shop/app: policy.grace: expected at least the settle time of 1h...

    rotation of shop/app: policy.grace: expected at least the settle time of 1h, got 10m. Correct the policy; nothing was touched. A person must act.

    Secrets Manager was answered with this error. It tries the rotation again a few times; each try ends the same way until the cause is gone. Then begin the rotation anew: aws secretsmanager rotate-secret --secret-id shop/app

    Function: nightshift-rotate-secret in eu-central-1, mode apply
    Woken by: rotation-step shop/app, 2026-11-21 02:00 UTC
    Log: /aws/lambda/nightshift-rotate-secret, request 8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11
    ");
}
