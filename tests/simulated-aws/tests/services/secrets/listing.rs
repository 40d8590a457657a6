//! Listings and their filters.

use aws_sdk_secretsmanager::types::{
    Filter,
    FilterNameStringType::{self, All, Description, Name, TagKey},
    SortByType, SortOrderType, Tag,
};

use super::Secrets;
use crate::harness::World;

#[tokio::test(start_paused = true)]
async fn secrets_are_listed_page_by_page_in_the_order_asked_for() {
    let secrets = Secrets::of(World::with(|whim| whim.largest_page = 2));
    for name in ["b", "a", "c"] {
        secrets
            .create(name, name)
            .description(format!("Secret {name}"))
            .send()
            .await
            .unwrap();
    }
    let names = |by: Option<SortByType>, order: Option<SortOrderType>| {
        let pages = secrets
            .client
            .list_secrets()
            .set_sort_by(by)
            .set_sort_order(order);
        async move {
            let pages = pages.into_paginator().send().try_collect().await.unwrap();
            let entries = pages.into_iter().flat_map(|page| page.secret_list.unwrap());
            let names = entries.filter_map(|entry| entry.name);
            names.collect::<String>()
        }
    };
    assert_eq!(names(None, None).await, "cab");
    assert_eq!(names(None, Some(SortOrderType::Asc)).await, "bac");
    assert_eq!(
        names(Some(SortByType::Name), Some(SortOrderType::Asc)).await,
        "abc"
    );
    assert_eq!(names(Some(SortByType::Name), None).await, "cba");

    let first = secrets.client.list_secrets().send().await.unwrap();
    let token = first.next_token().unwrap();
    let other = secrets
        .client
        .list_secrets()
        .sort_order(SortOrderType::Asc)
        .next_token(token);
    let error = other.send().await.unwrap_err().into_service_error();
    assert!(error.is_invalid_next_token_exception());
    let made_up = secrets
        .client
        .list_secret_version_ids()
        .secret_id("a")
        .next_token("7");
    let error = made_up.send().await.unwrap_err().into_service_error();
    assert!(error.is_invalid_next_token_exception());
}

#[tokio::test(start_paused = true)]
async fn filters_look_at_beginnings_and_can_be_turned_around() {
    let secrets = Secrets::plain();
    let tag = Tag::builder()
        .key("nightshift:rotation")
        .value("dual")
        .build();
    secrets
        .create("db/orders", "1")
        .tags(tag)
        .description("Orders")
        .send()
        .await
        .unwrap();
    secrets.create("db/users", "2").send().await.unwrap();
    secrets.create("api", "3").send().await.unwrap();
    let filtered = |filters: Vec<(FilterNameStringType, &str)>| {
        let filters = filters
            .into_iter()
            .map(|(key, value)| Filter::builder().key(key).values(value).build());
        let list = secrets
            .client
            .list_secrets()
            .set_filters(Some(filters.collect()));
        async move {
            let list = list.send().await.unwrap().secret_list.unwrap();
            let mut names: Vec<_> = list.into_iter().filter_map(|entry| entry.name).collect();
            names.sort();
            names.join(" ")
        }
    };
    assert_eq!(filtered(vec![(Name, "db/")]).await, "db/orders db/users");
    assert_eq!(filtered(vec![(Name, "DB")]).await, "");
    assert_eq!(filtered(vec![(Name, "!db/")]).await, "api");
    assert_eq!(filtered(vec![(TagKey, "nightshift:")]).await, "db/orders");
    assert_eq!(
        filtered(vec![(Name, "db/"), (TagKey, "!nightshift:")]).await,
        "db/users"
    );
    assert_eq!(filtered(vec![(Description, "ORD")]).await, "db/orders");
    assert_eq!(filtered(vec![(All, "users api")]).await, "api db/users");
}
