//! Who waits for a metadata lock.

mod conflicts;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aurora_sql::{Row, SqlError, Statement};

use super::spell::{number, text};
use crate::database::look::{Session, Wait};

/// So many locks are read, and so many waits are told of.
pub(super) const MOST: usize = 10_000;

/// A lock that a thread has, or waits for, on something that is waited for.
pub(super) struct Lock {
    object: Object,
    mode: String,
    granted: bool,
    thread: u64,
}

/// What is locked: its type, its schema, its name.
type Object = (String, Option<String>, Option<String>);

/// All locks on what is waited for. The name of a lock of `GET_LOCK` may be anything that a client thought
/// of, and does not leave the server.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-metadata-locks-table.html>
pub(super) fn statement() -> Statement {
    Statement::new(
        "asking for the metadata locks",
        "SELECT locks.OBJECT_TYPE, locks.OBJECT_SCHEMA, IF(locks.OBJECT_TYPE IN \
         ('USER LEVEL LOCK', 'LOCKING SERVICE'), SHA2(locks.OBJECT_NAME, 256), locks.OBJECT_NAME), \
         locks.LOCK_TYPE, locks.LOCK_STATUS = 'GRANTED', locks.OWNER_THREAD_ID \
         FROM performance_schema.metadata_locks AS locks \
         JOIN (SELECT DISTINCT OBJECT_TYPE, OBJECT_SCHEMA, OBJECT_NAME, COLUMN_NAME \
         FROM performance_schema.metadata_locks WHERE LOCK_STATUS = 'PENDING') AS wanted \
         ON locks.OBJECT_TYPE = wanted.OBJECT_TYPE AND locks.OBJECT_SCHEMA <=> wanted.OBJECT_SCHEMA \
         AND locks.OBJECT_NAME <=> wanted.OBJECT_NAME AND locks.COLUMN_NAME <=> wanted.COLUMN_NAME \
         WHERE locks.LOCK_STATUS IN ('GRANTED', 'PENDING') LIMIT ",
    )
    .number(MOST as u64)
}

pub(super) fn lock(row: &Row) -> Result<Lock, SqlError> {
    Ok(Lock {
        object: (row.required_text(0)?, text(row, 1)?, text(row, 2)?),
        mode: row.required_text(3)?,
        granted: number(row, 4)? != 0,
        thread: number(row, 5)?,
    })
}

/// Who is in whose way: with a lock that was granted, or with one that was asked for and goes before.
pub(super) fn waits(locks: &[Lock], sessions: &[Session]) -> Vec<Wait> {
    let since = sessions
        .iter()
        .map(|session| (session.thread, session.seconds));
    let since: HashMap<_, _> = since.collect();
    let mut of: BTreeMap<&Object, Vec<&Lock>> = BTreeMap::new();
    for lock in locks {
        of.entry(&lock.object).or_default().push(lock);
    }
    let waits = locks
        .iter()
        .filter(|lock| !lock.granted)
        .flat_map(|waiter| {
            let holders: BTreeSet<u64> = of[&waiter.object]
                .iter()
                .filter(|other| in_the_way(waiter, other))
                .map(|other| other.thread)
                .collect();
            let seconds = since.get(&waiter.thread).copied();
            holders
                .into_iter()
                .map(move |holder| wait(waiter, holder, seconds))
        });
    waits.take(MOST).collect()
}

fn in_the_way(waiter: &Lock, other: &Lock) -> bool {
    let incompatible = conflicts::with(&waiter.object.0, &waiter.mode, other.granted);
    waiter.thread != other.thread && incompatible.contains(&other.mode.as_str())
}

/// The server does not say since when one waits for a metadata lock: it is not longer than the command takes.
fn wait(waiter: &Lock, holder: u64, seconds: Option<u64>) -> Wait {
    Wait {
        waiter: waiter.thread,
        holder,
        seconds,
        object: name(&waiter.object),
        mode: waiter.mode.clone(),
        metadata: true,
    }
}

/// `shop.orders`, and `global`, `schema shop`, `procedure shop.close`, `user level lock`.
fn name((of, schema, name): &Object) -> String {
    let hidden = ["USER LEVEL LOCK", "LOCKING SERVICE"].contains(&of.as_str());
    let name = name.as_deref().filter(|_| !hidden);
    let names: Vec<&str> = schema.as_deref().into_iter().chain(name).collect();
    let names = names.join(".");
    match (of.as_str(), names.as_str()) {
        ("TABLE", names) => names.to_owned(),
        (of, "") => of.to_lowercase(),
        (of, names) => format!("{} {names}", of.to_lowercase()),
    }
}
