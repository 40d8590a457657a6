//! Who waits for a lock of `InnoDB`'s.

use std::collections::{BTreeSet, HashMap};

use aurora_sql::{Row, SqlError, Statement};

use super::{
    spell::{number, optional, text},
    transactions::Open,
};
use crate::database::look::{Session, Wait};

/// So many are read.
pub(super) const MOST: usize = 5_000;

/// A request for a lock, and a transaction that is in its way.
pub(super) struct Blocked {
    waiter: u64,
    transaction: u64,
    holder: Option<u64>,
    by: u64,
    object: String,
    mode: String,
}

/// Each lock that is waited for is looked up by its id. To look up those of a transaction would make the
/// server write down all it holds, which may be millions.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-data-lock-waits-table.html>
pub(super) fn statement() -> Statement {
    Statement::new(
        "asking for the lock waits",
        "SELECT STRAIGHT_JOIN waits.waiter, waits.transaction, waits.holder, waits.by_transaction, \
         locks.OBJECT_SCHEMA, locks.OBJECT_NAME, locks.INDEX_NAME, locks.LOCK_MODE \
         FROM (SELECT ENGINE AS engine, REQUESTING_ENGINE_LOCK_ID AS request, \
         REQUESTING_THREAD_ID AS waiter, REQUESTING_ENGINE_TRANSACTION_ID AS transaction, \
         BLOCKING_THREAD_ID AS holder, BLOCKING_ENGINE_TRANSACTION_ID AS by_transaction \
         FROM performance_schema.data_lock_waits LIMIT ",
    )
    .number(MOST as u64)
    .sql(
        ") AS waits JOIN performance_schema.data_locks AS locks \
         ON locks.ENGINE_LOCK_ID = waits.request AND locks.ENGINE = waits.engine",
    )
}

pub(super) fn blocked(row: &Row) -> Result<Blocked, SqlError> {
    let index = text(row, 6)?.map(|index| format!(" ({index})"));
    let (schema, table) = (row.required_text(4)?, row.required_text(5)?);
    Ok(Blocked {
        waiter: optional(row, 0)?.unwrap_or(0),
        transaction: number(row, 1)?,
        holder: optional(row, 2)?,
        by: number(row, 3)?,
        object: format!("{schema}.{table}{}", index.unwrap_or_default()),
        mode: row.required_text(7)?,
    })
}

/// As threads. The holder is the thread of the transaction that is in the way: the thread that is noted for
/// its lock may be the waiter's own, where `InnoDB` made the lock only when somebody came to wait for it.
/// It is 0 where no thread has that transaction: it was prepared by `XA PREPARE`.
pub(super) fn waits(blocked: Vec<Blocked>, open: &[Open], sessions: &[Session]) -> Vec<Wait> {
    let open: HashMap<_, _> = open
        .iter()
        .map(|open| (open.transaction.id, open))
        .collect();
    let threads = sessions.iter().map(|session| (session.id, session.thread));
    let threads: HashMap<_, _> = threads.collect();
    let holder = |blocked: &Blocked| match open.get(&blocked.by) {
        Some(open) => threads.get(&open.connection).copied().unwrap_or(0),
        None => blocked.holder.unwrap_or(0),
    };
    let mut seen = BTreeSet::new();
    let wait = |blocked: Blocked| {
        let holder = holder(&blocked);
        let waiting = open.get(&blocked.transaction);
        let once = holder != blocked.waiter && seen.insert((blocked.waiter, holder));
        once.then(|| Wait {
            waiter: blocked.waiter,
            holder,
            seconds: waiting.and_then(|open| open.transaction.waiting),
            object: blocked.object,
            mode: blocked.mode,
            metadata: false,
        })
    };
    blocked.into_iter().filter_map(wait).collect()
}
