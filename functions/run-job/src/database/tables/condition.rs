//! Which rows go, with every value in it: the same for the whole run.

use jiff::civil::{Date, DateTime};
use jobs::policy::{Name, Operator};

/// Which rows go.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Those whose column is less than a value, and for which a test holds.
    Aged {
        /// Where a row's age is read.
        column: Name,
        /// The least value that stays.
        before: Literal,
        /// What must hold besides.
        and: Option<Test>,
    },
    /// Those for which SQL of the team's own holds. It has been looked through: it stays within
    /// parentheses around it.
    Free(Vec<Piece>),
}

/// One column held against values.
#[derive(Clone, Debug, PartialEq)]
pub struct Test {
    /// The column.
    pub column: Name,
    /// How it is compared.
    pub operator: Operator,
    /// With what: several for `in` and `not-in`, none for `is` and `is-not`, otherwise one.
    pub values: Vec<Literal>,
}

/// A value that is the same for the whole run.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// A number, as JSON and MySQL both spell it.
    Number(serde_json::Number),
    /// A `DATE`.
    Date(Date),
    /// A `DATETIME` as the column is written, or a `TIMESTAMP` in UTC.
    DateTime(DateTime),
}

/// A piece of the team's own SQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// As it was written.
    Sql(String),
    /// `:now`: the trigger's time in UTC.
    Now(DateTime),
}
