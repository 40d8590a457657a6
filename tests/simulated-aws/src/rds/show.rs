//! Things as the API shows them.

use std::fmt::Display;

use jiff::{SignedDuration, Timestamp};

use crate::{
    Place,
    rds::{Cluster, Instance, Rds, Serverless, Snapshot, out::Out, tags},
};

/// Aurora MySQL's port.
const PORT: u16 = 3306;
/// How far behind the latest time is to which a running cluster can be restored, at most.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-pitr.html>
const RESTORABLE_AFTER: SignedDuration = SignedDuration::from_mins(5);
/// How long automated backups are kept: the default.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html>
const RETENTION_DAYS: i64 = 1;

const ZONES: [&str; 3] = ["a", "b", "c"];

/// A time as RDS writes it, in milliseconds.
pub(crate) fn time(time: Timestamp) -> impl Display {
    millis(time)
}

/// `time` without what RDS does not tell.
pub(crate) fn millis(time: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(time.as_millisecond()).unwrap_or(time)
}

/// The three zones of the region.
pub(crate) fn zones(place: &Place) -> [String; 3] {
    ZONES.map(|zone| format!("{}{zone}", place.region))
}

/// An identifier that never changes and is never used again: `cluster-…`.
fn resource_id(kind: &str, id: &str, created: Timestamp) -> String {
    let digest = id.bytes().fold(created.as_millisecond(), |hash, byte| {
        (hash ^ i64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{kind}-{digest:016X}")
}

/// A cluster's identifier of this kind.
pub(crate) fn cluster_resource(cluster: &Cluster) -> String {
    resource_id("cluster", &cluster.id, cluster.created)
}

/// An instance's identifier of this kind.
pub(crate) fn instance_resource(instance: &Instance) -> String {
    resource_id("db", &instance.id, instance.created)
}

impl Rds {
    /// A cluster as it was at `shown`.
    pub(crate) fn show_cluster(
        &self,
        cluster: &Cluster,
        shown: Timestamp,
        place: &Place,
        out: &mut Out,
    ) {
        let Cluster {
            id,
            arn,
            status,
            engine,
            engine_version,
            parameter_group,
            deletion_protection,
            members,
            serverless,
            insights,
            created,
            tags,
        } = cluster;
        out.text("DBClusterIdentifier", id);
        out.text("DBClusterArn", arn);
        out.text("DbClusterResourceId", &cluster_resource(cluster));
        out.text("Status", status);
        out.text("Engine", engine);
        out.text("EngineVersion", engine_version);
        out.text("EngineMode", "provisioned");
        out.text("DBClusterParameterGroup", parameter_group);
        out.plain("DeletionProtection", deletion_protection);
        self.show_members(cluster, shown, out);
        show_zones(place, out);
        out.plain("MultiAZ", members.len() > 1);
        let (writer, port) = self.writer_endpoint(id, place);
        out.text("Endpoint", &writer);
        out.text("ReaderEndpoint", &host(id, "cluster-ro-", place));
        out.texts(
            "CustomEndpoints",
            "member",
            self.custom_hosts(id, shown, place),
        );
        out.plain("Port", port);
        show_serverless(*serverless, out);
        out.text("DatabaseInsightsMode", insights);
        out.text("MasterUsername", "admin");
        out.plain("StorageEncrypted", false);
        out.plain("BackupRetentionPeriod", RETENTION_DAYS);
        self.show_restorable(cluster, shown, out);
        out.plain("ClusterCreateTime", time(*created));
        tags::show(tags, out);
    }

    fn show_members(&self, cluster: &Cluster, shown: Timestamp, out: &mut Out) {
        let instances = self.instances.as_of(shown);
        out.element("DBClusterMembers", |out| {
            for (place, id) in cluster.members.iter().enumerate() {
                let tier = instances
                    .get(id)
                    .map_or(1, |instance| instance.promotion_tier);
                out.element("DBClusterMember", |out| {
                    out.text("DBInstanceIdentifier", id);
                    out.plain("IsClusterWriter", place == 0);
                    out.text("DBClusterParameterGroupStatus", "in-sync");
                    out.plain("PromotionTier", tier);
                });
            }
        });
    }

    /// What a cluster can be restored to: not to before it was.
    fn show_restorable(&self, cluster: &Cluster, shown: Timestamp, out: &mut Out) {
        let latest = self.latest_restorable(cluster, shown);
        if latest < cluster.created {
            return;
        }
        let earliest = latest - SignedDuration::from_hours(24 * RETENTION_DAYS);
        let earliest = earliest.max(cluster.created);
        out.plain("EarliestRestorableTime", time(earliest));
        out.plain("LatestRestorableTime", time(latest));
    }

    /// A stopped cluster writes nothing more that could be restored.
    fn latest_restorable(&self, cluster: &Cluster, shown: Timestamp) -> Timestamp {
        let until = match self.under_way.stopped.get(&cluster.id) {
            Some(since) if *since <= shown => *since,
            _ => shown,
        };
        let second = until.as_second();
        let second = second - second.rem_euclid(RESTORABLE_AFTER.as_secs());
        Timestamp::from_second(second).unwrap_or(until)
    }

    /// A snapshot as it was at `shown`.
    pub(crate) fn show_snapshot(
        &self,
        snapshot: &Snapshot,
        shown: Timestamp,
        place: &Place,
        out: &mut Out,
    ) {
        let Snapshot {
            id,
            arn,
            cluster,
            kind,
            status,
            percent,
            created,
            engine,
            source,
            shared_with: _,
            in_use: _,
            tags,
        } = snapshot;
        let under_way = matches!(status.as_str(), "creating" | "copying");
        let percent = match self.under_way.snapshots.percent(id, shown) {
            Some(so_far) if under_way => so_far,
            _ => *percent,
        };
        out.text("DBClusterSnapshotIdentifier", id);
        out.text("DBClusterSnapshotArn", arn);
        out.text("DBClusterIdentifier", cluster);
        out.text("SnapshotType", kind);
        out.text("Status", status);
        out.plain("PercentProgress", percent);
        out.plain("SnapshotCreateTime", time(*created));
        out.text("Engine", engine);
        out.text("EngineMode", "provisioned");
        if let Some(source) = source {
            out.text("SourceDBClusterSnapshotArn", source);
        }
        show_zones(place, out);
        out.plain("Port", 0);
        out.plain("AllocatedStorage", 0);
        out.text("MasterUsername", "admin");
        out.plain("StorageEncrypted", false);
        out.plain("IAMDatabaseAuthenticationEnabled", false);
        tags::show(tags, out);
    }

    /// The host and port of a cluster's writer.
    pub(crate) fn writer_endpoint(&self, id: &str, place: &Place) -> (String, u16) {
        self.listens(id, || host(id, "cluster-", place))
    }

    /// Where the cluster or instance `id` listens: where a real server stands in for it, or at the
    /// endpoint that AWS would give it.
    fn listens(&self, id: &str, host: impl FnOnce() -> String) -> (String, u16) {
        let server = self.servers.get(id).cloned();
        server.unwrap_or_else(|| (host(), PORT))
    }

    /// An instance as it was at `shown`.
    pub(crate) fn show_instance(
        &self,
        instance: &Instance,
        shown: Timestamp,
        place: &Place,
        out: &mut Out,
    ) {
        let Instance {
            id,
            arn,
            cluster,
            status,
            class,
            zone,
            promotion_tier,
            parameter_group,
            deletion_protection,
            created,
            ready,
            settings,
            tags,
        } = instance;
        out.text("DBInstanceIdentifier", id);
        out.text("DBInstanceArn", arn);
        out.text("DbiResourceId", &instance_resource(instance));
        out.text("DBClusterIdentifier", cluster);
        out.text("DBInstanceStatus", status);
        out.text("DBInstanceClass", class);
        if let Some(cluster) = self.clusters.as_of(shown).get(cluster) {
            out.text("Engine", &cluster.engine);
            out.text("EngineVersion", &cluster.engine_version);
            out.text("DatabaseInsightsMode", &cluster.insights);
        }
        out.text("AvailabilityZone", zone);
        out.plain("PromotionTier", promotion_tier);
        show_group(parameter_group, out);
        out.plain("DeletionProtection", deletion_protection);
        out.plain("MultiAZ", false);
        out.text("StorageType", "aurora");
        out.plain("AllocatedStorage", 1);
        out.text("MasterUsername", "admin");
        if *ready && status != "creating" {
            show_endpoint(&self.listens(id, || host(id, "", place)), out);
            out.plain("InstanceCreateTime", time(*created));
        }
        for (name, value) in settings {
            out.text(name, value);
        }
        tags::show(tags, out);
    }
}

/// A host as AWS names it: `kind` tells those of clusters and of custom endpoints from instances.
pub(crate) fn host(id: &str, kind: &str, place: &Place) -> String {
    format!("{id}.{kind}c0ffee.{}.rds.amazonaws.com", place.region)
}

fn show_serverless(serverless: Option<Serverless>, out: &mut Out) {
    let Some(Serverless { least, most }) = serverless else {
        return;
    };
    let units = |halves: u16| f64::from(halves) / 2.0;
    out.element("ServerlessV2ScalingConfiguration", |out| {
        out.plain("MinCapacity", units(least));
        out.plain("MaxCapacity", units(most));
    });
}

fn show_zones(place: &Place, out: &mut Out) {
    out.element("AvailabilityZones", |out| {
        for zone in ZONES {
            out.plain("AvailabilityZone", format_args!("{}{zone}", place.region));
        }
    });
}

fn show_group(name: &str, out: &mut Out) {
    out.element("DBParameterGroups", |out| {
        out.element("DBParameterGroup", |out| {
            out.text("DBParameterGroupName", name);
            out.text("ParameterApplyStatus", "in-sync");
        });
    });
}

fn show_endpoint((host, port): &(String, u16), out: &mut Out) {
    out.element("Endpoint", |out| {
        out.text("Address", host);
        out.plain("Port", port);
        out.text("HostedZoneId", "Z1RLNUO7B9Q6NB");
    });
}
