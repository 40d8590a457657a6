//! Why nothing is done to a table's partitions.

use aurora_model::Span;
use jiff::civil::DateTime;

use super::MOST_NEW;

/// Why nothing is done, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such table, or it has no partitions.
    #[error(
        "partitions.table: {0} is not there, has no partitions, or the job's user has no right on it"
    )]
    NotThere(String),
    /// It is partitioned by something else.
    #[error(
        "partitions.table: it is partitioned by {0}; served are RANGE (TO_DAYS(column)), \
         RANGE (UNIX_TIMESTAMP(column)) and RANGE COLUMNS of one DATE or DATETIME, with dates as bounds"
    )]
    NotByTime(String),
    /// Its partitions have subpartitions.
    #[error("partitions.table: its partitions have subpartitions, which are not served")]
    Subpartitions,
    /// `every` is not in days.
    #[error("partitions.every: expected whole days such as 1d or 7d, got {0}")]
    NotWholeDays(Span),
    /// A date is too far away.
    #[error(
        "partitions: a bound is at a date that cannot be reckoned with; make every, ahead and keep less"
    )]
    NoSuchDate,
    /// Too many partitions are missing.
    #[error(
        "partitions.ahead: more than {MOST_NEW} partitions are missing{}; make ahead less, or add \
         partitions up to today by hand", .behind.map(|bound| format!(" behind {bound}")).unwrap_or_default()
    )]
    TooManyNew {
        /// The last bound there is.
        behind: Option<DateTime>,
    },
    /// The rail.
    #[error(
        "partitions.max_drops: {past} partitions are past their age, more than the {max} that one run \
         may take away; nothing was done. If that is right, set max_drops to {past} for one run"
    )]
    TooManyPast {
        /// How many are past their age.
        past: usize,
        /// How many may go.
        max: u32,
    },
    /// The partition that ends at `MAXVALUE` has rows.
    #[error(
        "partition {partition}, which ends at MAXVALUE, has rows: to add partitions in front of it, \
         MySQL would copy them with the table locked. Split it by hand at a quiet time (ALTER TABLE … \
         REORGANIZE PARTITION), or delete its rows"
    )]
    OpenEndHasRows {
        /// Its name.
        partition: String,
    },
    /// Rows without a date.
    #[error(
        "partition {partition} is past its age, but {rows} of its rows have no date in {column}: nobody \
         knows their age. Give them one, or delete them"
    )]
    Undated {
        /// The partition.
        partition: String,
        /// How many rows.
        rows: u64,
        /// The column.
        column: String,
    },
    /// The name of the archive table would be too long.
    #[error(
        "the archive table {0} would have a name of more than 64 characters; drop the partition, or give it a shorter name"
    )]
    LongName(String),
    /// The archive table has rows of something else.
    #[error(
        "the archive table {table} has {rows} rows, and partition {partition} has rows as well: nothing \
         was exchanged. Rename the table, or move its rows elsewhere"
    )]
    ArchiveInUse {
        /// The table.
        table: String,
        /// How many rows it has.
        rows: u64,
        /// The partition.
        partition: String,
    },
    /// Rows came while the partition was emptied.
    #[error(
        "rows came into partition {partition} after its rows were moved to {table}: it was not dropped. \
         Move them there as well (INSERT … SELECT, DELETE), and see who writes rows of that age"
    )]
    NewRows {
        /// The partition.
        partition: String,
        /// Where its rows are.
        table: String,
    },
    /// Rows come into the partition all the time.
    #[error(
        "rows come into partition {partition}, which is past its age, or go from it, as fast as they are \
         counted: it was not dropped. See who writes rows of that age"
    )]
    StillWritten {
        /// The partition.
        partition: String,
    },
}
