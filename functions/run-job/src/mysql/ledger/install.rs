//! Whether the tables are there, of which version, and their making.

use aurora_sql::{Session, SqlError, Statement};
use jobs::ledger::{CREATE, TABLES, VERSION};

/// Makes the tables where one is missing: whether they are all there then. A login without the right
/// to make them may still find them made by somebody else.
pub(super) async fn install(session: &mut Session) -> Result<bool, SqlError> {
    if comments(session).await?.len() == TABLES.len() {
        return Ok(true);
    }
    for sql in CREATE {
        let create = Statement::new("making the ledger", sql);
        match session.execute(&create).await {
            Ok(_) => {}
            Err(SqlError::MissingRight { .. }) => return Ok(false),
            Err(error) => return Err(error),
        }
    }
    Ok(comments(session).await?.len() == TABLES.len())
}

/// Whether all of them are there and of the version that this code reads and writes.
pub(super) async fn of_our_version(session: &mut Session) -> Result<bool, SqlError> {
    let comments = comments(session).await?;
    let ours = format!("nightshift ledger {VERSION}");
    Ok(comments.len() == TABLES.len() && comments.iter().all(|comment| *comment == ours))
}

/// The comments of the tables that are there and that the login may see.
async fn comments(session: &mut Session) -> Result<Vec<String>, SqlError> {
    let statement = Statement::new(
        "looking for the ledger",
        "SELECT TABLE_COMMENT FROM information_schema.TABLES \
         WHERE TABLE_SCHEMA = 'nightshift' AND TABLE_NAME IN (?, ?, ?)",
    );
    let statement = TABLES
        .iter()
        .fold(statement, |statement, table| statement.bind(*table));
    let rows = session.query(&statement).await?;
    rows.iter().map(|row| row.required_text(0)).collect()
}
