//! What the users need, in the words of `GRANT … TO`.
//!
//! The user of `database` in the policy needs [`LOOK`]; the one of `remedies` needs the same, for it looks
//! at each victim again, and beside it [`END`] or, on Aurora, [`END_ON_AURORA`]. With nothing more, the
//! first one can end no session but its own.
//!
//! ```sql
//! GRANT PROCESS, REPLICATION CLIENT ON *.* TO 'nightshift_look'@'%';
//! GRANT SELECT ON performance_schema.* TO 'nightshift_look'@'%';
//! GRANT SELECT ON nightshift.* TO 'nightshift_look'@'%';
//! ```

/// The right to see the sessions and transactions of others, and what `InnoDB` counts.
/// <https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html#priv_process>
pub(super) const PROCESS: &str = "PROCESS ON *.*";
/// The right to see how far a replica is.
/// <https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html#priv_replication-client>
pub(super) const REPLICATION: &str = "REPLICATION CLIENT ON *.*";
/// The right to see statements and locks.
pub(super) const PERFORMANCE: &str = "SELECT ON performance_schema.*";
/// The right to see run-job's ledger; of use only where it is there.
pub(super) const LEDGER: &str = "SELECT ON nightshift.*";

/// What is needed to look, on Aurora and elsewhere.
pub const LOOK: [&str; 4] = [PROCESS, REPLICATION, PERFORMANCE, LEDGER];

/// What is needed to end sessions and statements of others, where the server is not Aurora. A login with
/// it also gets the connection that the server keeps beside `max_connections`.
/// <https://dev.mysql.com/doc/refman/8.0/en/privileges-provided.html#priv_connection-admin>
pub const END: [&str; 1] = ["CONNECTION_ADMIN ON *.*"];

/// What is needed to end sessions and statements of others on Aurora.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
pub const END_ON_AURORA: [&str; 2] = [
    "EXECUTE ON PROCEDURE mysql.rds_kill",
    "EXECUTE ON PROCEDURE mysql.rds_kill_query",
];
