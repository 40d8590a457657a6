//! How work ended that did not end well, in words that say what to do.

use aurora_model::Span;
use aurora_sql::SqlError;

use crate::{database::Work, turn::Ended};

/// What is known of work that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// It changed nothing, or its transaction will be rolled back.
    Undone,
    /// What it committed by itself stays.
    ByItself,
}

/// A procedure that ends within a transaction, as an EVENT's would have been rolled back.
pub(super) const LEFT_OPEN: &str = "the procedure ended within a transaction of its own, which was rolled \
     back: what it had not committed is undone. Let it COMMIT at its end";

/// It is in the ledger that it was sent, but not that it is done.
pub(super) fn unknown(by: &str) -> String {
    format!(
        "it was sent by the invocation {by}, and whether it ended well is not known: the connection was \
         lost, or the function died. It runs no more. See what it did, and run the job again by hand if \
         it must; work that does no harm twice may have \"lost\": \"again\" in its policy"
    )
}

/// A single statement that waited for a lock in vain changed nothing; a procedure may have.
pub(super) const fn nothing_done(error: &SqlError, work: Work<'_>) -> bool {
    matches!((error, work), (SqlError::Locked { .. }, Work::Statement(_)))
}

/// How the turn ends.
pub(super) fn of(error: SqlError, sent: Sent, budget: Span) -> Ended {
    let what_stays = match sent {
        Sent::Undone => "; it changed nothing",
        Sent::ByItself => "; what it had committed stays",
    };
    match error {
        SqlError::TimedOut { ended: true, .. } => Ended::Failed(format!(
            "it took longer than its time (budget {budget}) and was ended on the server{what_stays}"
        )),
        SqlError::TimedOut { ended: false, .. } => Ended::Failed(format!(
            "it took longer than its time (budget {budget}), and nobody could be reached to end it: it \
             may still run on the server, and as long as it does the job does not begin again"
        )),
        SqlError::Locked { code } if sent == Sent::ByItself => Ended::Failed(format!(
            "it waited too long for a lock ({code}){what_stays}"
        )),
        SqlError::Refused { code, state, .. } => {
            Ended::Failed(format!("it failed with error {code} ({state}){what_stays}"))
        }
        error => Ended::by(error),
    }
}
