//! Rotations against the simulated Secrets Manager.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicU64},
};

use aws_sdk_secretsmanager::{Client, config::retry::RetryConfig, types::Tag};
use jiff::Timestamp;
use simulated_aws::{
    Account, Aws, Effect, Fault, Faults, Place, Record, SimulatedTime, Whim, Witness,
};

use super::{NEW, OLD, config};
use crate::{
    CURRENT, Credential, Moved, PENDING, PREVIOUS, PasswordShape, Put, ReadError, Removed, Secret,
    Secrets, WriteError,
};

const NEWER: &str = "33333333-3333-4333-8333-333333333333";
const JSON: &str = r#"{"engine":"mysql","host":"db","username":"app","password":"old"}"#;

struct Nobody;

impl Witness for Nobody {
    fn carried_out(&self, _: &Record, _: &Account) {}
    fn answered(&self, _: &Record) {}
    fn happened(&self, _: Timestamp, _: &[Effect], _: &Account) {}
}

/// A secret `db` with [`OLD`] as its current version. The first call after that is the second one
/// of all; `faults` befall calls by their number, each of which is tried twice.
async fn account(faults: impl IntoIterator<Item = (u64, Fault)>) -> Secrets {
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let account = Account::new(place, Whim::plain(7));
    let time = SimulatedTime::from("2026-11-21T02:00:00Z".parse().unwrap());
    let planned = Some(BTreeMap::from_iter(faults));
    let faults = Faults {
        planned,
        ..Faults::none(1)
    };
    let aws = Aws::new(account, faults, time, Arc::new(Nobody));
    let config = config()
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .time_source(time)
        .http_client(aws.client(Arc::new(AtomicU64::new(1))));
    let client = Client::from_conf(config.build());
    let create = client.create_secret().name("db").secret_string(JSON);
    let tag = Tag::builder().key("nightshift:rotation").value("x");
    let create = create.client_request_token(OLD).tags(tag.build());
    create.send().await.unwrap();
    Secrets::over(client)
}

async fn holders(secrets: &Secrets) -> [Option<String>; 3] {
    let secret = secrets.describe("db").await.unwrap();
    [CURRENT, PENDING, PREVIOUS].map(|stage| secret.holder(stage).map(Into::into))
}

