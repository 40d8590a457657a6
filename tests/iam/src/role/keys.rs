//! What a call asks of KMS: a service uses the key of what is encrypted in the name of the caller.

use std::borrow::Cow;

use super::Role;
use crate::call::{Demand, User};
use crate::reference::Reference;

impl Role {
    /// What the demand asks of KMS besides: to publish to an encrypted topic, to read or write the
    /// value of an encrypted secret.
    pub(super) fn of_key<'a>(&'a self, demand: &Demand<'a>) -> Vec<Demand<'a>> {
        let of_topic = self.of_topic(demand);
        of_topic
            .or_else(|| self.of_secret(demand))
            .unwrap_or_default()
    }

    /// SNS uses the topic's key, for this topic.
    /// <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html>
    fn of_topic<'a>(&'a self, publish: &Demand<'a>) -> Option<Vec<Demand<'a>>> {
        let inbox = self.inbox.as_ref()?;
        let key = inbox.key.as_ref()?;
        if publish.action.name() != "sns:Publish" || publish.resource != inbox.topic {
            return None;
        }
        let context = ("kms:encryptioncontext:aws:sns:topicarn", &*inbox.topic);
        let actions: &[_] = &["Decrypt", "GenerateDataKey"];
        Some(uses(publish, key, User::Sns, context, actions))
    }

    /// Secrets Manager uses the secret's key, for this secret. A label is moved without it.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html>
    fn of_secret<'a>(&'a self, demand: &Demand<'a>) -> Option<Vec<Demand<'a>>> {
        let key = self.secrets_key.as_ref()?;
        let actions: &[_] = match demand.action.name() {
            "secretsmanager:GetSecretValue" => &["Decrypt"],
            "secretsmanager:PutSecretValue" => &["Decrypt", "GenerateDataKey"],
            _ => return None,
        };
        let context = ("kms:encryptioncontext:secretarn", &*demand.resource);
        Some(uses(demand, key, User::SecretsManager, context, actions))
    }
}

/// The uses of a key that a service makes for a demand.
fn uses<'a>(
    demand: &Demand<'a>,
    key: &'a str,
    user: User,
    (context, value): (&'static str, &str),
    actions: &[&str],
) -> Vec<Demand<'a>> {
    let via = format!("{user}.{}.amazonaws.com", demand.call.place.region);
    let given = [("kms:viaservice", via), (context, value.to_owned())];
    let given = given.map(|(key, value)| (Cow::Borrowed(key), Cow::Owned(value)));
    let actions = actions
        .iter()
        .filter_map(|name| Reference::aws().action("kms", name));
    let of_key = actions.map(|action| Demand {
        action,
        resource: Cow::Borrowed(key),
        kind: action.required().first(),
        user,
        given: given.to_vec(),
        ..*demand
    });
    of_key.collect()
}
