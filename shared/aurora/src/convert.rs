//! SDK types become model types. What RDS leaves out of an answer becomes the model's "unknown",
//! never a guess.

use aurora_model::{
    Cluster, ClusterEndpoints, ClusterStatus, Instance, InstanceStatus, Member, Snapshot,
    SnapshotKind, SnapshotStatus, Tags,
    reader::{CustomEndpoint, DbInstance, InstanceSettings, ReaderCluster},
};
use aws_sdk_rds::{
    primitives::DateTime,
    types::{
        DbCluster, DbClusterEndpoint, DbClusterMember, DbClusterSnapshot,
        DbInstance as SdkInstance, Tag,
    },
};
use jiff::Timestamp;

pub(crate) fn cluster(cluster: DbCluster) -> Cluster {
    Cluster {
        id: cluster.db_cluster_identifier.unwrap_or_default(),
        arn: cluster.db_cluster_arn.unwrap_or_default(),
        status: ClusterStatus::parse(&cluster.status.unwrap_or_default()),
        tags: tags(cluster.tag_list.unwrap_or_default()),
        latest_restorable: cluster.latest_restorable_time.as_ref().and_then(time),
    }
}

pub(crate) fn endpoints(cluster: DbCluster) -> ClusterEndpoints {
    let members = cluster.db_cluster_members.unwrap_or_default();
    ClusterEndpoints {
        id: cluster.db_cluster_identifier.unwrap_or_default(),
        arn: cluster.db_cluster_arn.unwrap_or_default(),
        engine: cluster.engine.unwrap_or_default(),
        version: cluster.engine_version.unwrap_or_default(),
        status: ClusterStatus::parse(&cluster.status.unwrap_or_default()),
        writer: cluster.endpoint,
        reader: cluster.reader_endpoint,
        custom: cluster.custom_endpoints.unwrap_or_default(),
        port: cluster.port.and_then(port),
        members: members.into_iter().filter_map(member).collect(),
        master: cluster.master_username,
        tags: tags(cluster.tag_list.unwrap_or_default()),
    }
}

/// A member without a name is none that could be asked.
fn member(member: DbClusterMember) -> Option<Member> {
    Some(Member {
        id: member.db_instance_identifier?,
        writer: member.is_cluster_writer.unwrap_or_default(),
    })
}

pub(crate) fn reader_cluster(cluster: DbCluster) -> ReaderCluster {
    let members = cluster.db_cluster_members.unwrap_or_default();
    ReaderCluster {
        id: cluster.db_cluster_identifier.unwrap_or_default(),
        arn: cluster.db_cluster_arn.unwrap_or_default(),
        engine: cluster.engine.unwrap_or_default(),
        status: ClusterStatus::parse(&cluster.status.unwrap_or_default()),
        tags: tags(cluster.tag_list.unwrap_or_default()),
        members: members.into_iter().filter_map(member).collect(),
        zones: cluster.availability_zones.unwrap_or_default(),
        serverless: cluster.serverless_v2_scaling_configuration.is_some(),
    }
}

pub(crate) fn db_instance(mut instance: SdkInstance) -> DbInstance {
    DbInstance {
        settings: settings(&mut instance),
        id: instance.db_instance_identifier.unwrap_or_default(),
        arn: instance.db_instance_arn.unwrap_or_default(),
        cluster: instance.db_cluster_identifier.unwrap_or_default(),
        status: InstanceStatus::parse(&instance.db_instance_status.unwrap_or_default()),
        class: instance.db_instance_class.unwrap_or_default(),
        zone: instance.availability_zone,
        created: instance.instance_create_time.as_ref().and_then(time),
        tags: tags(instance.tag_list.unwrap_or_default()),
    }
}

