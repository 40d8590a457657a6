//! The sessions, where `performance_schema` cannot be asked for them.

use aurora_sql::{Row, SqlError, Statement};

use super::{
    sessions::{MOST, Which, user},
    spell::{number, text},
};
use crate::database::look::Session;

/// Without `PROCESS` one sees one's own sessions only, and no error says so.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-processlist-table.html>
pub(super) fn statement(which: Which) -> Statement {
    let statement = Statement::new(
        "asking for the process list",
        "SELECT ID, USER, HOST, DB, COMMAND, STATE, GREATEST(TIME, 0) \
         FROM information_schema.PROCESSLIST WHERE ID <> CONNECTION_ID()",
    );
    let statement = match which {
        Which::All => statement,
        Which::One(id) => statement.sql(" AND ID = ").number(id),
    };
    statement
        .sql(" ORDER BY COMMAND = 'Sleep', TIME DESC LIMIT ")
        .number(MOST as u64)
}

/// A session without program, statement and transaction, of a row of the answer. Its thread is the
/// connection: that is not used twice either, unless 4 thousand million others come between.
pub(super) fn session(row: &Row) -> Result<Session, SqlError> {
    let id = number(row, 0)?;
    Ok(Session {
        id,
        thread: id,
        user: user(row, 1)?,
        host: text(row, 2)?.map(without_port),
        schema: text(row, 3)?,
        command: row.required_text(4)?,
        state: text(row, 5)?,
        seconds: number(row, 6)?,
        ..Session::default()
    })
}

/// The port of an IPv6 address comes behind its last colon as well.
fn without_port(host: String) -> String {
    match host.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host.to_owned(),
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_no_part_of_a_host() {
        for (host, bare) in [
            ("10.0.0.7:51234", "10.0.0.7"),
            ("::1:51234", "::1"),
            ("localhost", "localhost"),
            ("app-7.internal:1", "app-7.internal"),
        ] {
            assert_eq!(without_port(host.to_owned()), bare);
        }
    }
}
