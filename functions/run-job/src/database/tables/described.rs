//! A table, as `information_schema` describes it.

use jobs::policy::Name;

use super::Held;

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The schema.
    pub schema: Name,
    /// The name.
    pub name: Name,
    /// `InnoDB`; empty for a view.
    pub engine: String,
    /// The columns, in their order.
    pub columns: Vec<Column>,
    /// The visible indexes on columns, `PRIMARY` first.
    pub indexes: Vec<Index>,
    /// The foreign keys that refer to it.
    pub referred_by: Vec<ForeignKey>,
    /// Its triggers that fire when a row is deleted.
    pub delete_triggers: Vec<String>,
    /// About how many rows it has.
    pub rows: u64,
}

impl Table {
    /// The primary key, if it has one.
    #[must_use]
    pub fn primary(&self) -> Option<&Index> {
        self.index(Index::PRIMARY)
    }

    /// The index of this name.
    #[must_use]
    pub fn index(&self, name: &str) -> Option<&Index> {
        self.indexes
            .iter()
            .find(|index| index.name.as_str() == name)
    }

    /// The column of this name: MySQL tells columns apart without regard to case.
    /// <https://dev.mysql.com/doc/refman/8.0/en/identifier-case-sensitivity.html>
    #[must_use]
    pub fn column(&self, name: &Name) -> Option<&Column> {
        self.columns.iter().find(|column| column.is(name))
    }

    /// The index's columns, and behind them those of the primary key that are not among them.
    #[must_use]
    pub fn key(&self, index: &Index) -> Vec<&Column> {
        let primary = self.primary().into_iter();
        let more = primary.flat_map(|primary| &primary.columns);
        let more = more.filter(|name| !index.columns.contains(name));
        let names = index.columns.iter().chain(more);
        names.filter_map(|name| self.column(name)).collect()
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// The name.
    pub name: Name,
    /// `DATA_TYPE`: `bigint`, `varchar`, `datetime`.
    pub kind: String,
    /// `COLUMN_TYPE`: `bigint unsigned`, `varchar(40)`.
    pub full: String,
    /// Whether it may be NULL.
    pub nullable: bool,
    /// The collation of a text.
    pub collation: Option<String>,
    /// Whether it is computed: it cannot be inserted.
    pub generated: bool,
}

impl Column {
    /// Whether this is its name.
    #[must_use]
    pub fn is(&self, name: &Name) -> bool {
        self.name.as_str().to_lowercase() == name.as_str().to_lowercase()
    }

    /// How a value of it is held in a key; `None` where it cannot be held exactly.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        Held::of(self)
    }
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// The name; `PRIMARY` for the primary key.
    pub name: Name,
    /// Its columns, in their order.
    pub columns: Vec<Name>,
    /// Whether it is a plain one that can be walked upwards: a B-tree on whole, ascending columns.
    pub plain: bool,
    /// Whether no two rows have the same values in it.
    pub unique: bool,
}

impl Index {
    /// The name of every primary key.
    pub const PRIMARY: &str = "PRIMARY";

    /// Whether it is the primary key.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.name.as_str() == Self::PRIMARY
    }
}

/// A foreign key that refers to a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// The schema of the table that has it.
    pub schema: String,
    /// The table that has it.
    pub table: String,
    /// Its columns there.
    pub columns: Vec<String>,
    /// The columns here that they refer to.
    pub references: Vec<String>,
    /// What happens there when a row goes: `CASCADE`, `SET NULL`, `RESTRICT`, `NO ACTION`.
    pub on_delete: String,
}
