//! A DB cluster as RDS describes it, and the states it can be in.

use std::fmt;

use jiff::Timestamp;

use crate::Tags;

/// What Nightshift needs to know of a DB cluster.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBCluster.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cluster {
    /// The identifier, as RDS stores it: lower case.
    pub id: String,
    /// The Amazon resource name.
    pub arn: String,
    /// What it is doing now.
    pub status: ClusterStatus,
    /// The tags it carries.
    pub tags: Tags,
    /// The latest moment a point-in-time restore can reach.
    pub latest_restorable: Option<Timestamp>,
}

macro_rules! statuses {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $name {
            $(#[doc = concat!("`", $text, "`")] $variant,)+
            /// A status RDS has introduced since this was written, as RDS spells it.
            Unknown(String),
        }

        impl $name {
            /// Every status that is known.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),+];

            /// The status of this name; one that is not known is kept as it is.
            #[must_use]
            pub fn parse(text: &str) -> Self {
                match text.to_ascii_lowercase().as_str() {
                    $($text => Self::$variant,)+
                    other => Self::Unknown(other.into()),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $text,)+ Self::Unknown(text) => text })
            }
        }
    };
}
pub(crate) use statuses;

statuses! {
    /// What a DB cluster is doing.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status>
    ClusterStatus {
        Available = "available",
        BackingUp = "backing-up",
        Backtracking = "backtracking",
        CloningFailed = "cloning-failed",
        Creating = "creating",
        Deleting = "deleting",
        FailingOver = "failing-over",
        InaccessibleEncryptionCredentials = "inaccessible-encryption-credentials",
        InaccessibleEncryptionCredentialsRecoverable = "inaccessible-encryption-credentials-recoverable",
        Maintenance = "maintenance",
        Migrating = "migrating",
        MigrationFailed = "migration-failed",
        Modifying = "modifying",
        PreparingDataMigration = "preparing-data-migration",
        Promoting = "promoting",
        Rebooting = "rebooting",
        Renaming = "renaming",
        ResettingMasterCredentials = "resetting-master-credentials",
        Starting = "starting",
        Stopped = "stopped",
        Stopping = "stopping",
        StorageOptimization = "storage-optimization",
        UpdateIamDbAuth = "update-iam-db-auth",
        Upgrading = "upgrading",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_status_reads_back() {
        for status in ClusterStatus::KNOWN {
            assert_eq!(&ClusterStatus::parse(&status.to_string()), status);
        }
        assert_eq!(
            ClusterStatus::parse("Defragmenting"),
            ClusterStatus::Unknown("defragmenting".into())
        );
    }
}
