//! The calls, one method each.

use aurora_model::{Cluster, ClusterEndpoints, Instance, NewSnapshot, Quota, Snapshot};
use aws_config::SdkConfig;
use aws_sdk_rds::{
    Client,
    operation::{
        describe_db_cluster_snapshots::{
            DescribeDBClusterSnapshotsError, DescribeDbClusterSnapshotsOutput,
        },
        describe_db_clusters::{DescribeDBClustersError, DescribeDbClustersOutput},
        describe_db_instances::DescribeDbInstancesOutput,
        describe_events::DescribeEventsOutput,
    },
    types::{Filter, SourceType},
};
use calls::Tries;
use jiff::Timestamp;

use crate::{ApiError, CreateSnapshotError, DeleteSnapshotError, convert, error};

/// RDS keeps events for 14 days; `DescribeEvents` takes minutes.
const EVENTS_MINUTES: i32 = 14 * 24 * 60;
/// The largest page RDS gives.
const PAGE: i32 = 100;
/// The account attribute that counts manual DB cluster snapshots.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html>
const SNAPSHOT_QUOTA: &str = "ManualClusterSnapshots";

/// The RDS API, as far as Nightshift uses it. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Aurora(pub(crate) Client);

impl Aurora {
    /// A client that is configured as `config` says.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// A client over an SDK client, for tests that replay answers.
    #[must_use]
    pub const fn over(client: Client) -> Self {
        Self(client)
    }

