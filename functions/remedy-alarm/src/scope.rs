//! Which alarms are about the cluster.

#[cfg(test)]
mod tests;

use aurora_model::{AlarmMetric, ClusterEndpoints};
use cloudwatch::AlarmDetail;
use handler::trigger::Alarm;

use crate::{
    Policy,
    observation::{READER, ROLE, Ringing, Silent},
    pattern::any_fits,
    trouble::Trouble,
};

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
    if ignored(policy, &alarm.name) {
        return Some(format!("policy.ignore names {}", alarm.name));
    }
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

/// Whether the policy takes an alarm of this name for no trouble.
fn ignored(policy: &Policy, name: &str) -> bool {
    let named = policy.alarms.iter().any(|it| it == name);
    !named && any_fits(&policy.ignore, Some(name))
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
        policy.alarms.contains(&it.name) || metrics.any(|metric| is_of(metric, cluster))
    };
    let alarms = alarms.into_iter();
    let alarms: Vec<_> = alarms.filter(|it| !ignored(policy, &it.name)).collect();
    let own = alarms.iter().filter(|it| direct(it));
    let own: Vec<String> = own.map(|it| it.name.clone()).collect();
    let of_child = |it: &AlarmDetail| it.children.iter().any(|child| own.contains(child));
    let about = alarms.into_iter();
    let mut about: Vec<_> = about.filter(|it| direct(it) || of_child(it)).collect();
    about.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
    about
}

/// What an alarm is about. Where an expression is below its threshold, nobody knows of what there is little.
fn trouble(alarm: &AlarmDetail) -> Trouble {
    let metrics = alarm.metrics();
    match below(alarm) {
        true if alarm.math => Trouble::Other,
        true => Trouble::of_little(&metrics),
        false => Trouble::of(&metrics),
    }
}

fn below(alarm: &AlarmDetail) -> bool {
    let comparison = alarm.comparison.as_deref();
    comparison.is_some_and(|it| it.starts_with("LessThan") && !it.contains("Greater"))
}

/// All alarms that ring, with what they are about.
#[must_use]
pub fn ringing(alarms: Vec<AlarmDetail>, cluster: &ClusterEndpoints) -> Vec<Ringing> {
    let alarms = alarms.into_iter().map(|it| rings(it, cluster));
    let mut ringing: Vec<Ringing> = alarms.collect();
    let little: Vec<(String, bool)> = ringing
        .iter()
        .map(|it| (it.name.clone(), it.little))
        .collect();
    for alarm in &mut ringing {
        let children = little
            .iter()
            .filter(|(name, _)| alarm.children.contains(name));
        let mut children = children.map(|(_, little)| *little).peekable();
        if alarm.metrics.is_empty() && children.peek().is_some() {
            alarm.little = children.all(|little| little);
        }
    }
    ringing
}

/// An alarm that rings, with what it is about.
fn rings(alarm: AlarmDetail, cluster: &ClusterEndpoints) -> Ringing {
    let trouble = trouble(&alarm);
    let little = below(&alarm) && trouble != Trouble::Memory;
    let metrics = alarm.series.into_iter().map(|series| series.metric);
    let metrics: Vec<AlarmMetric> = metrics.collect();
    Ringing {
        trouble,
        little,
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

/// Those of the `alarms` that are about the cluster and should have data. What watches the readers has none where
/// there is no reader.
#[must_use]
pub fn silent(
    policy: &Policy,
    cluster: &ClusterEndpoints,
    alarms: Vec<AlarmDetail>,
) -> Vec<Silent> {
    let no_reader = cluster.members.iter().all(|member| member.writer);
    let of_readers = |it: &AlarmDetail| {
        let mut metrics = it.series.iter().map(|series| &series.metric.dimensions);
        metrics.any(|it| it.get(ROLE).is_some_and(|role| role == READER))
    };
    let alarms = about(policy, cluster, alarms).into_iter();
    let alarms = alarms.filter(|it| !(no_reader && of_readers(it)));
    let silent = alarms.map(|AlarmDetail { name, since, .. }| Silent { name, since });
    silent.collect()
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
