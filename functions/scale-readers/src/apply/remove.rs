//! Removing a reader.

use aurora::{ApiError, Aurora, DeleteReaderError};
use aurora_model::{InstanceStatus, Outcome, Tags};
use jiff::Timestamp;

use super::{failed, made::Made};
use crate::{change::Delete, changes::Told, fleet};

/// Reads the cluster once more, notes the removal in a tag of it, and deletes the reader.
pub(super) async fn remove(
    aurora: &Aurora,
    cluster: &str,
    id: &str,
    delete: &Delete,
    (made, now): (&Made, Timestamp),
) -> Outcome {
    let told = match may_go(aurora, cluster, id, delete).await {
        Ok(told) => told,
        Err(Not::Now(detail)) => return Outcome::Busy { detail },
        Err(Not::Any) => return Outcome::AlreadyDone,
        Err(Not::Read(error)) => return failed(&error),
    };
    // Before it: a removal that nothing tells of would let the next come too soon.
    let removal = Told::of_removal(delete.created, now);
    let noted = (&*delete.cluster_arn, &told);
    if let Err(error) = made.note(aurora, noted, removal.clone()).await {
        return failed(&error);
    }
    match aurora.delete_reader(id).await {
        Ok(()) => Outcome::Done,
        Err(DeleteReaderError::NotFound(error)) => gone(&error),
        Err(DeleteReaderError::InvalidState(error)) => {
            // An earlier try of the call may have begun the deletion.
            let refused = !error.unsure;
            let outcome = going(aurora, cluster, error).await;
            if refused && matches!(outcome, Outcome::Busy { .. }) {
                made.take_back(aurora, noted, &removal).await;
            }
            outcome
        }
        Err(DeleteReaderError::Api(error)) => {
            if !error.unsure {
                made.take_back(aurora, noted, &removal).await;
            }
            failed(&error)
        }
    }
}

/// Where a try of the call was not answered, this run has most likely deleted it itself.
const fn gone(error: &ApiError) -> Outcome {
    if error.unsure {
        Outcome::Done
    } else {
        Outcome::AlreadyDone
    }
}

/// RDS does not delete what is being deleted already.
async fn going(aurora: &Aurora, cluster: &str, error: ApiError) -> Outcome {
    let instances = aurora.db_instances(cluster).await.unwrap_or_default();
    match instances.iter().find(|it| it.id == error.subject) {
        Some(there) if there.status == InstanceStatus::Deleting => gone(&error),
        _ => Outcome::Busy {
            detail: error.to_string(),
        },
    }
}

/// Why a reader is not deleted after all.
enum Not {
    /// What was true when the plan was made no longer is.
    Now(String),
    /// It is gone.
    Any,
    /// It could not be read.
    Read(ApiError),
}

/// The cluster's tags, if the reader may be deleted now: it is still one, Nightshift made it, and
/// enough others serve.
async fn may_go(aurora: &Aurora, cluster: &str, id: &str, delete: &Delete) -> Result<Tags, Not> {
    let now = |detail: &str| Err(Not::Now(format!("{id} {detail}; nothing was deleted")));
    let Some(cluster) = aurora.reader_cluster(cluster).await.map_err(Not::Read)? else {
        return now("belongs to a cluster that is gone");
    };
    if !fleet::settled(&cluster.status) {
        return now(&format!("belongs to a cluster that is {}", cluster.status));
    }
    let instances = aurora.db_instances(&cluster.id).await.map_err(Not::Read)?;
    let Some(instance) = instances.iter().find(|it| it.id == id) else {
        return Err(Not::Any);
    };
    let writes = |id: &str| cluster.members.iter().any(|it| it.writer && it.id == id);
    if !cluster.members.iter().any(|it| it.writer) {
        return now("may be about to become the writer: RDS names none at the moment");
    }
    if writes(id) {
        return now("has become the writer");
    }
    if !instance.tags.managed() {
        return now("is not Nightshift's");
    }
    // An alarm, or a person, may have it back by now.
    if fleet::draining_since(&instance.tags) != delete.draining {
        return now("is no longer to go since the time at which it was looked at");
    }
    let others = instances.iter().filter(|it| it.id != id && !writes(&it.id));
    let serving = others.filter(|it| {
        it.status == InstanceStatus::Available && fleet::draining_since(&it.tags).is_none()
    });
    if serving.count() < delete.least {
        return now("is needed: too few others are available");
    }
    Ok(cluster.tags)
}
