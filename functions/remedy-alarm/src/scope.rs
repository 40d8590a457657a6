//! Which alarms are about the cluster.

use aurora_model::{AlarmMetric, ClusterEndpoints};
use cloudwatch::AlarmDetail;
use handler::Alarm;

use crate::{Policy, observation::{Observation, Ringing}, trouble::Trouble};

/// The namespace of RDS's metrics.
const RDS: &str = "AWS/RDS";
/// Their dimensions.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html>
const CLUSTER: &str = "DBClusterIdentifier";
const INSTANCE: &str = "DBInstanceIdentifier";

/// Why an alarm that woke the function is none of its cluster, as far as the alarm itself tells.
#[must_use]
pub fn foreign(policy: &Policy, alarm: &Alarm) -> Option<String> {
    let composite = alarm.rule.is_some() || !alarm.children.is_empty();
    if composite || policy.alarms.contains(&alarm.name) {
        return None;
    }
    let of_rds: Vec<_> = alarm.metrics.iter().filter(|it| it.namespace == RDS).collect();
    let clusters: Vec<&String> = of_rds.iter().filter_map(|it| it.dimensions.get(CLUSTER)).collect();
    let instance = of_rds.iter().any(|it| it.dimensions.contains_key(INSTANCE));
    if of_rds.is_empty() || (clusters.is_empty() && !instance) {
        return Some(format!("{} watches no metric of a cluster or an instance", alarm.name));
    }
    let other = clusters.iter().find(|id| !same(id, &policy.cluster));
    let other = other.filter(|_| !clusters.iter().any(|id| same(id, &policy.cluster)));
    other.map(|id| format!("{} is about the cluster {id}", alarm.name))
}

/// Why an alarm that woke the function is none of its cluster, now that the cluster's instances are known. A
/// composite alarm that does not ring any more cannot be told from one about something else: it is
/// about the cluster.
#[must_use]
pub fn elsewhere(policy: &Policy, seen: &Observation, alarm: &Alarm) -> Option<String> {
    let rings = seen.ringing.iter().any(|it| it.name == alarm.name);
    let own = alarm.metrics.iter().any(|it| is_of(it, &seen.cluster));
    let named = policy.alarms.contains(&alarm.name);
    let composite = alarm.metrics.is_empty();
    if rings || own || named || composite {
        return None;
    }
    let cluster = &seen.cluster.id;
    Some(format!("{} is about no instance of {cluster}", alarm.name))
}

/// Those of the `alarms` that are about the cluster, the one that has rung for the longest first.
#[must_use]
pub fn ringing(
    policy: &Policy,
    cluster: &ClusterEndpoints,
    alarms: Vec<AlarmDetail>,
) -> Vec<Ringing> {
    let direct = |it: &AlarmDetail| {
        policy.alarms.contains(&it.name) || it.metrics.iter().any(|m| is_of(m, cluster))
    };
    let own: Vec<String> = alarms.iter().filter(|it| direct(it)).map(|it| it.name.clone()).collect();
    let of_child = |it: &AlarmDetail| it.children.iter().any(|child| own.contains(child));
    let about = alarms.into_iter().filter(|it| direct(it) || of_child(it));
    let mut ringing: Vec<Ringing> = about.map(|it| rings(it, cluster)).collect();
    ringing.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
    ringing
}

fn rings(alarm: AlarmDetail, cluster: &ClusterEndpoints) -> Ringing {
    let instances = alarm.metrics.iter().filter_map(|it| member(it, cluster));
    let instance = instances.into_iter().next();
    Ringing {
        trouble: Trouble::of(&alarm.metrics),
        instance,
        name: alarm.name,
        since: alarm.since,
        reason: alarm.reason,
        description: alarm.description,
        metrics: alarm.metrics,
        threshold: alarm.threshold,
        children: alarm.children,
    }
}

/// Whether a metric is one of the cluster or of one of its instances.
#[must_use]
pub fn is_of(metric: &AlarmMetric, cluster: &ClusterEndpoints) -> bool {
    let own = metric.dimensions.get(CLUSTER);
    let own = own.is_some_and(|id| same(id, &cluster.id));
    metric.namespace == RDS && (own || member(metric, cluster).is_some())
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