    /// Every DB cluster of the account and region.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn clusters(&self) -> Result<Vec<Cluster>, ApiError> {
        let pages = self.0.describe_db_clusters().into_paginator();
        let pages = pages.page_size(PAGE).send();
        let read = |page: DescribeDbClustersOutput| {
            let clusters = page.db_clusters.unwrap_or_default();
            let clusters = clusters.into_iter().map(convert::cluster).collect();
            (page.marker, clusters)
        };
        calls::all("DescribeDBClusters", "all clusters", pages, read).await
    }

    /// Where the DB cluster called `id` is reached, and which of its instances is the writer; nothing
    /// where there is no such cluster.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html>
    ///
    /// # Errors
    /// When RDS does not answer.
    pub async fn cluster(&self, id: &str) -> Result<Option<ClusterEndpoints>, ApiError> {
        let call = self.0.describe_db_clusters().db_cluster_identifier(id);
        match call.send().await {
            Ok(page) => {
                let clusters = page.db_clusters.unwrap_or_default();
                Ok(clusters.into_iter().next().map(convert::endpoints))
            }
            Err(e)
                if e.as_service_error()
                    .is_some_and(DescribeDBClustersError::is_db_cluster_not_found_fault) =>
            {
                Ok(None)
            }
            Err(e) => Err(error::api("DescribeDBClusters", id, &e)),
        }
    }

    /// Every instance of the DB cluster called `cluster`; none where there is no such cluster.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn instances(&self, cluster: &str) -> Result<Vec<Instance>, ApiError> {
        let of_cluster = Filter::builder().name("db-cluster-id").values(cluster);
        let call = self.0.describe_db_instances().filters(of_cluster.build());
        let pages = call.into_paginator().page_size(PAGE).send();
        let read = |page: DescribeDbInstancesOutput| {
            let instances = page.db_instances.unwrap_or_default();
            let instances = instances.into_iter().map(convert::instance).collect();
            (page.marker, instances)
        };
        let subject = format!("the instances of {cluster}");
        calls::all("DescribeDBInstances", &subject, pages, read).await
    }

    /// Every DB cluster snapshot the account sees in the region: its own manual and automated
    /// ones, AWS Backup's, and those other accounts share with it. Tags come with the listing.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterSnapshots.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>, ApiError> {
        let call = self.0.describe_db_cluster_snapshots().include_shared(true);
        let pages = call.into_paginator().page_size(PAGE).send();
        let read = |page: DescribeDbClusterSnapshotsOutput| {
            let snapshots = page.db_cluster_snapshots.unwrap_or_default();
            let snapshots = snapshots.into_iter().map(convert::snapshot).collect();
            (page.marker, snapshots)
        };
        calls::all("DescribeDBClusterSnapshots", "all snapshots", pages, read).await
    }

    /// The snapshot called `id`, if there is one.
    ///
    /// # Errors
    /// When RDS does not answer.
    pub async fn snapshot(&self, id: &str) -> Result<Option<Snapshot>, ApiError> {
        match self
            .0
            .describe_db_cluster_snapshots()
            .db_cluster_snapshot_identifier(id)
            .send()
            .await
        {
            Ok(page) => Ok(page
                .db_cluster_snapshots
                .unwrap_or_default()
                .into_iter()
                .next()
                .map(convert::snapshot)),
            Err(e)
                if e.as_service_error().is_some_and(
                    DescribeDBClusterSnapshotsError::is_db_cluster_snapshot_not_found_fault,
                ) =>
            {
                Ok(None)
            }
            Err(e) => Err(error::api("DescribeDBClusterSnapshots", id, &e)),
        }
    }

    /// Begins to take a snapshot. It is complete when its status is `available`.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBClusterSnapshot.html>
    ///
    /// # Errors
    /// By what the caller can do about it.
    pub async fn create_snapshot(&self, new: &NewSnapshot) -> Result<(), CreateSnapshotError> {
        let call = self
            .0
            .create_db_cluster_snapshot()
            .db_cluster_snapshot_identifier(&new.id);
        let call = call
            .db_cluster_identifier(&new.cluster)
            .set_tags(Some(convert::sdk_tags(&new.tags)));
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| error::create(&new.id, &tries, &e))
    }

    /// Deletes a snapshot.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBClusterSnapshot.html>
    ///
    /// # Errors
    /// By what the caller can do about it.
    pub async fn delete_snapshot(&self, id: &str) -> Result<(), DeleteSnapshotError> {
        let call = self
            .0
            .delete_db_cluster_snapshot()
            .db_cluster_snapshot_identifier(id);
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop).map_err(|e| error::delete(id, &tries, &e))
    }

    /// How many manual DB cluster snapshots the account has in the region, and may have.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeAccountAttributes.html>
    ///
    /// # Errors
    /// When RDS does not answer. An answer without this quota is `None`.
    pub async fn snapshot_quota(&self) -> Result<Option<Quota>, ApiError> {
        let answer = self.0.describe_account_attributes().send().await;
        let answer =
            answer.map_err(|e| error::api("DescribeAccountAttributes", "the account", &e))?;
        let quotas = answer.account_quotas.unwrap_or_default();
        let quota = quotas
            .into_iter()
            .find(|quota| quota.account_quota_name.as_deref() == Some(SNAPSHOT_QUOTA));
        let number = |value: Option<i64>| u32::try_from(value?).ok();
        Ok(quota.and_then(|quota| {
            Some(Quota {
                used: number(quota.used)?,
                max: number(quota.max)?,
            })
        }))
    }

    /// When `cluster` was last stopped, if its events of the last 14 days tell and it has not
    /// been started since. A stopped cluster starts by itself after seven days, so they do.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Events.Messages.html>
    ///
    /// # Errors
    /// When a page of events cannot be read.
    pub async fn stopped_at(&self, cluster: &str) -> Result<Option<Timestamp>, ApiError> {
        let call = self
            .0
            .describe_events()
            .source_type(SourceType::DbCluster)
            .source_identifier(cluster);
        let pages = call
            .duration(EVENTS_MINUTES)
            .into_paginator()
            .page_size(PAGE)
            .send();
        let read = |page: DescribeEventsOutput| (page.marker, page.events.unwrap_or_default());
        let events = calls::all("DescribeEvents", cluster, pages, read).await?;
        let changes = events.iter().filter_map(|event| {
            let at = event.date.as_ref().and_then(convert::time)?;
            Some((at, stop_or_start(event.message.as_deref()?)?))
        });
        let last = changes.max();
        Ok(last.and_then(|(at, stopped)| stopped.then_some(at)))
    }
}

/// Whether RDS's sentence is about a stop (`RDS-EVENT-0150`) or a start (`RDS-EVENT-0151`). The
/// API gives no event ids.
fn stop_or_start(message: &str) -> Option<bool> {
    let message = message.to_ascii_lowercase();
    let about = |verb: &str| message.contains(&format!("cluster {verb}"));
    if about("stopped") {
        Some(true)
    } else {
        about("started").then_some(false)
    }
}
