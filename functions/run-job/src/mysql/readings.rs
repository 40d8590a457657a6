//! What the throttle looks at.

mod answers;
mod statements;

use aurora_sql::{Row, SqlError, Statement};

use super::Connected;
use crate::database::{ReaderLag, Readings, Signal, Unread};

/// Error 1227, of a global privilege, and 1142, of a table.
const DENIED: [u16; 2] = [1227, 1142];
/// Errors 1109 and 1146: there is no such table; in `information_schema` and elsewhere.
const NO_TABLE: [u16; 2] = [1109, 1146];

impl Readings for Connected {
    async fn reading(&mut self, signal: Signal<'_>) -> Result<f64, Unread> {
        if signal == Signal::ReplicaLag {
            return self.replica_lag().await;
        }
        let statement = statements::of(signal);
        let rows = self.ask(&statement, needs(signal)).await?;
        answers::only_number(&rows)
    }

    async fn reader_lags(&mut self) -> Result<Vec<ReaderLag>, Unread> {
        let rows = self.ask(&statements::reader_lags(), READERS).await?;
        rows.iter().map(answers::reader_lag).collect()
    }

    fn connection(&self) -> u32 {
        self.session.connection_id()
    }
}

const READERS: &str = "SELECT on information_schema.replica_host_status";
const REPLICATION: &str = "SELECT on performance_schema, or REPLICATION CLIENT,";

/// The right that a signal needs, as `GRANT` takes it.
const fn needs(signal: Signal<'_>) -> &'static str {
    match signal {
        Signal::ReplicaLag => REPLICATION,
        Signal::HistoryListLength => "PROCESS",
        Signal::ThreadsRunning { .. } => "SELECT on performance_schema.global_status",
        Signal::LockWaits { .. } => "SELECT on performance_schema.data_locks and data_lock_waits",
        Signal::Query(_) => "for the policy's query",
    }
}

impl Connected {
    async fn ask(
        &mut self,
        statement: &Statement,
        needs: &'static str,
    ) -> Result<Vec<Row>, Unread> {
        let answer = self.session.query(statement).await;
        answer.map_err(|error| match error {
            SqlError::MissingRight { code, .. } if DENIED.contains(&code) => {
                Unread::Right { needs, code }
            }
            SqlError::Refused { code, .. } if NO_TABLE.contains(&code) => {
                Unread::Odd(format!("{} found no table ({code})", statement.what()))
            }
            other => Unread::Sql(other),
        })
    }

    /// In microseconds where the login may read `performance_schema`, else in whole seconds.
    async fn replica_lag(&mut self) -> Result<f64, Unread> {
        match self.ask(&statements::applier(), REPLICATION).await {
            Err(Unread::Right { .. }) => {}
            rows => return answers::applier_lag(&rows?),
        }
        let rows = self.ask(&statements::replica_status(), REPLICATION).await?;
        answers::status_lag(&rows)
    }
}
