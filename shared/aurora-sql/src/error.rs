//! What can go wrong on a session, as the things a caller can do about it.

/// A session that could not be opened, or a statement that failed.
///
/// No variant carries a server's sentence about a statement with a secret in it: MySQL quotes the
/// statement's text in some of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SqlError {
    /// Error 1045, or 1130 (no account for the address), 1862 (the password has expired), 3118 and
    /// 3955 (the account is locked): the door is shut for this credential.
    #[error("{user} may not log in ({code}{why})")]
    AccessDenied {
        /// The user name.
        user: String,
        /// MySQL's error number.
        code: u16,
        /// What is known beyond the number, in words that follow it: `; the account is locked`.
        why: &'static str,
    },
    /// No connection: refused, not resolved, not routed, or cut off before the login was over.
    #[error("{endpoint} was not reached ({what})")]
    Unreachable {
        /// Host and port.
        endpoint: String,
        /// What was seen of it.
        what: String,
    },
    /// The server's certificate was not accepted, or it does not speak TLS.
    #[error("no verified TLS to {endpoint} ({what})")]
    Tls {
        /// Host and port.
        endpoint: String,
        /// What is wrong with it.
        what: String,
    },
    /// The server refuses writes: it is a reader, or was demoted (1290, 1836, 3501, 1015).
    #[error("{endpoint} is read-only")]
    ReadOnly {
        /// Host and port.
        endpoint: String,
    },
    /// A lock was not to be had in time (1205), or a deadlock was resolved against us (1213).
    #[error("waited too long for a lock ({code})")]
    Locked {
        /// MySQL's error number.
        code: u16,
    },
    /// The login lacks a right (1044, 1045 of a statement, 1142, 1143, 1227, 1370, 1410).
    #[error("the right {right} is missing ({code})")]
    MissingRight {
        /// What is missing, as MySQL calls it.
        right: String,
        /// MySQL's error number.
        code: u16,
    },
    /// The time for the statement was up. It has been ended on the server, or not.
    #[error("{what} took longer than allowed; it was {}", if *.ended { "ended on the server" } else { "left running: nobody could be reached to end it" })]
    TimedOut {
        /// What was being done, in words.
        what: String,
        /// Whether a second session ended it.
        ended: bool,
    },
    /// The connection was lost after the statement was sent: it may have taken effect.
    #[error("the connection was lost during {what}; whether it took effect, the next run will see")]
    Lost {
        /// What was being done, in words.
        what: String,
    },
    /// Any other error of the server, or one of the client's own numbers: 2027 for an answer that
    /// is not as expected, 2031 for values that do not fit the statement, which was not sent, and
    /// 2059 for an authentication plugin that is not served.
    #[error("{what} was refused with error {code} ({state})")]
    Refused {
        /// What was being done, in words.
        what: String,
        /// MySQL's error number.
        code: u16,
        /// The SQLSTATE.
        state: String,
    },
}

impl SqlError {
    /// An answer that is not as expected, during `what`: [`Self::Refused`] with 2027, the client's own
    /// number for it.
    #[must_use]
    pub fn odd_answer(what: &str) -> Self {
        Self::Refused {
            what: what.to_owned(),
            code: 2027,
            state: "HY000".to_owned(),
        }
    }

    /// Whether trying again by itself may help.
    #[must_use]
    pub const fn retryable(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::ReadOnly { .. }
                | Self::Locked { .. }
                | Self::TimedOut { .. }
                | Self::Lost { .. }
        )
    }

    /// Whether the statement may have taken effect all the same.
    #[must_use]
    pub const fn unsure(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::TimedOut { .. })
    }
}
