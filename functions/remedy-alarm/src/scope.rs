//! Which alarms are about the cluster.

#[cfg(test)]
mod tests;

use aurora_model::{AlarmMetric, ClusterEndpoints};
use cloudwatch::AlarmDetail;
use handler::trigger::Alarm;

use crate::{Policy, observation::Ringing, trouble::Trouble};

/// The namespace of RDS's metrics.
const RDS: &str = "AWS/RDS";
/// Their dimensions.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html>
const CLUSTER: &str = "DBClusterIdentifier";
/// So `VolumeBytesUsed` by engine has it.
const CLUSTER_OF_ENGINE: &str = "DbClusterIdentifier";
const INSTANCE: &str = "DBInstanceIdentifier";

/// Why an alarm that woke the function is none of its cluster, as far as the alarm itself tells.
#[must_use]
pub fn foreign(policy: &Policy, alarm: &Alarm) -> Option<String> {
    let composite = alarm.rule.is_some() || !alarm.children.is_empty();
    if composite || policy.alarms.contains(&alarm.name) {
        return None;
    }
    let of_rds: Vec<_> = alarm
        .metrics
        .iter()
        .filter(|it| it.namespace == RDS)
        .collect();
    let clusters: Vec<&String> = of_rds.iter().filter_map(|it| cluster_of(it)).collect();
    let instance = of_rds.iter().any(|it| it.dimensions.contains_key(INSTANCE));
    if of_rds.is_empty() || (clusters.is_empty() && !instance) {
        return Some(format!(
            "{} watches no metric of a cluster or an instance",
            alarm.name
        ));
    }
    let other = clusters.iter().find(|id| !same(id, &policy.cluster));
    let other = other.filter(|_| !clusters.iter().any(|id| same(id, &policy.cluster)));
    other.map(|id| format!("{} is about the cluster {id}", alarm.name))
}

/// Why an alarm that woke the function is none of its cluster, now that the cluster's instances are known, and
/// whether it is one of those about it that ring. A composite alarm that does not ring any more cannot be told from one about something else: it is
/// about the cluster.
#[must_use]
pub fn elsewhere(
    policy: &Policy,
    cluster: &ClusterEndpoints,
    rings: bool,
    alarm: &Alarm,
) -> Option<String> {
    let own = alarm.metrics.iter().any(|it| is_of(it, cluster));
    let named = policy.alarms.contains(&alarm.name);
    let composite = alarm.metrics.is_empty();
    if rings || own || named || composite {
        return None;
    }
    let cluster = &cluster.id;
    Some(format!("{} is about no instance of {cluster}", alarm.name))
}

/// Those of the `alarms` that are about the cluster, the one that has rung for the longest first.
#[must_use]
pub fn about(
    policy: &Policy,
    cluster: &ClusterEndpoints,
    alarms: Vec<AlarmDetail>,
) -> Vec<AlarmDetail> {
    let direct = |it: &AlarmDetail| {
        let mut metrics = it.series.iter().map(|series| &series.metric);
        let own = metrics.any(|metric| is_of(metric, cluster));
        policy.alarms.contains(&it.name) || (own && !relieved(it))
    };
    let own = alarms.iter().filter(|it| direct(it));
    let own: Vec<String> = own.map(|it| it.name.clone()).collect();
    let of_child = |it: &AlarmDetail| it.children.iter().any(|child| own.contains(child));
    let about = alarms.into_iter();
    let mut about: Vec<_> = about.filter(|it| direct(it) || of_child(it)).collect();
    about.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
    about
}

/// Whether an alarm rings because there is little of what there may be too much of: those that take readers
/// away do, all night. Of memory there is trouble in little.
/// <https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html>
fn relieved(alarm: &AlarmDetail) -> bool {
    let metrics = alarm.series.iter().map(|series| series.metric.clone());
    let trouble = Trouble::of(&metrics.collect::<Vec<_>>());
    let below = alarm.comparison.as_deref();
    let below = below.is_some_and(|it| it.starts_with("LessThan") && !it.contains("Greater"));
    below && !matches!(trouble, Trouble::Memory | Trouble::Other)
}

/// An alarm that rings, with what it is about.
#[must_use]
pub fn rings(alarm: AlarmDetail, cluster: &ClusterEndpoints) -> Ringing {
    let metrics = alarm.series.into_iter().map(|series| series.metric);
    let metrics: Vec<AlarmMetric> = metrics.collect();
    Ringing {
        trouble: Trouble::of(&metrics),
        instance: metrics.iter().find_map(|metric| member(metric, cluster)),
        name: alarm.name,
        since: alarm.since,
        reason: alarm.reason,
        description: alarm.description,
        metrics,
        threshold: alarm.threshold,
        children: alarm.children,
    }
}

/// Whether a metric is one of the cluster or of one of its instances.
#[must_use]
pub fn is_of(metric: &AlarmMetric, cluster: &ClusterEndpoints) -> bool {
    let own = cluster_of(metric).is_some_and(|id| same(id, &cluster.id));
    metric.namespace == RDS && (own || member(metric, cluster).is_some())
}

fn cluster_of(metric: &AlarmMetric) -> Option<&String> {
    let dimensions = &metric.dimensions;
    dimensions
        .get(CLUSTER)
        .or_else(|| dimensions.get(CLUSTER_OF_ENGINE))
}

fn member(metric: &AlarmMetric, cluster: &ClusterEndpoints) -> Option<String> {
    let id = metric.dimensions.get(INSTANCE)?;
    let mut members = cluster.members.iter();
    members.find(|it| same(&it.id, id)).map(|it| it.id.clone())
}

/// RDS stores identifiers in lower case, and whoever made an alarm may have spelled it otherwise.
fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}
