//! Which states of RDS mean that nobody is served.

use aurora_model::{ClusterStatus, InstanceStatus};

/// What a state means for those who send statements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stand {
    /// Nothing.
    Serves,
    /// A reader becomes the writer.
    FailsOver,
    /// Nobody is served.
    Down,
    /// RDS works on it, or it comes or goes; those who are served do not notice, or hardly.
    Changing,
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Overview.DBInstance.Status>
pub(super) const fn of_instance(status: &InstanceStatus) -> Stand {
    use InstanceStatus as Is;
    match status {
        Is::Available | Is::BackingUp => Stand::Serves,
        Is::Backtracking
        | Is::Failed
        | Is::InaccessibleEncryptionCredentials
        | Is::InaccessibleEncryptionCredentialsRecoverable
        | Is::IncompatibleCreate
        | Is::IncompatibleNetwork
        | Is::IncompatibleOptionGroup
        | Is::IncompatibleParameters
        | Is::IncompatibleRestore
        | Is::InsufficientCapacity
        | Is::Rebooting
        | Is::Renaming
        | Is::RestoreError
        | Is::Starting
        | Is::Stopped
        | Is::Stopping
        | Is::StorageFull
        | Is::Upgrading => Stand::Down,
        Is::ConfiguringEnhancedMonitoring
        | Is::ConfiguringIamDatabaseAuth
        | Is::ConfiguringLogExports
        | Is::ConvertingToVpc
        | Is::Creating
        | Is::DeletePrecheck
        | Is::Deleting
        | Is::Maintenance
        | Is::Modifying
        | Is::MovingToVpc
        | Is::ResettingMasterCredentials
        | Is::StorageConfigUpgrade
        | Is::StorageInitialization
        | Is::StorageOptimization
        | Is::Unknown(_) => Stand::Changing,
    }
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/accessing-monitoring.html#Aurora.Status>
pub(super) const fn of_cluster(status: &ClusterStatus) -> Stand {
    use ClusterStatus as Is;
    match status {
        Is::Available | Is::BackingUp => Stand::Serves,
        Is::FailingOver => Stand::FailsOver,
        Is::Backtracking
        | Is::CloningFailed
        | Is::Creating
        | Is::Deleting
        | Is::InaccessibleEncryptionCredentials
        | Is::InaccessibleEncryptionCredentialsRecoverable
        | Is::MigrationFailed
        | Is::Rebooting
        | Is::Renaming
        | Is::Starting
        | Is::Stopped
        | Is::Stopping
        | Is::Upgrading => Stand::Down,
        Is::Maintenance
        | Is::Migrating
        | Is::Modifying
        | Is::PreparingDataMigration
        | Is::Promoting
        | Is::ResettingMasterCredentials
        | Is::StorageOptimization
        | Is::UpdateIamDbAuth
        | Is::Unknown(_) => Stand::Changing,
    }
}