async fn put(secrets: &Secrets, token: &str, content: &str) -> Put {
    let content = Secret::new(content);
    secrets.put_pending("db", token, &content).await.unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_rotation_from_the_first_call_to_the_last() {
    let secrets = account([]).await;
    assert!(matches!(secrets.value_of("db", NEW).await, Ok(None)));
    assert!(matches!(secrets.value("db", PENDING).await, Ok(None)));

    let shape = PasswordShape::default();
    let password = secrets.random_password(&shape).await.ok().unwrap();
    assert_eq!(password.expose().len(), 32);
    let current = secrets.value("db", CURRENT).await.ok().flatten().unwrap();
    let new = Credential::parse(&current.content)
        .unwrap()
        .with("app", &password);
    assert_eq!(put(&secrets, NEW, new.expose()).await, Put::Done);
    let pending = secrets.value("db", PENDING).await.ok().flatten().unwrap();
    assert!(pending.id == NEW && pending.content.same_as(&new));

    let moved = secrets.move_current("db", NEW, OLD).await;
    assert_eq!(moved, Ok(Moved::Done));
    secrets
        .tag("db", "nightshift:rotated-at", "now")
        .await
        .unwrap();
    let [current, pending, previous] = holders(&secrets).await.map(Option::unwrap_or_default);
    assert_eq!([current, pending, previous], [NEW, NEW, OLD]);
    let tagged = secrets.tagged("nightshift:rotated").await.unwrap();
    assert!(tagged.is_empty(), "the key is another one");
    let tagged = secrets.tagged("nightshift:rotated-at").await.unwrap();
    assert_eq!(tagged.len(), 1);
    assert_eq!(tagged[0].holder(CURRENT), Some(NEW));
}

#[tokio::test(start_paused = true)]
async fn each_change_that_is_made_again_says_so() {
    let secrets = account([]).await;
    assert_eq!(put(&secrets, NEW, "a").await, Put::Done);
    assert_eq!(put(&secrets, NEW, "a").await, Put::Done, "the same value");
    assert_eq!(put(&secrets, NEW, "b").await, Put::AlreadyThere);
    for answer in [Moved::Done, Moved::AlreadyThere] {
        let moved = secrets.move_current("db", NEW, OLD).await;
        assert_eq!(moved, Ok(answer));
    }
    for answer in [Removed::Done, Removed::AlreadyGone] {
        let removed = secrets.remove_pending("db", NEW).await;
        assert_eq!(removed, Ok(answer));
    }
}

#[tokio::test(start_paused = true)]
async fn a_label_somebody_else_has_moved_is_not_moved_again() {
    let secrets = account([]).await;
    put(&secrets, NEW, "a").await;
    put(&secrets, NEWER, "b").await;
    secrets.move_current("db", NEWER, OLD).await.unwrap();
    let error = secrets.move_current("db", NEW, OLD).await.unwrap_err();
    assert!(matches!(error, WriteError::StagesChanged(_)), "{error}");
    assert_eq!(holders(&secrets).await[0].as_deref(), Some(NEWER));
    let versions = secrets.versions("db").await.unwrap();
    let unlabelled = versions.iter().filter(|version| version.stages.is_empty());
    let unlabelled: Vec<_> = unlabelled.map(|version| version.id.as_str()).collect();
    assert_eq!(unlabelled, [NEW], "it can still be found");
}

/// The call of each number is cut off after it has taken effect, and tried again by the SDK.
#[tokio::test(start_paused = true)]
async fn a_change_whose_answer_is_lost_is_done_at_the_second_try() {
    let secrets = account([(2, Fault::CutAfter), (4, Fault::CutAfter)]).await;
    assert_eq!(put(&secrets, NEW, "a").await, Put::Done);
    let moved = secrets.move_current("db", NEW, OLD).await;
    assert_eq!(moved, Ok(Moved::Done));
    assert_eq!(holders(&secrets).await[0].as_deref(), Some(NEW));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_never_answered_is_looked_into() {
    let secrets = account([(3, Fault::CutAfter), (4, Fault::CutAfter)]).await;
    put(&secrets, NEW, "a").await;
    let moved = secrets.move_current("db", NEW, OLD).await;
    assert_eq!(moved, Ok(Moved::Done));

    let cut = (3..7).map(|call| (call, Fault::CutAfter));
    let secrets = account(cut).await;
    put(&secrets, NEW, "a").await;
    let error = secrets.move_current("db", NEW, OLD).await.unwrap_err();
    assert!(error.unsure() && error.retryable(), "{error}");
    let moved = secrets.move_current("db", NEW, OLD).await;
    assert_eq!(moved, Ok(Moved::AlreadyThere), "it had");
}

#[tokio::test(start_paused = true)]
async fn a_secret_that_is_missing_or_marked_for_deletion_is_told_apart() {
    let secrets = account([]).await;
    let missing = secrets.value("other", CURRENT).await.err().unwrap();
    assert!(matches!(missing, ReadError::NotFound(_)), "{missing}");
    let delete = secrets.0.delete_secret().secret_id("db");
    delete.send().await.unwrap();
    let marked = secrets.value("db", CURRENT).await.err().unwrap();
    assert!(matches!(marked, ReadError::InvalidState(_)), "{marked}");
    assert!(secrets.describe("db").await.unwrap().deleted.is_some());
    let moved = secrets.move_current("db", NEW, OLD).await.unwrap_err();
    assert!(matches!(moved, WriteError::InvalidState(_)), "{moved}");
    assert!(
        secrets
            .tagged("nightshift:rotation")
            .await
            .unwrap()
            .is_empty()
    );
}
