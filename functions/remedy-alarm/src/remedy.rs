//! What may be done about a trouble.

use aurora_model::{Span, plan::Action};

use crate::database::{Ending, look::Session};

/// The server's clock and its time of running are read one after the other, and each in whole seconds. No
/// victim is as young as that: a server that was started anew was started later by more.
const SAME_START: u64 = 2;

/// One thing to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// End a session, or its statement.
    End(Victim),
    /// Ask scale-readers for a reader.
    AskForReader,
}

impl Action for Remedy {
    fn verb(&self) -> &'static str {
        match self {
            Self::End(Victim {
                ending: Ending::Statement,
                ..
            }) => "end a statement of",
            Self::End(_) => "end",
            Self::AskForReader => "ask for a reader of",
        }
    }
}

/// A session that is to be ended, and how it is known again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Victim {
    /// The instance it is on.
    pub instance: String,
    /// The connection's id.
    pub id: u64,
    /// When its server was started, in seconds since 1970.
    pub started: u64,
    /// The thread's id. No other connection has it while the server runs.
    pub thread: u64,
    /// Its user.
    pub user: String,
    /// The statement, where that is what is ended. It tells two executions apart.
    pub event: Option<u64>,
    /// What is ended of it.
    pub ending: Ending,
    /// By which rule.
    pub rule: Rule,
    /// The limit it is over.
    pub limit: Span,
}

/// The rules of a policy by which something is ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// `idle_transactions`.
    IdleTransactions,
    /// `long_statements`.
    LongStatements,
    /// `idle_sessions`.
    IdleSessions,
}

impl Rule {
    /// Its name in the policy.
    #[must_use]
    pub const fn field(self) -> &'static str {
        match self {
            Self::IdleTransactions => "policy.remedies.idle_transactions",
            Self::LongStatements => "policy.remedies.long_statements",
            Self::IdleSessions => "policy.remedies.idle_sessions",
        }
    }

    /// Whether `session` does for longer than `limit` what the rule is about.
    #[must_use]
    pub fn meets(self, session: &Session, limit: Span) -> bool {
        if rolls_back(session) {
            return false;
        }
        let limit = limit.duration().as_secs_f64();
        // Without the last statement nobody knows for how long it has slept: the server counts from when
        // that began, and it may have taken all the time until now.
        let slept = session.sleeps() && session.statement.is_some() && slept(session) >= limit;
        match self {
            Self::IdleTransactions => slept && session.transaction.is_some(),
            Self::IdleSessions => slept && session.transaction.is_none(),
            Self::LongStatements => executes(session) && ran(session) >= limit,
        }
    }
}

/// Whether what it has changed is being rolled back. The server's threads do not tell of a session that it was
/// ended, and ending it again does not help.
pub(crate) fn rolls_back(session: &Session) -> bool {
    let transaction = session.transaction.as_ref();
    transaction.is_some_and(|it| it.rolling_back)
}

/// Whether a client's statement is being executed.
/// <https://dev.mysql.com/doc/refman/8.0/en/thread-commands.html>
pub(crate) fn executes(session: &Session) -> bool {
    ["Query", "Execute"].contains(&&*session.command)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a session is far younger than 2^52 seconds"
)]
fn slept(session: &Session) -> f64 {
    session.seconds as f64
}

/// The server counts the seconds of a command from its last change of state on in places: where both are
/// known, the younger counts.
pub(crate) fn ran(session: &Session) -> f64 {
    let of_command = slept(session);
    let statement = session.statement.as_ref();
    statement.map_or(of_command, |it| it.seconds.min(of_command + 1.0))
}

/// Why a victim is left alone after all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Spared {
    /// There is no such connection any more, or its id is another one's now.
    #[error("the connection has ended by itself")]
    Gone,
    /// It executes another statement, or none.
    #[error("the statement has ended by itself")]
    Ended,
    /// It is over its limit no more.
    #[error("it has gone on by itself")]
    WentOn,
    /// It is one that the policy spares: another than was looked at, or it has become one.
    #[error("it is not to be ended")]
    NotMeant,
}

impl Victim {
    /// Whether `now` is what was meant: the same connection, the same statement, still over the limit.
    ///
    /// # Errors
    /// Why it is not.
    pub fn still(&self, now: Option<&Session>) -> Result<(), Spared> {
        let same = |it: &&Session| {
            it.started.abs_diff(self.started) <= SAME_START
                && it.id == self.id
                && it.thread == self.thread
                && it.user.as_deref() == Some(&self.user)
        };
        let session = now.filter(same).ok_or(Spared::Gone)?;
        let event = session.running().map(|statement| statement.event);
        if self.event.is_some() && event != self.event {
            return Err(Spared::Ended);
        }
        if !self.rule.meets(session, self.limit) {
            return Err(Spared::WentOn);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::database::look::{Statement, Transaction};

    #[test]
    fn what_is_rolled_back_already_is_not_ended_again() {
        let limit = Span::seconds(60);
        let mut session = Session {
            command: "Sleep".into(),
            seconds: 600,
            statement: Some(Statement {
                seconds: 600.0,
                ..Statement::default()
            }),
            transaction: Some(Transaction::default()),
            ..Session::default()
        };
        assert!(Rule::IdleTransactions.meets(&session, limit));
        session.transaction.as_mut().unwrap().rolling_back = true;
        assert!(!Rule::IdleTransactions.meets(&session, limit));
        session.command = "Query".into();
        assert!(!Rule::LongStatements.meets(&session, limit));
        session.transaction = None;
        assert!(Rule::LongStatements.meets(&session, limit));
    }
}
