//! Whole rotations, by each strategy.

use nightshift_tests::{lambda::Invocation, rotation::token};
use serde_json::{Value, json};

use crate::scene::{FIRST, STEPS, Scene};

pub const OWN: &str = "CREATE USER app@'%' IDENTIFIED BY 'first-of-all'; GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO app@'%'";
const TWO: &str = "CREATE DATABASE shop; CREATE TABLE shop.orders (id INT PRIMARY KEY, total INT); \
    CREATE USER app@'%' IDENTIFIED BY 'first-of-all' REQUIRE SSL WITH MAX_USER_CONNECTIONS 50; \
    CREATE USER app@'127.0.0.1' IDENTIFIED BY 'first-of-all'; \
    GRANT SELECT, INSERT ON shop.* TO app@'%', app@'127.0.0.1'; GRANT UPDATE (total) ON shop.orders TO app@'127.0.0.1' WITH GRANT OPTION";

fn fine(step: &str, run: &Invocation) -> Value {
    match &run.result {
        Ok(report) => report.clone(),
        Err(error) => panic!("{step}: {error:?}\n{}", run.log.join("\n")),
    }
}

/// The user and the password of the version labelled `stage`.
pub async fn login(scene: &Scene, stage: &str) -> (String, String) {
    let value = scene.value(stage).await;
    let text = |field: &str| value[field].as_str().unwrap().to_owned();
    (text("username"), text("password"))
}

async fn current_opens(scene: &Scene, when: &str) {
    let (user, password) = login(scene, "AWSCURRENT").await;
    assert_eq!(
        scene.opens(&user, &password).await,
        (true, true),
        "AWSCURRENT, {when}"
    );
}

/// Rotates, and asks after each step whether AWSCURRENT opens both doors.
pub async fn rotated(scene: &Scene, number: u64) {
    let token = scene.begin(number).await;
    for step in STEPS {
        fine(step, &scene.step(&token, step).await);
        current_opens(scene, &format!("after {step}")).await;
    }
}

#[tokio::test]
async fn a_user_sets_its_own_second_password() {
    let scene = Scene::of(OWN, "dual-password", false).await;
    rotated(&scene, 1).await;
    let second = login(&scene, "AWSCURRENT").await;
    assert_ne!(second.1, FIRST);
    assert_eq!(
        scene.opens("app", FIRST).await,
        (true, true),
        "for its grace"
    );
    rotated(&scene, 2).await;
    assert_eq!(
        scene.opens("app", &second.1).await,
        (true, true),
        "for its grace"
    );
    assert_eq!(
        scene.opens("app", FIRST).await,
        (false, false),
        "the oldest gives way"
    );
    let mails = scene.mails();
    assert_eq!(mails.len(), 2, "one for each rotation: {mails:#?}");
    assert!(
        mails[0].starts_with("orders: rotated app-login. Nobody needs to do anything."),
        "{}",
        mails[0]
    );
}

#[tokio::test]
async fn a_superuser_sets_the_second_password_of_every_account() {
    let scene = Scene::of(TWO, "dual-password", true).await;
    rotated(&scene, 1).await;
    let hosts = "SELECT host FROM mysql.user WHERE user = 'app' AND JSON_CONTAINS_PATH(user_attributes, 'one', '$.additional_password') ORDER BY host";
    assert_eq!(scene.pair.writer.root(hosts).await, [["%"], ["127.0.0.1"]]);
    assert_eq!(scene.opens("app", FIRST).await, (true, true));
}

