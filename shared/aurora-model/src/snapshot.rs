//! A DB cluster snapshot as RDS describes it.

use std::fmt;

use jiff::Timestamp;

use crate::{Tags, cluster::statuses, tags};

/// What Nightshift needs to know of a DB cluster snapshot.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBClusterSnapshot.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The identifier; automated ones begin with `rds:`, those of AWS Backup with `awsbackup:`.
    pub id: String,
    /// The identifier of the cluster it was taken of, which may be gone.
    pub cluster: String,
    /// Who made it.
    pub kind: SnapshotKind,
    /// Whether it can be restored.
    pub status: SnapshotStatus,
    /// When it was made; RDS may leave it out while the snapshot is being created.
    pub created: Option<Timestamp>,
    /// The tags it carries.
    pub tags: Tags,
}

impl Snapshot {
    /// Whether Nightshift made it: a manual snapshot of this account with our tag.
    #[must_use]
    pub fn managed(&self) -> bool {
        self.kind == SnapshotKind::Manual && self.tags.managed()
    }

    /// Whether Nightshift made it for this schedule.
    #[must_use]
    pub fn managed_for(&self, schedule: &str) -> bool {
        self.managed() && self.tags.get(tags::SCHEDULE) == Some(schedule)
    }

    /// Whether one could restore from it now.
    #[must_use]
    pub fn good(&self) -> bool {
        self.status == SnapshotStatus::Available && self.created.is_some()
    }

    /// Whether a restore drill with it has succeeded.
    #[must_use]
    pub fn drilled(&self) -> bool {
        self.tags
            .get(tags::DRILL_PASSED)
            .is_some_and(|at| at.parse::<Timestamp>().is_ok())
    }
}

/// A snapshot to be created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewSnapshot {
    /// Its identifier.
    pub id: String,
    /// The cluster to take it of.
    pub cluster: String,
    /// Its tags, at most 50.
    pub tags: Tags,
}

/// How much of a quota is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// How many there are.
    pub used: u32,
    /// How many there may be.
    pub max: u32,
}

/// Who made a snapshot, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SnapshotKind {
    /// A person or a program of this account, Nightshift included.
    Manual,
    /// RDS itself, within the cluster's backup retention period.
    Automated,
    /// AWS Backup, which has its own life-cycle rules.
    AwsBackup,
    /// Another account, which shares it with this one.
    Shared,
    /// A kind RDS has introduced since this was written.
    Other(String),
}

impl SnapshotKind {
    /// The kind RDS's `SnapshotType` names.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        match text {
            "manual" => Self::Manual,
            "automated" => Self::Automated,
            "awsbackup" => Self::AwsBackup,
            "shared" | "public" => Self::Shared,
            other => Self::Other(other.into()),
        }
    }
}

impl fmt::Display for SnapshotKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Manual => "manual",
            Self::Automated => "automated",
            Self::AwsBackup => "AWS Backup",
            Self::Shared => "shared by another account",
            Self::Other(text) => text,
        })
    }
}

statuses! {
    /// What a DB cluster snapshot is doing. RDS documents these three as the ones a manual
    /// snapshot goes through; others are kept as they are and never count as good.
    SnapshotStatus {
        Available = "available",
        Creating = "creating",
        Copying = "copying",
        Failed = "failed",
        Deleting = "deleting",
    }
}
