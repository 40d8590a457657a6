//! Deletion, tags, and what is not simulated.

use aws_sdk_secretsmanager::types::Tag;
use jiff::SignedDuration;

use super::Secrets;
use crate::refusals::code;

#[tokio::test(start_paused = true)]
async fn a_deleted_secret_can_be_restored_until_its_window_is_over() {
    let secrets = Secrets::with_one().await;
    let delete = |days| {
        let delete = secrets.client.delete_secret().secret_id("db");
        delete.set_recovery_window_in_days(days).send()
    };
    assert_eq!(
        code(&delete(Some(6)).await.unwrap_err()),
        "InvalidParameterException"
    );
    delete(Some(7)).await.unwrap();
    assert_eq!(
        code(&delete(Some(7)).await.unwrap_err()),
        "InvalidRequestException"
    );
    assert_eq!(
        secrets.value(None).await.unwrap_err(),
        "InvalidRequestException"
    );
    let twin = secrets.create("db", "b").send().await.unwrap_err();
    assert!(twin.into_service_error().is_invalid_request_exception());
    secrets.world.pass(SignedDuration::from_hours(24)).await;
    let restore = || secrets.client.restore_secret().secret_id("db").send();
    restore().await.unwrap();
    // The end of the first window is none of the second's.
    delete(Some(30)).await.unwrap();
    secrets.world.pass(SignedDuration::from_hours(24 * 7)).await;
    restore().await.unwrap();
    secrets
        .world
        .pass(SignedDuration::from_hours(24 * 30))
        .await;
    assert_eq!(secrets.value(None).await.unwrap(), "a");

    delete(None).await.unwrap();
    secrets
        .world
        .pass(SignedDuration::from_hours(24 * 31))
        .await;
    assert_eq!(
        secrets.value(None).await.unwrap_err(),
        "ResourceNotFoundException"
    );
    let force = || {
        let delete = secrets.client.delete_secret().secret_id("db");
        delete.force_delete_without_recovery(true)
    };
    force().send().await.unwrap();
    let both = force().recovery_window_in_days(7).send().await.unwrap_err();
    assert_eq!(code(&both), "InvalidParameterException");
    secrets.create("db", "b").send().await.unwrap();
    force().send().await.unwrap();
    secrets.create("db", "c").send().await.unwrap();
    assert_eq!(secrets.value(None).await.unwrap(), "c");
}

#[tokio::test(start_paused = true)]
async fn tags_are_shown_and_reserved_ones_refused() {
    let secrets = Secrets::with_one().await;
    let tag = |key: &str, value: &str| Tag::builder().key(key).value(value).build();
    let add = |tag| {
        secrets
            .client
            .tag_resource()
            .secret_id("db")
            .tags(tag)
            .send()
    };
    add(tag("nightshift:rotation", "{}")).await.unwrap();
    add(tag("b", "1")).await.unwrap();
    add(tag("b", "2")).await.unwrap();
    let untag = secrets.client.untag_resource().secret_id("db");
    untag
        .tag_keys("none")
        .tag_keys("nightshift:rotation")
        .send()
        .await
        .unwrap();
    let described = secrets
        .client
        .describe_secret()
        .secret_id("db")
        .send()
        .await
        .unwrap();
    assert_eq!(described.tags(), [tag("b", "2")]);
    let reserved = add(tag("AWS:x", "1")).await.unwrap_err();
    assert!(
        reserved
            .into_service_error()
            .is_invalid_parameter_exception()
    );
    let many = (0..50).map(|n| tag(&format!("t{n}"), "v")).collect();
    let many = secrets
        .client
        .tag_resource()
        .secret_id("db")
        .set_tags(Some(many))
        .send()
        .await;
    assert_eq!(code(&many.unwrap_err()), "InvalidParameterException");
}

#[tokio::test(start_paused = true)]
async fn what_is_not_simulated_is_refused() {
    let secrets = Secrets::with_one().await;
    let replicated = secrets
        .create("r", "r")
        .force_overwrite_replica_secret(true);
    let error = replicated.send().await.unwrap_err();
    assert_eq!(code(&error), "InvalidAction");
    let random = secrets
        .client
        .get_resource_policy()
        .secret_id("db")
        .send()
        .await
        .unwrap_err();
    assert_eq!(code(&random), "InvalidAction");
}
