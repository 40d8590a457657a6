//! One look: all the questions, in their order.
//!
//! What takes longest to wait for is begun first. `SHOW REPLICA STATUS`, which no server ends by itself when
//! its time is up, comes last: the session would be over.

use std::time::Duration;

use aurora_sql::{Row, SqlError, Statement};
use tokio::time::{Instant, sleep_until};

use super::{
    Connected, about,
    gaps::{Gaps, why},
    grants::{LEDGER, PERFORMANCE, PROCESS, REPLICATION},
    innodb, jobs, largest, metadata, normalise, processlist, replicas, row_locks,
    sessions::{self, Which},
    statements::{self, Sample},
    transactions::{self, Open},
};
use crate::database::look::{Look, Session, Wanted};

/// How far apart the two readings of the statements are at least.
const APART: Duration = Duration::from_millis(1_500);
/// What is said where `performance_schema` is off.
const OFF: &str = "performance_schema is off";

/// A look that is under way.
struct Looking<'a> {
    session: &'a mut aurora_sql::Session,
    look: Look,
    gaps: Gaps,
}

/// What the server is doing.
pub(super) async fn look(server: &mut Connected, wanted: Wanted) -> Result<Look, SqlError> {
    let about = about::about(&mut server.session).await?;
    server.about = Some(about.clone());
    let mut looking = Looking {
        session: &mut server.session,
        look: of(about),
        gaps: Gaps::default(),
    };
    let before = looking.sample(wanted).await;
    server.transactions = Some(looking.sessions_and_waits().await);
    looking.counts().await;
    looking.largest(wanted).await;
    looking.jobs().await;
    if let Some(before) = before {
        looking.statements(&before, wanted.statements).await;
    }
    looking.replicas().await;
    let Looking { mut look, gaps, .. } = looking;
    look.gaps = gaps.0;
    Ok(look)
}

fn of(about: about::About) -> Look {
    Look {
        version: about.version,
        writable: about.writable,
        aurora: about.aurora,
        uuid: about.uuid,
        up: about.up,
        max_connections: about.max_connections,
        instrumented: about.instrumented,
        ..Look::default()
    }
}

/// The session of the connection `id`, as it is now. So that its transaction is, too, time must have passed
/// since the transactions were read last.
pub(super) async fn session(server: &mut Connected, id: u64) -> Result<Option<Session>, SqlError> {
    let instrumented = server.about().await?.instrumented;
    if let Some(read) = server.transactions {
        sleep_until(read + transactions::STALE).await;
    }
    let session = &mut server.session;
    let (mut found, _) = list(session, instrumented, Which::One(id)).await?;
    let open = transactions::all(session).await;
    server.transactions = Some(Instant::now());
    sessions::join(&mut found, &transactions::by_connection(&open?));
    normalise::fill(session, &mut found).await;
    Ok(found.pop())
}

/// The sessions, without their transactions. Where the login may not read them in `performance_schema`, as
/// the process list has them, and the error.
async fn list(
    session: &mut aurora_sql::Session,
    instrumented: bool,
    which: Which,
) -> Result<(Vec<Session>, Option<SqlError>), SqlError> {
    let mut missing = None;
    if instrumented {
        match ask(session, &sessions::statement(which), sessions::session).await {
            Err(error @ SqlError::MissingRight { .. }) => missing = Some(error),
            answer => return Ok((answer?, None)),
        }
    }
    let statement = processlist::statement(which);
    let found = ask(session, &statement, processlist::session).await?;
    Ok((found, missing))
}

async fn ask<T>(
    session: &mut aurora_sql::Session,
    statement: &Statement,
    read: impl Fn(&Row) -> Result<T, SqlError>,
) -> Result<Vec<T>, SqlError> {
    let rows = session.query(statement).await?;
    rows.iter().map(read).collect()
}

