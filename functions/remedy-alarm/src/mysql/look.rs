//! One look: all the questions, in their order.
//!
//! What takes longest to wait for is begun first. `SHOW REPLICA STATUS`, which no server ends by itself when
//! its time is up, comes last: the session would be over.

mod more;

use aurora_sql::{Row, SqlError, Statement};
use tokio::time::{Instant, sleep_until};

use super::{
    Connected, about,
    gaps::{Gaps, why},
    grants::{PERFORMANCE, PROCESS},
    metadata, normalise, processlist, row_locks,
    sessions::{self, Which},
    transactions::{self, Open},
};
use crate::database::look::{Look, Session, Wanted};

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
    let started = about.started;
    let mut looking = Looking {
        session: &mut server.session,
        look: of(about),
        gaps: Gaps::default(),
    };
    if !looking.look.instrumented {
        looking
            .gaps
            .note("statements and lock waits", OFF.to_owned());
    }
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
    for session in &mut look.sessions {
        session.started = started;
    }
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
    let about = server.about().await?;
    let (instrumented, started) = (about.instrumented, about.started);
    if let Some(read) = server.transactions {
        sleep_until(read + transactions::STALE).await;
    }
    let session = &mut server.session;
    let (mut found, _) = list(session, instrumented, Which::One(id)).await?;
    let open = transactions::all(session).await;
    server.transactions = Some(Instant::now());
    sessions::join(&mut found, &transactions::by_connection(&open?));
    normalise::fill(session, &mut found).await;
    Ok(found.pop().map(|found| Session { started, ..found }))
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
        let (mut sessions, by_thread) = self.sessions().await;
        let open = transactions::all(self.session).await;
        let read = Instant::now();
        let open = self.gaps.take("transactions", PROCESS, open);
        let open = open.unwrap_or_default();
        self.gaps.cut("transactions", &open, transactions::MOST);
        sessions::join(&mut sessions, &transactions::by_connection(&open));
        if by_thread {
            self.waits(&open, &sessions).await;
            normalise::fill(self.session, &mut sessions).await;
        }
        self.look.sessions = sessions;
        read
    }

    /// The sessions, and whether they are known by their threads.
    async fn sessions(&mut self) -> (Vec<Session>, bool) {
        let instrumented = self.look.instrumented;
        let answer = list(self.session, instrumented, Which::All).await;
        let answer = self.gaps.take("sessions", PROCESS, answer);
        let (sessions, missing) = answer.unwrap_or_default();
        self.gaps.cut("sessions", &sessions, sessions::MOST);
        let Some(missing) = missing else {
            return (sessions, instrumented);
        };
        for of in ["what the sessions execute", "lock waits"] {
            self.gaps.note(of, why(missing.clone(), PERFORMANCE));
        }
        (sessions, false)
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
}
