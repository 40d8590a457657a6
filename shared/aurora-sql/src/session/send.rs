//! A statement on its way to the server and back.

use mysql_async::{Conn, Error, Params, Row, prelude::Queryable as _};

use crate::{Statement, classify};

/// What the server answered.
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}

/// Sends it as text, or prepared where it has values: they never become part of the text.
pub(super) async fn send(conn: &mut Conn, statement: &Statement) -> Result<Answer, Error> {
    if statement.values().is_empty() {
        let result = conn.query_iter(statement.text()).await?;
        let rows = result.collect_and_drop().await?;
        let affected = conn.affected_rows();
        return Ok(Answer { rows, affected });
    }
    let values = statement.values().iter().map(Into::into).collect();
    let prepared = conn.prep(statement.text()).await?;
    let result = conn
        .exec_iter(&prepared, Params::Positional(values))
        .await?;
    let rows = result.collect_and_drop().await?;
    let affected = conn.affected_rows();
    if statement.has_secret() {
        conn.close(prepared).await?;
    }
    Ok(Answer { rows, affected })
}

/// Whether the statement was ended from another connection.
pub(super) fn interrupted(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.code == classify::INTERRUPTED)
}
