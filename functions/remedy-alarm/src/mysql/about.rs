//! What the server is.

use aurora_sql::{Session, SqlError, Statement};

use super::spell::{number, odd};

/// What the server is; it does not change while it runs, but for `writable` and `up`.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) version: String,
    pub(super) writable: bool,
    pub(super) aurora: bool,
    pub(super) uuid: String,
    pub(super) up: u64,
    /// When it was started, in seconds since 1970 by its own clock; a second more or less.
    pub(super) started: u64,
    pub(super) max_connections: u64,
    pub(super) instrumented: bool,
}

/// Every login may ask this, and it is answered also where `performance_schema` is off.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-system-variable-tables.html>
pub(super) async fn about(session: &mut Session) -> Result<About, SqlError> {
    let statement = Statement::new(
        "asking what the server is",
        "SELECT @@version, @@innodb_read_only + @@super_read_only, \
         (SELECT COUNT(*) FROM performance_schema.global_variables \
          WHERE VARIABLE_NAME = 'aurora_version'), \
         @@server_uuid, @@max_connections, @@performance_schema, \
         (SELECT VARIABLE_VALUE FROM performance_schema.global_status \
          WHERE VARIABLE_NAME = 'Uptime'), \
         UNIX_TIMESTAMP()",
    );
    let rows = session.query(&statement).await?;
    let row = rows.first().ok_or_else(odd)?;
    let up = number(row, 6)?;
    Ok(About {
        version: row.required_text(0)?,
        writable: number(row, 1)? == 0,
        aurora: number(row, 2)? != 0,
        uuid: row.required_text(3)?,
        max_connections: number(row, 4)?,
        instrumented: number(row, 5)? != 0,
        started: number(row, 7)?.saturating_sub(up),
        up,
    })
}
