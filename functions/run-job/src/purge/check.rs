//! Whether a table's rows may be taken away step by step, and why not. Nothing is asked here.

mod archive;
mod family;

use jobs::policy::{Chunk, Rows};

use crate::database::{Column, Index, Kin, Table};

/// What the server says of everything that a policy names.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen<'a> {
    pub rows: &'a Rows,
    pub table: &'a Table,
    /// For an archive: the name that the policy has, and the table, if it is there.
    pub into: Option<(&'a str, Option<&'a Table>)>,
    pub children: &'a [Kin],
}

/// Why the rows may not be taken away, each in words with the remedy; nothing where they may.
pub(super) fn refusals(seen: &Seen<'_>, chunk: &Chunk) -> Vec<String> {
    let mut refused = size(seen.rows, chunk);
    refused.extend(table(seen.table));
    if refused.is_empty() {
        refused.extend(family::refusals(seen.table, seen.children));
        refused.extend(archive::refusals(seen));
    }
    refused
}

fn size(rows: &Rows, chunk: &Chunk) -> Vec<String> {
    let mut refused = Vec::new();
    let mut within = |field: &str, value: f64, least: f64, most: f64| {
        if !(least..=most).contains(&value) {
            refused.push(format!(
                "chunk.{field}: expected {least} to {most}, got {value}"
            ));
        }
    };
    within("most", chunk.most.into(), 1.0, 100_000.0);
    within("first", chunk.first.into(), 1.0, 100_000.0);
    within("target_ms", chunk.target_ms.into(), 1.0, 60_000.0);
    within("nice_ratio", chunk.nice_ratio, 0.0, 100.0);
    if rows.max_rows == Some(0) {
        refused.push("max_rows: expected at least 1, got 0; leave it out for no limit".to_owned());
    }
    refused
}

/// What must hold of every table whose rows are deleted.
fn table(table: &Table) -> Vec<String> {
    let name = &table.name;
    if table.engine.is_empty() {
        let why = format!("{name} is a view: name the table whose rows are to go");
        return vec![why];
    }
    if !table.engine.eq_ignore_ascii_case("InnoDB") {
        return vec![format!(
            "{name} is kept by {}, where a step is no transaction: ALTER TABLE {name} ENGINE = InnoDB",
            table.engine
        )];
    }
    let mut refused = primary(table);
    refused.extend(table.delete_triggers.iter().map(|trigger| {
        format!(
            "{name} has the trigger {trigger}, which would act on each row that goes: \
             drop it, or do its work by a job of its own"
        )
    }));
    refused
}

fn primary(table: &Table) -> Vec<String> {
    let name = &table.name;
    let Some(primary) = table.primary() else {
        return vec![format!(
            "{name} has no primary key, so a run could not keep its place: \
             ALTER TABLE {name} ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY"
        )];
    };
    if !primary.plain {
        return vec![format!(
            "{name} has a primary key with a descending column or a prefix of one, which cannot be \
             walked: make it one of whole, ascending columns"
        )];
    }
    let columns = table.key(primary).into_iter();
    columns.filter_map(|column| unheld(table, column)).collect()
}

fn unheld(table: &Table, column: &Column) -> Option<String> {
    let (name, key, full) = (&table.name, &column.name, &column.full);
    column.held().is_none().then(|| {
        format!(
            "{name} has {key} {full} in its primary key, which a place cannot be kept in exactly: \
             use a whole number, a decimal, a date or time, or CHAR, VARCHAR, BINARY or VARBINARY"
        )
    })
}

/// Whether a run can keep its place in this index.
pub(super) fn walkable(table: &Table, index: &Index) -> bool {
    let columns = table.key(index);
    index.plain && !columns.is_empty() && columns.iter().all(|column| column.held().is_some())
}

#[cfg(test)]
pub(super) mod tests {
    use jobs::policy::Name;

    use super::*;
    use crate::database::ForeignKey;

    pub fn name(name: &str) -> Name {
        Name::new(name).unwrap()
    }

    pub fn column(name_: &str, full: &str) -> Column {
        let kind = full.split(['(', ' ']).next().unwrap_or(full);
        let text = matches!(kind, "char" | "varchar" | "text");
        Column {
            name: name(name_),
            kind: kind.to_owned(),
            full: full.to_owned(),
            nullable: false,
            collation: text.then(|| "utf8mb4_0900_ai_ci".to_owned()),
            generated: false,
        }
    }

