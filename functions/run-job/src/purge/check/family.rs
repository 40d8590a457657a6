//! Foreign keys: what would happen elsewhere when a row goes.

use jobs::policy::Name;

use crate::database::{ForeignKey, Kin, Table};

/// Why the rows of `table` may not go as things are with the tables that refer to it.
pub(super) fn refusals(table: &Table, children: &[Kin]) -> Vec<String> {
    let mut refused: Vec<String> = table
        .referred_by
        .iter()
        .filter_map(|key| undeclared(table, key, children))
        .collect();
    for child in children {
        refused.extend(super::table(&child.table));
        refused.extend(unfit(table, child));
        refused.extend(refusals(&child.table, &child.children));
    }
    refused
}

fn undeclared(table: &Table, key: &ForeignKey, children: &[Kin]) -> Option<String> {
    let name = &table.name;
    let (schema, child, columns) = (&key.schema, &key.table, key.columns.join(", "));
    if (schema.as_str(), child.as_str()) == (table.schema.as_str(), name.as_str()) {
        return Some(format!(
            "{name} refers to itself by a foreign key ({columns}), so rows would have to go in the \
             order of that: drop the foreign key, or use a statement of your own"
        ));
    }
    if schema != table.schema.as_str() {
        return Some(format!(
            "{schema}.{child} ({columns}) refers to {name} from another schema: \
             drop the foreign key, or keep the rows"
        ));
    }
    let mut named = children.iter().filter(|kin| is(kin, key)).peekable();
    if named.peek().is_none() {
        return Some(format!(
            "{child} ({columns}) refers to {name} by a foreign key{}: name it in children",
            at_delete(key)
        ));
    }
    let covered =
        named.any(|kin| same(&kin.columns, &key.columns) && same(&kin.references, &key.references));
    (!covered && acts(key)).then(|| {
        format!(
            "{child} is named in children, but not by the columns ({columns}) of its foreign key{}: \
             name it with these too",
            at_delete(key)
        )
    })
}

fn is(kin: &Kin, key: &ForeignKey) -> bool {
    kin.table.name.as_str() == key.table
}

fn same(said: &[Name], key: &[String]) -> bool {
    let said = said.iter().map(|name| name.as_str().to_lowercase());
    said.eq(key.iter().map(|name| name.to_lowercase()))
}

/// Whether the server would change rows of the child by itself; otherwise it refuses.
/// <https://dev.mysql.com/doc/refman/8.0/en/create-table-foreign-keys.html>
fn acts(key: &ForeignKey) -> bool {
    !matches!(key.on_delete.as_str(), "RESTRICT" | "NO ACTION")
}

fn at_delete(key: &ForeignKey) -> String {
    let (on_delete, acts) = (&key.on_delete, acts(key));
    if acts {
        return format!(" with ON DELETE {on_delete}, which would change its rows unseen");
    }
    ", so these rows cannot go before its".to_owned()
}

/// What must hold between a table and a child of it.
fn unfit(parent: &Table, kin: &Kin) -> Vec<String> {
    let (name, child) = (&parent.name, &kin.table.name);
    if kin.columns.is_empty() || kin.columns.len() != kin.references.len() {
        return vec![format!(
            "children: {child} has {} columns that refer to {} of {name}: give as many, at least one",
            kin.columns.len(),
            kin.references.len()
        )];
    }
    let here = kin.columns.iter().map(|column| (&kin.table, column));
    let there = kin.references.iter().map(|column| (parent, column));
    let missing = here
        .chain(there)
        .filter(|(table, column)| table.column(column).is_none());
    let mut refused: Vec<String> = missing
        .map(|(table, column)| format!("children: the table {} has no column {column}", table.name))
        .collect();
    if refused.is_empty() && !unique(parent, kin) {
        let references = listed(&kin.references);
        refused.push(format!(
            "children: {child} refers to {references} of {name}, which several rows may share, so \
             that a row that stays might lose its own: refer to its primary or a unique key"
        ));
    }
    if refused.is_empty() && !led(kin) {
        let columns = listed(&kin.columns);
        refused.push(format!(
            "children: {child} has no index that begins with {columns}, so that each step would read \
             all of it: ALTER TABLE {child} ADD INDEX ({columns})"
        ));
    }
    refused
}

fn listed(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    names.join(", ")
}

/// Whether each child belongs to one row only.
fn unique(parent: &Table, kin: &Kin) -> bool {
    let mut unique = parent.indexes.iter().filter(|index| index.unique);
    unique.any(|index| {
        index
            .columns
            .iter()
            .all(|column| kin.references.contains(column))
    })
}

