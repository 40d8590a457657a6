//! One call for each snapshot, its answer classified.

use aurora::{Aurora, CreateSnapshotError};
use aurora_model::{NewSnapshot, Outcome, Snapshot, SnapshotStatus, tags};

use crate::{notes, plan::Create};

/// Takes one snapshot. `request_id` is written into its tags, so that a call whose first answer
/// was lost and whose repetition finds the snapshot there is recognised as this run's own work.
pub(crate) async fn create(aurora: &Aurora, create: &Create, request_id: &str) -> Outcome {
    if create.by_earlier_attempt {
        return Outcome::Done;
    }
    let mut new = create.new.clone();
    new.tags.set(tags::TAKEN_BY, request_id);
    match aurora.create_snapshot(&new).await {
        Ok(()) => Outcome::Done,
        Err(CreateSnapshotError::AlreadyExists(_)) => whose(aurora, &new).await,
        Err(CreateSnapshotError::InvalidClusterState(error)) => Outcome::Busy {
            detail: error.to_string(),
        },
        Err(CreateSnapshotError::QuotaExceeded(error)) => {
            failed(format!("{error}. {}", notes::REMEDY), false)
        }
        Err(CreateSnapshotError::ClusterNotFound(error)) => failed(error.to_string(), false),
        Err(CreateSnapshotError::Api(error)) => failed(error.to_string(), error.retryable()),
    }
}

fn failed(detail: String, retry: bool) -> Outcome {
    Outcome::Failed { detail, retry }
}

/// The name was free when the run looked. Who has taken it since?
async fn whose(aurora: &Aurora, new: &NewSnapshot) -> Outcome {
    match aurora.snapshot(&new.id).await {
        Ok(Some(there)) if same(&there, new, tags::TAKEN_BY) => Outcome::Done,
        Ok(Some(there))
            if same(&there, new, tags::SCHEDULE) && there.status != SnapshotStatus::Failed =>
        {
            Outcome::AlreadyDone
        }
        Ok(_) => Outcome::Busy {
            detail: format!(
                "{} is taken by another snapshot; the next run uses another name",
                new.id
            ),
        },
        Err(error) => failed(error.to_string(), error.retryable()),
    }
}

fn same(there: &Snapshot, new: &NewSnapshot, key: &str) -> bool {
    there.managed() && there.cluster == new.cluster && there.tags.get(key) == new.tags.get(key)
}
