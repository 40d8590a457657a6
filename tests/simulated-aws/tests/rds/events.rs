//! `DescribeEvents` tells what happened.

use aws_sdk_rds::{
    error::ProvideErrorMetadata, operation::describe_events::builders::DescribeEventsFluentBuilder,
    primitives::DateTime, types::SourceType,
};
use simulated_aws::{
    Percent,
    rds::{Event, SourceType as Source},
};

use crate::world::{World, began, days, minutes, seconds};

async fn messages(listing: DescribeEventsFluentBuilder) -> Vec<String> {
    let events = listing.send().await.unwrap().events.unwrap_or_default();
    let message = |event: aws_sdk_rds::types::Event| event.message.unwrap();
    events.into_iter().map(message).collect()
}

/// A cluster that was stopped three hours ago, and a snapshot that was taken just now.
async fn world() -> World {
    let world = World::with_readers(0, |_| ());
    let stop = world
        .client
        .stop_db_cluster()
        .db_cluster_identifier("orders");
    stop.send().await.unwrap();
    world.pass(minutes(60)).await;
    let start = world
        .client
        .start_db_cluster()
        .db_cluster_identifier("orders");
    start.send().await.unwrap();
    world.pass(minutes(120)).await;
    let create = world
        .client
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    create
        .db_cluster_snapshot_identifier("s")
        .send()
        .await
        .unwrap();
    world.pass(minutes(6)).await;
    world
}

const TAKEN: [&str; 2] = [
    "Creating manual cluster snapshot",
    "Manual cluster snapshot created",
];

#[tokio::test(start_paused = true)]
async fn events_of_the_last_hour_are_told_unless_asked_for_more() {
    let world = world().await;
    let list = || world.client.describe_events();
    assert_eq!(messages(list()).await, TAKEN);
    assert_eq!(messages(list().duration(5)).await, [TAKEN[1]]);
    let cluster = list()
        .duration(14 * 24 * 60)
        .source_type(SourceType::DbCluster);
    let cluster = messages(cluster.source_identifier("orders")).await;
    assert_eq!(cluster, ["DB cluster stopped", "DB cluster started"]);
    let of = |source_type| messages(list().duration(600).source_type(source_type));
    assert_eq!(
        of(SourceType::DbInstance).await,
        ["DB instance stopped", "DB instance started"]
    );
    assert_eq!(of(SourceType::DbProxy).await, [""; 0]);
    let backup = list().duration(600).event_categories("backup");
    assert_eq!(messages(backup.event_categories("deletion")).await, TAKEN);
    let other = list()
        .source_type(SourceType::DbClusterSnapshot)
        .source_identifier("other");
    assert_eq!(messages(other).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_period_has_a_beginning_and_an_end() {
    let world = world().await;
    let now = world.now().as_second();
    let ago = |minutes: i64| DateTime::from_secs(now - 60 * minutes);
    let list = || world.client.describe_events();
    let middle = list().start_time(ago(190)).end_time(ago(30));
    assert_eq!(messages(middle).await.len(), 4);
    assert_eq!(messages(list().start_time(ago(30))).await, TAKEN);
    let until = list().end_time(ago(90));
    assert_eq!(
        messages(until).await,
        ["DB instance started", "DB cluster started"]
    );
    for wrong in [
        list().start_time(ago(1)).end_time(ago(2)),
        list().start_time(ago(1)).duration(5),
        list().duration(14 * 24 * 60 + 1),
        list().duration(0),
        list().source_identifier("orders"),
    ] {
        let code = wrong
            .clone()
            .send()
            .await
            .unwrap_err()
            .code()
            .map(str::to_owned);
        assert!(
            code.is_some_and(|code| code.starts_with("InvalidParameter")),
            "{wrong:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn events_are_forgotten_after_fourteen_days() {
    let world = world().await;
    let long = || world.client.describe_events().duration(14 * 24 * 60);
    assert_eq!(messages(long()).await.len(), 6);
    world.pass(days(14) - minutes(3)).await;
    assert_eq!(messages(long()).await, [TAKEN[1]]);
    world.pass(minutes(10)).await;
    assert_eq!(messages(long()).await, [""; 0]);
    let since = DateTime::from_secs(began().as_second());
    let since = world.client.describe_events().start_time(since);
    assert_eq!(messages(since).await, [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_past_event_is_listed_at_its_time() {
    let world = world().await;
    let now = world.now();
    world.outside(|rds, _| {
        rds.add_event(Event {
            id: "RDS-EVENT-0150",
            source_type: Source::Cluster,
            source: "orders".into(),
            arn: "arn".into(),
            categories: vec!["notification"],
            message: "DB cluster stopped".into(),
            at: now - days(3),
        });
    });
    let list = world.client.describe_events().duration(5 * 24 * 60);
    assert_eq!(
        messages(list.max_records(20)).await[0],
        "DB cluster stopped"
    );
}

#[tokio::test(start_paused = true)]
async fn an_event_that_is_too_new_may_not_be_told_yet() {
    let world = World::with_readers(0, |whim| {
        whim.stale = Percent(100);
        whim.stale_up_to = seconds(60);
    });
    let create = world
        .client
        .create_db_cluster_snapshot()
        .db_cluster_identifier("orders");
    create
        .db_cluster_snapshot_identifier("s")
        .send()
        .await
        .unwrap();
    assert_eq!(messages(world.client.describe_events()).await, [""; 0]);
    world.pass(seconds(61)).await;
    assert_eq!(messages(world.client.describe_events()).await, [TAKEN[0]]);
}
