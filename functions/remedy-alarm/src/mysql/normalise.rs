//! The digests of statements that are running and have none: those of an EVENT, and those that a replica
//! applies as text.
//!
//! The server normalises the text by itself, so that no literal leaves it. A text with a backslash is left
//! alone: where a literal in it ends depends on the other session's `sql_mode`.
//! <https://dev.mysql.com/doc/refman/8.0/en/encryption-functions.html#function_statement-digest-text>

use aurora_sql::{Session, Statement};

use super::spell::text;
use crate::database::look;

/// So many are asked for, those that have been running for the longest first: each is a question of its own.
const MOST: usize = 20;

/// Fills in what the server can tell. What it cannot, such as of a text that was cut, stays unknown.
pub(super) async fn fill(session: &mut Session, sessions: &mut [look::Session]) {
    let bare = |session: &&mut look::Session| {
        let statement = session.running();
        statement.is_some_and(|statement| statement.digest.is_none())
    };
    for found in sessions.iter_mut().filter(bare).take(MOST) {
        let rows = session.query(&statement(found.thread)).await;
        let digest = rows.ok().and_then(|rows| text(rows.first()?, 0).ok()?);
        if let Some(statement) = &mut found.statement {
            statement.digest = digest;
        }
    }
}

fn statement(thread: u64) -> Statement {
    Statement::new(
        "asking what a thread executes",
        "SELECT IF(INSTR(PROCESSLIST_INFO, CHAR(92)) = 0, STATEMENT_DIGEST_TEXT(PROCESSLIST_INFO), NULL) \
         FROM performance_schema.threads WHERE THREAD_ID = ",
    )
    .number(thread)
}
