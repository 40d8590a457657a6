//! What RDS says has happened.

use aws_sdk_rds::{
    operation::describe_events::DescribeEventsOutput,
    types::{Event, SourceType},
};
use jiff::Timestamp;

use crate::{ApiError, Aurora, convert};

/// The largest page RDS gives.
const PAGE: i32 = 100;

/// Something that happened to a DB cluster or a DB instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RdsEvent {
    /// When.
    pub at: Timestamp,
    /// The identifier of the cluster or the instance.
    pub source: String,
    /// RDS's sentence: `Started cross AZ failover to DB instance: orders-2`.
    pub message: String,
}

impl Aurora {
    /// What happened to these clusters and instances, by identifier, in the last `minutes`, from 1 to 20,160:
    /// oldest first. RDS keeps events for 14 days. One without a time, a source or words is left out.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeEvents.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn events(&self, of: &[&str], minutes: u16) -> Result<Vec<RdsEvent>, ApiError> {
        let mut events = Vec::new();
        for kind in [SourceType::DbCluster, SourceType::DbInstance] {
            events.extend(self.listed(kind, minutes).await?);
        }
        let wanted = |id: &str| of.iter().any(|it| it.eq_ignore_ascii_case(id));
        let events = events.into_iter().filter_map(event);
        let mut events: Vec<_> = events.filter(|it| wanted(&it.source)).collect();
        events.sort_by(|a, b| (a.at, &a.source).cmp(&(b.at, &b.source)));
        Ok(events)
    }

    /// Of all sources of a kind: that is one call, where each instance by itself would be one each.
    async fn listed(&self, kind: SourceType, minutes: u16) -> Result<Vec<Event>, ApiError> {
        let subject = format!("every {kind}");
        let call = self.0.describe_events().source_type(kind);
        let pages = call.duration(minutes.into()).into_paginator();
        let read = |page: DescribeEventsOutput| (page.marker, page.events.unwrap_or_default());
        let pages = pages.page_size(PAGE).send();
        calls::all("DescribeEvents", &subject, pages, read).await
    }
}

fn event(event: Event) -> Option<RdsEvent> {
    Some(RdsEvent {
        at: event.date.as_ref().and_then(convert::time)?,
        source: event.source_identifier?,
        message: event.message?,
    })
}
