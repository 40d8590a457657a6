//! Secrets and database servers: who opens which door, before and after the last step.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use simulated_aws::{
    Account, Effect,
    secrets::{CURRENT, Content, Secret},
};

use crate::{
    database::{Password, View, World},
    step::What,
};

/// What a version of a secret holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// The user.
    pub user: String,
    /// The password.
    pub password: Password,
    /// The password's text.
    pub text: String,
}

/// A label that moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// When.
    pub at: Timestamp,
    /// By which run; none if by nobody's, or a person's.
    pub by: Option<usize>,
    /// The secret's ARN.
    pub secret: String,
    /// Which label.
    pub label: String,
    /// The version it was on.
    pub from: Option<String>,
    /// The version it is on.
    pub to: Option<String>,
}

/// Secrets and servers at one moment.
#[derive(Clone, Debug, Default)]
pub struct Moment {
    /// The secrets by name.
    pub secrets: Arc<BTreeMap<String, Arc<Secret>>>,
    /// What each server knows.
    pub views: BTreeMap<String, View>,
}

impl Moment {
    /// What the writer of `cluster` knows.
    #[must_use]
    pub fn writer(&self, cluster: &str) -> Option<&View> {
        let mut views = self.views.values();
        views.find(|view| view.cluster == cluster && view.writer)
    }
}

/// Secrets and servers before and after the last step.
#[derive(Clone, Debug, Default)]
pub struct Doors {
    /// Before the last step.
    pub before: Moment,
    /// After it.
    pub after: Moment,
    /// What the versions hold, by secret's name and version's id.
    pub credentials: BTreeMap<(String, String), Credential>,
    /// All labels that moved.
    pub moves: Vec<Move>,
}

impl Doors {
    /// Takes a step in: how things are after it.
    pub(crate) fn look(
        &mut self,
        at: Timestamp,
        account: Option<&Account>,
        world: &mut World,
        what: &What,
    ) {
        self.before = std::mem::take(&mut self.after);
        self.after.views = world.views(at);
        self.after.secrets = match account {
            Some(account) => Arc::new(account.secrets.secrets.truth().clone()),
            None => Arc::clone(&self.before.secrets),
        };
        if account.is_some() {
            self.learn(world);
        }
        let by = match what {
            What::Called(record) => usize::try_from(record.who).ok(),
            _ => None,
        };
        self.moves.extend(
            what.effects()
                .iter()
                .filter_map(|effect| moved(at, by, effect)),
        );
    }

    fn learn(&mut self, world: &mut World) {
        let secrets = Arc::clone(&self.after.secrets);
        for secret in secrets.values() {
            for version in secret.versions.values() {
                let key = (secret.name.clone(), version.id.clone());
                let known = self.credentials.contains_key(&key);
                let read = version.content.as_ref().filter(|_| !known);
                if let Some(credential) = read.and_then(|content| credential(content, world)) {
                    self.credentials.insert(key, credential);
                }
            }
        }
    }

    /// What a version holds.
    #[must_use]
    pub fn credential(&self, secret: &str, version: &str) -> Option<&Credential> {
        self.credentials
            .get(&(secret.to_owned(), version.to_owned()))
    }

    /// What the current version of `secret` holds.
    #[must_use]
    pub fn current(&self, secret: &Secret) -> Option<&Credential> {
        self.credential(&secret.name, &secret.labelled(CURRENT)?.id)
    }
}

fn moved(at: Timestamp, by: Option<usize>, effect: &Effect) -> Option<Move> {
    let Effect::LabelMoved {
        secret,
        label,
        from,
        to,
    } = effect.clone()
    else {
        return None;
    };
    Some(Move {
        at,
        by,
        secret,
        label,
        from,
        to,
    })
}

fn credential(content: &Content, world: &mut World) -> Option<Credential> {
    let Content::Text(text) = content else {
        return None;
    };
    let json: Value = serde_json::from_str(text.reveal()).ok()?;
    let text = json["password"].as_str()?.to_owned();
    Some(Credential {
        user: json["username"].as_str()?.to_owned(),
        password: world.password(&text),
        text,
    })
}
