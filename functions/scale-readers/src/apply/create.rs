//! A new reader.

use aurora::{Aurora, CreateReaderError};
use aurora_model::{Outcome, reader::NewReader, tags};

use super::failed;
use crate::change::{Create, Place};

/// Asks for the reader in one place after the other, until RDS takes it.
pub(super) async fn create(aurora: &Aurora, create: &Create) -> Outcome {
    let mut refused = Vec::new();
    for place in &create.places {
        let new = NewReader {
            class: place.class.clone(),
            zone: place.zone.clone(),
            ..create.new.clone()
        };
        let error = match aurora.create_reader(&new).await {
            Ok(()) => return Outcome::Done,
            Err(error) => error,
        };
        match error {
            CreateReaderError::NoCapacity(_) => {
                refused.push(format!("{} has no capacity", told(place)))
            }
            CreateReaderError::ClassNotOffered(_) => {
                refused.push(format!("{} is not offered", told(place)))
            }
            CreateReaderError::AlreadyExists(_) => return whose(aurora, &new).await,
            CreateReaderError::InvalidClusterState(error) => {
                return Outcome::Busy {
                    detail: error.to_string(),
                };
            }
            CreateReaderError::ClusterNotFound(error)
            | CreateReaderError::QuotaExceeded(error)
            | CreateReaderError::Api(error) => return failed(&error),
        }
    }
    let detail = format!(
        "AWS has none of the policy's classes: {}",
        refused.join("; ")
    );
    Outcome::Failed {
        detail,
        retry: false,
    }
}

fn told(place: &Place) -> String {
    let Place { class, zone } = place;
    zone.as_ref()
        .map_or_else(|| class.clone(), |zone| format!("{class} in {zone}"))
}

/// The name was free when the run looked. A reader of this name that was created for the same is the
/// work of this run, whose answer was lost, or of one that met it.
async fn whose(aurora: &Aurora, new: &NewReader) -> Outcome {
    let there = match aurora.db_instances(&new.cluster).await {
        Ok(instances) => instances.into_iter().find(|it| it.id == new.id),
        Err(error) => return failed(&error),
    };
    let same = |key: &str, tags: &aurora_model::Tags| tags.get(key) == new.tags.get(key);
    match there {
        Some(there) if there.tags.managed() && same(tags::CREATED_FOR, &there.tags) => {
            Outcome::AlreadyDone
        }
        Some(_) => Outcome::Failed {
            detail: format!(
                "there is another instance called {}; rename it, so that the reader can have the name",
                new.id
            ),
            retry: false,
        },
        None => Outcome::Busy {
            detail: format!(
                "RDS has an instance called {}, and does not show it in {} yet",
                new.id, new.cluster
            ),
        },
    }
}
