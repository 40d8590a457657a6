//! One request that AWS evaluates: an action on a resource, with its context.

use std::borrow::Cow;
use std::sync::Arc;

use super::{RecordedCall, RequestTags, Tags, User};
use crate::policy::{Context, Found, Key};
use crate::reference::{Action, ResourceType};

/// A request that the role must allow.
pub(crate) struct Demand<'a> {
    pub(crate) action: &'static Action,
    pub(crate) resource: Cow<'a, str>,
    pub(crate) kind: Option<&'static Arc<ResourceType>>,
    pub(crate) user: User,
    pub(crate) call: RecordedCall<'a>,
    pub(crate) tags: &'a RequestTags<'a>,
    /// Keys that the service supplies, in lower case.
    pub(crate) given: Vec<(Cow<'static, str>, Cow<'a, str>)>,
}

impl Demand<'_> {
    /// The tags the resource has; nothing for one that is not there, and for all of a type.
    pub(crate) fn resource_tags(&self) -> Option<Tags> {
        let one = self.kind.is_some() && !self.resource.ends_with('*');
        one.then(|| (self.call.tags_of)(&self.resource)).flatten()
    }

    fn resource_tag(&self, fits: impl Fn(&str) -> bool) -> Found<'_> {
        let tags = self.resource_tags().unwrap_or_default();
        let value = tags.into_iter().find(|(key, _)| fits(key));
        value.map_or(Found::Missing, |(_, value)| Found::One(Cow::Owned(value)))
    }

    fn request_tag(&self, fits: impl Fn(&str) -> bool) -> Found<'_> {
        self.tags.value(fits).map_or(Found::Missing, one)
    }

    /// Keys of tags, which RDS has twice. In those of `aws:` the case of a tag's key does not
    /// matter, in RDS's own it does.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.IAM.SpecifyingCustomTags.html>
    fn tag(&self, name: &str, tag: &str) -> Found<'_> {
        let folded = |key: &str| key.eq_ignore_ascii_case(tag);
        let exact = |key: &str| key == tag;
        match name {
            "aws:requesttag" => self.request_tag(folded),
            "rds:req-tag" => self.request_tag(exact),
            "aws:resourcetag" | "iam:resourcetag" | "secretsmanager:resourcetag" => {
                self.resource_tag(folded)
            }
            of_type if self.has_tag_key(of_type) => self.resource_tag(exact),
            _ => Found::Missing,
        }
    }

    /// Whether resources of this type have their tags under this name, such as `rds:cluster-tag`.
    fn has_tag_key(&self, name: &str) -> bool {
        let mut keys = self.kind.into_iter().flat_map(|kind| kind.condition_keys());
        keys.any(|key| key.strip_suffix("/${TagKey}") == Some(name))
    }

    /// The account in the resource's ARN.
    fn resource_account(&self) -> Option<&str> {
        let account = self.resource.split(':').nth(4)?;
        (!account.is_empty()).then_some(account)
    }

    fn tag_keys(&self) -> Found<'_> {
        let keys = self.tags.keys();
        if keys.is_empty() {
            Found::Missing
        } else {
            Found::Set(keys)
        }
    }

    fn service_key(&self, name: &str) -> Found<'_> {
        let given = self.given.iter().find(|(key, _)| key == name);
        if let Some((_, value)) = given {
            return one(value);
        }
        let parameter = self
            .action
            .reading()
            .and_then(|reading| reading.values.get(name));
        let value = parameter.and_then(|parameter| self.call.params.get(parameter));
        value.map_or(Found::Missing, |value| one(value))
    }
}

impl Context for Demand<'_> {
    fn find(&self, key: &Key) -> Found<'_> {
        if let Some(tag) = key.tag() {
            return self.tag(key.name(), tag);
        }
        match key.name() {
            "aws:tagkeys" => self.tag_keys(),
            "rds:tagsfromrequest" if self.action.lower() == "rds:addtagstoresource" => {
                one(if self.tags.is_given() {
                    "true"
                } else {
                    "false"
                })
            }
            "aws:principalaccount" | "kms:calleraccount" => one(self.call.place.account),
            "aws:resourceaccount" => self.resource_account().map_or(Found::Missing, one),
            "aws:requestedregion" => one(self.call.place.region),
            "aws:securetransport" => one("true"),
            "aws:principalisawsservice" => one("false"),
            "kms:encryptioncontextkeys" => {
                let keys = self.given.iter();
                let keys = keys.filter_map(|(key, _)| key.strip_prefix("kms:encryptioncontext:"));
                let keys: Vec<_> = keys.map(Cow::Borrowed).collect();
                if keys.is_empty() {
                    Found::Missing
                } else {
                    Found::Set(keys)
                }
            }
            name => self.service_key(name),
        }
    }
}

fn one(value: &str) -> Found<'_> {
    Found::One(Cow::Borrowed(value))
}
