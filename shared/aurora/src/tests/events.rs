//! What happened to a cluster and its instances.

use aws_sdk_rds::{
    Client,
    operation::describe_events::{DescribeEventsError, DescribeEventsInput},
    types::SourceType,
};
use aws_smithy_mocks::{Rule, mock};

use super::*;
use crate::RdsEvent;

const FAILOVER: &str = "Started cross AZ failover to DB instance: orders-2";
const RESTART: &str = "DB instance restarted";

fn event((source, date, message): &(&str, &str, &str)) -> String {
    format!(
        "<Event><SourceIdentifier>{source}</SourceIdentifier><Message>{message}</Message><Date>{date}</Date></Event>"
    )
}

fn listed(events: &[(&str, &str, &str)]) -> String {
    let events: String = events.iter().map(event).collect();
    format!("<Events>{events}</Events>")
}

fn asks(request: &DescribeEventsInput, kind: &SourceType) -> bool {
    request.source_type() == Some(kind)
        && request.source_identifier().is_none()
        && request.duration() == Some(1440)
}

fn of(kind: SourceType, events: &[(&str, &str, &str)]) -> Rule {
    let listed = listed(events);
    mock!(Client::describe_events)
        .match_requests(move |request| asks(request, &kind))
        .then_http_response(move || page("DescribeEvents", &listed, None))
}

fn happened(source: &str, time: &str, message: &str) -> RdsEvent {
    RdsEvent {
        at: at(time),
        source: source.into(),
        message: message.into(),
    }
}

#[tokio::test]
async fn events_of_the_cluster_and_its_instances_come_oldest_first_and_nobody_elses() {
    let clusters = [
        ("orders", "2026-11-21T03:01:00Z", FAILOVER),
        ("billing", "2026-11-21T03:02:00Z", FAILOVER),
    ];
    let instances = [
        ("orders-2", "2026-11-21T03:02:00.5Z", RESTART),
        ("billing-1", "2026-11-21T03:03:00Z", RESTART),
        ("orders-1", "2026-11-21T02:00:00Z", RESTART),
        ("orders-10", "2026-11-21T02:00:00Z", RESTART),
    ];
    let rules = [
        of(SourceType::DbCluster, &clusters),
        of(SourceType::DbInstance, &instances),
    ];
    let client = aurora(&rules);
    let read = client.events(&["Orders", "orders-1", "orders-2"], 1440);
    let expected = vec![
        happened("orders-1", "2026-11-21T02:00:00Z", RESTART),
        happened("orders", "2026-11-21T03:01:00Z", FAILOVER),
        happened("orders-2", "2026-11-21T03:02:00.5Z", RESTART),
    ];
    assert_eq!(read.await, Ok(expected));
}

#[tokio::test]
async fn an_event_without_a_time_a_source_or_words_is_left_out() {
    let half = "<Events><Event><SourceIdentifier>orders</SourceIdentifier><Message>words</Message></Event>\
        <Event><Message>words</Message><Date>2026-11-21T03:01:00Z</Date></Event>\
        <Event><SourceIdentifier>orders</SourceIdentifier><Date>2026-11-21T03:01:00Z</Date></Event></Events>";
    let rule = mock!(Client::describe_events)
        .then_http_response(move || page("DescribeEvents", half, None));
    assert_eq!(aurora([&rule]).events(&["orders"], 1440).await, Ok(vec![]));
}

#[tokio::test]
async fn all_pages_are_read_and_one_that_cannot_be_is_an_error() {
    let clusters = of(SourceType::DbCluster, &[]);
    let first = mock!(Client::describe_events)
        .match_requests(|request| {
            asks(request, &SourceType::DbInstance) && request.marker().is_none()
        })
        .then_http_response(|| {
            let events = listed(&[("orders-1", "2026-11-21T02:00:00Z", RESTART)]);
            page("DescribeEvents", &events, Some("m"))
        });
    let more =
        || mock!(Client::describe_events).match_requests(|request| request.marker() == Some("m"));
    let second = more().then_http_response(|| {
        let events = listed(&[("orders-1", "2026-11-21T02:30:00Z", FAILOVER)]);
        page("DescribeEvents", &events, None)
    });
    let read = aurora([&clusters, &first, &second]);
    let expected = vec![
        happened("orders-1", "2026-11-21T02:00:00Z", RESTART),
        happened("orders-1", "2026-11-21T02:30:00Z", FAILOVER),
    ];
    assert_eq!(read.events(&["orders-1"], 1440).await, Ok(expected));

    let throttled = more().then_error(|| {
        let rate = aws_sdk_rds::error::ErrorMetadata::builder().code("Throttling");
        DescribeEventsError::generic(rate.message("Rate exceeded").build())
    });
    let read = aurora([&clusters, &first, &throttled]);
    let error = read.events(&["orders-1"], 1440).await.unwrap_err();
    insta::assert_snapshot!(error, @"DescribeEvents of every db-instance: throttled (Throttling); the next run tries again");
}
