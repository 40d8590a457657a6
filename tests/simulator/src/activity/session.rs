//! A session, as its server has it.

use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::Ending;

/// What a session does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It waits for its client.
    Sleeps,
    /// It executes a statement of this form, where the server has one.
    Executes(Option<String>),
    /// What the server or a replica does all the time.
    Always(&'static str),
    /// It was ended and rolls back.
    Ending,
}

/// What a session did over some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// What it does.
    pub doing: Doing,
    /// Since when.
    pub since: Timestamp,
    /// Since when it has had a transaction open, if it has.
    pub transaction: Option<Timestamp>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The connection's number.
    pub id: u64,
    /// The thread's.
    pub thread: u64,
    /// Since when it has been there.
    pub connected: Timestamp,
    /// The user; none for the server's own threads.
    pub user: Option<String>,
    /// The schema.
    pub schema: Option<String>,
    /// What the client calls itself.
    pub program: Option<String>,
    /// How many statements it has executed, with the one under way.
    pub statements: u64,
    /// What it does now.
    pub now: Moment,
    /// What it did before, and until when.
    pub before: Option<(Moment, Timestamp)>,
}

/// A server that was told to end something.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// The run that told it.
    pub who: usize,
    /// When it arrived, or would have.
    pub at: Timestamp,
    /// The cluster.
    pub cluster: String,
    /// The server.
    pub instance: String,
    /// The connection.
    pub id: u64,
    /// What of it.
    pub ending: Ending,
    /// The session as it was, where one was told to end.
    pub victim: Option<Session>,
    /// What befell it on its way.
    pub fault: Option<&'static str>,
}

impl Moment {
    /// For how long at `now`.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> SignedDuration {
        now.duration_since(self.since)
    }

    /// As the process list calls it.
    #[must_use]
    pub fn command(&self) -> &'static str {
        match &self.doing {
            Doing::Sleeps => "Sleep",
            Doing::Executes(_) => "Query",
            Doing::Always(command) => command,
            Doing::Ending => "Killed",
        }
    }
}

impl Session {
    /// It does something else from `at` on.
    pub(super) fn does(&mut self, doing: Doing, transaction: Option<Timestamp>, at: Timestamp) {
        if matches!(doing, Doing::Executes(_)) {
            self.statements += 1;
        }
        let new = Moment {
            doing,
            since: at,
            transaction,
        };
        self.before = Some((std::mem::replace(&mut self.now, new), at));
    }
}

impl fmt::Display for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.user.as_deref().unwrap_or("nobody");
        let of = self.schema.as_deref().unwrap_or("no schema");
        write!(f, "{} of {user} in {of}, {}", self.id, self.now.command())?;
        if let Doing::Executes(Some(digest)) = &self.now.doing {
            write!(f, " {digest}")?;
        }
        write!(f, " since {}", self.now.since.strftime("%H:%M:%S"))?;
        if self.now.transaction.is_some() {
            f.write_str(" in a transaction")?;
        }
        Ok(())
    }
}
