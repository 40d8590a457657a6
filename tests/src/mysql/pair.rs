//! A writer and its replica.

use super::Mysql;

/// How long the replica may take for what the writer has committed, in seconds.
const CATCH_UP_LIMIT: u32 = 30;

/// A writer, and a replica that is read-only, as a cluster's writer and reader.
/// After a failover they are what their names say no more.
pub struct Pair {
    /// The server that takes writes.
    pub writer: Mysql,
    /// The server that repeats them: `super_read_only`, by GTID.
    pub replica: Mysql,
}

impl Pair {
    /// Starts both and connects them. Neither has a transaction yet.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same, both with further options of mysqld.
    pub async fn start_with(options: &[&str]) -> Self {
        let (writer, replica) = tokio::join!(
            Mysql::start_numbered(1, options),
            Mysql::start_numbered(2, options)
        );
        replica.follow(&writer).await;
        Self { writer, replica }
    }

    /// Waits until the replica has applied what the writer has committed so far.
    pub async fn caught_up(&self) {
        let gtids = self.writer.root("SELECT @@global.gtid_executed").await;
        let wait = format!(
            "SELECT WAIT_FOR_EXECUTED_GTID_SET('{}', {CATCH_UP_LIMIT})",
            gtids[0][0]
        );
        if self.replica.root(&wait).await != [["0"]] {
            let errors = "SELECT last_error_message \
                          FROM performance_schema.replication_connection_status \
                          UNION ALL SELECT last_error_message \
                          FROM performance_schema.replication_applier_status_by_worker";
            let errors = self.replica.root(errors).await;
            panic!("the replica lags for {CATCH_UP_LIMIT} s: {errors:?}");
        }
    }
}
