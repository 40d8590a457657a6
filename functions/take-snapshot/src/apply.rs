//! One call for each snapshot, its answer classified.

use std::time::Duration;

use aurora::{ApiError, Aurora, CreateSnapshotError};
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
        Err(CreateSnapshotError::AlreadyExists(error)) => whose(aurora, &new, &error).await,
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
async fn whose(aurora: &Aurora, new: &NewSnapshot, exists: &ApiError) -> Outcome {
    match once_shown(aurora, &new.id).await {
        Ok(Some(there)) if same(&there, new, tags::TAKEN_BY) => Outcome::Done,
        Ok(Some(there))
            if same(&there, new, tags::SCHEDULE) && there.status != SnapshotStatus::Failed =>
        {
            Outcome::AlreadyDone
        }
        Ok(None) => Outcome::Busy {
            detail: format!("{exists}, and RDS does not show whose it is yet: {UNSEEN}"),
        },
        Ok(Some(_)) => Outcome::Busy {
            detail: format!(
                "{} is taken by another snapshot; the next run uses another name",
                new.id
            ),
        },
        Err(error) => failed(
            format!("{exists}; whose it is could not be read: {error}"),
            error.retryable(),
        ),
    }
}

const UNSEEN: &str = "whether it took effect, the next run will see";

/// A snapshot that exists, by RDS's own word, as soon as RDS shows it: listings lag behind.
async fn once_shown(aurora: &Aurora, id: &str) -> Result<Option<Snapshot>, ApiError> {
    for pause in PAUSES {
        if let Some(there) = aurora.snapshot(id).await? {
            return Ok(Some(there));
        }
        tokio::time::sleep(pause).await;
    }
    aurora.snapshot(id).await
}

/// Half a minute in all; mostly the first look is enough.
const PAUSES: [Duration; 5] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(8),
    Duration::from_secs(15),
];

fn same(there: &Snapshot, new: &NewSnapshot, key: &str) -> bool {
    there.managed() && there.cluster == new.cluster && there.tags.get(key) == new.tags.get(key)
}
