//! What each status of a DB cluster means for tonight's snapshot.

use aurora_model::ClusterStatus as Status;

/// What a cluster's status allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Readiness {
    /// A snapshot can be taken.
    Ready,
    /// Not now; the next tick tries again.
    NotNow,
    /// It sleeps: nothing changes, and no snapshot can be taken.
    Asleep,
    /// It is on its way out; there is nothing to protect any more.
    Leaving,
    /// It will not become ready by itself.
    NeedsPerson(&'static str),
}

/// RDS takes manual snapshots of clusters that are `available` and refuses others with
/// `InvalidDBClusterStateFault`. A status that RDS has introduced since is "not now": the next
/// tick may find the cluster ready, and the report names it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status>
#[must_use]
pub const fn readiness(status: &Status) -> Readiness {
    match status {
        Status::Available => Readiness::Ready,
        Status::BackingUp
        | Status::Backtracking
        | Status::Creating
        | Status::FailingOver
        | Status::Maintenance
        | Status::Migrating
        | Status::Modifying
        | Status::PreparingDataMigration
        | Status::Promoting
        | Status::Rebooting
        | Status::Renaming
        | Status::ResettingMasterCredentials
        | Status::Starting
        | Status::Stopping
        | Status::StorageOptimization
        | Status::UpdateIamDbAuth
        | Status::Upgrading
        | Status::Unknown(_) => Readiness::NotNow,
        Status::Stopped => Readiness::Asleep,
        Status::Deleting => Readiness::Leaving,
        Status::InaccessibleEncryptionCredentials => Readiness::NeedsPerson(
            "its KMS key cannot be used and RDS has taken it out of service; restore from a snapshot whose key works",
        ),
        Status::InaccessibleEncryptionCredentialsRecoverable => Readiness::NeedsPerson(
            "its KMS key cannot be used; enable the key, then start the cluster, within 7 days",
        ),
        Status::CloningFailed => {
            Readiness::NeedsPerson("cloning it failed; delete it and clone again")
        }
        Status::MigrationFailed => {
            Readiness::NeedsPerson("restoring into it failed; delete it and restore again")
        }
    }
}
