//! When a cluster was stopped, from its events.

use aws_sdk_rds::{Client, types::SourceType};
use aws_smithy_mocks::{Rule, mock};

use super::*;

const STOPPED: &str = "DB cluster stopped";
const STARTED: &str = "DB cluster started";

fn event((date, message): &(&str, &str)) -> String {
    format!(
        "<Event><SourceIdentifier>orders</SourceIdentifier><SourceType>db-cluster</SourceType>\
         <Message>{message}</Message><EventCategories><EventCategory>notification</EventCategory></EventCategories>\
         <Date>{date}</Date></Event>"
    )
}

fn events(events: &[(&str, &str)]) -> String {
    format!(
        "<Events>{}</Events>",
        events.iter().map(event).collect::<String>()
    )
}

fn all(listed: &[(&str, &str)]) -> Rule {
    let listed = events(listed);
    mock!(Client::describe_events)
        .match_requests(|request| {
            request.source_identifier() == Some("orders")
                && request.source_type() == Some(&SourceType::DbCluster)
                && request.duration() == Some(20_160)
        })
        .then_http_response(move || page("DescribeEvents", &listed, None))
}

async fn stopped_at(listed: &[(&str, &str)]) -> Option<String> {
    let at = aurora([&all(listed)]).stopped_at("orders").await.unwrap();
    at.map(|at| at.to_string())
}

#[tokio::test]
async fn the_last_stop_counts_in_whatever_order_rds_lists() {
    let mut listed = vec![
        ("2026-11-10T20:00:00.123Z", STOPPED),
        ("2026-11-17T20:04:00.000Z", STARTED),
        ("2026-11-18T20:00:00.500Z", STOPPED),
    ];
    for _ in 0..2 {
        assert_eq!(
            stopped_at(&listed).await.as_deref(),
            Some("2026-11-18T20:00:00.5Z")
        );
        listed.reverse();
    }
    listed.swap(0, 1);
    assert_eq!(
        stopped_at(&listed).await.as_deref(),
        Some("2026-11-18T20:00:00.5Z")
    );
}

#[tokio::test]
async fn a_start_after_it_undoes_a_stop() {
    let listed = [
        ("2026-11-17T20:00:00Z", STOPPED),
        ("2026-11-18T20:00:00Z", STARTED),
    ];
    assert_eq!(stopped_at(&listed).await, None);
    assert_eq!(stopped_at(&[]).await, None);
}

/// RDS-EVENT-0152 and RDS-EVENT-0153 are neither a stop nor a start.
#[tokio::test]
async fn other_events_say_nothing() {
    let listed = [
        ("2026-11-11T20:00:00Z", "DB cluster stopped."),
        ("2026-11-18T19:00:00Z", "DB cluster stop failed."),
        (
            "2026-11-18T20:00:00Z",
            "DB cluster is being started due to it exceeding the maximum allowed time being stopped.",
        ),
        (
            "2026-11-18T20:01:00Z",
            "Database cluster engine version has been patched",
        ),
    ];
    assert_eq!(
        stopped_at(&listed).await.as_deref(),
        Some("2026-11-11T20:00:00Z")
    );
}

#[tokio::test]
async fn an_event_without_a_date_says_nothing() {
    let undated = "<Events><Event><Message>DB cluster stopped</Message></Event></Events>";
    let rule = mock!(Client::describe_events)
        .then_http_response(move || page("DescribeEvents", undated, None));
    assert_eq!(aurora([&rule]).stopped_at("orders").await, Ok(None));
}

#[tokio::test]
async fn all_pages_of_events_are_read() {
    let first = mock!(Client::describe_events)
        .match_requests(|request| request.marker().is_none())
        .then_http_response(|| {
            page(
                "DescribeEvents",
                &events(&[("2026-11-17T20:00:00Z", STARTED)]),
                Some("m"),
            )
        });
    let second = mock!(Client::describe_events)
        .match_requests(|request| request.marker() == Some("m"))
        .then_http_response(|| {
            page(
                "DescribeEvents",
                &events(&[("2026-11-18T20:00:00Z", STOPPED)]),
                None,
            )
        });
    let read = aurora([&first, &second]).stopped_at("orders").await;
    assert_eq!(read, Ok(Some(at("2026-11-18T20:00:00Z"))));
}

#[tokio::test]
async fn a_page_of_events_that_cannot_be_read_is_an_error() {
    let first = mock!(Client::describe_events)
        .match_requests(|request| request.marker().is_none())
        .then_http_response(|| {
            page(
                "DescribeEvents",
                &events(&[("2026-11-18T20:00:00Z", STOPPED)]),
                Some("m"),
            )
        });
    let second = mock!(Client::describe_events)
        .match_requests(|request| request.marker() == Some("m"))
        .then_http_response(|| refused(503, "ServiceUnavailable", "try later"));
    let error = aurora([&first, &second])
        .stopped_at("orders")
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @"DescribeEvents of orders: no proper answer (HTTP 503 ServiceUnavailable)");
}
