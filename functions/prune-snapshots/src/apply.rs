//! One call for each deletion, its answer classified.

use aurora::{ApiError, Aurora, DeleteSnapshotError};
use aurora_model::{Outcome, SnapshotStatus};

use crate::plan::Delete;

/// Deletes one snapshot. One that is gone already is as good as deleted; one that is in use (it
/// is being copied, or restored from) waits for the next run.
///
/// Where a try of this call was not answered and the next one finds the snapshot gone, or going,
/// this run has most likely deleted it itself, and says so.
pub(crate) async fn delete(aurora: &Aurora, delete: &Delete) -> Outcome {
    match aurora.delete_snapshot(&delete.snapshot).await {
        Ok(()) => Outcome::Done,
        Err(DeleteSnapshotError::NotFound(error)) => gone(&error),
        Err(DeleteSnapshotError::InvalidState(error)) => in_use(aurora, error).await,
        Err(DeleteSnapshotError::Api(error)) => Outcome::Failed {
            detail: error.to_string(),
            retry: error.retryable(),
        },
    }
}

fn gone(error: &ApiError) -> Outcome {
    if error.unsure {
        Outcome::Done
    } else {
        Outcome::AlreadyDone
    }
}

/// RDS does not delete what is being copied, restored from, or deleted already.
async fn in_use(aurora: &Aurora, error: ApiError) -> Outcome {
    match aurora.snapshot(&error.subject).await {
        Ok(None) => gone(&error),
        Ok(Some(there)) if there.status == SnapshotStatus::Deleting => gone(&error),
        Ok(Some(_)) | Err(_) => Outcome::Busy {
            detail: error.to_string(),
        },
    }
}
