//! What one server was doing at one moment, as plain data. Nothing in it is a literal of a customer's
//! statement: statements are digests, as the server itself normalises them.
//! <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-statement-digests.html>

/// What a look is to tell besides sessions and lock waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// How many statements, those with the most time first.
    pub statements: usize,
    /// Whether the largest accounts by memory.
    pub memory: bool,
    /// Whether the largest tables.
    pub tables: bool,
}

/// What one server was doing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// The version, as the server spells it: `8.0.39`.
    pub version: String,
    /// Whether it takes writes.
    pub writable: bool,
    /// Whether it is Aurora.
    pub aurora: bool,
    /// `@@server_uuid`.
    pub uuid: String,
    /// For how many seconds the server has been up.
    pub up: u64,
    /// `@@max_connections`.
    pub max_connections: u64,
    /// Whether `performance_schema` is on. Where it is off there are no digests and no lock waits.
    pub instrumented: bool,
    /// The sessions, the reader's own left out. Empty where they could not be read.
    pub sessions: Vec<Session>,
    /// Who waits for whom.
    pub waits: Vec<Wait>,
    /// The statements that took the most time: first those that took it while we looked.
    pub statements: Vec<Digest>,
    /// For how long the two readings of `statements` were apart, in seconds.
    pub sample: f64,
    /// For how many seconds the server has counted statements, by the form that it has known for longest.
    pub known: u64,
    /// The length of the history list: row versions that purge has not removed yet.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html>
    pub history: Option<u64>,
    /// Deadlocks since the server was started.
    pub deadlocks: Option<u64>,
    /// Lag of Aurora's readers, by instance, in milliseconds, as this server knows it.
    pub reader_lags: Vec<(String, f64)>,
    /// What the server replicates from elsewhere, if it does.
    pub applier: Option<Applier>,
    /// The accounts that hold the most memory, where wanted.
    pub memory: Vec<(String, u64)>,
    /// The largest tables by bytes on disk, where wanted.
    pub tables: Vec<(String, u64)>,
    /// The last runs of Nightshift's jobs on this cluster, newest first, where its ledger can be read.
    pub jobs: Vec<JobRun>,
    /// What could not be read.
    pub gaps: Vec<Gap>,
}

/// A query without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What it was to tell: `lock waits`.
    pub of: &'static str,
    /// Why it did not.
    pub why: String,
}

/// One session.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-threads-table.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Session {
    /// The connection's id, as `KILL` takes it. After a restart the server begins again at 1.
    pub id: u64,
    /// When its server was started, in seconds since 1970 by the server's clock; a second more or less. It tells
    /// two connections of one id apart, before and after a restart.
    pub started: u64,
    /// The thread's id in `performance_schema`, which is not used twice while the server runs.
    pub thread: u64,
    /// The user; `None` for the server's own threads.
    pub user: Option<String>,
    /// The client's host, without a port.
    pub host: Option<String>,
    /// The schema it is in.
    pub schema: Option<String>,
    /// `Sleep`, `Query`, `Binlog Dump GTID` and so on.
    pub command: String,
    /// What it is doing within the command: `updating`, `Waiting for table metadata lock`.
    pub state: Option<String>,
    /// For how many seconds it has been in the command.
    pub seconds: u64,
    /// What the client calls itself, in its connection attribute `program_name`; `nightshift` of one of ours.
    pub program: Option<String>,
    /// The statement it executes, or executed last.
    pub statement: Option<Statement>,
    /// The `InnoDB` transaction it has open.
    pub transaction: Option<Transaction>,
}

impl Session {
    /// Whether it does nothing: it waits for its client.
    #[must_use]
    pub fn sleeps(&self) -> bool {
        self.command == "Sleep"
    }

    /// The statement that it executes now.
    #[must_use]
    pub fn running(&self) -> Option<&Statement> {
        self.statement.as_ref().filter(|_| !self.sleeps())
    }
}

/// A statement of a session.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// Its number within the thread: another execution of the same text has another.
    pub event: u64,
    /// The text with every literal as `?`; `None` where the server has none.
    pub digest: Option<String>,
    /// For how long it has been executed, or was, in seconds.
    pub seconds: f64,
    /// Rows it has looked at.
    pub examined: u64,
}

/// An open transaction.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-trx-table.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// Its id.
    pub id: u64,
    /// For how many seconds it has been open.
    pub seconds: u64,
    /// For how many seconds it has been waiting for a lock, if it is.
    pub waiting: Option<u64>,
    /// Rows it has changed.
    pub modified: u64,
    /// Rows it has locked, as far as the server estimates them.
    pub locked: u64,
    /// Whether it is being rolled back: whoever had it was ended, or has given up.
    pub rolling_back: bool,
}

/// One thread that waits for a lock which another one holds, or has asked for before it.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-data-lock-waits-table.html>
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Wait {
    /// The thread that waits.
    pub waiter: u64,
    /// The thread it waits for; 0 where no thread has it, as the one of a prepared XA transaction whose session
    /// is gone.
    pub holder: u64,
    /// For how many seconds it has been waiting.
    pub seconds: Option<u64>,
    /// What is locked: `shop.orders`, with its index where there is one: `shop.orders (PRIMARY)`.
    pub object: String,
    /// The mode that is waited for: `X,REC_NOT_GAP`, `EXCLUSIVE`.
    pub mode: String,
    /// Whether it is a metadata lock rather than `InnoDB`'s.
    pub metadata: bool,
}

/// Statements of one form.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-statement-summary-tables.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Digest {
    /// The schema they are executed in.
    pub schema: Option<String>,
    /// Their text with every literal as `?`.
    pub text: String,
    /// How many have ended since the server was started or the table truncated.
    pub calls: u64,
    /// Their time, in seconds.
    pub seconds: f64,
    /// Rows they have looked at.
    pub examined: u64,
    /// Rows they have sent.
    pub sent: u64,
    /// How many seconds ago the first of them that is counted ended.
    pub age: u64,
    /// How many ended while we looked.
    pub calls_now: u64,
    /// Their time, in seconds.
    pub seconds_now: f64,
}

/// A replica's applier.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-replica-status.html>
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Applier {
    /// `Seconds_Behind_Source`; `None` where it is not known, because something is stopped.
    pub behind: Option<f64>,
    /// Whether the receiver runs.
    pub receiving: bool,
    /// Whether the applier runs.
    pub applying: bool,
    /// The number of the last error of either, 0 for none.
    pub error: u64,
}

/// A run of one of Nightshift's jobs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobRun {
    /// The job's name.
    pub job: String,
    /// Its state in the ledger: `running`, `done`, …
    pub state: String,
    /// Seconds since it last moved.
    pub ago: u64,
    /// Rows it has taken away.
    pub rows: u64,
}