/// Whether an index of the child begins with its columns, in any order.
fn led(kin: &Kin) -> bool {
    kin.table.indexes.iter().any(|index| {
        let first = index.columns.get(..kin.columns.len());
        first.is_some_and(|first| kin.columns.iter().all(|column| first.contains(column)))
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{column, foreign, index, logs, name};
    use super::*;
    use crate::database::Index;

    fn lines() -> Kin {
        let mut table = logs();
        table.name = name("lines");
        table.columns = vec![column("id", "bigint"), column("log_id", "bigint unsigned")];
        table.indexes = vec![index(Index::PRIMARY, &["id"]), index("log", &["log_id"])];
        let (columns, references) = (vec![name("log_id")], vec![name("id")]);
        Kin {
            table,
            columns,
            references,
            children: Vec::new(),
        }
    }

    fn refused(key: Option<ForeignKey>, children: &[Kin]) -> String {
        let mut table = logs();
        table.referred_by = key.into_iter().collect();
        refusals(&table, children).join("\n")
    }

    #[test]
    fn a_child_that_is_named_goes_first_whatever_its_foreign_key_would_do() {
        for on_delete in ["CASCADE", "SET NULL", "RESTRICT", "NO ACTION"] {
            let key = foreign("lines", &["log_id"], on_delete);
            assert_eq!(refused(Some(key), &[lines()]), "", "{on_delete}");
        }
        assert_eq!(refused(None, &[lines()]), "");
    }

    #[test]
    fn a_child_that_is_not_named_is_refused_whatever_its_foreign_key_would_do() {
        let cascade = foreign("lines", &["log_id"], "CASCADE");
        insta::assert_snapshot!(refused(Some(cascade), &[]), @"lines (log_id) refers to logs by a foreign key with ON DELETE CASCADE, which would change its rows unseen: name it in children");
        let restrict = foreign("lines", &["log_id"], "RESTRICT");
        insta::assert_snapshot!(refused(Some(restrict), &[]), @"lines (log_id) refers to logs by a foreign key, so these rows cannot go before its: name it in children");
    }

    #[test]
    fn a_second_foreign_key_of_a_child_must_be_named_where_it_acts() {
        let null = foreign("lines", &["first_id"], "SET NULL");
        insta::assert_snapshot!(refused(Some(null), &[lines()]), @"lines is named in children, but not by the columns (first_id) of its foreign key with ON DELETE SET NULL, which would change its rows unseen: name it with these too");
        let restrict = foreign("lines", &["first_id"], "RESTRICT");
        assert_eq!(refused(Some(restrict), &[lines()]), "");
    }

    #[test]
    fn a_foreign_key_from_itself_or_from_another_schema_is_refused() {
        let own = foreign("logs", &["parent_id"], "RESTRICT");
        insta::assert_snapshot!(refused(Some(own), &[]), @"logs refers to itself by a foreign key (parent_id), so rows would have to go in the order of that: drop the foreign key, or use a statement of your own");
        let mut far = foreign("lines", &["log_id"], "CASCADE");
        far.schema = "other".to_owned();
        insta::assert_snapshot!(refused(Some(far), &[lines()]), @"other.lines (log_id) refers to logs from another schema: drop the foreign key, or keep the rows");
    }

    #[test]
    fn a_child_is_refused_that_could_not_be_found_by_an_index() {
        let mut child = lines();
        child.table.indexes.pop();
        insta::assert_snapshot!(refused(None, &[child]), @"children: lines has no index that begins with log_id, so that each step would read all of it: ALTER TABLE lines ADD INDEX (log_id)");
    }

    #[test]
    fn a_child_that_may_belong_to_several_rows_is_refused() {
        let mut child = lines();
        child.references = vec![name("state")];
        insta::assert_snapshot!(refused(None, &[child]), @"children: lines refers to state of logs, which several rows may share, so that a row that stays might lose its own: refer to its primary or a unique key");
    }

    #[test]
    fn columns_of_a_child_must_be_there_and_as_many_as_the_parents() {
        let mut child = lines();
        child.references.push(name("state"));
        insta::assert_snapshot!(refused(None, &[child]), @"children: lines has 1 columns that refer to 2 of logs: give as many, at least one");
        let mut child = lines();
        (child.columns, child.references) = (vec![name("gone")], vec![name("lost")]);
        insta::assert_snapshot!(refused(None, &[child]), @r"
        children: the table lines has no column gone
        children: the table logs has no column lost
        ");
    }

    #[test]
    fn what_refers_to_a_child_is_looked_at_as_well() {
        let mut child = lines();
        child.table.referred_by = vec![foreign("words", &["line_id"], "CASCADE")];
        child.table.delete_triggers = vec!["audit".to_owned()];
        insta::assert_snapshot!(refused(None, &[child]), @r"
        lines has the trigger audit, which would act on each row that goes: drop it, or do its work by a job of its own
        words (line_id) refers to lines by a foreign key with ON DELETE CASCADE, which would change its rows unseen: name it in children
        ");
    }
}
