//! What the doctor sees, says and mends.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{
    rotations::OWN,
    scene::{FIRST, STEPS, Scene},
};

/// The reasons about the secret, each with its outcome.
fn said(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap().iter();
    let of_app = rows.filter(|row| row["subject"] == "app-login");
    of_app
        .map(|row| {
            format!(
                "{} {}: {}",
                row["verdict"].as_str().unwrap(),
                row["outcome"].as_str().unwrap_or("-"),
                row["reason"].as_str().unwrap()
            )
        })
        .collect()
}

async fn steps(scene: &Scene, number: u64, steps: &[&str]) -> String {
    let token = scene.begin(number).await;
    for step in steps {
        let run = scene.step(&token, step).await;
        assert!(run.result.is_ok(), "{step}: {run:?}");
    }
    token
}

#[tokio::test]
async fn a_rotation_that_was_given_up_no_longer_blocks_the_next() {
    let scene = Scene::with(OWN, "dual-password", false, json!({"stuck_after": "1s"})).await;
    let given_up = steps(&scene, 1, &STEPS[..2]).await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let report = scene.visit(true).await;
    let said = said(&report);
    assert!(
        said[0].starts_with(&format!(
            "act done: pending-left-over: version {given_up} has been AWSPENDING for "
        )),
        "{said:#?}"
    );
    assert_eq!(scene.holder("AWSPENDING").await, None);
    assert_eq!(scene.opens("app", FIRST).await, (true, true));
    // The given-up password is the primary one now: setting another one beside it must not shut
    // the door for the current one.
    let token = scene.begin(2).await;
    for step in STEPS {
        let run = scene.step(&token, step).await;
        assert!(run.result.is_ok(), "{step}: {run:?}");
        let current = scene.value("AWSCURRENT").await;
        let password = current["password"].as_str().unwrap();
        assert_eq!(
            scene.opens("app", password).await,
            (true, true),
            "after {step}"
        );
    }
    assert_eq!(scene.opens("app", FIRST).await, (true, true));
}

#[tokio::test]
async fn an_old_password_is_retired_after_its_grace_and_not_before() {
    for superuser in [false, true] {
        let scene = Scene::with(OWN, "dual-password", superuser, json!({"grace": "4s"})).await;
        steps(&scene, 1, &STEPS).await;
        let early = said(&scene.visit(true).await);
        assert!(
            early[0].starts_with("keep -: AWSCURRENT (user app) logs in on 2 of 2 instances"),
            "{early:#?}"
        );
        assert_eq!(scene.opens("app", FIRST).await, (true, true));
        tokio::time::sleep(Duration::from_secs(4)).await;
        let late = said(&scene.visit(true).await);
        assert!(
            late[0].starts_with("act done: old-past-grace: "),
            "{late:#?}"
        );
        assert_eq!(scene.opens("app", FIRST).await, (false, false));
        let current = scene.value("AWSCURRENT").await;
        assert_eq!(
            scene
                .opens("app", current["password"].as_str().unwrap())
                .await,
            (true, true)
        );
        let again = said(&scene.visit(true).await);
        assert!(again[0].starts_with("keep -: "), "{again:#?}");
    }
}

#[tokio::test]
async fn a_current_credential_that_opens_no_door_is_told_once_and_at_once() {
    let scene = Scene::of(OWN, "dual-password", false).await;
    scene
        .pair
        .writer
        .root("ALTER USER app@'%' IDENTIFIED BY 'by hand'")
        .await;
    scene.pair.caught_up().await;
    let found = said(&scene.visit(true).await);
    let shut = "alert -: current-shut: its current credential, user app, does not log in on the writer, orders-1.";
    assert!(found[0].starts_with(shut), "{found:#?}");
    assert_eq!(scene.mails().len(), 1, "a tick tells what is new");
    scene.visit(true).await;
    assert_eq!(scene.mails().len(), 1, "and not again");
    scene.visit(false).await;
    assert_eq!(scene.mails().len(), 2, "the schedule tells everything");
}

#[tokio::test]
async fn a_database_that_is_ahead_of_the_secret_is_followed() {
    let scene = Scene::with(OWN, "single-user", false, json!({"stuck_after": "1s"})).await;
    let token = steps(&scene, 1, &STEPS[..1]).await;
    let pending = scene.value("AWSPENDING").await;
    let password = pending["password"].as_str().unwrap();
    // What a run leaves that dies between the password and the label.
    scene
        .pair
        .writer
        .root(&format!("ALTER USER app@'%' IDENTIFIED BY '{password}'"))
        .await;
    scene.pair.caught_up().await;
    tokio::time::sleep(Duration::from_millis(1500)).await;
    let found = said(&scene.visit(true).await);
    assert!(
        found[0].starts_with("act done: database-ahead: "),
        "{found:#?}"
    );
    assert_eq!(scene.holder("AWSCURRENT").await, Some(token));
    assert_eq!(scene.opens("app", password).await, (true, true));
}