#[tokio::test]
async fn the_clone_takes_turns_and_has_what_the_original_has() {
    let scene = Scene::of(TWO, "alternating-users", true).await;
    rotated(&scene, 1).await;
    assert_eq!(login(&scene, "AWSCURRENT").await.0, "app_clone");
    assert_eq!(
        scene.opens("app", FIRST).await,
        (true, true),
        "the other user stays as it is"
    );
    let grants = |user: &str, host: &str| format!("SHOW GRANTS FOR '{user}'@'{host}'");
    for host in ["%", "127.0.0.1"] {
        let original = scene.pair.writer.root(&grants("app", host)).await;
        let clone = scene.pair.writer.root(&grants("app_clone", host)).await;
        let renamed: Vec<_> = clone
            .iter()
            .map(|row| row[0].replace("`app_clone`", "`app`"))
            .collect();
        assert_eq!(renamed, original.concat());
    }
    scene
        .pair
        .writer
        .root("REVOKE INSERT ON shop.* FROM app@'%'; DROP USER app@'127.0.0.1'")
        .await;
    rotated(&scene, 2).await;
    assert_eq!(login(&scene, "AWSCURRENT").await.0, "app");
    rotated(&scene, 3).await;
    let left = scene
        .pair
        .writer
        .root(&grants("app_clone", "%"))
        .await
        .concat()
        .join("; ");
    assert!(
        !left.contains("INSERT"),
        "what the original has lost, the clone has not: {left}"
    );
    let hosts = scene
        .pair
        .writer
        .root("SELECT host FROM mysql.user WHERE user = 'app_clone'")
        .await;
    assert_eq!(hosts, [["%"]]);
}

#[tokio::test]
async fn a_turn_by_which_somebody_would_lose_access_is_not_taken() {
    let scene = Scene::of(TWO, "alternating-users", true).await;
    rotated(&scene, 1).await;
    let writer = &scene.pair.writer;
    writer.root("ALTER USER app@'127.0.0.1' ACCOUNT LOCK").await;
    let token = scene.begin(2).await;
    fine("createSecret", &scene.step(&token, "createSecret").await);
    let refused = scene.step(&token, "setSecret").await.result.unwrap_err();
    let said = refused.error_message;
    assert!(
        said.contains("'app'@'127.0.0.1' is locked") && said.contains("would be refused"),
        "{said}"
    );
    assert!(!scene.opens("app", FIRST).await.0, "it is locked");
    assert_eq!(login(&scene, "AWSCURRENT").await.0, "app_clone");
    current_opens(&scene, "after the refusal").await;

    writer
        .root("ALTER USER app@'127.0.0.1' ACCOUNT UNLOCK")
        .await;
    for step in &STEPS[1..] {
        fine(step, &scene.step(&token, step).await);
    }
    assert_eq!(login(&scene, "AWSCURRENT").await.0, "app");
    current_opens(&scene, "after the turn").await;
}

/// Somebody sets another password and puts it into the secret.
async fn put_by_hand(scene: &Scene, number: u64) {
    let password = format!("by hand, number {number}");
    let mut content = scene.value("AWSCURRENT").await;
    let sql = format!("ALTER USER app@'%' IDENTIFIED BY '{password}'");
    content["password"] = password.into();
    scene.pair.writer.root(&sql).await;
    let input = json!({
        "ClientRequestToken": token(number), "SecretString": content.to_string(),
        "VersionStages": ["AWSCURRENT"],
    });
    scene.secret.call("PutSecretValue", input).await;
}

/// A version that was current once, is so no longer, and has kept AWSPENDING.
#[tokio::test]
async fn a_password_that_somebody_has_replaced_does_not_come_back() {
    let scene = Scene::of(OWN, "dual-password", false).await;
    rotated(&scene, 1).await;
    for number in [10, 11] {
        put_by_hand(&scene, number).await;
    }
    let refused = scene.step(&token(1), "setSecret").await.result.unwrap_err();
    assert!(
        refused.error_message.contains("older than AWSCURRENT"),
        "{}",
        refused.error_message
    );
    current_opens(&scene, "after the refusal").await;
}

#[tokio::test]
async fn one_user_with_one_password_says_for_how_long_its_door_was_shut() {
    let scene = Scene::of(OWN, "single-user", false).await;
    rotated(&scene, 1).await;
    assert_eq!(scene.opens("app", FIRST).await, (false, false));
    let mail = scene.mails().pop().unwrap();
    assert!(
        mail.contains("AWSCURRENT did not open the door for "),
        "{mail}"
    );
}

#[tokio::test]
async fn every_step_may_come_twice_and_too_late() {
    let scene = Scene::of(OWN, "dual-password", false).await;
    let token = scene.begin(1).await;
    for (number, step) in STEPS.iter().enumerate() {
        for again in &STEPS[..=number] {
            let run = scene.step(&token, again).await;
            fine(again, &run);
            current_opens(&scene, &format!("after {again} again, at {step}")).await;
        }
    }
    assert_eq!(scene.mails().len(), 1);
}
