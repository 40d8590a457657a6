//! Steps of one size, without a look at anything: what a script of ten lines does.

use std::time::Duration;

use mysql_async::{Conn, Error, prelude::Queryable};
use tokio::time::Instant;

use super::LIMIT;
use crate::stage::Stage;

/// How such a script goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// `DELETE … LIMIT n`.
    Limit(u32),
    /// Along the primary key, with a cursor.
    Walk(u32),
    /// The same at READ COMMITTED.
    Committed(u32),
}

impl Fixed {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Limit(1000),
        Self::Limit(5000),
        Self::Walk(1000),
        Self::Walk(5000),
        Self::Committed(1000),
    ];

    /// For tables and pictures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Limit(5000) => "DELETE … LIMIT 5000",
            Self::Limit(_) => "DELETE … LIMIT 1000",
            Self::Walk(5000) => "primary-key walk, 5000",
            Self::Walk(_) => "primary-key walk, 1000",
            Self::Committed(_) => "walk, 1000, READ COMMITTED",
        }
    }

    /// Deletes until nothing is left, or for `cap`.
    pub async fn work(self, stage: &Stage, cap: Option<Duration>) -> Result<(), String> {
        let mut session = stage.session().await?;
        let until = Instant::now() + cap.unwrap_or(LIMIT);
        let cutoff = stage.cutoff();
        let worked = match self {
            Self::Limit(rows) => limit(&mut session, rows, &cutoff, until).await,
            Self::Walk(rows) => walk(&mut session, rows, &cutoff, until).await,
            Self::Committed(rows) => {
                let level = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED";
                match session.query_drop(level).await {
                    Ok(()) => walk(&mut session, rows, &cutoff, until).await,
                    Err(error) => Err(error),
                }
            }
        };
        worked.map_err(|e| e.to_string())
    }
}

async fn limit(session: &mut Conn, rows: u32, cutoff: &str, until: Instant) -> Result<(), Error> {
    let delete = format!("DELETE FROM shop.access_logs WHERE created_at < '{cutoff}' LIMIT {rows}");
    while Instant::now() < until {
        session.query_drop(&delete).await?;
        if session.affected_rows() == 0 {
            break;
        }
    }
    Ok(())
}

/// The walk ends at the last row that goes, for the rest of the table is not its business.
async fn walk(session: &mut Conn, rows: u32, cutoff: &str, until: Instant) -> Result<(), Error> {
    let last = format!("SELECT MAX(id) FROM shop.access_logs WHERE created_at < '{cutoff}'");
    let last: Option<Option<u64>> = session.query_first(last).await?;
    let last = last.flatten().unwrap_or_default();
    let mut after = 0;
    while after < last && Instant::now() < until {
        let next = format!(
            "SELECT id FROM shop.access_logs WHERE id > {after} ORDER BY id LIMIT 1 OFFSET {}",
            rows - 1
        );
        let next: Option<u64> = session.query_first(next).await?;
        let next = next.map_or(last, |next| next.min(last));
        let delete = format!(
            "DELETE FROM shop.access_logs \
             WHERE id > {after} AND id <= {next} AND created_at < '{cutoff}'"
        );
        session.query_drop(delete).await?;
        after = next;
    }
    Ok(())
}
