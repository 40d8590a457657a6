//! Whoever logs in.

use secrets::{Credential, Secret};

/// What somebody logs in with.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The user name.
    pub user: &'a str,
    /// The password.
    pub password: &'a Secret,
}

impl<'a> From<&'a Credential> for Login<'a> {
    fn from(credential: &'a Credential) -> Self {
        Self {
            user: credential.username(),
            password: credential.password(),
        }
    }
}
