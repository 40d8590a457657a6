//! Looks at both servers while a run goes on.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use mysql_async::{Conn, prelude::Queryable};
use tokio::{
    task::JoinSet,
    time::{Instant, Interval, MissedTickBehavior, interval},
};

use crate::stage::Stage;

/// How often the positions are read.
pub const POSITIONS: Duration = Duration::from_millis(50);
/// How often the rest is read.
const STATES: Duration = Duration::from_millis(500);

/// How far a server was: it had executed the transactions up to `number`, no less and no more, at
/// some moment between the question and the answer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Position {
    /// When it was asked, in seconds of the run.
    pub asked: f64,
    /// When it answered.
    pub answered: f64,
    /// The last transaction of the writer that it had executed.
    pub number: u64,
}

/// What the writer counted.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct State {
    /// When, in seconds of the run.
    pub at: f64,
    /// Rows deleted since its start.
    pub deleted: u64,
    /// The history list length of `InnoDB`.
    pub history: u64,
}

/// All that was seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// Where the writer was.
    pub writer: Vec<Position>,
    /// Where the replica was.
    pub replica: Vec<Position>,
    /// What the writer counted.
    pub states: Vec<State>,
}

/// The onlookers; they go when it is dropped.
pub struct Watch {
    seen: Arc<Mutex<Seen>>,
    _tasks: JoinSet<()>,
}

impl Watch {
    /// Logs in on both and begins. Times are counted from `origin`.
    pub async fn start(stage: &Stage, origin: Instant) -> Self {
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let mut tasks = JoinSet::new();
        let mut writer = stage.session().await.expect("the writer is up");
        let uuid: Option<String> = writer
            .query_first("SELECT @@server_uuid")
            .await
            .ok()
            .flatten();
        let uuid = uuid.expect("a server has a UUID");
        let replica = stage.session_on_replica().await.expect("the replica is up");
        for (session, of_writer) in [(writer, true), (replica, false)] {
            let (seen, uuid) = (Arc::clone(&seen), uuid.clone());
            tasks.spawn(positions(session, uuid, origin, move |position| {
                let seen = &mut *seen.lock().expect("no panic under this lock");
                let positions = if of_writer {
                    &mut seen.writer
                } else {
                    &mut seen.replica
                };
                positions.push(position);
            }));
        }
        let session = stage.session().await.expect("the writer is up");
        tasks.spawn(states(session, origin, Arc::clone(&seen)));
        Self {
            seen,
            _tasks: tasks,
        }
    }

    /// All that was seen so far.
    pub fn seen(&self) -> Seen {
        self.seen.lock().expect("no panic under this lock").clone()
    }

    /// The last of the writer's transactions, and of those the replica has.
    pub fn last(&self) -> (u64, u64) {
        let seen = self.seen.lock().expect("no panic under this lock");
        let last = |positions: &[Position]| positions.last().map_or(0, |it| it.number);
        (last(&seen.writer), last(&seen.replica))
    }
}

/// Asks again and again, until the server is gone.
async fn positions(
    mut session: Conn,
    uuid: String,
    origin: Instant,
    note: impl Fn(Position) + Send,
) {
    let mut beats = beats(POSITIONS);
    loop {
        beats.tick().await;
        let asked = origin.elapsed().as_secs_f64();
        let gtids = session.query_first("SELECT @@global.gtid_executed").await;
        let answered = origin.elapsed().as_secs_f64();
        let gtids: Result<Option<String>, _> = gtids;
        let Ok(Some(gtids)) = gtids else { return };
        let number = last_of(&gtids, &uuid);
        note(Position {
            asked,
            answered,
            number,
        });
    }
}

/// The same for what the writer counts.
async fn states(mut session: Conn, origin: Instant, seen: Arc<Mutex<Seen>>) {
    let ask = "SELECT (SELECT CAST(variable_value AS UNSIGNED) \
               FROM performance_schema.global_status WHERE variable_name = 'Innodb_rows_deleted'), \
               (SELECT CAST(count AS UNSIGNED) FROM information_schema.innodb_metrics \
               WHERE name = 'trx_rseg_history_len')";
    let mut beats = beats(STATES);
    loop {
        beats.tick().await;
        let Ok(Some((deleted, history))) = session.query_first(ask).await else {
            return;
        };
        let at = origin.elapsed().as_secs_f64();
        let state = State {
            at,
            deleted,
            history,
        };
        seen.lock()
            .expect("no panic under this lock")
            .states
            .push(state);
    }
}

fn beats(period: Duration) -> Interval {
    let mut beats = interval(period);
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    beats
}

/// The last transaction of `uuid` without a gap before it, of a set such as `uuid:1-5:7,other:1`.
fn last_of(gtids: &str, uuid: &str) -> u64 {
    let set = gtids
        .split(',')
        .map(str::trim)
        .find_map(|set| set.strip_prefix(uuid));
    let first = set
        .and_then(|set| set.split(':').nth(1))
        .unwrap_or_default();
    let last = first.rsplit('-').next().unwrap_or_default();
    last.parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_transaction_is_the_one_before_the_first_gap() {
        let of = |gtids| last_of(gtids, "aa");
        assert_eq!(of("aa:1-5"), 5);
        assert_eq!(of("aa:1"), 1);
        assert_eq!(of("bb:1-9,\naa:1-5:7-8"), 5);
        assert_eq!(of("bb:1-9"), 0);
        assert_eq!(of(""), 0);
    }
}
