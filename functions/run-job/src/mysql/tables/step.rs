//! One step, in one transaction.

use std::time::Duration;

use aurora_sql::{Session, SqlError, Statement};
use jobs::ledger;
use tokio::time::Instant;

use super::{
    archive,
    checksum::{self, Sum},
    children, spell,
};
use crate::database::{Done, Place, Step, Walk};

/// What the ledger is told, or why nothing is done.
enum Worked<'a> {
    Note(Note<'a>),
    Undo(Done),
}

struct Note<'a> {
    place: std::borrow::Cow<'a, Place>,
    rows: Sum,
    copied: u64,
    children: u64,
    whole: bool,
}

pub(super) async fn step(
    session: &mut Session,
    walk: &Walk<'_>,
    step: &Step<'_>,
) -> Result<Done, SqlError> {
    let began = Instant::now();
    begin(session).await?;
    let done = match work(session, walk, step).await {
        Ok(Worked::Note(note)) => keep(session, step, note, began).await,
        Ok(Worked::Undo(done)) => Ok((done, false)),
        Err(error) => Err(error),
    };
    match done {
        Ok((done, true)) => Ok(done),
        Ok((done, false)) => {
            undo(session).await?;
            Ok(done)
        }
        Err(error) => {
            // Where this fails too the session is over, and the server undoes it by itself.
            let _undone = undo(session).await;
            Err(error)
        }
    }
}

/// Two statements, sent together. Only the next transaction is at `READ COMMITTED`, under which rows
/// that do not go are not kept locked, nor the gaps between them.
/// <https://dev.mysql.com/doc/refman/8.0/en/innodb-transaction-isolation-levels.html>
async fn begin(session: &mut Session) -> Result<(), SqlError> {
    let sql = "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; START TRANSACTION";
    let statement = Statement::new("beginning a step", sql);
    session.execute(&statement).await.map(drop)
}

async fn undo(session: &mut Session) -> Result<(), SqlError> {
    let statement = Statement::new("undoing a step", "ROLLBACK");
    session.execute(&statement).await.map(drop)
}

/// The note and the commit: whether it is committed.
async fn keep(
    session: &mut Session,
    step: &Step<'_>,
    note: Note<'_>,
    began: Instant,
) -> Result<(Done, bool), SqlError> {
    let busy = began.elapsed();
    if session.execute(&written(step, &note, busy)).await? == 0 {
        return Ok((Done::NotOurs, false));
    }
    let committing = Instant::now();
    let statement = Statement::new("committing a step", "COMMIT");
    session.execute(&statement).await?;
    Ok((note.done(committing.elapsed()), true))
}

fn written(step: &Step<'_>, note: &Note<'_>, busy: Duration) -> Statement {
    // A place is made of numbers and texts: it can always be written.
    let place = serde_json::to_string(&note.place).unwrap_or_default();
    let milliseconds = u64::try_from(busy.as_millis()).unwrap_or(u64::MAX);
    Statement::new("noting the step", ledger::STEP)
        .bind(place)
        .bind(note.rows.rows)
        .bind(note.copied)
        .bind(note.children)
        .bind(note.rows.checksum)
        .bind(milliseconds)
        .bind(step.run.0)
        .bind(step.holder.0.as_str())
}

impl Note<'_> {
    const fn done(&self, commit: Duration) -> Done {
        let (children, Sum { rows, checksum }) = (self.children, self.rows);
        let copied = self.copied;
        if self.whole {
            Done::Whole {
                rows,
                copied,
                children,
                checksum,
                commit,
            }
        } else {
            Done::Children { children, commit }
        }
    }
}

