//! Whether an archive can take the rows as they are.

use super::Seen;
use crate::database::{Column, Table};

/// Why the archive table cannot take the rows.
pub(super) fn refusals(seen: &Seen<'_>) -> Vec<String> {
    let Some((said, into)) = seen.into else {
        return Vec::new();
    };
    let mut refused = Vec::new();
    if !seen.children.is_empty() {
        refused.push(
            "children: an archive takes none; archive their rows by a job of their own first"
                .to_owned(),
        );
    }
    match into {
        Some(archive) => refused.extend(unlike(seen.table, archive)),
        None => refused.push(format!(
            "into: there is no table {said}, or the job's user may not see it: \
             CREATE TABLE {said} LIKE {}",
            seen.table.name
        )),
    }
    refused
}

fn unlike(table: &Table, archive: &Table) -> Vec<String> {
    let name = &archive.name;
    if (&archive.schema, name) == (&table.schema, &table.name) {
        return vec![format!("into: {name} is the table itself; name another")];
    }
    if !archive.engine.eq_ignore_ascii_case("InnoDB") {
        return vec![format!(
            "into: {name} is no InnoDB table, so copies and rows would not be one transaction: \
             ALTER TABLE {name} ENGINE = InnoDB"
        )];
    }
    let mut refused = columns(table, archive);
    let key = |table: &Table| table.primary().map(|primary| primary.columns.clone());
    if key(table) != key(archive) {
        refused.push(format!(
            "into: {name} has another primary key than {}; give it the same",
            table.name
        ));
    }
    refused
}

fn columns(table: &Table, archive: &Table) -> Vec<String> {
    let name = &archive.name;
    let missing = table
        .columns
        .iter()
        .filter_map(|column| match archive.column(&column.name) {
            None => Some(format!(
                "into: {name} has no column {}; add it",
                column.name
            )),
            Some(there) => other(archive, column, there),
        });
    let more = archive
        .columns
        .iter()
        .filter(|column| !column.generated && table.column(&column.name).is_none());
    let more = more.map(|column| {
        format!(
            "into: {name} has the column {}, which {} has not; drop it, or make it a generated one",
            column.name, table.name
        )
    });
    missing.chain(more).collect()
}

/// A computed column of the table may be a plain one of the archive's no more than the other way
/// round: neither is copied, so that a plain one would be left empty.
fn other(archive: &Table, here: &Column, there: &Column) -> Option<String> {
    let spelled = |column: &Column| {
        let null = if column.nullable { "" } else { " NOT NULL" };
        let collation = column.collation.as_deref();
        let collation = collation.map_or_else(String::new, |name| format!(" COLLATE {name}"));
        let generated = if column.generated { " GENERATED" } else { "" };
        format!("{}{collation}{null}{generated}", column.full)
    };
    let takes = here.nullable <= there.nullable;
    let alike = (&here.full, &here.collation, here.generated)
        == (&there.full, &there.collation, there.generated);
    (!alike || !takes).then(|| {
        format!(
            "into: {} in {} is {}, in the table {}; make them alike",
            here.name,
            archive.name,
            spelled(there),
            spelled(here)
        )
    })
}

#[cfg(test)]
mod tests {
    use jobs::policy::Chunk;

    use super::super::{
        refusals,
        tests::{column, index, logs, name, rows},
    };
    use super::*;
    use crate::database::Index;

    fn refused(change: impl FnOnce(&mut Table)) -> String {
        let mut archive = logs();
        archive.name = name("old_logs");
        change(&mut archive);
        let (table, rows) = (logs(), rows());
        let (table, into, children) = (&table, Some(("old_logs", Some(&archive))), &[][..]);
        let seen = Seen {
            rows: &rows,
            table,
            into,
            children,
        };
        refusals(&seen, &Chunk::default()).join("\n")
    }

    #[test]
    fn an_archive_that_is_alike_takes_the_rows() {
        assert_eq!(refused(|_| ()), "");
        assert_eq!(refused(|a| a.columns[2].nullable = true), "");
        assert_eq!(refused(|a| a.columns.reverse()), "");
    }

    #[test]
    fn an_archive_that_would_lose_or_change_something_is_refused() {
        insta::assert_snapshot!(refused(|a| { a.columns.pop(); }), @"into: old_logs has no column state; add it");
        insta::assert_snapshot!(refused(|a| a.columns.push(column("more", "int"))), @"into: old_logs has the column more, which logs has not; drop it, or make it a generated one");
        insta::assert_snapshot!(refused(|a| a.columns[0] = column("id", "bigint")), @"into: id in old_logs is bigint NOT NULL, in the table bigint unsigned NOT NULL; make them alike");
        insta::assert_snapshot!(refused(|a| a.columns[2].collation = Some("latin1_bin".to_owned())), @"into: state in old_logs is varchar(20) COLLATE latin1_bin NOT NULL, in the table varchar(20) COLLATE utf8mb4_0900_ai_ci NOT NULL; make them alike");
        insta::assert_snapshot!(refused(|a| a.columns[2].generated = true), @"into: state in old_logs is varchar(20) COLLATE utf8mb4_0900_ai_ci NOT NULL GENERATED, in the table varchar(20) COLLATE utf8mb4_0900_ai_ci NOT NULL; make them alike");
        insta::assert_snapshot!(refused(|a| a.indexes[0] = index(Index::PRIMARY, &["id", "created_at"])), @"into: old_logs has another primary key than logs; give it the same");
        insta::assert_snapshot!(refused(|a| a.engine = "ARCHIVE".to_owned()), @"into: old_logs is no InnoDB table, so copies and rows would not be one transaction: ALTER TABLE old_logs ENGINE = InnoDB");
        insta::assert_snapshot!(refused(|a| a.name = name("logs")), @"into: logs is the table itself; name another");
    }

    #[test]
    fn an_archive_that_is_not_there_is_refused_with_the_statement_that_makes_it() {
        let (table, rows) = (logs(), rows());
        let (table, into, children) = (&table, Some(("old.logs", None)), &[][..]);
        let seen = Seen {
            rows: &rows,
            table,
            into,
            children,
        };
        insta::assert_snapshot!(refusals(&seen, &Chunk::default()).join("\n"), @"into: there is no table old.logs, or the job's user may not see it: CREATE TABLE old.logs LIKE logs");
    }
}
