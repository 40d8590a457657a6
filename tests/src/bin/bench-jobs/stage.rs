//! The servers: a writer and its replica, both durable, with the same data before each run.

mod data;
mod kept;

use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};
use mysql_async::Conn;
use nightshift_tests::{mysql::Pair, payload};

use self::kept::Kept;
use crate::{output::About, table::thousands, wish::Wish};

/// The user of the application and of all contenders.
pub const USER: &str = "bench";
/// Its password; the servers listen on loopback, for as long as the program runs.
pub const PASSWORD: &str = "bench-and-nothing-else";

/// Of how many days there are rows, evenly.
const DAYS: i64 = 75;
/// Rows older than this go: 60 % of them.
const KEEP_DAYS: i64 = 30;

/// What makes the tests' servers like real ones: a commit is on the disk, on both.
const DURABLE: [&str; 13] = [
    "--sync-binlog=1",
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-flush-method=O_DIRECT",
    "--innodb-doublewrite=ON",
    "--innodb-use-native-aio=ON",
    "--innodb-buffer-pool-size=1G",
    "--innodb-log-buffer-size=16M",
    "--loose-innodb-redo-log-capacity=256M",
    // pt-archiver's driver comes without TLS.
    "--require-secure-transport=OFF",
    "--event-scheduler=ON",
    "--binlog-format=ROW",
    "--innodb-monitor-enable=trx_rseg_history_len",
    "--max-connections=200",
];

/// The servers and their data.
pub struct Stage {
    pair: Pair,
    kept: Kept,
    rows: u64,
    loaded: Timestamp,
    run_job: PathBuf,
    archiver: PathBuf,
}

impl Stage {
    /// Fills a table, clones the writer to its replica, and keeps a copy of both.
    pub async fn set(wish: &Wish) -> Self {
        // Schedules fire at whole seconds.
        let loaded = Timestamp::from_second(payload::now().as_second()).expect("it is now");
        let pair = Pair::start_with(&DURABLE).await;
        println!("filling the table …");
        let newest = loaded;
        data::fill(
            &pair.writer,
            wish.rows,
            newest,
            SignedDuration::from_hours(24 * DAYS),
        )
        .await;
        println!("copying it to the replica …");
        let kept = Kept::of(&pair).await;
        Self {
            pair,
            kept,
            rows: wish.rows,
            loaded,
            run_job: wish.run_job.clone(),
            archiver: wish.archiver.clone(),
        }
    }

    /// Starts both servers with the data as it was.
    pub async fn raise(&self) {
        self.kept.put_back(&self.pair).await;
        tokio::join!(self.pair.writer.restart(), self.pair.replica.restart());
        self.pair.caught_up().await;
    }

    /// Ends both servers at once: their data is not needed any more.
    pub async fn strike(&self) {
        tokio::join!(self.pair.writer.kill(), self.pair.replica.kill());
    }

    /// Logs in on the writer.
    pub async fn session(&self) -> Result<Conn, String> {
        let login = self.pair.writer.login(USER, PASSWORD).await;
        login.map_err(|e| e.to_string())
    }

    /// Logs in on the replica.
    pub async fn session_on_replica(&self) -> Result<Conn, String> {
        let login = self.pair.replica.login(USER, PASSWORD).await;
        login.map_err(|e| e.to_string())
    }

    /// How many rows there are when a run begins.
    pub const fn rows(&self) -> u64 {
        self.rows
    }

    /// The ids of rows that go are up to this.
    pub const fn last_old(&self) -> u64 {
        self.rows * (DAYS - KEEP_DAYS).unsigned_abs() / DAYS.unsigned_abs()
    }

    /// The age of the newest row.
    pub const fn loaded(&self) -> Timestamp {
        self.loaded
    }

    /// Rows before this go, as a literal.
    pub fn cutoff(&self) -> String {
        let cutoff = self.loaded - SignedDuration::from_hours(24 * KEEP_DAYS);
        cutoff.strftime("%Y-%m-%d %H:%M:%S.%3f").to_string()
    }

    /// The ports of writer and replica.
    pub fn ports(&self) -> [u16; 2] {
        [self.pair.writer.port(), self.pair.replica.port()]
    }

    /// The authority that signed the servers' certificates.
    pub fn ca(&self) -> &str {
        self.pair.writer.ca()
    }

    /// run-job's binary.
    pub fn run_job(&self) -> PathBuf {
        self.run_job.clone()
    }

    /// pt-archiver.
    pub fn archiver(&self) -> &Path {
        &self.archiver
    }

    /// What everything was measured on.
    pub async fn about(&self) -> About {
        self.raise().await;
        let version = self.pair.writer.root("SELECT VERSION()").await;
        let bytes = "SELECT ROUND(SUM(data_length + index_length) / 1e9, 2) \
                     FROM information_schema.tables WHERE table_schema = 'shop'";
        let gigabytes = self.pair.writer.root(bytes).await;
        self.strike().await;
        let cpus = std::thread::available_parallelism().map_or(1, usize::from);
        About {
            rows: self.rows,
            told: format!(
                "MySQL {}, {cpus} CPUs, {} rows ({} GB) of which 60 % go",
                version[0][0],
                thousands(self.rows),
                gigabytes[0][0],
            ),
        }
    }
}
