//! A server with a ledger, jobs with runs, and turns at them.

use std::{
    sync::{
        Arc, Weak,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use aurora_sql::Endpoint;
use jiff::Timestamp;
use jobs::{Job, ledger};
use nightshift_tests::mysql::{Cut, Mysql, Relay};
use run_job::{
    database::{
        Access, Database as _, Holder, Login, Place, Run, RunId, Session as _, State, Tally,
    },
    mysql::{Connected, Servers},
    rotate, supervise,
    turn::{Ended, Hand},
};
use secrets::Secret;
use serde_json::{Value, json};
use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

const PASSWORD: &str = "a-password";
/// When every run's schedule fired.
pub const SLOT: &str = "2026-11-22 03:00:00";

/// One server for the tests that run at the same time, with a ledger; gone with the last of them.
pub async fn server() -> Arc<Mysql> {
    static SHARED: Mutex<Weak<Mysql>> = Mutex::const_new(Weak::new());
    let mut shared = SHARED.lock().await;
    if let Some(server) = shared.upgrade() {
        return server;
    }
    let server = Arc::new(Mysql::start().await);
    for sql in ledger::CREATE {
        server.root(sql).await;
    }
    *shared = Arc::downgrade(&server);
    server
}

/// A job with one run, on a schema and as a user of its own.
pub struct Stage {
    pub server: Arc<Mysql>,
    pub name: &'static str,
    pub job: Job,
    pub relay: Relay,
    pub run: u64,
    attempt: AtomicU32,
    before: AtomicUsize,
}

/// How a turn begins and ends.
pub struct Terms {
    /// How long it has.
    pub time: Duration,
    /// Whether no later turn would have more.
    pub longest: bool,
    /// Where its connection is cut, counted from its first message behind the lock.
    pub cut: Option<(usize, Cut)>,
}

impl Default for Terms {
    fn default() -> Self {
        Self {
            time: Duration::from_mins(15),
            longest: false,
            cut: None,
        }
    }
}

impl Stage {
    /// Schema and user `name`; `kind` is the policy's part for the kind of job, and `sql` what is there.
    pub async fn of(name: &'static str, kind: Value, sql: &str) -> Self {
        let server = server().await;
        let user = format!(
            "CREATE SCHEMA {name}; CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}'; \
             GRANT ALL ON {name}.* TO {name}@'%'; \
             GRANT SELECT, INSERT, UPDATE ON nightshift.* TO {name}@'%'"
        );
        server.root(&user).await;
        let mut policy = json!({
            "job": name.replace('_', "-"), "cluster": "orders", "secret": "s", "database": name
        });
        for (field, value) in kind.as_object().unwrap() {
            policy[field] = value.clone();
        }
        let stage = Self {
            relay: Relay::start(server.address()).await,
            server,
            name,
            job: serde_json::from_value(policy).unwrap(),
            run: 0,
            attempt: AtomicU32::new(0),
            before: AtomicUsize::new(0),
        };
        stage.sql(sql).await;
        stage.begun().await
    }

    /// Runs statements in the job's schema as root.
    pub async fn sql(&self, sql: &str) {
        let name = self.name;
        self.server.root(&format!("USE {name}; {sql}")).await;
    }

    /// The rows of a query of root's, which names the schema `{}`.
    pub async fn ask(&self, sql: &str) -> Vec<String> {
        let rows = self.server.root(&sql.replace("{}", self.name)).await;
        rows.into_iter().map(|row| row.join(" ")).collect()
    }

    /// The same job with another run in the place of the one before.
    pub async fn begun(mut self) -> Self {
        let job = self.job.job.as_str();
        let insert = format!(
            "DELETE FROM nightshift.job_run WHERE job = '{job}'; INSERT INTO nightshift.job_run \
             (job, slot, state, began_at, spec, holder, place) \
             VALUES ('{job}', '{SLOT}', 'running', '{SLOT}', 's', 'nobody', '{{}}')"
        );
        self.server.root(&insert).await;
        let id = format!("SELECT id FROM nightshift.job_run WHERE job = '{job}'");
        self.run = self.server.root(&id).await[0][0].parse().unwrap();
        self
    }

    /// A login of the job's user through the relay.
    pub async fn open(&self, time: Duration) -> Result<Connected, aurora_sql::SqlError> {
        let to = Endpoint {
            host: "localhost".to_owned(),
            port: self.relay.port(),
        };
        let password = Secret::new(PASSWORD);
        let login = Login {
            user: self.name,
            password: &password,
        };
        let access = Access {
            ca: Some(self.server.ca().to_owned()),
            plain_text: false,
            database: Some(self.job.database.clone()),
            connect: Duration::from_secs(5),
            statement: Duration::from_secs(10),
            lock_wait: Duration::from_secs(1),
            until: Instant::now() + time + aurora_sql::Session::ENDING,
        };
        Servers.open(&to, login, &access).await
    }

    /// One turn at the run, by a holder of its own; `None` where the job's lock is not to be had.
    pub async fn turn(&self, terms: Terms) -> Option<Ended> {
        let mut session = self.open(terms.time).await.unwrap();
        let lock = format!("nightshift.job.{}", self.job.job);
        if !session.lock(&lock, Duration::from_secs(1)).await.unwrap() {
            return None;
        }
        let number = self.attempt.fetch_add(1, Ordering::Relaxed);
        let holder = Holder(format!("invocation-{number}"));
        let take_up = format!(
            "UPDATE nightshift.job_run SET holder = '{}' WHERE id = {}",
            holder.0, self.run
        );
        self.server.root(&take_up).await;
        let ended = self.turn_as(&mut session, &holder, terms).await;
        session.close().await;
        Some(ended)
    }

    /// One turn on this session, by whoever says so.
    pub async fn turn_as(&self, on: &mut Connected, holder: &Holder, terms: Terms) -> Ended {
        let mut run = self.run().await;
        self.before.store(self.relay.count(), Ordering::Relaxed);
        if let Some((message, cut)) = terms.cut {
            self.relay.cut_at(message, cut, None);
        }
        let mut hand = Hand {
            job: &self.job,
            run: &mut run,
            holder,
            session: on,
            until: Instant::now() + terms.time,
            ends: "the function's time",
            longest: terms.longest,
        };
        let ended = if self.job.partitions.is_some() {
            rotate::shift(&mut hand).await
        } else {
            supervise::run(&mut hand).await
        };
        if matches!(ended, Ended::Through) {
            let mut kept = self.run().await;
            // A commit takes time as well, which the statement before it cannot know.
            kept.tally.busy_ms = run.tally.busy_ms;
            assert_eq!((run.tally, run.place), (kept.tally, kept.place));
        }
        ended
    }

    /// How many messages the last turn sent behind the lock, its farewell included.
    pub async fn messages(&self) -> usize {
        self.relay.all_closed().await;
        self.relay.count() - self.before.load(Ordering::Relaxed)
    }

    /// Turns until the run is over, each a new login; how it ended. What is away is tried again.
    pub async fn to_the_end(&self, first: Terms) -> Ended {
        let mut terms = Some(first);
        for _ in 0..20 {
            match self.turn(terms.take().unwrap_or_default()).await {
                Some(Ended::Away(_)) | None => {}
                Some(ended) => return ended,
            }
        }
        panic!("it does not end");
    }

    /// The run, as the ledger has it.
    pub async fn run(&self) -> Run {
        let sql = format!(
            "SELECT place, steps, rows_gone, rows_copied, rows_children, checksum, busy_ms \
             FROM nightshift.job_run WHERE id = {}",
            self.run
        );
        let row = self.server.root(&sql).await.remove(0);
        let number = |column: usize| row[column].parse().unwrap();
        let slot: Timestamp = format!("{}Z", SLOT.replace(' ', "T")).parse().unwrap();
        Run {
            id: RunId(self.run),
            slot,
            began: slot,
            ended: None,
            state: State::Running,
            error: None,
            spec: "s".to_owned(),
            place: serde_json::from_str::<Place>(&row[0]).unwrap(),
            tally: Tally {
                steps: number(1),
                rows: number(2),
                copied: number(3),
                children: number(4),
                checksum: number(5),
                busy_ms: number(6),
            },
            attempts: 1,
            told: false,
        }
    }

    /// Steps, rows gone and rows copied, as the ledger has them.
    pub async fn tally(&self) -> (u64, u64, u64) {
        let tally = self.run().await.tally;
        (tally.steps, tally.rows, tally.copied)
    }

    /// How many statements of the job's user run on the server.
    pub async fn running(&self) -> usize {
        let sql = "SELECT id FROM performance_schema.processlist \
                   WHERE user = '{}' AND command IN ('Query', 'Execute')";
        self.ask(sql).await.len()
    }

    /// Waits until none does.
    pub async fn until_none_runs(&self) {
        for _ in 0..400 {
            if self.running().await == 0 {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
        panic!("a statement runs on");
    }
}

/// The words of a run that is over though not through.
pub fn words(ended: Option<Ended>) -> String {
    match ended {
        Some(Ended::Stopped(why) | Ended::Failed(why) | Ended::Left(why)) => why,
        other => panic!("{other:?}"),
    }
}