async fn work<'a>(
    session: &mut Session,
    walk: &Walk<'_>,
    step: &Step<'a>,
) -> Result<Worked<'a>, SqlError> {
    let most = u64::from(step.most);
    let rows = lock(session, walk, step).await?;
    if rows.rows > most {
        return Ok(Worked::Undo(Done::TooMany));
    }
    if rows.rows == 0 {
        return Ok(whole(step, rows, 0, 0));
    }
    let swept = children::sweep(session, walk, &step.range, most).await?;
    if swept.more || (swept.gone > 0 && swept.gone + rows.rows > most) {
        return Ok(part(step, swept.gone));
    }
    let copied = match walk.into {
        Some(into) => archive::copy(session, walk, into, &step.range).await?,
        None => 0,
    };
    if let Some(done) = unproven(session, walk, step, rows, copied).await? {
        return Ok(Worked::Undo(done));
    }
    if delete(session, walk, step).await? != rows.rows {
        return Ok(Worked::Undo(Done::Moved));
    }
    Ok(whole(step, rows, copied, swept.gone))
}

fn whole<'a>(step: &Step<'a>, rows: Sum, copied: u64, children: u64) -> Worked<'a> {
    let place = std::borrow::Cow::Borrowed(step.then);
    Worked::Note(Note {
        place,
        rows,
        copied,
        children,
        whole: true,
    })
}

/// Only children went: the run goes on where this stretch begins.
fn part<'a>(step: &Step<'a>, children: u64) -> Worked<'a> {
    let place = Place {
        after: step.range.after.clone(),
        ..step.then.clone()
    };
    let place = std::borrow::Cow::Owned(place);
    let (rows, copied, whole) = (Sum::default(), 0, false);
    Worked::Note(Note {
        place,
        rows,
        copied,
        children,
        whole,
    })
}

/// Locks the rows and sums them: for an archive whole, otherwise their primary keys. Where they may be
/// too many, one more than may go at most.
async fn lock(session: &mut Session, walk: &Walk<'_>, step: &Step<'_>) -> Result<Sum, SqlError> {
    let sql = Statement::new("locking the rows", checksum::ANSWER);
    let sql = if step.entries <= step.most {
        let sql = crc(sql, walk).sql(checksum::END).sql(" FROM ");
        locked(sql, walk, step).sql(" FOR UPDATE")
    } else {
        let most = u64::from(step.most) + 1;
        let sql = sql.sql("`crc`").sql(checksum::END).sql(" FROM (SELECT ");
        let sql = locked(crc(sql, walk).sql(" AS `crc` FROM "), walk, step);
        sql.sql(" LIMIT ? FOR UPDATE) AS `found`").bind(most)
    };
    checksum::read(&session.query(&sql).await?, &sql)
}

fn crc(sql: Statement, walk: &Walk<'_>) -> Statement {
    let name = |sql, column: &crate::database::Column| spell::column(sql, walk.table, &column.name);
    if walk.into.is_some() {
        return checksum::of_row(sql, archive::columns(walk.table), name);
    }
    let key = walk.table.primary().map(|key| walk.table.key(key));
    checksum::of_key(sql, key.unwrap_or_default(), name)
}

fn locked(sql: Statement, walk: &Walk<'_>, step: &Step<'_>) -> Statement {
    spell::stretch(spell::forced(sql, walk), walk, &step.range)
}

/// Why the copies are not proven. More copies than rows were locked: they came in between.
async fn unproven(
    session: &mut Session,
    walk: &Walk<'_>,
    step: &Step<'_>,
    rows: Sum,
    copied: u64,
) -> Result<Option<Done>, SqlError> {
    let Some(into) = walk.into else {
        return Ok(None);
    };
    if copied > rows.rows {
        return Ok(Some(Done::Moved));
    }
    let found = archive::copies(session, walk, into, &step.range).await?;
    Ok(
        (found != rows || copied != rows.rows).then_some(Done::Differs {
            rows: rows.rows,
            copied: found.rows,
        }),
    )
}

async fn delete(session: &mut Session, walk: &Walk<'_>, step: &Step<'_>) -> Result<u64, SqlError> {
    let sql = spell::hint(Statement::new("deleting the rows", "DELETE "), walk).sql("FROM ");
    let sql = spell::stretch(spell::table(sql, walk.table), walk, &step.range);
    session.execute(&sql).await
}
