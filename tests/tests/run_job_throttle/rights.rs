//! The least rights for each signal, and what is said where they are missing.

use nightshift_tests::mysql::Pair;
use run_job::database::{Readings, Signal};

use crate::scene::{open, read, user};

const WAITS: Signal<'_> = Signal::LockWaits { holder: 1 };
const RUNNING: Signal<'_> = Signal::ThreadsRunning { without: 1 };
const NO_REPLICATION: &str = "the right SELECT on performance_schema, or REPLICATION CLIENT, \
                              is missing (1227)";
const NO_WAITS: &str = "the right SELECT on performance_schema.data_locks and data_lock_waits \
                        is missing (1142)";

/// The tables of which the replica lag is made.
const REPLICATION: [&str; 5] = [
    "SELECT ON performance_schema.replication_connection_status",
    "SELECT ON performance_schema.replication_applier_status",
    "SELECT ON performance_schema.replication_applier_status_by_worker",
    "SELECT ON performance_schema.replication_applier_status_by_coordinator",
    "SELECT ON performance_schema.replication_applier_configuration",
];

#[tokio::test]
async fn a_signal_needs_its_documented_grants_and_no_others() {
    let pair = Pair::start().await;
    let (writer, replica) = (&pair.writer, &pair.replica);
    let locks = "SELECT ON performance_schema.data_locks";
    let waits = "SELECT ON performance_schema.data_lock_waits";
    user(writer, "nobody", &[]).await;
    user(writer, "looker", &["PROCESS ON *.*"]).await;
    user(writer, "half", &[waits]).await;
    user(writer, "whole", &[locks, waits]).await;
    user(writer, "finely", &REPLICATION).await;
    user(writer, "coarsely", &["REPLICATION CLIENT ON *.*"]).await;
    pair.caught_up().await;

    let mut nobody = open(writer, "nobody").await;
    assert!(read(&mut nobody, RUNNING).await.is_ok());
    assert_eq!(read(&mut nobody, Signal::Query("SELECT 1")).await, Ok(1.0));
    let history = read(&mut nobody, Signal::HistoryListLength).await;
    let missing = "the right PROCESS is missing (1227)";
    assert_eq!(history, Err(missing.to_owned()));
    for user in ["nobody", "looker", "half"] {
        let waits = read(&mut open(writer, user).await, WAITS).await;
        assert_eq!(waits, Err(NO_WAITS.to_owned()), "{user}");
    }
    let mut looker = open(writer, "looker").await;
    assert!(read(&mut looker, Signal::HistoryListLength).await.is_ok());
    assert_eq!(read(&mut open(writer, "whole").await, WAITS).await, Ok(0.0));

    let lag = read(&mut open(replica, "nobody").await, Signal::ReplicaLag).await;
    assert_eq!(lag, Err(NO_REPLICATION.to_owned()));
    for user in ["finely", "coarsely"] {
        let lag = read(&mut open(replica, user).await, Signal::ReplicaLag).await;
        // Told in whole seconds, the one that was just written in may count.
        let caught_up = lag.clone().is_ok_and(|lag| lag <= 1_000.0);
        assert!(caught_up, "{user}: {lag:?}");
        let lag = read(&mut open(writer, user).await, Signal::ReplicaLag).await;
        assert_eq!(lag, Err("it is no replica".to_owned()), "{user}");
    }
}

#[tokio::test]
async fn where_there_is_no_aurora_its_readers_cannot_be_asked_for() {
    let pair = Pair::start().await;
    user(&pair.writer, "job", &["ALL ON *.*"]).await;
    let lags = open(&pair.writer, "job").await.reader_lags().await;
    let why = lags.map_err(|error| error.to_string());
    let sentence = "asking for the lag of the readers found no table (1109)";
    assert_eq!(why, Err(sentence.to_owned()));
}
