//! The parts that several statements have.

use aurora_sql::Statement;
use jobs::policy::{Name, Operator};

use super::cursor;
use crate::database::{Condition, Literal, Piece, Range, Table, Test, Walk};

/// `schema`.`table`
pub(super) fn table(sql: Statement, table: &Table) -> Statement {
    let sql = sql.identifier(table.schema.identifier()).sql(".");
    sql.identifier(table.name.identifier())
}

/// `table`.`column`
pub(super) fn column(sql: Statement, table: &Table, column: &Name) -> Statement {
    let sql = sql.identifier(table.name.identifier()).sql(".");
    sql.identifier(column.identifier())
}

/// Each of `all`, with commas between.
pub(super) fn listed<T>(
    sql: Statement,
    all: impl IntoIterator<Item = T>,
    one: impl Fn(Statement, T) -> Statement,
) -> Statement {
    between(sql, ", ", all, one)
}

/// Each of `all`, with fixed SQL between.
pub(super) fn between<T>(
    sql: Statement,
    separator: &'static str,
    all: impl IntoIterator<Item = T>,
    one: impl Fn(Statement, T) -> Statement,
) -> Statement {
    all.into_iter().enumerate().fold(sql, |sql, (at, item)| {
        let sql = if at > 0 { sql.sql(separator) } else { sql };
        one(sql, item)
    })
}

/// The table, to be read by the walk's index only.
pub(super) fn forced(sql: Statement, walk: &Walk<'_>) -> Statement {
    let sql = table(sql, walk.table).sql(" FORCE INDEX (");
    sql.identifier(walk.index.name.identifier()).sql(")")
}

/// A session's own mode refuses dates with a zero in them, also where a column has them. In all else
/// this one is as strict.
/// <https://dev.mysql.com/doc/refman/8.0/en/sql-mode.html>
pub(super) const ZEROS: &str = "SET_VAR(sql_mode = 'ONLY_FULL_GROUP_BY,STRICT_ALL_TABLES,\
     ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES')";

/// A single-table `DELETE` takes no `FORCE INDEX`, but a hint. A comment's end in a name would be the
/// hint's end.
/// <https://dev.mysql.com/doc/refman/8.0/en/optimizer-hints.html>
pub(super) fn hint(sql: Statement, walk: &Walk<'_>) -> Statement {
    let names = [&walk.table.name, &walk.index.name];
    let sql = sql.sql("/*+ ").sql(ZEROS);
    if names.iter().any(|name| name.as_str().contains("*/")) {
        return sql.sql(" */ ");
    }
    let sql = sql.sql(" INDEX(").identifier(names[0].identifier());
    sql.sql(" ").identifier(names[1].identifier()).sql(") */ ")
}

/// The rows of a stretch for which the condition holds.
pub(super) fn stretch(sql: Statement, walk: &Walk<'_>, range: &Range) -> Statement {
    let mut wheres = Wheres::new(sql).and(|sql| condition(sql, walk));
    if let Some(after) = &range.after {
        wheres = wheres.and(|sql| cursor::behind(sql, walk, after));
    }
    if let Some(to) = &range.to {
        wheres = wheres.and(|sql| cursor::up_to(sql, walk, to));
    }
    wheres.done()
}

/// A `WHERE` of terms, each in parentheses.
pub(super) struct Wheres {
    sql: Statement,
    some: bool,
}

impl Wheres {
    pub const fn new(sql: Statement) -> Self {
        Self { sql, some: false }
    }

    pub fn and(self, term: impl FnOnce(Statement) -> Statement) -> Self {
        let sql = self.sql.sql(if self.some { " AND (" } else { " WHERE (" });
        let (sql, some) = (term(sql).sql(")"), true);
        Self { sql, some }
    }

    /// The part of the condition that the walk's index answers by itself. On the primary key that
    /// is an age it begins with: other columns of it would be looked for entry by entry.
    pub fn and_by_index(mut self, walk: &Walk<'_>) -> Self {
        let secondary = !walk.index.is_primary();
        match walk.condition {
            Condition::Free(_) if secondary => self.and(|sql| condition(sql, walk)),
            Condition::Free(_) => self,
            Condition::Aged {
                column,
                before,
                and,
            } => {
                let columns = &walk.index.columns;
                if columns.first() == Some(column) || (secondary && columns.contains(column)) {
                    self = self.and(|sql| aged(sql, walk, column, before));
                }
                match and {
                    Some(and) if secondary && columns.contains(&and.column) => {
                        self.and(|sql| test(sql, walk, and))
                    }
                    _ => self,
                }
            }
        }
    }

    pub fn done(self) -> Statement {
        self.sql
    }
}

/// The whole condition.
pub(super) fn condition(sql: Statement, walk: &Walk<'_>) -> Statement {
    match walk.condition {
        Condition::Free(pieces) => pieces.iter().fold(sql, |sql, piece| match piece {
            Piece::Sql(text) => sql.spelled(text),
            Piece::Now(time) => literal(sql, &Literal::DateTime(*time)),
        }),
        Condition::Aged {
            column,
            before,
            and,
        } => {
            let sql = aged(sql, walk, column, before);
            match and {
                Some(and) => test(sql.sql(" AND "), walk, and),
                None => sql,
            }
        }
    }
}

fn aged(sql: Statement, walk: &Walk<'_>, name: &Name, before: &Literal) -> Statement {
    literal(column(sql, walk.table, name).sql(" < "), before)
}

fn test(sql: Statement, walk: &Walk<'_>, test: &Test) -> Statement {
    let sql = column(sql, walk.table, &test.column);
    let sql = sql.sql(match test.operator {
        Operator::Equal => " = ",
        Operator::NotEqual => " <> ",
        Operator::Less => " < ",
        Operator::AtMost => " <= ",
        Operator::Greater => " > ",
        Operator::AtLeast => " >= ",
        Operator::In => " IN (",
        Operator::NotIn => " NOT IN (",
        Operator::Is => " IS NULL",
        Operator::IsNot => " IS NOT NULL",
    });
    let sql = listed(sql, &test.values, literal);
    match test.operator {
        Operator::In | Operator::NotIn => sql.sql(")"),
        _ => sql,
    }
}

fn literal(sql: Statement, literal: &Literal) -> Statement {
    match literal {
        Literal::Text(text) => sql.string(text),
        Literal::Number(number) => sql.spelled(&number.to_string()),
        Literal::Date(date) => sql.sql("DATE ").string(&date.to_string()),
        Literal::DateTime(time) => {
            let time = format!("{} {}", time.date(), time.time());
            sql.sql("TIMESTAMP ").string(&time)
        }
    }
}
