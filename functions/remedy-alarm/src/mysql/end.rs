//! Ending a session, or what it executes.

use aurora_sql::{Session, SqlError, Statement};

use super::grants;
use crate::database::Ending;

/// Error 1094: there is no such connection.
const GONE: u16 = 1094;
/// Error 1095: it is another account's.
const NOT_OWNER: u16 = 1095;

/// Ends the connection `id`, or what it executes. Whether there was such a connection.
/// <https://dev.mysql.com/doc/refman/8.0/en/kill.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
pub(super) async fn end(
    session: &mut Session,
    id: u64,
    ending: Ending,
    aurora: bool,
) -> Result<bool, SqlError> {
    let ended = session.execute(&statement(id, ending, aurora)).await;
    match ended {
        Ok(_) => Ok(true),
        Err(SqlError::Refused { code: GONE, .. }) => Ok(false),
        Err(SqlError::Refused {
            code: NOT_OWNER, ..
        }) => Err(missing(grants::END[0], NOT_OWNER)),
        Err(SqlError::MissingRight { code, .. }) if aurora => Err(missing(right(ending), code)),
        Err(error) => Err(error),
    }
}

fn statement(id: u64, ending: Ending, aurora: bool) -> Statement {
    let (what, before) = match (ending, aurora) {
        (Ending::Statement, true) => ("ending a statement", "CALL mysql.rds_kill_query("),
        (Ending::Connection, true) => ("ending a connection", "CALL mysql.rds_kill("),
        (Ending::Statement, false) => ("ending a statement", "KILL QUERY "),
        (Ending::Connection, false) => ("ending a connection", "KILL CONNECTION "),
    };
    let statement = Statement::new(what, before).number(id);
    if aurora {
        statement.sql(")")
    } else {
        statement
    }
}

/// The right for a procedure of Aurora's.
const fn right(ending: Ending) -> &'static str {
    match ending {
        Ending::Connection => grants::END_ON_AURORA[0],
        Ending::Statement => grants::END_ON_AURORA[1],
    }
}

fn missing(right: &str, code: u16) -> SqlError {
    let right = right.to_owned();
    SqlError::MissingRight { right, code }
}
