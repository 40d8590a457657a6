//! What RDS says when something has happened.

use crate::{
    At, Effect,
    rds::{Event, Rds, SourceType, show},
};

/// A kind of event. The sentences are as `DescribeEvents` gives them, without the full stop that
/// the documentation adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Happened {
    id: &'static str,
    about: SourceType,
    category: &'static str,
    message: &'static str,
}

const fn of(
    about: SourceType,
    id: &'static str,
    category: &'static str,
    message: &'static str,
) -> Happened {
    Happened {
        id,
        about,
        category,
        message,
    }
}

use SourceType::{Cluster, ClusterSnapshot, Instance};

#[rustfmt::skip]
impl Happened {
    pub(crate) const SNAPSHOT_BEGUN: Self = of(ClusterSnapshot, "RDS-EVENT-0074", "backup", "Creating manual cluster snapshot");
    pub(crate) const SNAPSHOT_CREATED: Self = of(ClusterSnapshot, "RDS-EVENT-0075", "backup", "Manual cluster snapshot created");
    pub(crate) const AUTOMATED_SNAPSHOT_BEGUN: Self = of(ClusterSnapshot, "RDS-EVENT-0168", "backup", "Creating automated cluster snapshot");
    pub(crate) const AUTOMATED_SNAPSHOT_CREATED: Self = of(ClusterSnapshot, "RDS-EVENT-0169", "backup", "Automated cluster snapshot created");
    /// The documentation lists it for instances' snapshots only; `DescribeEvents` gives it for
    /// clusters' too.
    pub(crate) const SNAPSHOT_DELETED: Self = of(ClusterSnapshot, "RDS-EVENT-0041", "deletion", "Deleted manual snapshot");

    pub(crate) const CLUSTER_CREATED: Self = of(Cluster, "RDS-EVENT-0170", "creation", "DB cluster created");
    pub(crate) const CLUSTER_DELETED: Self = of(Cluster, "RDS-EVENT-0171", "deletion", "DB cluster deleted");
    pub(crate) const CLUSTER_STOPPED: Self = of(Cluster, "RDS-EVENT-0150", "notification", "DB cluster stopped");
    pub(crate) const CLUSTER_STARTED: Self = of(Cluster, "RDS-EVENT-0151", "notification", "DB cluster started");
    pub(crate) const CLUSTER_STARTS_BY_ITSELF: Self = of(Cluster, "RDS-EVENT-0153", "notification", "DB cluster is being started due to it exceeding the maximum allowed time being stopped");
    pub(crate) const FAILOVER_FAILED: Self = of(Cluster, "RDS-EVENT-0069", "failover", "Cluster failover failed, check the health of your cluster instances and try again");
    pub(crate) const FAILOVER_DONE: Self = of(Cluster, "RDS-EVENT-0071", "failover", "Completed failover to DB instance: ");
    pub(crate) const FAILOVER_IN_ZONE: Self = of(Cluster, "RDS-EVENT-0072", "failover", "Started same AZ failover to DB instance: ");
    pub(crate) const FAILOVER_ACROSS_ZONES: Self = of(Cluster, "RDS-EVENT-0073", "failover", "Started cross AZ failover to DB instance: ");

    pub(crate) const INSTANCE_SHUT_DOWN: Self = of(Instance, "RDS-EVENT-0004", "availability", "DB instance shutdown");
    pub(crate) const INSTANCE_RESTARTED: Self = of(Instance, "RDS-EVENT-0006", "availability", "DB instance restarted");
    pub(crate) const INSTANCE_CREATED: Self = of(Instance, "RDS-EVENT-0005", "creation", "DB instance created");
    pub(crate) const INSTANCE_FAILED: Self = of(Instance, "RDS-EVENT-0031", "failure", "DB instance put into failed state. RDS recommends that you initiate a point-in-time-restore");
    pub(crate) const INSTANCE_DELETED: Self = of(Instance, "RDS-EVENT-0003", "deletion", "DB instance deleted");
    pub(crate) const INSTANCE_STOPPED: Self = of(Instance, "RDS-EVENT-0087", "notification", "DB instance stopped");
    pub(crate) const INSTANCE_STARTED: Self = of(Instance, "RDS-EVENT-0088", "notification", "DB instance started");
}

impl SourceType {
    /// As the API names it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Cluster => "db-cluster",
            Instance => "db-instance",
            ClusterSnapshot => "db-cluster-snapshot",
        }
    }

    /// As its ARNs name it.
    const fn in_arns(self) -> &'static str {
        match self {
            Cluster => "cluster",
            Instance => "db",
            ClusterSnapshot => "cluster-snapshot",
        }
    }
}

impl Rds {
    /// RDS emits an event about `source`.
    pub(crate) fn happened(&mut self, what: Happened, source: &str, at: &mut At<'_>) {
        self.happened_to(what, source, "", at);
    }

    /// RDS emits an event about `source` whose sentence ends with `whom`.
    pub(crate) fn happened_to(
        &mut self,
        what: Happened,
        source: &str,
        whom: &str,
        at: &mut At<'_>,
    ) {
        let Happened {
            id,
            about,
            category,
            message,
        } = what;
        let event = Event {
            id,
            source_type: about,
            source: source.to_owned(),
            arn: at
                .place
                .arn("rds", &format!("{}:{source}", about.in_arns())),
            categories: vec![category],
            message: format!("{message}{whom}"),
            at: show::millis(at.now),
        };
        at.effects.push(Effect::Event(event.clone()));
        self.events.push(event);
    }
}
