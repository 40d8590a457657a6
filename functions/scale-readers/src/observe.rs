//! Reading everything the decision needs.

use std::collections::BTreeMap;

use aurora::ApiError;
use aurora_model::reader::DbInstance;
use cloudwatch::{ApiError as Unread, CloudWatch, Metric};
use handler::{Error, Invocation};
use jiff::SignedDuration;

use crate::{
    Policy, Tools,
    fleet::{Observation, draining_since},
};

/// `CloudWatch` has a minute's datapoint some minutes later.
const RECENT: SignedDuration = SignedDuration::from_mins(10);

/// What there is; nothing where there is no such cluster.
pub(crate) async fn observe(
    tools: &Tools,
    call: &Invocation<Policy>,
) -> Result<Option<Observation>, Error> {
    let Tools { aurora, cloudwatch } = tools;
    let id = &call.policy.cluster;
    let retry = ApiError::retryable;
    let Some(cluster) = call
        .read("the cluster", aurora.reader_cluster(id), retry)
        .await?
    else {
        return Ok(None);
    };
    let instances = call
        .read("the cluster's instances", aurora.db_instances(id), retry)
        .await?;
    let endpoints = call
        .read("the custom endpoints", aurora.custom_endpoints(id), retry)
        .await?;
    let names: Vec<_> = call
        .policy
        .out_alarms
        .iter()
        .chain(&call.policy.in_alarms)
        .cloned()
        .collect();
    let alarms = call
        .read("the alarms", cloudwatch.alarms(&names), Unread::retryable)
        .await?;
    let connections = connections(cloudwatch, call, &instances).await;
    Ok(Some(Observation {
        cluster,
        instances,
        endpoints,
        alarms,
        connections,
    }))
}

/// The connections of the readers that are to go. What cannot be read is not known: then only the time
/// that the policy gives them counts.
async fn connections(
    cloudwatch: &CloudWatch,
    call: &Invocation<Policy>,
    instances: &[DbInstance],
) -> BTreeMap<String, f64> {
    let draining = instances
        .iter()
        .filter(|it| draining_since(&it.tags).is_some());
    let ids: Vec<_> = draining.map(|it| it.id.clone()).collect();
    if ids.is_empty() {
        return BTreeMap::new();
    }
    let metrics: Vec<_> = ids.iter().map(|id| metric(id)).collect();
    let reading = cloudwatch.latest(&metrics, call.now - RECENT, call.now);
    let read = call
        .read("the connections", reading, Unread::retryable)
        .await;
    let read = read.unwrap_or_default().into_iter();
    let known = ids
        .into_iter()
        .zip(read)
        .filter_map(|(id, point)| Some((id, point?.value)));
    known.collect()
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html>
fn metric(id: &str) -> Metric {
    Metric {
        namespace: "AWS/RDS".into(),
        name: "DatabaseConnections".into(),
        dimension: ("DBInstanceIdentifier".into(), id.into()),
    }
}
