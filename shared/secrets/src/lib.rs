//! Secrets: the type that never shows itself, the credentials that are kept in AWS Secrets
//! Manager, and the calls to its API. The only crate that names its SDK.

mod client;
mod convert;
mod credential;
mod described;
mod error;
mod fields;
mod secret;
mod shape;
mod spelling;
#[cfg(test)]
mod tests;
mod writes;

pub use calls::{ApiError, Kind};
pub use client::{Secrets, Version};
pub use credential::{Credential, CredentialError};
pub use described::{CURRENT, Described, Listed, PENDING, PREVIOUS, RotationRules};
pub use error::{ReadError, WriteError};
pub use secret::Secret;
pub use shape::{PasswordShape, ShapeError};
pub use writes::{Moved, Put, Removed};
