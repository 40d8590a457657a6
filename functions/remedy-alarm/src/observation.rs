//! Everything a decision and a case file are made from, as it was read.

use aurora::RdsEvent;
use aurora_model::{AlarmMetric, ClusterEndpoints, Instance, Span};
use jiff::Timestamp;

use crate::{database::look::Look, trouble::Trouble};

/// What was seen of a cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// The cluster.
    pub cluster: ClusterEndpoints,
    /// Its instances.
    pub instances: Vec<Instance>,
    /// The alarms about it that ring now, the one that has rung for the longest first.
    pub ringing: Vec<Ringing>,
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

impl Observation {
    /// The looks that succeeded, with their instances.
    pub fn looks(&self) -> impl Iterator<Item = (&Seen, &Look)> {
        let looked = self.servers.iter();
        looked.filter_map(|seen| Some((seen, seen.look.as_ref().ok()?)))
    }
}
