//! What `InnoDB` counts.

use aurora_sql::{Row, SqlError, Statement};

use super::spell::number;

/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-innodb-metrics-table.html>
pub(super) fn statement() -> Statement {
    Statement::new(
        "asking what InnoDB counts",
        "SELECT NAME, `COUNT` FROM information_schema.INNODB_METRICS \
         WHERE NAME IN ('trx_rseg_history_len', 'lock_deadlocks') AND STATUS = 'enabled'",
    )
}

/// A number with its name.
pub(super) fn metric(row: &Row) -> Result<(String, u64), SqlError> {
    Ok((row.required_text(0)?, number(row, 1)?))
}

/// The number called `name`, if it is counted.
pub(super) fn of(metrics: &[(String, u64)], name: &str) -> Option<u64> {
    let found = metrics.iter().find(|(known, _)| known == name);
    found.map(|(_, number)| *number)
}