impl Looking<'_> {
    /// The answer; a gap, and nothing, where there is none.
    async fn rows<T>(
        &mut self,
        of: &'static str,
        needs: &str,
        statement: &Statement,
        read: impl Fn(&Row) -> Result<T, SqlError>,
    ) -> Vec<T> {
        let answer = ask(self.session, statement, read).await;
        self.gaps.take(of, needs, answer).unwrap_or_default()
    }

    /// When the transactions were read.
    async fn sessions_and_waits(&mut self) -> Instant {
        let (mut sessions, missing) = self.sessions().await;
        let open = transactions::all(self.session).await;
        let read = Instant::now();
        let open = self.gaps.take("transactions", PROCESS, open);
        let open = open.unwrap_or_default();
        self.gaps.cut("transactions", &open, transactions::MOST);
        sessions::join(&mut sessions, &transactions::by_connection(&open));
        match missing {
            Some(why) => self.gaps.note("lock waits", why),
            None => self.waits(&open, &sessions).await,
        }
        normalise::fill(self.session, &mut sessions).await;
        self.look.sessions = sessions;
        read
    }

    /// The sessions, and why they are not known by their threads, where they are not.
    async fn sessions(&mut self) -> (Vec<Session>, Option<String>) {
        let answer = list(self.session, self.look.instrumented, Which::All).await;
        let (sessions, missing) = self
            .gaps
            .take("sessions", PROCESS, answer)
            .unwrap_or_default();
        self.gaps.cut("sessions", &sessions, sessions::MOST);
        let off = (!self.look.instrumented).then(|| OFF.to_owned());
        let missing = missing.map(|error| why(error, PERFORMANCE)).or(off);
        if let Some(why) = &missing {
            self.gaps.note("what the sessions execute", why.clone());
        }
        (sessions, missing)
    }

    async fn waits(&mut self, open: &[Open], sessions: &[Session]) {
        let of = "lock waits";
        let statement = row_locks::statement();
        let blocked = self
            .rows(of, PERFORMANCE, &statement, row_locks::blocked)
            .await;
        self.gaps.cut(of, &blocked, row_locks::MOST);
        self.look.waits = row_locks::waits(blocked, open, sessions);
        let of = "metadata locks";
        let statement = metadata::statement();
        let locks = self.rows(of, PERFORMANCE, &statement, metadata::lock).await;
        self.gaps.cut(of, &locks, metadata::MOST);
        self.look.waits.extend(metadata::waits(&locks, sessions));
    }

    async fn sample(&mut self, wanted: Wanted) -> Option<Sample> {
        let of = "statements";
        if wanted.statements == 0 {
            return None;
        }
        if !self.look.instrumented {
            self.gaps.note(of, OFF.to_owned());
            return None;
        }
        let sample = statements::sample(self.session).await;
        self.gaps.take(of, PERFORMANCE, sample)
    }

    async fn statements(&mut self, before: &Sample, most: usize) {
        let of = "statements";
        sleep_until(before.at + APART).await;
        let after = statements::sample(self.session).await;
        let Some(after) = self.gaps.take(of, PERFORMANCE, after) else {
            return;
        };
        let top = statements::top(before, &after, most);
        if top.lost > 0 {
            let lost = top.lost;
            self.gaps.note(
                of,
                format!(
                    "the server's table of them is full: {lost} that ended meanwhile are in no row"
                ),
            );
        }
        let texts = statements::texts(self.session, &top).await;
        let texts = self.gaps.take(of, PERFORMANCE, texts).unwrap_or_default();
        self.look.sample = top.seconds;
        self.look.statements = top.digests(texts);
    }

    async fn counts(&mut self) {
        let statement = innodb::statement();
        let metrics = self
            .rows("what InnoDB counts", PROCESS, &statement, innodb::metric)
            .await;
        self.look.history = innodb::of(&metrics, "trx_rseg_history_len");
        self.look.deadlocks = innodb::of(&metrics, "lock_deadlocks");
    }

    async fn largest(&mut self, wanted: Wanted) {
        if wanted.memory && !self.look.instrumented {
            self.gaps.note("memory", OFF.to_owned());
        } else if wanted.memory {
            let statement = largest::accounts();
            self.look.memory = self
                .rows("memory", PERFORMANCE, &statement, largest::sized)
                .await;
        }
        if wanted.tables {
            let statement = largest::tables();
            self.look.tables = self
                .rows("tables", PROCESS, &statement, largest::table)
                .await;
        }
    }

    async fn jobs(&mut self) {
        let runs = jobs::runs(self.session).await;
        let runs = self.gaps.take("jobs", LEDGER, runs);
        self.look.jobs = runs.unwrap_or_default();
    }

    async fn replicas(&mut self) {
        if self.look.aurora {
            let statement = replicas::reader_lags();
            let of = "lag of the readers";
            self.look.reader_lags = self
                .rows(of, PROCESS, &statement, replicas::reader_lag)
                .await;
        }
        let statement = replicas::status();
        let channels = self
            .rows("replication", REPLICATION, &statement, replicas::channel)
            .await;
        self.look.applier = replicas::together(channels);
    }
}
