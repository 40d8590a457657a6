//! Enabling and disabling an EVENT, and whether it is being executed.

use aurora_sql::{SqlError, Statement};

use super::events::named;
use crate::database::Found;

/// Makes the session one as the EVENT was made in. `ALTER EVENT` stores the session's character set
/// and collation with the EVENT, whatever it alters; its zone and `sql_mode` stay.
/// <https://dev.mysql.com/doc/refman/8.0/en/alter-event.html>
pub(super) fn as_made(event: &Found) -> Statement {
    let what = "taking over the EVENT's character set";
    Statement::new(what, "SET character_set_client = ")
        .string(&event.charset)
        .sql(", collation_connection = ")
        .string(&event.collation)
}

/// The session's own settings again.
pub(super) fn as_ours() -> Statement {
    let what = "giving the session its character set back";
    Statement::new(what, "SET NAMES utf8mb4")
}

/// Without a definer the login would become it.
pub(super) fn alter(event: &Found, enabled: bool) -> Result<Statement, SqlError> {
    let (what, status) = if enabled {
        ("enabling the EVENT", " ENABLE")
    } else {
        ("disabling the EVENT", " DISABLE")
    };
    let statement = Statement::new(what, "ALTER DEFINER = ").account(&event.definer);
    Ok(named(statement.sql(" EVENT "), event)?.sql(status))
}

/// How many connections may be executing it, and whether the event scheduler's own is to be seen. An
/// EVENT is executed by a connection of its definer in its schema, which nobody has logged in at; for
/// a moment at its beginning it is still the scheduler's.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-processlist-table.html>
pub(super) fn processes(event: &Found) -> Statement {
    let statement = Statement::new(
        "asking whether the EVENT is being executed",
        "SELECT COALESCE(SUM(COMMAND = 'Connect' AND (USER = 'event_scheduler' \
         OR (USER = ? AND (DB IS NULL OR DB = ?)))), 0), \
         COALESCE(SUM(USER = 'event_scheduler'), 0) + (@@event_scheduler <> 'ON') \
         FROM information_schema.PROCESSLIST",
    );
    statement
        .bind(event.definer.user.as_str())
        .bind(event.schema.as_str())
}
