//! Tables that are partitioned by range of time.

use aurora_sql::SqlError;
use jiff::civil::DateTime;
use jobs::policy::Name;

/// How a table is partitioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// `PARTITION_METHOD` and `PARTITION_EXPRESSION`, as the server spells them.
    pub spelled: String,
    /// What the bounds are written in, if it is one of those that are served.
    pub bounds: Option<Bounds>,
    /// The column, where `bounds` is known.
    pub column: String,
    /// Whether partitions are divided further, which is not served.
    pub subpartitioned: bool,
    /// The partitions, in their order.
    pub partitions: Vec<Partition>,
}

/// What bounds are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// `TO_DAYS(column)`: whole days.
    ToDays,
    /// `UNIX_TIMESTAMP(column)`: seconds since 1970.
    UnixTimestamp,
    /// `RANGE COLUMNS` of one `DATE`.
    Date,
    /// `RANGE COLUMNS` of one `DATETIME`.
    DateTime,
}

/// One partition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Its name.
    pub name: String,
    /// Its upper bound, which no row of it reaches; `None` for `MAXVALUE`. For `UNIX_TIMESTAMP` in
    /// UTC, otherwise as the column is written.
    pub below: Option<DateTime>,
    /// About how many rows it has.
    pub rows: u64,
}

/// Partitions, through one login.
pub trait Partitioned {
    /// How the table is partitioned; `None` where there is no such table, or it is not partitioned.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn scheme(
        &mut self,
        schema: &Name,
        table: &Name,
    ) -> impl Future<Output = Result<Option<Scheme>, SqlError>>;

    /// Whether a partition has a row at all, looked at now.
    ///
    /// # Errors
    /// When it cannot be asked.
    fn has_rows(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
    ) -> impl Future<Output = Result<bool, SqlError>>;

    /// How many rows a partition has, and how many of them have no date in `column`: NULL, or one
    /// with zeros, which MySQL keeps in the lowest partition. All are read, without locks.
    /// <https://dev.mysql.com/doc/refman/8.0/en/partitioning-handling-nulls.html>
    ///
    /// # Errors
    /// [`SqlError::TimedOut`] where that takes more than five minutes.
    fn count(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        column: &str,
    ) -> impl Future<Output = Result<Counted, SqlError>>;

    /// How many rows a table has, counted; `None` where there is no such table.
    ///
    /// # Errors
    /// As [`count`](Self::count).
    fn size(
        &mut self,
        schema: &Name,
        table: &Name,
    ) -> impl Future<Output = Result<Option<u64>, SqlError>>;

    /// Adds partitions at the end, or in front of an empty one that ends at `MAXVALUE`.
    ///
    /// # Errors
    /// What the server refused it with; it may have taken effect where [`SqlError::unsure`] says so.
    fn add(
        &mut self,
        schema: &Name,
        table: &Name,
        scheme: &Scheme,
        new: &[Partition],
    ) -> impl Future<Output = Result<(), SqlError>>;

    /// Drops a partition if it has `rows` rows, with the table locked meanwhile: whether it was dropped.
    /// The lock is not held to count for more than a second: a partition with so many rows goes
    /// uncounted, and a row that came since it was counted before goes with it.
    /// <https://dev.mysql.com/doc/refman/8.0/en/lock-tables.html>
    ///
    /// # Errors
    /// As [`add`](Self::add).
    fn drop_partition(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        rows: u64,
    ) -> impl Future<Output = Result<bool, SqlError>>;

    /// Makes an empty table `archive`.`name` like the table, without partitions, where it is not there.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    fn make_like(
        &mut self,
        schema: &Name,
        table: &Name,
        archive: &Name,
        name: &Name,
    ) -> impl Future<Output = Result<(), SqlError>>;

    /// Exchanges the partition's rows with those of the table `archive`.`name`, which must be empty:
    /// how many rows that table has before and after. Nothing is exchanged where it has rows before.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    fn exchange(
        &mut self,
        schema: &Name,
        table: &Name,
        partition: &str,
        archive: &Name,
        name: &Name,
    ) -> impl Future<Output = Result<Exchanged, SqlError>>;
}

/// What is in a partition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// All its rows.
    pub rows: u64,
    /// Those of them without a date, whose age nobody knows.
    pub undated: u64,
}

/// What became of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exchanged {
    /// The archive table has so many rows now.
    Moved(u64),
    /// The archive table had rows before: nothing was changed.
    NotEmpty(u64),
}
