//! How a session is opened, and how long it may take for what.

use std::time::Duration;

/// How sessions are opened.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Whom to trust.
    pub tls: Tls,
    /// How long to wait.
    pub limits: Limits,
}

/// Whose certificates are trusted. The host name is verified with either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Tls {
    /// Amazon's: the RDS roots of the region that the host name says, or of all regions where it
    /// says none, and the roots of AWS Certificate Manager (RDS Proxy).
    #[default]
    Amazon,
    /// The team's own authority, and no other: certificates as PEM.
    Own(String),
    /// No TLS. Passwords are then encrypted with a key that anybody on the way may have put there.
    PlainText,
}

impl Tls {
    /// What a policy asks for: whoever names an authority wants TLS, also where plain text is allowed.
    #[must_use]
    pub fn of(ca: Option<&str>, plain_text: bool) -> Self {
        match (ca, plain_text) {
            (Some(ca), _) => Self::Own(ca.to_owned()),
            (None, true) => Self::PlainText,
            (None, false) => Self::Amazon,
        }
    }
}

/// How long to wait for what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// For name resolution, TCP, TLS, login and the session's settings together.
    pub connect: Duration,
    /// For each statement.
    pub statement: Duration,
    /// For a lock within a statement: a row's, or a table's definition. In whole seconds, at
    /// least one; the rest is rounded up.
    pub lock_wait: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(5),
            statement: Duration::from_secs(10),
            lock_wait: Duration::from_secs(5),
        }
    }
}
