//! The application: 60 operations a second, whatever happens.

use std::sync::{Arc, Mutex};

use mysql_async::{Conn, Error, prelude::Queryable};
use tokio::{
    task::JoinSet,
    time::{Instant, Interval, MissedTickBehavior, interval},
};

use crate::stage::Stage;

/// Operations a second of each kind.
pub const RATE: f64 = 15.0;
/// Sessions of each kind: one that waits for a lock leaves the others.
const SESSIONS: u64 = 4;

/// What the application does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A new row.
    Insert,
    /// A row by its primary key, of those that stay.
    Read,
    /// A change to a row that stays.
    UpdateNew,
    /// A change to a row that goes, or is gone.
    UpdateOld,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Insert, Self::Read, Self::UpdateNew, Self::UpdateOld];
}

/// One operation. It has its time from the moment it was due, not from the moment a session was
/// free for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Operation {
    /// What it was.
    pub kind: Kind,
    /// When it was due, in seconds of the run.
    pub due: f64,
    /// How long it took, in milliseconds.
    pub ms: f64,
    /// MySQL's number of the error it ended with; 0 where the error is not the server's.
    pub error: Option<u16>,
}

/// The application while it runs; it ends when it is dropped.
pub struct Foreground {
    done: Arc<Mutex<Vec<Operation>>>,
    _sessions: JoinSet<()>,
}

impl Foreground {
    /// Logs in and begins. Times are counted from `origin`.
    pub async fn start(stage: &Stage, origin: Instant) -> Self {
        let done = Arc::default();
        let mut sessions = JoinSet::new();
        for (number, kind) in (0..).zip(Kind::ALL) {
            let mut beats = interval(std::time::Duration::from_secs_f64(1.0 / RATE));
            // Beats for which no session is free are not made up for.
            beats.set_missed_tick_behavior(MissedTickBehavior::Skip);
            let beats = Arc::new(tokio::sync::Mutex::new(beats));
            for session in 0..SESSIONS {
                let client = Client {
                    kind,
                    origin,
                    rows: Rows {
                        all: stage.rows(),
                        old: stage.last_old(),
                    },
                    dice: Dice(number * SESSIONS + session),
                    beats: Arc::clone(&beats),
                    done: Arc::clone(&done),
                };
                let login = stage.session().await.expect("the application logs in");
                sessions.spawn(client.go_on(login));
            }
        }
        Self {
            done,
            _sessions: sessions,
        }
    }

    /// What it has done so far.
    pub fn done(&self) -> Vec<Operation> {
        self.done.lock().expect("no panic under this lock").clone()
    }
}

/// Which ids there are.
#[derive(Clone, Copy)]
struct Rows {
    all: u64,
    old: u64,
}

/// One session of the application.
struct Client {
    kind: Kind,
    origin: Instant,
    rows: Rows,
    dice: Dice,
    beats: Arc<tokio::sync::Mutex<Interval>>,
    done: Arc<Mutex<Vec<Operation>>>,
}

impl Client {
    async fn go_on(mut self, mut session: Conn) {
        loop {
            let due = self.beats.lock().await.tick().await;
            let statement = statement(self.kind, self.rows, &mut self.dice);
            let ended = session.query_drop(statement).await;
            let operation = Operation {
                kind: self.kind,
                due: due.duration_since(self.origin).as_secs_f64(),
                ms: due.elapsed().as_secs_f64() * 1e3,
                error: ended.as_ref().err().map(code),
            };
            self.done
                .lock()
                .expect("no panic under this lock")
                .push(operation);
            if matches!(operation.error, Some(0)) {
                return; // the server is gone
            }
        }
    }
}

fn statement(kind: Kind, rows: Rows, dice: &mut Dice) -> String {
    let Rows { all, old } = rows;
    let new = old + 1 + dice.below(all - old);
    match kind {
        Kind::Insert => format!(
            "INSERT INTO shop.access_logs (created_at, user_id, path, status, body) \
             VALUES (NOW(3), {}, '/orders/new', 200, REPEAT('x', 256))",
            dice.below(100_000)
        ),
        Kind::Read => format!("SELECT * FROM shop.access_logs WHERE id = {new}"),
        Kind::UpdateNew => update(new),
        Kind::UpdateOld => update(1 + dice.below(old)),
    }
}

fn update(id: u64) -> String {
    format!("UPDATE shop.access_logs SET status = status + 1 WHERE id = {id}")
}

const fn code(error: &Error) -> u16 {
    match error {
        Error::Server(error) => error.code,
        _ => 0,
    }
}

/// The same numbers in every run: `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut it = self.0;
        it = (it ^ (it >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        it = (it ^ (it >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (it ^ (it >> 31)) % limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(kind: Kind) -> Vec<u64> {
        let (rows, mut dice) = (Rows { all: 10, old: 6 }, Dice(1));
        let statements = (0..500).map(|_| statement(kind, rows, &mut dice));
        let id = |text: String| text.rsplit(' ').next().unwrap().parse().unwrap();
        let mut ids: Vec<u64> = statements.map(id).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    #[test]
    fn old_rows_are_those_that_go_and_new_ones_those_that_stay() {
        assert_eq!(ids(Kind::UpdateOld), [1, 2, 3, 4, 5, 6]);
        assert_eq!(ids(Kind::UpdateNew), [7, 8, 9, 10]);
        assert_eq!(ids(Kind::Read), [7, 8, 9, 10]);
    }
}
