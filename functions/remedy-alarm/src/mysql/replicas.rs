//! How far replicas are: Aurora's readers, and the server itself where it replicates from elsewhere.

use aurora_sql::{Row, SqlError, Statement};

use super::spell::{fraction, number};
use crate::database::look::Applier;

/// A reader that has not told of itself for a minute has no row here.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Reference.ISTables.html>
pub(super) fn reader_lags() -> Statement {
    Statement::new(
        "asking for the lag of the readers",
        "SELECT server_id, replica_lag_in_milliseconds \
         FROM information_schema.replica_host_status \
         WHERE session_id <> 'MASTER_SESSION_ID' \
         AND last_update_timestamp > NOW(6) - INTERVAL 1 MINUTE",
    )
}

/// A reader and its lag in milliseconds.
pub(super) fn reader_lag(row: &Row) -> Result<(String, f64), SqlError> {
    Ok((row.required_text(0)?, fraction(row, 1)?))
}

/// One row for each channel; none where it is no replica.
/// <https://dev.mysql.com/doc/refman/8.0/en/show-replica-status.html>
pub(super) fn status() -> Statement {
    Statement::new("asking for the replica's status", "SHOW REPLICA STATUS")
}

/// The state of one channel.
pub(super) fn channel(row: &Row) -> Result<Applier, SqlError> {
    let runs = |name| Ok::<_, SqlError>(row.text(row.column(name)?)?.as_deref() == Some("Yes"));
    let error = |name| number(row, row.column(name)?);
    let behind = row.column("Seconds_Behind_Source")?;
    let known = row.text(behind)?.is_some();
    let (applier, receiver) = (error("Last_SQL_Errno")?, error("Last_IO_Errno")?);
    Ok(Applier {
        behind: known.then(|| fraction(row, behind)).transpose()?,
        receiving: runs("Replica_IO_Running")?,
        applying: runs("Replica_SQL_Running")?,
        error: if applier == 0 { receiver } else { applier },
    })
}

/// All channels as one: as far as the one that is furthest behind, and running where all of them are.
pub(super) fn together(channels: Vec<Applier>) -> Option<Applier> {
    channels.into_iter().reduce(|one, other| Applier {
        behind: one
            .behind
            .zip(other.behind)
            .map(|(one, other)| one.max(other)),
        receiving: one.receiving && other.receiving,
        applying: one.applying && other.applying,
        error: if one.error == 0 {
            other.error
        } else {
            one.error
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_channels_the_worst_is_told() {
        let running = |behind| Applier {
            behind,
            receiving: true,
            applying: true,
            error: 0,
        };
        let stopped = Applier {
            applying: false,
            error: 1062,
            ..running(None)
        };
        assert_eq!(together(vec![]), None);
        let channels = vec![running(Some(1.0)), running(Some(7.0))];
        assert_eq!(together(channels), Some(running(Some(7.0))));
        let channels = vec![running(Some(1.0)), stopped.clone()];
        assert_eq!(together(channels), Some(stopped));
    }
}
