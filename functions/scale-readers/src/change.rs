//! What may be done to a cluster's readers.

use aurora_model::{
    Tags,
    plan::Action,
    reader::{CustomEndpoint, NewReader},
};
use jiff::Timestamp;

/// One change.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Add a reader.
    Create(Box<Create>),
    /// Tell of a reader that an earlier attempt of this request added: it died or failed since, and
    /// nobody may have heard of it yet.
    Created,
    /// Begin to empty a reader: note when, and take it out of the custom endpoints.
    Drain(Drain),
    /// Use a reader again that was being emptied.
    Return(Return),
    /// Remove a reader.
    Delete(Delete),
}

impl Action for Change {
    fn verb(&self) -> &'static str {
        match self {
            Self::Create(_) | Self::Created => "create",
            Self::Drain(_) => "drain",
            Self::Return(_) => "return",
            Self::Delete(_) => "delete",
        }
    }
}

/// A reader to be added.
#[derive(Clone, Debug, PartialEq)]
pub struct Create {
    /// The reader in the first of `places`.
    pub new: NewReader,
    /// Where it may be, and as what: the first that can be had is taken.
    pub places: Vec<Place>,
    /// The cluster's Amazon resource name, for its tags.
    pub cluster_arn: String,
    /// The cluster's tags.
    pub cluster_tags: Tags,
}

/// An instance class in an Availability Zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Such as `db.r7g.large`.
    pub class: String,
    /// Such as `eu-central-1a`; `None` for any.
    pub zone: Option<String>,
}

/// A reader to be emptied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drain {
    /// Its Amazon resource name, for its tags.
    pub arn: String,
    /// Since when it is to go.
    pub since: Timestamp,
    /// The custom endpoints that lead to it, as they should be.
    pub endpoints: Vec<CustomEndpoint>,
}

/// A reader to be used again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Return {
    /// Its Amazon resource name, for its tags.
    pub arn: String,
    /// The custom endpoints it was taken out of, as they should be.
    pub endpoints: Vec<CustomEndpoint>,
    /// The tags that say that it is to go.
    pub keys: Vec<String>,
}

/// A reader to be removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delete {
    /// The cluster's Amazon resource name, for its tags.
    pub cluster_arn: String,
    /// When the reader was created, or else asked for, as far as that is known.
    pub created: Option<Timestamp>,
    /// Since when it is to go; `None` of one that never came to serve.
    pub draining: Option<Timestamp>,
    /// The fewest readers that must serve once it is gone.
    pub least: usize,
}
