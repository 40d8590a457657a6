//! Everything a decision and a case file are made from, as it was read.

use aurora::RdsEvent;
use aurora_model::{AlarmMetric, ClusterEndpoints, Instance, Span};
use jiff::Timestamp;

use crate::{database::look::Look, trouble::Trouble};

/// The dimension by which Aurora tells the writer's metrics from the readers'.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/dimensions.html>
pub(crate) const ROLE: &str = "Role";
/// Its value for the readers.
pub(crate) const READER: &str = "READER";

/// What was seen of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The cluster.
    pub cluster: ClusterEndpoints,
    /// Its instances.
    pub instances: Vec<Instance>,
    /// The alarms about it that ring now, the one that has rung for the longest first.
    pub ringing: Vec<Ringing>,
    /// Where none rings, and the team was told of some: those about it in the state `INSUFFICIENT_DATA`.
    pub silent: Vec<Silent>,
    /// The metrics they watch, over the policy's `history`.
    pub charts: Vec<Chart>,
    /// Its servers, the writer first: those that were looked at.
    pub servers: Vec<Seen>,
    /// What RDS says has happened to the cluster and its instances within a day, oldest first; nothing where
    /// that could not be read.
    pub events: Vec<RdsEvent>,
    /// Whom Nightshift logs in as, by the secrets of the policy.
    pub own_users: Vec<String>,
}

/// An alarm that rings.
#[derive(Clone, Debug, PartialEq)]
pub struct Ringing {
    /// Its name.
    pub name: String,
    /// What it is about.
    pub trouble: Trouble,
    /// Whether it rings because there is little of something that is no trouble to have little of: of anything but
    /// free memory. Of a composite alarm, whether that is so of all its children that ring.
    pub little: bool,
    /// The instance that it is about; `None` where it is about the cluster as a whole.
    pub instance: Option<String>,
    /// Since when.
    pub since: Timestamp,
    /// `CloudWatch`'s sentence about why.
    pub reason: String,
    /// The team's own words about it.
    pub description: Option<String>,
    /// The metrics it watches; none where it is a composite alarm.
    pub metrics: Vec<AlarmMetric>,
    /// What it compares them with, where that is one number.
    pub threshold: Option<f64>,
    /// Of a composite alarm: the names of its children that ring.
    pub children: Vec<String>,
}

/// An alarm that has no data: that it does not ring says nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Silent {
    /// Its name.
    pub name: String,
    /// Since when.
    pub since: Timestamp,
}

/// A metric over time.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// The metric.
    pub metric: AlarmMetric,
    /// What the alarm compares it with.
    pub threshold: Option<f64>,
    /// The length of one step.
    pub step: Span,
    /// The steps' beginnings and values, oldest first. A step without data is missing.
    pub points: Vec<(Timestamp, f64)>,
}

/// A server that was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its instance.
    pub instance: String,
    /// Whether RDS calls it the writer.
    pub writer: bool,
    /// What it was doing, or why that is not known.
    pub look: Result<Look, String>,
}

/// Whether what goes on on the server may be the cause of the alarm. An alarm on one instance, or on one
/// role, is not about the others; but the volume and its old row versions are of all, a replica lags by
/// what the writer does, and what is not known may be anything.
#[must_use]
pub fn concerns(alarm: &Ringing, server: &Seen) -> bool {
    let of_all = matches!(
        alarm.trouble,
        Trouble::HistoryList
            | Trouble::Volume
            | Trouble::ReplicaLag
            | Trouble::LongTransaction
            | Trouble::Other
    );
    let instance = alarm.instance.as_ref();
    let mut roles = alarm
        .metrics
        .iter()
        .filter_map(|it| it.dimensions.get(ROLE));
    let role = if server.writer { "WRITER" } else { READER };
    of_all || instance.is_none_or(|it| *it == server.instance) && roles.all(|it| it == role)
}

impl Observation {
    /// The looks that succeeded, with their instances.
    pub fn looks(&self) -> impl Iterator<Item = (&Seen, &Look)> {
        let looked = self.servers.iter();
        looked.filter_map(|seen| Some((seen, seen.look.as_ref().ok()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::tests::scenes::{quiet, ring};

    /// Of which servers an alarm on this metric is, the writer's or the reader's or both.
    fn of(metric: &str, instance: Option<&str>, role: Option<&str>) -> Vec<String> {
        let mut seen = quiet();
        ring(&mut seen, metric, instance, 5, (1.0, 2.0, 3.0));
        let alarm = &mut seen.ringing[0];
        if let Some(role) = role {
            let dimensions = &mut alarm.metrics[0].dimensions;
            dimensions.insert(ROLE.into(), role.into());
        }
        let servers = seen.servers.iter();
        let concerned = servers.filter(|it| concerns(&seen.ringing[0], it));
        concerned.map(|it| it.instance.clone()).collect()
    }

    #[test]
    fn an_alarm_on_one_instance_or_role_is_not_about_the_others() {
        let all = ["orders-1", "orders-2"];
        assert_eq!(of("CPUUtilization", None, None), all);
        assert_eq!(of("CPUUtilization", Some("orders-2"), None), all[1..]);
        assert_eq!(of("CPUUtilization", None, Some("WRITER")), all[..1]);
        assert_eq!(of("DatabaseConnections", None, Some("READER")), all[1..]);
        let history = "RollbackSegmentHistoryListLength";
        assert_eq!(of(history, None, Some("WRITER")), all);
        assert_eq!(of("AuroraReplicaLag", Some("orders-2"), None), all);
        assert_eq!(of("SomethingElse", Some("orders-2"), None), all);
    }
}
