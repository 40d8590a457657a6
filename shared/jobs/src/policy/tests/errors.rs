//! A policy that makes no sense is refused by field.

use super::*;

/// The errors of jobs, one a line.
fn errors(jobs: &[Value]) -> String {
    let said: Vec<String> = jobs.iter().map(|job| error(job.clone())).collect();
    said.join("\n")
}

/// The errors of a purge with each of these in place of what it has.
fn errors_of(kind: &str, base: &Value, changes: &[Value]) -> String {
    let jobs = changes.iter().map(|change| {
        let mut of = base.clone();
        let fields = change.as_object().unwrap().clone();
        of.as_object_mut().unwrap().extend(fields);
        json!({kind: of})
    });
    errors(&jobs.collect::<Vec<_>>())
}

#[test]
fn a_job_says_one_kind_who_and_where() {
    let call = json!({"procedure": "tidy"});
    insta::assert_snapshot!(errors(&[
        json!({"purge": null}),
        json!({"call": call, "statement": {"sql": "ANALYZE TABLE t"}}),
        json!({"purge": []}),
        json!({"job": "Purge"}),
        json!({"job": "a".repeat(49)}),
        json!({"cluster": ""}),
        json!({"cluster": "orders.cluster"}),
        json!({"secret": ""}),
        json!({"secret": "two words"}),
        json!({"database": ""}),
        json!({"database": "MySQL"}),
        json!({"database": "nightshift"}),
        json!({"ca": "/etc/ssl/ca.pem"}),
        json!({"ca": "-----BEGIN PRIVATE KEY-----"}),
        json!({"replaces_event": "tidy"}),
        json!({"replaces_event": "shop."}),
        json!({"mode": "go"}),
        json!({"kind": "purge"}),
    ]), @r#"
    policy: expected exactly one of purge, archive, partitions, call and statement, got none
    policy: expected exactly one of purge, archive, partitions, call and statement, got call and statement
    policy.purge: expected an object, got a list
    policy.job: expected a job name of 1 to 48 lower-case letters, digits and single hyphens, beginning with a letter, got "Purge"
    policy.job: expected a job name of 1 to 48 lower-case letters, digits and single hyphens, beginning with a letter, got "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    policy.cluster: expected a DB cluster identifier (1 to 63 letters, digits and hyphens), got ""
    policy.cluster: expected a DB cluster identifier (1 to 63 letters, digits and hyphens), got "orders.cluster"
    policy.secret: expected the name or the ARN of a secret, got ""
    policy.secret: expected the name or the ARN of a secret, got "two words"
    policy.database: expected a name of MySQL's, got "": the name is empty
    policy.database: expected a schema of yours, from which rows may be taken, got MySQL
    policy.database: expected a schema of yours, from which rows may be taken, got nightshift
    policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none
    policy.ca: expected certificates in PEM only, got a private key among them; take it out and treat it as known to others
    policy.replaces_event: expected an EVENT as schema.name, without quotes, got "tidy"
    policy.replaces_event: expected an EVENT as schema.name, without quotes, got "shop."
    policy.mode: unknown value go; known here: plan or apply
    policy.kind: unknown field kind; known here: job, cluster, secret, database, purge, archive, partitions, call, statement, replaces_event, windows, time_zone, overlap, catch_up, pause_after, chunk, throttle, plain_text, ca, expire_after, mode
    "#);
}

#[test]
fn times_are_above_zero_and_windows_are_times_of_day() {
    let window = |from: &str, to: &str| json!({"windows": [{"from": from, "to": to}]});
    insta::assert_snapshot!(errors(&[
        json!({"catch_up": "0s"}),
        json!({"expire_after": "0s"}),
        json!({"expire_after": "soon"}),
        json!({"overlap": "all"}),
        json!({"time_zone": "Europe/Munich"}),
        window("6:00", "7:00"),
        window("06:00", "06:00"),
        window("24:00", "06:00"),
        window("06:00", "25:00"),
        json!({"windows": {"from": "06:00", "to": "07:00"}}),
        json!({"windows": [["monday"]]}),
        json!({"windows": [{"from": "06:00"}]}),
        json!({"windows": [{"days": ["mon"], "from": "06:00", "to": "07:00"}]}),
    ]), @r#"
    policy.catch_up: expected a length of time above 0s, got 0s
    policy.expire_after: expected a length of time above 0s, got 0s
    policy.expire_after: expected a length of time such as 90m, 26h, 14d or 8w, got "soon"
    policy.overlap: unknown value all; known here: skip or buffer_one
    policy.time_zone: expected an IANA time zone such as Europe/Berlin, got "Europe/Munich"
    policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00, got "6:00" and "7:00"
    policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00, got "06:00" and "06:00"
    policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00, got "24:00" and "06:00"
    policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00, got "06:00" and "25:00"
    policy.windows: expected a list, got an object
    policy.windows[0]: expected an object, got a list
    policy.windows[0]: to is missing
    policy.windows[0].days[0]: unknown value mon; known here: monday, tuesday, wednesday, thursday, friday, saturday, sunday
    "#);
}

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

#[test]
fn partitions_are_of_whole_days() {
    let partitions = json!({"table": "logs", "every": "1d", "ahead": 7, "keep": "30d"});
    insta::assert_snapshot!(errors_of("partitions", &partitions, &[
        json!({"every": "0s"}),
        json!({"every": "36h"}),
        json!({"ahead": 0}),
        json!({"ahead": 1_001}),
        json!({"ahead": -1}),
        json!({"keep": "0s"}),
        json!({"max_drops": 0}),
        json!({"past": "forget"}),
        json!({"past": {"exchange-into": "performance_schema"}}),
    ]), @r"
    policy.partitions.every: expected whole days such as 1d or 7d, got 0s
    policy.partitions.every: expected whole days such as 1d or 7d, got 36h
    policy.partitions.ahead: expected a whole number from 1 to 1000, got 0
    policy.partitions.ahead: expected a whole number from 1 to 1000, got 1001
    policy.partitions.ahead: expected a whole number of at least 0, got -1
    policy.partitions.keep: expected a length of time above 0s, got 0s
    policy.partitions.max_drops: expected a whole number of at least 1, got 0
    policy.partitions.past: unknown value forget; known here: drop or exchange-into
    policy.partitions.past.exchange-into: expected a schema of yours, from which rows may be taken, got performance_schema
    ");
    insta::assert_snapshot!(error(json!({"database": "sys", "partitions": partitions})), @"policy.database: expected a schema of yours, from which rows may be taken, got sys");
}

#[test]
fn a_call_and_a_statement_end_in_time() {
    let call = json!({"procedure": "tidy", "arguments": ["a", 1, 1.5, true, null]});
    parsed(&json!({"call": call, "database": "mysql"}));
    insta::assert_snapshot!(errors_of("call", &call, &[
        json!({"budget": "15m"}),
        json!({"budget": "0s"}),
        json!({"arguments": [[1]]}),
        json!({"arguments": [{"a": 1}]}),
        json!({"arguments": "a"}),
        json!({"lost": "retry"}),
    ]), @r#"
    policy.call.budget: expected at most 14m, got 15m
    policy.call.budget: expected a length of time above 0s, got 0s
    policy.call.arguments: expected texts, numbers, true, false or null, got [1]
    policy.call.arguments: expected texts, numbers, true, false or null, got {"a":1}
    policy.call.arguments: expected a list, got "a"
    policy.call.lost: unknown value retry; known here: report or again
    "#);
    insta::assert_snapshot!(error(json!({"statement": {"sql": "ANALYZE TABLE t", "budget": "841s"}})), @"policy.statement.budget: expected at most 14m, got 14m1s");
    insta::assert_snapshot!(error(json!({"statement": ["ANALYZE TABLE t"]})), @"policy.statement: expected an object, got a list");
}

#[test]
fn steps_and_limits_have_bounds() {
    let chunk = |chunk: Value| json!({"chunk": chunk});
    let throttle = |throttle: Value| json!({"throttle": throttle});
    let lag = |replicas: &[&str]| json!({"throttle": {"replica_lag": {"soft_ms": 1, "replicas": replicas}}});
    parsed(&lag(&["replica.example.com:3306", "10.0.0.1:3307"]));
    insta::assert_snapshot!(errors(&[
        chunk(json!({"target_ms": 0})),
        chunk(json!({"target_ms": 60_001})),
        chunk(json!({"most": 0})),
        chunk(json!({"most": 100_001})),
        chunk(json!({"most": 50})),
        chunk(json!({"first": 0})),
        chunk(json!({"nice_ratio": -0.1})),
        chunk(json!({"nice_ratio": 101})),
        chunk(json!({"nice_ratio": "high"})),
        chunk(json!([])),
        throttle(json!([])),
        throttle(json!({"every_ms": 99})),
        throttle(json!({"patience": "0s"})),
        throttle(json!({"threads_running": {}})),
        throttle(json!({"threads_running": []})),
        throttle(json!({"history_list_length": {"soft": 2, "critical": 1}})),
        throttle(json!({"commit_ms": {"soft": -1}})),
        throttle(json!({"replica_lag": {"soft_ms": 2, "critical_ms": 1}})),
        throttle(json!({"replica_lag": {"replicas": ["a:3306"]}})),
        throttle(json!({"query": {"sql": "SELECT 1"}})),
        throttle(json!({"query": {"sql": "SELECT 1", "soft": 1.5, "critical": 1.25}})),
        throttle(json!({"lag": 1})),
        lag(&["replica"]),
        lag(&["replica:0"]),
        lag(&["replica:+1"]),
        lag(&["two words:3306"]),
        lag(&[":3306"]),
    ]), @r#"
    policy.chunk.target_ms: expected a whole number from 1 to 60000, got 0
    policy.chunk.target_ms: expected a whole number from 1 to 60000, got 60001
    policy.chunk.most: expected a whole number from 1 to 100000, got 0
    policy.chunk.most: expected a whole number from 1 to 100000, got 100001
    policy.chunk.first: expected a whole number from 1 to 50, which is chunk.most, got 100
    policy.chunk.first: expected a whole number from 1 to 500, which is chunk.most, got 0
    policy.chunk.nice_ratio: expected a number from 0 to 100, got -0.1
    policy.chunk.nice_ratio: expected a number from 0 to 100, got 101
    policy.chunk.nice_ratio: expected a number, got "high"
    policy.chunk: expected an object, got a list
    policy.throttle: expected an object, got a list
    policy.throttle.every_ms: expected a whole number from 100 to 60000, got 99
    policy.throttle.patience: expected a length of time above 0s, got 0s
    policy.throttle.threads_running: expected soft, critical or both; null for no limit at all, got neither
    policy.throttle.threads_running: expected an object, got a list
    policy.throttle.history_list_length.critical: expected at least soft, which is 2, got 1
    policy.throttle.commit_ms.soft: expected a whole number of at least 0, got -1
    policy.throttle.replica_lag.critical_ms: expected at least soft_ms, which is 2, got 1
    policy.throttle.replica_lag: expected soft_ms, critical_ms or both; null for no limit at all, got neither
    policy.throttle.query: expected soft, critical or both; null for no limit at all, got neither
    policy.throttle.query.critical: expected at least soft, which is 1.5, got 1.25
    policy.throttle.lag: unknown field lag; known here: replica_lag, history_list_length, threads_running, commit_ms, lock_waits, query, every_ms, patience
    policy.throttle.replica_lag.replicas: expected host:port such as replica.example.com:3306, got "replica"
    policy.throttle.replica_lag.replicas: expected host:port such as replica.example.com:3306, got "replica:0"
    policy.throttle.replica_lag.replicas: expected host:port such as replica.example.com:3306, got "replica:+1"
    policy.throttle.replica_lag.replicas: expected host:port such as replica.example.com:3306, got "two words:3306"
    policy.throttle.replica_lag.replicas: expected host:port such as replica.example.com:3306, got ":3306"
    "#);
}
