//! What takes the most room: accounts in memory, tables on disk.

use aurora_sql::{Row, SqlError, Statement};

use super::spell::number;

/// So many are told of.
const MOST: u64 = 10;

/// The accounts that hold the most memory.
/// <https://dev.mysql.com/doc/refman/8.0/en/performance-schema-memory-summary-tables.html>
pub(super) fn accounts() -> Statement {
    Statement::new(
        "asking for the memory of the accounts",
        "SELECT CONCAT(USER, '@', HOST) AS account, \
         GREATEST(SUM(CURRENT_NUMBER_OF_BYTES_USED), 0) AS bytes \
         FROM performance_schema.memory_summary_by_account_by_event_name \
         WHERE USER IS NOT NULL GROUP BY USER, HOST HAVING bytes > 0 \
         ORDER BY bytes DESC, account LIMIT ",
    )
    .number(MOST)
}

/// The largest tables, with all their partitions, whose names stand behind `#p#`.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-tablespaces-table.html>
pub(super) fn tables() -> Statement {
    Statement::new(
        "asking for the size of the tables",
        "SELECT SUBSTRING_INDEX(SUBSTRING_INDEX(NAME, '#p#', 1), '#P#', 1) AS whole, \
         SUM(FILE_SIZE) AS bytes FROM information_schema.INNODB_TABLESPACES \
         WHERE SPACE_TYPE = 'Single' GROUP BY whole ORDER BY bytes DESC, whole LIMIT ",
    )
    .number(MOST)
}

/// A name and its bytes.
pub(super) fn sized(row: &Row) -> Result<(String, u64), SqlError> {
    Ok((row.required_text(0)?, number(row, 1)?))
}

/// A table and its bytes; the table as SQL spells it.
pub(super) fn table(row: &Row) -> Result<(String, u64), SqlError> {
    let (name, bytes) = sized(row)?;
    Ok((name.replacen('/', ".", 1), bytes))
}
