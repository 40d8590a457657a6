//! Purges and archives that make no sense.

use super::*;

#[test]
fn a_purge_takes_rows_by_age_or_by_a_condition() {
    let age = json!({"table": "logs", "column": "at", "older_than": "30d"});
    insta::assert_snapshot!(errors_of("purge", &age, &[
        json!({"column": null, "older_than": null}),
        json!({"column": null}),
        json!({"older_than": null}),
        json!({"older_than": "0s"}),
        json!({"where": "a = 1"}),
        json!({"where": "a = 1", "column": null}),
        json!({"where": "a = 1", "column": null, "older_than": null, "unit": "tsid"}),
        json!({"where": "a = 1", "column": null, "older_than": null, "column_zone": "Asia/Seoul"}),
        json!({"where": "a = 1", "column": null, "older_than": null, "and": {"column": "b", "operator": "=", "value": 1}}),
        json!({"unit": "minutes"}),
        json!({"unit": "snowflake", "column_zone": "Asia/Seoul"}),
        json!({"max_rows": 0}),
        json!({"into": "old_logs"}),
        json!({"table": ""}),
        json!({"older": "30d"}),
    ]), @r#"
    policy.purge: expected column and older_than, or where, got neither: every row would go
    policy.purge.column: expected where a row's age is read, got nothing
    policy.purge.older_than: expected the age past which rows go, such as 30d, got nothing
    policy.purge.older_than: expected a length of time above 0s, got 0s
    policy.purge.column: expected no column beside where: say it within where, got both
    policy.purge.older_than: expected no older_than beside where: say it within where, got both
    policy.purge.unit: expected no unit beside where: say it within where, got both
    policy.purge.column_zone: expected no column_zone beside where: say it within where, got both
    policy.purge.and: expected no and beside where: say it within where, got both
    policy.purge.unit: unknown value minutes; known here: time, unix-seconds, unix-milliseconds, snowflake, tsid
    policy.purge.column_zone: expected no zone: a number of this unit is the same everywhere, got Asia/Seoul
    policy.purge.max_rows: expected a whole number of at least 1, got 0
    policy.purge.into: expected nothing here: a purge copies no rows; for that say archive, got "old_logs"
    policy.purge.table: expected a name of MySQL's, got "": the name is empty
    policy.purge.older: unknown field older; known here: table, column, older_than, unit, column_zone, and, where, accept_scan, children, into, max_rows
    "#);
}

#[test]
fn a_further_condition_has_a_value_that_its_operator_takes() {
    let and = |operator: &str, value: Value| json!({"and": {"column": "b", "operator": operator, "value": value}});
    let age = json!({"table": "logs", "column": "at", "older_than": "30d"});
    for fine in [
        and("=", json!("x")),
        and("<>", json!(true)),
        and("in", json!([1, "x"])),
        and("is", json!(null)),
    ] {
        let mut purge = age.clone();
        purge["and"] = fine["and"].clone();
        parsed(&json!({"purge": purge}));
    }
    insta::assert_snapshot!(errors_of("purge", &age, &[
        and("=", json!(null)),
        and("<", json!([1])),
        and("in", json!([])),
        and("in", json!(1)),
        and("not-in", json!([1, null])),
        and("in", json!(vec![0; 1_001])),
        and("is", json!(1)),
        and("like", json!("x%")),
        json!({"and": ["b", "=", 1]}),
    ]), @r"
    policy.purge.and.value: expected a text, a number, true or false, as the operator takes it; for NULL take is or is-not, got null
    policy.purge.and.value: expected a text, a number, true or false, as the operator takes it; for NULL take is or is-not, got [1]
    policy.purge.and.value: expected a list of 1 to 1000 texts, numbers, true or false, as the operator takes it, got []
    policy.purge.and.value: expected a list of 1 to 1000 texts, numbers, true or false, as the operator takes it, got 1
    policy.purge.and.value: expected a list of 1 to 1000 texts, numbers, true or false, as the operator takes it, got [1,null]
    policy.purge.and.value: expected a list of 1 to 1000 texts, numbers, true or false, as the operator takes it, got a list of 1001
    policy.purge.and.value: expected null or nothing, as the operator takes it, got 1
    policy.purge.and.operator: unknown value like; known here: =, <>, <, <=, >, >=, in, not-in, is, is-not
    policy.purge.and: expected an object, got a list
    ");
}

#[test]
fn children_name_what_refers_to_the_parent() {
    let age = json!({"table": "logs", "column": "at", "older_than": "30d"});
    let child = |child: Value| json!({"children": [child]});
    insta::assert_snapshot!(errors_of("purge", &age, &[
        child(json!({"table": "details"})),
        child(json!({"table": "details", "columns": []})),
        child(json!({"table": "details", "columns": ["a", "b"], "references": ["id"]})),
        child(json!({"table": "details", "columns": ["a"], "children": [{"table": "more", "columns": []}]})),
        child(json!(["details", ["a"]])),
        json!({"children": {"table": "details", "columns": ["a"]}}),
    ]), @r"
    policy.purge.children[0]: columns is missing
    policy.purge.children.details.columns: expected the columns that refer to the parent, got none
    policy.purge.children.details.references: expected as many as columns, which are 2, got 1
    policy.purge.children.details.children.more.columns: expected the columns that refer to the parent, got none
    policy.purge.children[0]: expected an object, got a list
    policy.purge.children: expected a list, got an object
    ");
}

#[test]
fn an_archive_goes_to_another_table() {
    let archive = json!({"table": "logs", "column": "at", "older_than": "30d", "into": "old.logs"});
    parsed(&json!({"archive": archive}));
    insta::assert_snapshot!(errors_of("archive", &archive, &[
        json!({"into": null}),
        json!({"into": "a.b.c"}),
        json!({"into": "logs"}),
        json!({"into": "Shop.Logs"}),
        json!({"into": "sys.logs"}),
        json!({"children": [{"table": "details", "columns": ["a"]}]}),
        json!({"older_than": null}),
    ]), @r#"
    policy.archive.into: expected the table that takes the rows, as table or schema.table, got nothing
    policy.archive.into: expected table or schema.table, without quotes, got "a.b.c"
    policy.archive.into: expected another table than the one the rows are in, got "logs"
    policy.archive.into: expected another table than the one the rows are in, got "Shop.Logs"
    policy.archive.into: expected a schema of yours, from which rows may be taken, got sys
    policy.archive.children: expected none: an archive does not copy children; purge them by a job of their own first, got 1
    policy.archive.older_than: expected the age past which rows go, such as 30d, got nothing
    "#);
}
