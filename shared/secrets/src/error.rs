//! What can go wrong with a call, as the things a caller can do about it.

use aws_sdk_secretsmanager::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use calls::{ApiError, Kind, Tries, read_failed, write_failed};

/// A secret that was not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// There is no such secret in this account and region.
    #[error("{0}")]
    NotFound(ApiError),
    /// The secret is marked for deletion.
    #[error("{0}")]
    InvalidState(ApiError),
    /// KMS does not decrypt it.
    #[error("{0}; is the secret's KMS key enabled, and may the function's role use it?")]
    KeyFailed(ApiError),
    /// The version holds something else than text.
    #[error(
        "version {version} of {secret} holds binary data; store the credential as text (SecretString)"
    )]
    NoText {
        /// The secret.
        secret: String,
        /// The version.
        version: String,
    },
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

/// A secret that was not changed, or not for sure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// There is no such secret in this account and region.
    #[error("{0}")]
    NotFound(ApiError),
    /// The secret is marked for deletion, or another service manages it.
    #[error("{0}")]
    InvalidState(ApiError),
    /// KMS does not encrypt or decrypt it.
    #[error("{0}; is the secret's KMS key enabled, and may the function's role use it?")]
    KeyFailed(ApiError),
    /// The secret has as many versions or labels as it may have.
    #[error("{0}")]
    QuotaExceeded(ApiError),
    /// The labels are not where they were said to be: somebody else has moved them. The secret
    /// has to be read again.
    #[error("{0}; somebody else has moved the labels meanwhile")]
    StagesChanged(ApiError),
    /// Anything else.
    #[error("{0}")]
    Api(ApiError),
}

impl ReadError {
    /// Whether trying again by itself may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable(),
            _ => false,
        }
    }
}

impl WriteError {
    /// What was answered.
    #[must_use]
    pub const fn api(&self) -> &ApiError {
        match self {
            Self::NotFound(api)
            | Self::InvalidState(api)
            | Self::KeyFailed(api)
            | Self::QuotaExceeded(api)
            | Self::StagesChanged(api)
            | Self::Api(api) => api,
        }
    }

    /// Whether trying again by itself, from the reading on, may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        match self {
            Self::Api(error) => error.retryable(),
            Self::StagesChanged(_) => true,
            _ => false,
        }
    }

    /// Whether the call may have taken effect all the same.
    #[must_use]
    pub const fn unsure(&self) -> bool {
        self.api().unsure
    }
}

type Sdk<E> = SdkError<E, HttpResponse>;

pub(crate) fn read<E>(operation: &'static str, subject: &str, error: &Sdk<E>) -> ReadError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let api = read_failed(operation, subject, error);
    match error.code() {
        Some("ResourceNotFoundException") => ReadError::NotFound(api),
        Some("InvalidRequestException") => ReadError::InvalidState(api),
        Some("DecryptionFailure") => ReadError::KeyFailed(api),
        _ => ReadError::Api(api),
    }
}

pub(crate) fn write<E>(
    operation: &'static str,
    subject: &str,
    tries: &Tries,
    error: &Sdk<E>,
) -> WriteError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let api = write_failed(operation, subject, tries, error);
    match error.code() {
        Some("ResourceNotFoundException") => WriteError::NotFound(api),
        Some("InvalidRequestException") => WriteError::InvalidState(api),
        Some("DecryptionFailure" | "EncryptionFailure") => WriteError::KeyFailed(api),
        Some("LimitExceededException") => WriteError::QuotaExceeded(api),
        _ => WriteError::Api(api),
    }
}

/// What stands where a sentence is withheld.
const WITHHELD: &str = "its words are left out, they may quote the secret";

/// The error of a call that carries a value, which a sentence about its parameters may quote.
pub(crate) fn put<E>(subject: &str, tries: &Tries, error: &Sdk<E>) -> WriteError
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let mut error = write("PutSecretValue", subject, tries, error);
    if let WriteError::Api(api) = &mut error
        && let Kind::Refused { message, .. } = &mut api.kind
    {
        *message = WITHHELD.into();
    }
    error
}
