//! What can go wrong with the calls that have errors of their own, as the things a caller can do
//! about it.

use aws_sdk_rds::{
    error::SdkError,
    operation::{
        create_db_cluster_snapshot::CreateDBClusterSnapshotError as Create,
        delete_db_cluster_snapshot::DeleteDBClusterSnapshotError as Delete,
    },
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::{Tries, write_failed};

pub(crate) use calls::read_failed as api;
pub use calls::{ApiError, Kind};

/// A snapshot that was not created.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CreateSnapshotError {
    /// A snapshot of this name exists.
    #[error("{0}")]
    AlreadyExists(ApiError),
    /// The cluster is not in a state in which snapshots can be taken.
    #[error("{0}")]
    InvalidClusterState(ApiError),
    /// The cluster is gone.
    #[error("{0}")]
    ClusterNotFound(ApiError),
    /// The account has as many manual cluster snapshots as it may have.
    #[error("{0}")]
    QuotaExceeded(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

/// A snapshot that was not deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeleteSnapshotError {
    /// It is gone already.
    #[error("{0}")]
    NotFound(ApiError),
    /// It is in use, or still being created.
    #[error("{0}")]
    InvalidState(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

type Sdk<E> = SdkError<E, HttpResponse>;

pub(crate) fn create(subject: &str, tries: &Tries, error: &Sdk<Create>) -> CreateSnapshotError {
    let api = write_failed("CreateDBClusterSnapshot", subject, tries, error);
    match error.as_service_error() {
        Some(Create::DbClusterSnapshotAlreadyExistsFault(_)) => {
            CreateSnapshotError::AlreadyExists(api)
        }
        Some(Create::InvalidDbClusterStateFault(_)) => {
            CreateSnapshotError::InvalidClusterState(api)
        }
        Some(Create::DbClusterNotFoundFault(_)) => CreateSnapshotError::ClusterNotFound(api),
        Some(Create::SnapshotQuotaExceededFault(_)) => CreateSnapshotError::QuotaExceeded(api),
        _ => CreateSnapshotError::Api(api),
    }
}

pub(crate) fn delete(subject: &str, tries: &Tries, error: &Sdk<Delete>) -> DeleteSnapshotError {
    let api = write_failed("DeleteDBClusterSnapshot", subject, tries, error);
    match error.as_service_error() {
        Some(Delete::DbClusterSnapshotNotFoundFault(_)) => DeleteSnapshotError::NotFound(api),
        Some(Delete::InvalidDbClusterSnapshotStateFault(_)) => {
            DeleteSnapshotError::InvalidState(api)
        }
        _ => DeleteSnapshotError::Api(api),
    }
}
