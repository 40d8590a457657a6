//! Ending a statement on the server.

use std::time::Duration;

use mysql_async::{Conn, Error, Opts, prelude::Queryable as _};
use tokio::time::{Instant, timeout_at};

/// How long ending a statement may take beyond the statement's own limit, connection included.
pub(crate) const LIMIT: Duration = Duration::from_secs(3);

/// Error 1094: there is no such connection any more.
const GONE: u16 = 1094;
/// Error 1095: it is another account's.
const NOT_OWNER: u16 = 1095;

/// Ends what connection `id` is doing, from a second connection to the same address. Whether it
/// was ended before `by`; one that had ended by itself counts.
///
/// The connection is ended with it: a procedure whose `SLEEP()` is interrupted goes on behind it.
///
/// A login may end what it does itself; another account's statements are ended by AWS's procedure.
/// <https://dev.mysql.com/doc/refman/8.0/en/kill.html>
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
pub(crate) async fn end(there: Opts, id: u32, by: Instant) -> bool {
    timeout_at(by, kill(there, id)).await.unwrap_or(false)
}

async fn kill(there: Opts, id: u32) -> bool {
    let Ok(mut second) = Conn::new(there).await else {
        return false;
    };
    let mut killed = second.query_drop(format!("KILL CONNECTION {id}")).await;
    if number(&killed) == Some(NOT_OWNER) {
        let procedure = format!("CALL mysql.rds_kill_query({id})");
        killed = second.query_drop(procedure).await;
    }
    let ended = killed.is_ok() || number(&killed) == Some(GONE);
    let _closed = second.disconnect().await;
    ended
}

fn number(answer: &Result<(), Error>) -> Option<u16> {
    match answer {
        Err(Error::Server(error)) => Some(error.code),
        _ => None,
    }
}
