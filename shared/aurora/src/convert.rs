//! SDK types become model types. What RDS leaves out of an answer becomes the model's "unknown",
//! never a guess.

use aurora_model::{Cluster, ClusterStatus, Snapshot, SnapshotKind, SnapshotStatus, Tags};
use aws_sdk_rds::{
    primitives::DateTime,
    types::{DbCluster, DbClusterSnapshot, Tag},
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
