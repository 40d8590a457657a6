//! The calls that change something, one method each.

use std::time::Duration;

use aws_sdk_secretsmanager::{
    error::{ProvideErrorMetadata, SdkError},
    operation::update_secret_version_stage::{
        UpdateSecretVersionStageError, builders::UpdateSecretVersionStageFluentBuilder,
    },
    types::Tag,
};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::Tries;
use tokio::time::sleep;

use crate::{CURRENT, Described, PENDING, ReadError, Secret, Secrets, WriteError, error};

const STAGE: &str = "UpdateSecretVersionStage";
/// How long a look may not show yet what was done; AWS names no bound.
const SETTLED: Duration = Duration::from_secs(4);

/// What became of a value that was to be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// The version holds it, with the label.
    Done,
    /// The version holds another value already, which stays.
    AlreadyThere,
}

/// What became of a label that was to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moved {
    /// It is where it was to be.
    Done,
    /// It was there before, and not by this call.
    AlreadyThere,
}

/// What became of a label that was to be taken off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// It is off.
    Done,
    /// The version did not carry it any more, and not by this call.
    AlreadyGone,
}

impl Secrets {
    /// Gives version `token` of `secret` the value `content` and the label `AWSPENDING`.
    ///
    /// Secrets Manager takes the same value for the same version again; another one it refuses,
    /// so a try whose answer was lost does no harm. What became of it after an error that is
    /// [`unsure`](WriteError::unsure), only reading the version tells.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html>
    ///
    /// The SDK and the HTTP client keep copies of the value while they send it, which are not
    /// overwritten.
    ///
    /// # Errors
    /// By what the caller can do about it. None of them shows the value.
    pub async fn put_pending(
        &self,
        secret: &str,
        token: &str,
        content: &Secret,
    ) -> Result<Put, WriteError> {
        let call = self.0.put_secret_value().secret_id(secret);
        let call = call.client_request_token(token).version_stages(PENDING);
        let call = call.secret_string(content.expose());
        let tries = Tries::default();
        match call.customize().interceptor(tries.clone()).send().await {
            Ok(_) => Ok(Put::Done),
            Err(e) if e.code() == Some("ResourceExistsException") => Ok(Put::AlreadyThere),
            Err(e) => Err(error::put(secret, &tries, &e)),
        }
    }

    /// Moves `AWSCURRENT` of `secret` from version `from` to version `to`. Secrets Manager puts
    /// `AWSPREVIOUS` on `from` by itself.
    ///
    /// A refusal, or an answer that was lost, is followed by a second look, which tells what
    /// became of it. Where the label is still on `from`, there is a third one four seconds later:
    /// a caller who believes that the label has not moved may shut a door.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    ///
    /// # Errors
    /// [`WriteError::StagesChanged`] when `from` is not current any more, or `to` is gone;
    /// otherwise by what the caller can do about it. After an error that is
    /// [`unsure`](WriteError::unsure) the label may have moved.
    pub async fn move_current(
        &self,
        secret: &str,
        to: &str,
        from: &str,
    ) -> Result<Moved, WriteError> {
        let call = self.stage(secret, CURRENT, from).move_to_version_id(to);
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        let Err(e) = sent else {
            return Ok(Moved::Done);
        };
        let (mut now, error) = self.look_again(secret, &tries, &e).await?;
        if now.holds(from, CURRENT) {
            sleep(SETTLED).await;
            now = self.describe(secret).await.unwrap_or(now);
        }
        match now.holder(CURRENT) {
            Some(holder) if holder == to && error.unsure() => Ok(Moved::Done),
            Some(holder) if holder == to => Ok(Moved::AlreadyThere),
            Some(holder) if holder == from && !matches!(error, WriteError::NotFound(_)) => {
                Err(error)
            }
            _ => Err(WriteError::StagesChanged(error.api().clone())),
        }
    }

    /// Takes `AWSPENDING` of `secret` off version `from`.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html>
    ///
    /// # Errors
    /// By what the caller can do about it. After an error that is [`unsure`](WriteError::unsure)
    /// the label may be off.
    pub async fn remove_pending(&self, secret: &str, from: &str) -> Result<Removed, WriteError> {
        let call = self.stage(secret, PENDING, from);
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        let Err(e) = sent else {
            return Ok(Removed::Done);
        };
        let (now, error) = self.look_again(secret, &tries, &e).await?;
        if now.holds(from, PENDING) {
            Err(error)
        } else if error.unsure() {
            Ok(Removed::Done)
        } else {
            Ok(Removed::AlreadyGone)
        }
    }

    /// Tags `secret`, or changes the tag of this key.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html>
    ///
    /// # Errors
    /// By what the caller can do about it.
    pub async fn tag(&self, secret: &str, key: &str, value: &str) -> Result<(), WriteError> {
        let tag = Tag::builder().key(key).value(value).build();
        let call = self.0.tag_resource().secret_id(secret).tags(tag);
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| error::write("TagResource", secret, &tries, &e))
    }

    fn stage(
        &self,
        secret: &str,
        stage: &str,
        from: &str,
    ) -> UpdateSecretVersionStageFluentBuilder {
        let call = self.0.update_secret_version_stage().secret_id(secret);
        call.version_stage(stage).remove_from_version_id(from)
    }

    /// The secret as it is after a label did not move because it is not where it was said to be, or
    /// may have moved, and the error.
    ///
    /// # Errors
    /// The error itself, where it has another reason or the secret cannot be read.
    async fn look_again(
        &self,
        secret: &str,
        tries: &Tries,
        sdk: &SdkError<UpdateSecretVersionStageError, HttpResponse>,
    ) -> Result<(Described, WriteError), WriteError> {
        let error = error::write(STAGE, secret, tries, sdk);
        let code = sdk.code();
        let about_stages = ["InvalidParameterException", "ResourceNotFoundException"]
            .iter()
            .any(|one| code == Some(one));
        if !about_stages && !error.unsure() {
            return Err(error);
        }
        match self.describe(secret).await {
            Ok(now) => Ok((now, error)),
            Err(ReadError::Api(api)) if about_stages => Err(WriteError::Api(calls::ApiError {
                unsure: error.unsure(),
                ..api
            })),
            Err(_) => Err(error),
        }
    }
}
