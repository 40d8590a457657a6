//! One call for each deletion, its answer classified.

use aurora::{Aurora, DeleteSnapshotError};
use aurora_model::Outcome;

use crate::plan::Delete;

/// Deletes one snapshot. One that is gone already is as good as deleted; one that is in use (it
/// is being copied, or restored from) waits for the next run.
pub(crate) async fn delete(aurora: &Aurora, delete: &Delete) -> Outcome {
    match aurora.delete_snapshot(&delete.snapshot).await {
        Ok(()) => Outcome::Done,
        Err(DeleteSnapshotError::NotFound(_)) => Outcome::AlreadyDone,
        Err(DeleteSnapshotError::InvalidState(error)) => Outcome::Busy {
            detail: error.to_string(),
        },
        Err(DeleteSnapshotError::Api(error)) => Outcome::Failed {
            detail: error.to_string(),
            retry: error.retryable(),
        },
    }
}
