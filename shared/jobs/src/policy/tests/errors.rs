//! A policy that makes no sense is refused by field.

mod limits;
mod rows;

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
