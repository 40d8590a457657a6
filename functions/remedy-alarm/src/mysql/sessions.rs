//! The sessions, as `performance_schema` knows them.

use std::collections::HashMap;

use aurora_sql::{Row, SqlError, Statement as Sql};

use super::spell::{fraction, number, optional, text};
use crate::database::look::{Session, Statement, Transaction};

/// So many are read, those that do something first.
pub(super) const MOST: usize = 10_000;

/// What the server calls itself.
const ITSELF: [&str; 2] = ["system user", "event_scheduler"];

/// Which sessions are asked for.
#[derive(Clone, Copy)]
pub(super) enum Which {
    /// All but the one that asks.
    All,
    /// The one of this connection, if it is not the one that asks.
    One(u64),
}

/// A thread of a client, of an EVENT or of a replica's applier has a row here, with a number as
/// `SHOW PROCESSLIST` has it. The threads of a replica go by the user who said `START REPLICA`: only the
/// thread's name tells them from that user's own.
///
/// The statement is the one that the client sent, and not one that a procedure executes within it. One that
/// has ended is told of a session that sleeps: an applier that changes rows has executed its last long ago.
///
/// `PROCESSLIST_TIME` goes back to when a session's last statement began, or to what the session has said
/// by `SET timestamp`: neither is its sleep. That goes back to when the statement ended, and until now, which
/// is as far as the statement has come that asks for this.
///
/// Sessions of ours are known by the variable that `aurora_sql` sets.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-threads-table.html>
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-events-statements-current-table.html>
const SQL: &str = "SELECT threads.PROCESSLIST_ID, threads.THREAD_ID, threads.PROCESSLIST_USER, \
     threads.PROCESSLIST_HOST, threads.PROCESSLIST_DB, threads.PROCESSLIST_COMMAND, \
     threads.PROCESSLIST_STATE, COALESCE(IF(threads.PROCESSLIST_COMMAND = 'Sleep', \
     FLOOR(GREATEST(own_statement.TIMER_END / 1e12 - statements.TIMER_END / 1e12, 0)), NULL), \
     GREATEST(threads.PROCESSLIST_TIME, 0)), \
     IF(own.VARIABLE_NAME IS NULL, attributes.ATTR_VALUE, 'nightshift'), \
     IF(threads.PROCESSLIST_COMMAND = 'Sleep' AND own_statement.TIMER_END IS NULL, NULL, \
     statements.EVENT_ID), statements.DIGEST_TEXT, COALESCE(statements.TIMER_WAIT, 0) / 1e12, \
     statements.ROWS_EXAMINED, \
     threads.TYPE = 'BACKGROUND' OR threads.NAME LIKE 'thread/sql/replica%' \
     OR threads.NAME LIKE 'thread/sql/slave%' OR threads.NAME LIKE 'thread/sql/event%' \
     FROM performance_schema.threads AS threads \
     LEFT JOIN performance_schema.session_connect_attrs AS attributes \
     ON attributes.PROCESSLIST_ID = threads.PROCESSLIST_ID AND attributes.ATTR_NAME = 'program_name' \
     LEFT JOIN performance_schema.user_variables_by_thread AS own \
     ON own.THREAD_ID = threads.THREAD_ID AND own.VARIABLE_NAME = 'nightshift' \
     LEFT JOIN performance_schema.events_statements_current AS statements \
     ON statements.THREAD_ID = threads.THREAD_ID AND statements.NESTING_EVENT_LEVEL = 0 \
     AND (statements.END_EVENT_ID IS NULL OR threads.PROCESSLIST_COMMAND = 'Sleep') \
     LEFT JOIN performance_schema.events_statements_current AS own_statement \
     ON own_statement.THREAD_ID = (SELECT asks.THREAD_ID FROM performance_schema.threads AS asks \
     WHERE asks.PROCESSLIST_ID = CONNECTION_ID()) AND own_statement.NESTING_EVENT_LEVEL = 0 \
     WHERE threads.PROCESSLIST_ID <> CONNECTION_ID()";

/// What is asked.
pub(super) fn statement(which: Which) -> Sql {
    let statement = Sql::new("asking for the sessions", SQL);
    let statement = match which {
        Which::All => statement,
        Which::One(id) => statement.sql(" AND threads.PROCESSLIST_ID = ").number(id),
    };
    statement
        .sql(
            " ORDER BY threads.PROCESSLIST_COMMAND = 'Sleep', threads.PROCESSLIST_TIME DESC \
             LIMIT ",
        )
        .number(MOST as u64)
}

/// A session without its transaction, of a row of the answer.
pub(super) fn session(row: &Row) -> Result<Session, SqlError> {
    let of_the_server = number(row, 13)? != 0;
    Ok(Session {
        id: number(row, 0)?,
        started: 0,
        thread: number(row, 1)?,
        user: user(row, 2)?.filter(|_| !of_the_server),
        host: text(row, 3)?.filter(|_| !of_the_server),
        schema: text(row, 4)?,
        command: row.text(5)?.unwrap_or_default(),
        state: text(row, 6)?,
        seconds: optional(row, 7)?.unwrap_or(0),
        program: text(row, 8)?,
        statement: executed(row)?,
        transaction: None,
    })
}

/// The user; `None` for the server itself.
pub(super) fn user(row: &Row, column: usize) -> Result<Option<String>, SqlError> {
    let user = text(row, column)?;
    Ok(user.filter(|user| !ITSELF.contains(&user.as_str())))
}

fn executed(row: &Row) -> Result<Option<Statement>, SqlError> {
    let Some(event) = optional(row, 9)? else {
        return Ok(None);
    };
    Ok(Some(Statement {
        event,
        digest: text(row, 10)?,
        seconds: fraction(row, 11)?,
        examined: number(row, 12)?,
    }))
}

/// Gives each session its transaction.
pub(super) fn join(sessions: &mut [Session], transactions: &HashMap<u64, &Transaction>) {
    for session in sessions {
        let transaction = transactions.get(&session.id);
        session.transaction = transaction.map(|&transaction| transaction.clone());
    }
}
