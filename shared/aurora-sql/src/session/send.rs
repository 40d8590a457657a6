//! A statement on its way to the server and back.

use mysql_async::{
    Conn, Error, Params, QueryResult, Row, prelude::Protocol, prelude::Queryable as _,
};

use crate::{Statement, classify};

/// What the server answered.
pub(super) struct Answer {
    pub(super) rows: Vec<Row>,
    pub(super) affected: u64,
}

/// What is kept of an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The first set of rows.
    Rows,
    /// No row: they may be more than there is memory for.
    Count,
}

/// Sends it as text, or prepared where it has values: they never become part of the text.
pub(super) async fn send(
    conn: &mut Conn,
    statement: &Statement,
    wanted: Wanted,
) -> Result<Answer, Error> {
    if statement.values().is_empty() {
        let rows = read(conn.query_iter(statement.text()).await?, wanted).await?;
        let affected = conn.affected_rows();
        return Ok(Answer { rows, affected });
    }
    let values = statement.values().iter().map(Into::into).collect();
    let prepared = conn.prep(statement.text()).await?;
    let result = conn
        .exec_iter(&prepared, Params::Positional(values))
        .await?;
    let rows = read(result, wanted).await?;
    let affected = conn.affected_rows();
    if statement.has_secret() {
        conn.close(prepared).await?;
    }
    Ok(Answer { rows, affected })
}

/// Reads all there is, also of further sets.
async fn read<P: Protocol>(
    result: QueryResult<'_, '_, P>,
    wanted: Wanted,
) -> Result<Vec<Row>, Error> {
    if wanted == Wanted::Rows {
        return result.collect_and_drop().await;
    }
    result.drop_result().await?;
    Ok(Vec::new())
}

/// Whether the statement was ended from another connection.
pub(super) fn interrupted(error: &Error) -> bool {
    matches!(error, Error::Server(error) if error.code == classify::INTERRUPTED)
}