    pub fn index(name_: &str, columns: &[&str]) -> Index {
        Index {
            name: name(name_),
            columns: columns.iter().copied().map(name).collect(),
            plain: true,
            unique: name_ == Index::PRIMARY,
        }
    }

    /// `logs (id, created_at, state)` with an index on its age.
    pub fn logs() -> Table {
        let created = [
            index(Index::PRIMARY, &["id"]),
            index("by_age", &["created_at"]),
        ];
        Table {
            schema: name("app"),
            name: name("logs"),
            engine: "InnoDB".to_owned(),
            columns: vec![
                column("id", "bigint unsigned"),
                column("created_at", "datetime"),
                column("state", "varchar(20)"),
            ],
            indexes: created.into(),
            referred_by: Vec::new(),
            delete_triggers: Vec::new(),
            rows: 1_000_000,
        }
    }

    pub fn foreign(table: &str, columns: &[&str], on_delete: &str) -> ForeignKey {
        ForeignKey {
            schema: "app".to_owned(),
            table: table.to_owned(),
            columns: columns.iter().map(|&c| c.to_owned()).collect(),
            references: vec!["id".to_owned()],
            on_delete: on_delete.to_owned(),
        }
    }

    pub fn rows() -> Rows {
        let rows =
            serde_json::json!({"table": "logs", "column": "created_at", "older_than": "30d"});
        serde_json::from_value(rows).unwrap()
    }

    fn refused(change: impl FnOnce(&mut Table)) -> String {
        let mut table = logs();
        change(&mut table);
        let rows = rows();
        let (table, into, children) = (&table, None, &[][..]);
        let seen = Seen {
            rows: &rows,
            table,
            into,
            children,
        };
        refusals(&seen, &Chunk::default()).join("\n")
    }

    #[test]
    fn an_ordinary_table_is_not_refused() {
        assert_eq!(refused(|_| ()), "");
    }

    #[test]
    fn what_is_no_innodb_table_with_a_key_to_walk_is_refused() {
        insta::assert_snapshot!(refused(|t| t.engine = "MyISAM".to_owned()), @"logs is kept by MyISAM, where a step is no transaction: ALTER TABLE logs ENGINE = InnoDB");
        insta::assert_snapshot!(refused(|t| t.engine = String::new()), @"logs is a view: name the table whose rows are to go");
        insta::assert_snapshot!(refused(|t| { t.indexes.remove(0); }), @"logs has no primary key, so a run could not keep its place: ALTER TABLE logs ADD COLUMN id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY");
        insta::assert_snapshot!(refused(|t| t.indexes[0].plain = false), @"logs has a primary key with a descending column or a prefix of one, which cannot be walked: make it one of whole, ascending columns");
        insta::assert_snapshot!(refused(|t| t.columns[0] = column("id", "double")), @"logs has id double in its primary key, which a place cannot be kept in exactly: use a whole number, a decimal, a date or time, or CHAR, VARCHAR, BINARY or VARBINARY");
        insta::assert_snapshot!(refused(|t| t.delete_triggers = vec!["audit".to_owned()]), @"logs has the trigger audit, which would act on each row that goes: drop it, or do its work by a job of its own");
    }

    #[test]
    fn a_size_out_of_its_bounds_is_refused_with_the_bounds() {
        let chunk = Chunk {
            target_ms: 0,
            first: 0,
            most: 100_001,
            nice_ratio: f64::NAN,
        };
        let (table, rows) = (
            logs(),
            Rows {
                max_rows: Some(0),
                ..rows()
            },
        );
        let (table, into, children) = (&table, None, &[][..]);
        let seen = Seen {
            rows: &rows,
            table,
            into,
            children,
        };
        insta::assert_snapshot!(refusals(&seen, &chunk).join("\n"), @r"
        chunk.most: expected 1 to 100000, got 100001
        chunk.first: expected 1 to 100000, got 0
        chunk.target_ms: expected 1 to 60000, got 0
        chunk.nice_ratio: expected 0 to 100, got NaN
        max_rows: expected at least 1, got 0; leave it out for no limit
        ");
    }

    #[test]
    fn an_index_with_a_column_that_cannot_be_held_is_not_walked() {
        let mut table = logs();
        table.columns.push(column("size", "float"));
        assert!(walkable(&table, &index("a", &["created_at"])));
        assert!(!walkable(&table, &index("b", &["created_at", "size"])));
    }
}
