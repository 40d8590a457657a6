//! What an alarm is about, by the metrics it watches.

use aurora_model::AlarmMetric;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What an alarm is about.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Trouble {
    /// `CPUUtilization`, or the load that Performance Insights knows.
    Cpu,
    /// `FreeableMemory`, `SwapUsage`.
    Memory,
    /// `DatabaseConnections`.
    Connections,
    /// `ReadLatency`, `SelectLatency`.
    ReadLatency,
    /// `WriteLatency`, `CommitLatency`, `DMLLatency` and its parts.
    WriteLatency,
    /// `AuroraReplicaLag`, `AuroraReplicaLagMaximum`, `AuroraBinlogReplicaLag`.
    ReplicaLag,
    /// `VolumeBytesUsed`.
    Volume,
    /// `Deadlocks`.
    Deadlocks,
    /// `RollbackSegmentHistoryListLength`.
    HistoryList,
    /// `BlockedTransactions`, `RowLockTime`, and Nightshift's own `LongestTransactionSeconds`.
    LongTransaction,
    /// `CPUUtilization`, `DatabaseConnections` or a latency that is below a threshold: there is less to do than
    /// the team expects.
    Idle,
    /// Anything else about the cluster.
    Other,
}

impl Trouble {
    /// What an alarm on these metrics is about: the first of them that is known.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html>
    #[must_use]
    pub fn of(metrics: &[AlarmMetric]) -> Self {
        let known = metrics.iter().map(|metric| Self::of_metric(&metric.name));
        known
            .into_iter()
            .find(|it| *it != Self::Other)
            .unwrap_or(Self::Other)
    }

    /// The same of an alarm that rings because there is too little of what it watches.
    #[must_use]
    pub fn of_little(metrics: &[AlarmMetric]) -> Self {
        match Self::of(metrics) {
            Self::Memory => Self::Memory,
            Self::Cpu | Self::Connections | Self::ReadLatency | Self::WriteLatency => Self::Idle,
            _ => Self::Other,
        }
    }

    fn of_metric(name: &str) -> Self {
        match name {
            "CPUUtilization" | "DBLoad" | "DBLoadCPU" => Self::Cpu,
            "FreeableMemory" | "SwapUsage" => Self::Memory,
            "DatabaseConnections" => Self::Connections,
            "ReadLatency" | "SelectLatency" => Self::ReadLatency,
            "WriteLatency" | "CommitLatency" | "DMLLatency" | "InsertLatency" | "UpdateLatency"
            | "DeleteLatency" => Self::WriteLatency,
            "AuroraReplicaLag"
            | "AuroraReplicaLagMaximum"
            | "AuroraReplicaLagMinimum"
            | "AuroraBinlogReplicaLag" => Self::ReplicaLag,
            "VolumeBytesUsed" => Self::Volume,
            "Deadlocks" => Self::Deadlocks,
            "RollbackSegmentHistoryListLength" => Self::HistoryList,
            "BlockedTransactions" | "RowLockTime" | "LongestTransactionSeconds" => {
                Self::LongTransaction
            }
            _ => Self::Other,
        }
    }

    /// How a person calls it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Cpu => "CPU",
            Self::Memory => "free memory",
            Self::Connections => "connections",
            Self::ReadLatency => "read latency",
            Self::WriteLatency => "write latency",
            Self::ReplicaLag => "replica lag",
            Self::Volume => "volume size",
            Self::Deadlocks => "deadlocks",
            Self::HistoryList => "history list length",
            Self::LongTransaction => "long transactions",
            Self::Idle => "little load",
            Self::Other => "another metric",
        }
    }
}