/// What belongs to a setting that is off is left out: RDS refuses it.
fn settings(instance: &mut SdkInstance) -> InstanceSettings {
    let groups = instance.db_parameter_groups.take().unwrap_or_default();
    let group = groups.into_iter().next();
    let watched = instance
        .monitoring_interval
        .is_some_and(|seconds| seconds > 0);
    let insights = instance.performance_insights_enabled;
    let on = insights.unwrap_or_default();
    InstanceSettings {
        parameter_group: group.and_then(|group| group.db_parameter_group_name),
        monitoring_interval: instance.monitoring_interval,
        monitoring_role: instance.monitoring_role_arn.take().filter(|_| watched),
        performance_insights: insights,
        performance_insights_key: instance
            .performance_insights_kms_key_id
            .take()
            .filter(|_| on),
        performance_insights_days: instance
            .performance_insights_retention_period
            .filter(|_| on),
        ca: instance.ca_certificate_identifier.take(),
        auto_minor_upgrade: instance.auto_minor_version_upgrade,
        maintenance_window: instance.preferred_maintenance_window.take(),
    }
}

/// An endpoint without a name is none that could be changed.
pub(crate) fn custom_endpoint(endpoint: DbClusterEndpoint) -> Option<CustomEndpoint> {
    Some(CustomEndpoint {
        id: endpoint.db_cluster_endpoint_identifier?,
        readers_only: endpoint.custom_endpoint_type.as_deref() == Some("READER"),
        members: endpoint.static_members.unwrap_or_default(),
        excluded: endpoint.excluded_members.unwrap_or_default(),
    })
}

pub(crate) fn instance(instance: SdkInstance) -> Instance {
    let endpoint = instance.endpoint;
    Instance {
        id: instance.db_instance_identifier.unwrap_or_default(),
        cluster: instance.db_cluster_identifier.unwrap_or_default(),
        status: InstanceStatus::parse(&instance.db_instance_status.unwrap_or_default()),
        endpoint: endpoint.and_then(|endpoint| Some((endpoint.address?, port(endpoint.port?)?))),
    }
}

/// A TCP port; 0 is none.
fn port(number: i32) -> Option<u16> {
    u16::try_from(number).ok().filter(|port| *port > 0)
}

pub(crate) fn snapshot(snapshot: DbClusterSnapshot) -> Snapshot {
    let id = snapshot.db_cluster_snapshot_identifier.unwrap_or_default();
    Snapshot {
        kind: kind(&id, &snapshot.snapshot_type.unwrap_or_default()),
        id,
        cluster: snapshot.db_cluster_identifier.unwrap_or_default(),
        status: SnapshotStatus::parse(&snapshot.status.unwrap_or_default()),
        created: snapshot.snapshot_create_time.as_ref().and_then(time),
        tags: tags(snapshot.tag_list.unwrap_or_default()),
    }
}

/// RDS reports some of AWS Backup's snapshots as manual ones; their names tell.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraBackup.html>
fn kind(id: &str, snapshot_type: &str) -> SnapshotKind {
    match id.split_once(':') {
        Some(("awsbackup", _)) => SnapshotKind::AwsBackup,
        Some(("rds", _)) => SnapshotKind::Automated,
        _ => SnapshotKind::parse(snapshot_type),
    }
}

fn tags(tags: Vec<Tag>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.into_iter().filter_map(pair).collect()
}

pub(crate) fn sdk_tags(tags: &Tags) -> Vec<Tag> {
    tags.iter()
        .map(|(key, value)| Tag::builder().key(key).value(value).build())
        .collect()
}

pub(crate) fn time(time: &DateTime) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanoseconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_whose_a_snapshot_is() {
        assert_eq!(kind("awsbackup:job-1", "manual"), SnapshotKind::AwsBackup);
        assert_eq!(
            kind("rds:orders-2026-11-21", "automated"),
            SnapshotKind::Automated
        );
        assert_eq!(
            kind("orders-nightly-20261121", "manual"),
            SnapshotKind::Manual
        );
        assert_eq!(kind("theirs", "shared"), SnapshotKind::Shared);
    }
}
