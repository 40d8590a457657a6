//! Creating secrets, putting and reading values.

use std::collections::BTreeSet;

use aws_sdk_secretsmanager::primitives::Blob;
use jiff::SignedDuration;
use simulated_aws::Percent;

use super::{Secrets, token};
use crate::{harness::World, refusals::code};

#[tokio::test(start_paused = true)]
async fn the_same_token_with_the_same_value_changes_nothing_and_with_another_is_refused() {
    let secrets = Secrets::with_one().await;
    secrets
        .put("b")
        .version_stages("AWSPENDING")
        .send()
        .await
        .unwrap();
    secrets.world.effects();
    secrets.put("b").send().await.unwrap();
    assert_eq!(secrets.labels().await, "a:AWSCURRENT b:AWSPENDING");
    assert_eq!(secrets.world.effects(), []);
    let other = secrets
        .put("x")
        .client_request_token(token("b"))
        .send()
        .await
        .unwrap_err();
    assert!(
        other
            .as_service_error()
            .unwrap()
            .is_resource_exists_exception()
    );
    let binary = secrets.client.put_secret_value().secret_id("db");
    let binary = binary
        .client_request_token(token("b"))
        .secret_binary(Blob::new("b"));
    assert_eq!(
        code(&binary.send().await.unwrap_err()),
        "ResourceExistsException"
    );
}

#[tokio::test(start_paused = true)]
async fn a_value_is_read_by_version_and_label_only_where_they_agree() {
    let secrets = Secrets::with_one().await;
    secrets.put("b").send().await.unwrap();
    let get = |version: &str, label: Option<&str>| {
        let get = secrets
            .client
            .get_secret_value()
            .secret_id("db")
            .version_id(token(version));
        get.set_version_stage(label.map(Into::into)).send()
    };
    assert_eq!(get("a", None).await.unwrap().secret_string(), Some("a"));
    assert_eq!(
        get("a", Some("AWSPREVIOUS")).await.unwrap().secret_string(),
        Some("a")
    );
    let mismatch = get("a", Some("AWSCURRENT")).await.unwrap_err();
    assert!(mismatch.into_service_error().is_invalid_request_exception());
    let missing = get("z", None).await.unwrap_err();
    assert!(
        missing
            .into_service_error()
            .is_resource_not_found_exception()
    );
    assert_eq!(
        secrets.value(Some("AWSPENDING")).await.unwrap_err(),
        "ResourceNotFoundException"
    );
}

#[tokio::test(start_paused = true)]
async fn a_secret_is_found_by_name_and_by_arn_with_and_without_its_suffix() {
    let secrets = Secrets::with_one().await;
    let arn = secrets
        .create("db-a", "x")
        .send()
        .await
        .unwrap()
        .arn
        .unwrap();
    assert!(arn.starts_with("arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-a-"));
    assert_eq!(
        arn.len(),
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:db-a-".len() + 6
    );
    let describe = |id: &str| secrets.client.describe_secret().secret_id(id).send();
    for id in ["db-a", &arn, &arn[..arn.len() - 7]] {
        assert_eq!(describe(id).await.unwrap().name(), Some("db-a"), "{id}");
    }
    let wrong = arn.replace("eu-central-1", "us-east-1");
    for id in ["db-", "d", &arn[..arn.len() - 1], &wrong] {
        assert_eq!(
            code(&describe(id).await.unwrap_err()),
            "ResourceNotFoundException",
            "{id}"
        );
    }
    assert_eq!(
        code(&describe("d b").await.unwrap_err()),
        "ValidationException"
    );
}

#[tokio::test(start_paused = true)]
async fn a_name_is_taken_once_and_the_same_request_again_is_the_same_secret() {
    let secrets = Secrets::with_one().await;
    let again = secrets.create("db", "a").send().await.unwrap();
    assert_eq!(again.version_id(), Some(token("a").as_str()));
    let twin = secrets.create("db", "b").send().await.unwrap_err();
    assert!(twin.into_service_error().is_resource_exists_exception());
    for (name, value) in [
        ("d b", "v"),
        ("ü", "v"),
        ("", "v"),
        ("n", ""),
        ("n", &"v".repeat(65_537)),
    ] {
        let create = secrets
            .client
            .create_secret()
            .name(name)
            .secret_string(value);
        let error = create.send().await.unwrap_err();
        assert_eq!(code(&error), "ValidationException", "{name}");
        assert_eq!(error.raw_response().unwrap().status().as_u16(), 400);
    }
    let wide = "ü".repeat(32_769);
    let wide = secrets
        .client
        .create_secret()
        .name("wide")
        .secret_string(wide);
    assert_eq!(code(&wide.send().await.unwrap_err()), "ValidationException");
    let both = secrets.create("both", "v").secret_binary(Blob::new("v"));
    assert_eq!(
        code(&both.send().await.unwrap_err()),
        "InvalidParameterException"
    );
    let neither = secrets
        .client
        .put_secret_value()
        .secret_id("db")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&neither), "InvalidRequestException");
}

#[tokio::test(start_paused = true)]
async fn bytes_come_back_as_they_were() {
    let secrets = Secrets::plain();
    let bytes = Blob::new([0, 255, 7]);
    let create = secrets
        .client
        .create_secret()
        .name("db")
        .secret_binary(bytes.clone());
    create.send().await.unwrap();
    let answer = secrets
        .client
        .get_secret_value()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    assert_eq!(
        (answer.secret_binary(), answer.secret_string()),
        (Some(&bytes), None)
    );
}

#[tokio::test(start_paused = true)]
async fn a_reader_may_see_the_value_of_a_moment_ago() {
    let secrets = Secrets::of(World::with(|whim| {
        whim.stale = Percent(50);
        whim.stale_up_to = SignedDuration::from_secs(30);
    }));
    secrets.create("db", "a").send().await.unwrap();
    secrets.world.pass(SignedDuration::from_mins(5)).await;
    secrets.put("b").send().await.unwrap();
    let mut seen = BTreeSet::new();
    for _ in 0..40 {
        seen.insert(secrets.value(None).await.unwrap());
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), ["a", "b"]);
    secrets.world.pass(SignedDuration::from_secs(31)).await;
    for _ in 0..40 {
        assert_eq!(secrets.value(None).await.unwrap(), "b");
    }
}

#[tokio::test(start_paused = true)]
async fn a_version_without_labels_is_deprecated_and_goes_when_room_is_needed() {
    let secrets = Secrets::with_one().await;
    secrets.stage("kept", None, Some("a")).await.unwrap();
    for n in 0..99 {
        secrets.put(&format!("v{n}")).send().await.unwrap();
    }
    let full = secrets.put("full").send().await.unwrap_err();
    assert!(full.into_service_error().is_limit_exceeded_exception());
    secrets.world.pass(SignedDuration::from_hours(25)).await;
    secrets.put("later").send().await.unwrap();

    let list = |all| {
        let list = secrets.client.list_secret_version_ids().secret_id("db");
        list.include_deprecated(all).max_results(100).send()
    };
    let all = list(true).await.unwrap();
    let ids: Vec<_> = all
        .versions()
        .iter()
        .filter_map(|version| version.version_id())
        .collect();
    assert_eq!((ids.len(), all.next_token()), (100, None));
    assert_eq!(ids[0], token("later"));
    assert!(!ids.contains(&token("v0").as_str()), "the oldest made room");
    let labelled = list(false).await.unwrap();
    assert_eq!(labelled.versions().len(), 3);
    assert_eq!(
        secrets.labels().await,
        "a:kept later:AWSCURRENT v98:AWSPREVIOUS"
    );
}
