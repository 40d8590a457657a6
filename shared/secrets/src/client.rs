//! The calls that read, one method each.

use std::collections::BTreeSet;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::{
    Client,
    operation::{
        get_secret_value::{GetSecretValueOutput, builders::GetSecretValueFluentBuilder},
        list_secret_version_ids::ListSecretVersionIdsOutput,
        list_secrets::ListSecretsOutput,
    },
    types::{Filter, FilterNameStringType},
};
use jiff::Timestamp;

use crate::{ApiError, Described, Listed, PasswordShape, ReadError, Secret, convert, error};

/// The largest page Secrets Manager gives.
const PAGE: i32 = 100;
/// The call that makes a password, and what it is called for.
const NEW_PASSWORD: (&str, &str) = ("GetRandomPassword", "a new password");

/// The Secrets Manager API, as far as Nightshift uses it. Cheap to clone. A secret is named by its
/// name or its ARN.
#[derive(Clone, Debug)]
pub struct Secrets(pub(crate) Client);

/// A version of a secret with its value. It has no `Debug`.
pub struct Version {
    /// The version.
    pub id: String,
    /// Its labels.
    pub stages: BTreeSet<String>,
    /// When it was created.
    pub created: Option<Timestamp>,
    /// Its value.
    pub content: Secret,
}

impl Secrets {
    /// A client that is configured as `config` says.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self(Client::new(config))
    }

    /// A client over an SDK client, for tests that replay answers.
    #[must_use]
    pub const fn over(client: Client) -> Self {
        Self(client)
    }

    /// What is known of `secret` without its values.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html>
    ///
    /// # Errors
    /// When there is no such secret, or Secrets Manager does not answer.
    pub async fn describe(&self, secret: &str) -> Result<Described, ReadError> {
        let answer = self.0.describe_secret().secret_id(secret).send().await;
        answer
            .map(convert::described)
            .map_err(|e| error::read("DescribeSecret", secret, &e))
    }

    /// The version of `secret` that carries `stage`; none if no version does, or the one that does
    /// has no value yet.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html>
    ///
    /// # Errors
    /// When there is no such secret, its value is not text, or it cannot be read.
    pub async fn value(&self, secret: &str, stage: &str) -> Result<Option<Version>, ReadError> {
        self.read(secret, self.0.get_secret_value().version_stage(stage))
            .await
    }

    /// The version `id` of `secret`; none if there is no such version, or it has no value yet.
    ///
    /// # Errors
    /// When there is no such secret, its value is not text, or it cannot be read.
    pub async fn value_of(&self, secret: &str, id: &str) -> Result<Option<Version>, ReadError> {
        self.read(secret, self.0.get_secret_value().version_id(id))
            .await
    }

    /// Secrets Manager has one error for a secret and a version that is not there; only a second
    /// look tells them apart.
    async fn read(
        &self,
        secret: &str,
        call: GetSecretValueFluentBuilder,
    ) -> Result<Option<Version>, ReadError> {
        match call.secret_id(secret).send().await {
            Ok(answer) => version(secret, answer).map(Some),
            Err(e) => match error::read("GetSecretValue", secret, &e) {
                ReadError::NotFound(_) => self.describe(secret).await.map(|_| None),
                error => Err(error),
            },
        }
    }

    /// Every version of `secret` that still exists, those without labels among them, as Secrets
    /// Manager lists them.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecretVersionIds.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn versions(&self, secret: &str) -> Result<Vec<Listed>, ApiError> {
        let call = self.0.list_secret_version_ids().secret_id(secret);
        let call = call.include_deprecated(true).into_paginator();
        let read = |page: ListSecretVersionIdsOutput| {
            let versions = page.versions.unwrap_or_default();
            (
                page.next_token,
                versions.into_iter().map(convert::listed).collect(),
            )
        };
        let pages = call.page_size(PAGE).send();
        calls::all("ListSecretVersionIds", secret, pages, read).await
    }

    /// Every secret of the account and region that has a tag called `key`, except those that are
    /// marked for deletion. A change of the last five minutes may not be seen yet.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn tagged(&self, key: &str) -> Result<Vec<Described>, ApiError> {
        let filter = Filter::builder()
            .key(FilterNameStringType::TagKey)
            .values(key);
        let call = self.0.list_secrets().filters(filter.build());
        let call = call.include_planned_deletion(false).into_paginator();
        let read = |page: ListSecretsOutput| {
            let secrets = page.secret_list.unwrap_or_default();
            (
                page.next_token,
                secrets.into_iter().map(convert::entry).collect(),
            )
        };
        let pages = call.page_size(PAGE).send();
        let mut secrets =
            calls::all("ListSecrets", &format!("secrets tagged {key}"), pages, read).await?;
        // The filter takes the key for the beginning of one.
        secrets.retain(|secret: &Described| secret.tags.has(key) && secret.deleted.is_none());
        Ok(secrets)
    }

    /// A new random password.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html>
    ///
    /// # Errors
    /// When the shape leaves no characters, or Secrets Manager does not answer.
    pub async fn random_password(&self, shape: &PasswordShape) -> Result<Secret, ApiError> {
        let call = self
            .0
            .get_random_password()
            .password_length(shape.length.into());
        let call = call
            .exclude_characters(&shape.exclude_characters)
            .exclude_numbers(shape.exclude_numbers)
            .exclude_punctuation(shape.exclude_punctuation)
            .exclude_uppercase(shape.exclude_uppercase)
            .exclude_lowercase(shape.exclude_lowercase)
            .include_space(shape.include_space)
            .require_each_included_type(shape.require_each_included_type);
        let answer = call.send().await;
        let answer = answer.map_err(|e| calls::read_failed(NEW_PASSWORD.0, NEW_PASSWORD.1, &e))?;
        let password = answer.random_password.filter(|it| !it.is_empty());
        let missing = || {
            calls::no_answer(
                NEW_PASSWORD.0,
                NEW_PASSWORD.1,
                "an answer without a password",
            )
        };
        password.map(Secret::new).ok_or_else(missing)
    }
}

fn version(secret: &str, answer: GetSecretValueOutput) -> Result<Version, ReadError> {
    let id = answer.version_id.unwrap_or_default();
    let Some(text) = answer.secret_string else {
        return Err(ReadError::NoText {
            secret: secret.into(),
            version: id,
        });
    };
    Ok(Version {
        id,
        stages: convert::stages(answer.version_stages),
        created: convert::time(answer.created_date),
        content: Secret::new(text),
    })
}
