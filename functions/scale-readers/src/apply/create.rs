//! A new reader.

use aurora::{ApiError, Aurora, CreateReaderError};
use aurora_model::{
    Note, Outcome, Severity, Tags,
    reader::{InstanceSettings, NewReader},
    tags,
    words::list,
};

use super::{failed, made::Made};
use crate::change::{Create, Place};
use crate::changes::Told;

/// Asks for the reader in one place after the other, until RDS takes it. `request_id` is written into
/// its tags, so that a call whose first answer was lost and whose repetition finds the reader there is
/// recognised as this run's own work. The note says which places it could not have.
pub(super) async fn create(
    aurora: &Aurora,
    create: &Create,
    request_id: &str,
    made: &Made,
) -> (Outcome, Vec<Note>) {
    let mut refused = Vec::new();
    for place in &create.places {
        let mut new = NewReader {
            class: place.class.clone(),
            zone: place.zone.clone(),
            ..create.new.clone()
        };
        new.tags.set(tags::CREATED_BY, request_id);
        match placed(aurora, &mut new).await {
            Ok(outcome) => {
                let mut notes: Vec<_> = note(&new, &create.new, &refused).into_iter().collect();
                if outcome == Outcome::Done {
                    notes.extend(remembered(aurora, create, made).await);
                }
                return (outcome, notes);
            }
            Err(why) => refused.push(format!("{} {why}", told(place))),
        }
    }
    let detail = format!(
        "AWS has none of the places of the policy: {}",
        list(&refused)
    );
    let retry = false;
    (Outcome::Failed { detail, retry }, Vec::new())
}

/// Writes the creation into the cluster's tag. That comes after it, for one that was refused is no change:
/// the reader tells of itself as long as it is there. What cannot be written is told.
async fn remembered(aurora: &Aurora, create: &Create, made: &Made) -> Option<Note> {
    let at = create.new.tags.get(tags::CREATED_AT)?.parse().ok()?;
    let creation = Told::of_creation(at);
    let cluster = (&*create.cluster_arn, &create.cluster_tags);
    let error = made.note(aurora, cluster, creation).await.err()?;
    let id = &create.new.id;
    let text = format!(
        "Should somebody delete {id} within the hour, policy.flap_limit will not count it: {error}."
    );
    Some(Note::new(Severity::Info, text))
}

/// What became of it in one place, or why another one should be tried. What RDS does not let it have of
/// its siblings, it goes without: the team is short of a reader now.
async fn placed(aurora: &Aurora, new: &mut NewReader) -> Result<Outcome, &'static str> {
    loop {
        let answer = aurora.create_reader(new).await;
        match answer.as_ref().err().and_then(|it| less(&new.settings, it)) {
            Some(settings) => new.settings = settings,
            None => return became(aurora, new, answer).await,
        }
    }
}

/// Its settings without what is refused; `None` where they are without it already, or nothing of them is.
fn less(settings: &InstanceSettings, refused: &CreateReaderError) -> Option<InstanceSettings> {
    let less = match refused {
        CreateReaderError::NoInsights(_) => without_insights(settings),
        CreateReaderError::NoCertificate(_) => InstanceSettings {
            ca: None,
            ..settings.clone()
        },
        _ => return None,
    };
    (less != *settings).then_some(less)
}

fn without_insights(settings: &InstanceSettings) -> InstanceSettings {
    let none = InstanceSettings {
        performance_insights: Some(false),
        ..InstanceSettings::default()
    };
    settings.clone().with_insights_of(&none)
}

async fn became(
    aurora: &Aurora,
    new: &NewReader,
    answer: Result<(), CreateReaderError>,
) -> Result<Outcome, &'static str> {
    match answer {
        Ok(()) => Ok(Outcome::Done),
        Err(CreateReaderError::NoCapacity(_)) => Err("has no capacity"),
        Err(CreateReaderError::NoSubnet(_)) => Err("has no subnet"),
        Err(CreateReaderError::ClassNotOffered(_)) => Err("is not offered"),
        Err(CreateReaderError::AlreadyExists(error)) => Ok(whose(aurora, new, &error).await),
        Err(CreateReaderError::InvalidClusterState(error)) => Ok(Outcome::Busy {
            detail: error.to_string(),
        }),
        Err(
            CreateReaderError::NoInsights(error)
            | CreateReaderError::NoCertificate(error)
            | CreateReaderError::ClusterNotFound(error)
            | CreateReaderError::QuotaExceeded(error)
            | CreateReaderError::Api(error),
        ) => Ok(failed(&error)),
    }
}

fn told(place: &Place) -> String {
    let Place { class, zone } = place;
    let zone = zone.as_ref().map(|zone| format!(" in {zone}"));
    format!("{class}{}", zone.unwrap_or_default())
}

/// What it became other than was asked for first.
fn note(new: &NewReader, wanted: &NewReader, refused: &[String]) -> Option<Note> {
    let NewReader {
        id, class, zone, ..
    } = new;
    let place = Place {
        class: class.clone(),
        zone: zone.clone(),
    };
    let mut told = vec![format!("{id} is to be {}", told(&place))];
    if !refused.is_empty() {
        told.push(list(refused));
    }
    if new.settings.performance_insights != wanted.settings.performance_insights {
        told.push(format!(
            "RDS has no Performance Insights for {class}, so it is without, unlike its siblings"
        ));
    }
    if let Some(ca) = wanted
        .settings
        .ca
        .as_ref()
        .filter(|_| new.settings.ca.is_none())
    {
        told.push(format!(
            "RDS gives no new instance its siblings' certificate authority {ca} any more, so it has RDS's default"
        ));
    }
    (told.len() > 1).then(|| Note::new(Severity::Info, format!("{}.", told.join(": "))))
}

/// The name was free when the run looked. Who has taken it since?
async fn whose(aurora: &Aurora, new: &NewReader, exists: &ApiError) -> Outcome {
    let there = match aurora.db_instances(&new.cluster).await {
        Ok(instances) => instances.into_iter().find(|it| it.id == new.id),
        Err(error) => {
            return Outcome::Failed {
                detail: format!("{exists}; whose it is could not be read: {error}"),
                retry: error.retryable(),
            };
        }
    };
    match there {
        Some(there) if same(&there.tags, &new.tags, tags::CREATED_BY) => Outcome::Done,
        Some(there) if same(&there.tags, &new.tags, tags::CREATED_FOR) => Outcome::AlreadyDone,
        Some(_) => Outcome::Failed {
            detail: format!("{exists}; rename that one, so that the reader can have the name"),
            retry: false,
        },
        None => Outcome::Busy {
            detail: format!("{exists}, and RDS does not show it yet: {UNSEEN}"),
        },
    }
}

const UNSEEN: &str = "whether it took effect, the next run will see";

fn same(there: &Tags, new: &Tags, key: &str) -> bool {
    there.managed() && there.get(key) == new.get(key)
}
