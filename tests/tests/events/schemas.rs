//! The schemas in `events/` are those of the types, and agree with what the functions accept: an
//! editor that checks a policy against its schema never objects to one the function would take.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    process::{Command, Stdio},
};

use nightshift_tests::repo;
use serde_json::{Value, json};

use crate::function::{self, Function};

#[test]
#[allow(
    clippy::disallowed_methods,
    reason = "asked for by whoever runs the test"
)]
fn the_schemas_are_those_of_the_types() {
    let update = std::env::var_os("UPDATE_SCHEMAS").is_some();
    for function in function::all() {
        let path = repo::events()
            .join(function.name)
            .join("policy.schema.json");
        let current = format!("{:#}\n", (function.schema)());
        if update {
            fs::write(&path, &current).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            written == current,
            "{} is not what the types say: make schemas",
            path.display()
        );
    }
}

#[test]
fn each_field_of_a_policy_is_shown_in_a_payload() {
    for function in function::all() {
        let schema = (function.schema)();
        let fields = schema["properties"].as_object();
        let fields: BTreeSet<_> = fields.into_iter().flatten().map(|(name, _)| name).collect();
        let policies = policies(&function);
        let shown: BTreeSet<_> = policies
            .iter()
            .flat_map(|policy| policy.as_object().unwrap().keys())
            .collect();
        assert_eq!(shown, fields, "{}", function.name);
    }
}

/// What a policy may be spoilt with, or changed to.
fn values() -> [Value; 21] {
    [
        json!(null),
        json!(true),
        json!(-1),
        json!(0),
        json!(1),
        json!(1.5),
        json!(100),
        json!(101),
        json!(4_294_967_296_u64),
        json!(""),
        json!("x"),
        json!("Nightly"),
        json!("UTC"),
        json!("Europe/Munich"),
        json!("0s"),
        json!("1h30m"),
        json!("30m1h"),
        json!("apply"),
        json!([]),
        json!({}),
        json!({"x": 1}),
    ]
}

#[test]
#[expect(clippy::too_many_lines, reason = "most of it is the snapshot")]
fn what_a_function_takes_its_schema_takes() {
    let mut parser_only = BTreeSet::new();
    for function in function::all() {
        let mut policies = policies(&function);
        let changed: Vec<Value> = policies.iter().flat_map(changes).collect();
        policies.extend(changed);
        let schema_says = validate(&(function.schema)(), &policies);
        for (policy, refused) in policies.iter().zip(schema_says) {
            match ((function.policy)(policy), refused) {
                (Ok(_), Some(error)) => panic!(
                    "{} takes what its schema does not: {error}\n{policy:#}",
                    function.name
                ),
                (Err(error), None) => {
                    let expected = error.problem.split(", got ").next().unwrap();
                    parser_only.insert(format!("{}: {}: {expected}", function.name, error.path));
                }
                _ => {}
            }
        }
    }
    // What no schema can say.
    let list: Vec<String> = parser_only.into_iter().collect();
    insta::assert_snapshot!(list.join("\n"), @r#"
    import-events: policy.action.cut-over.proven_within: expected a length of time above 0s
    import-events: policy.action.cut-over.wait: expected at most 15m
    import-events: policy.cluster: expected a name
    import-events: policy.expire_after: expected a length of time above 0s
    import-events: policy.secret: expected a name
    prune-snapshots: policy.clusters.ids: expected DB cluster identifiers (1 to 63 letters, digits and hyphens)
    prune-snapshots: policy.clusters.ids: expected at least one cluster identifier
    prune-snapshots: policy.expire_after: expected a length of time above 0s
    prune-snapshots: policy.keep.daily: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep.hourly: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep.last: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep.monthly: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep.weekly: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep.yearly: expected a whole number of at most 4294967295
    prune-snapshots: policy.keep: expected at least one rule such as "daily": 7
    prune-snapshots: policy.max_deletes: expected a whole number of at most 4294967295
    prune-snapshots: policy.min_keep: expected a whole number of at most 4294967295
    prune-snapshots: policy.rpo: expected a length of time above 0s
    prune-snapshots: policy.time_zone: expected an IANA time zone such as Europe/Berlin
    remedy-alarm: policy.cluster: expected a cluster's identifier
    remedy-alarm: policy.database.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----)
    remedy-alarm: policy.database.query_limit: expected from 1s to 30s
    remedy-alarm: policy.database.secret: expected the name or ARN of a secret
    remedy-alarm: policy.database: is missing; what is to be ended has to be looked at first
    remedy-alarm: policy.expire_after: expected a length of time above 0s
    remedy-alarm: policy.history: expected from 30m to 24h
    remedy-alarm: policy.ignore: expected patterns of names
    remedy-alarm: policy.remedies.idle_sessions.above_percent: expected a whole number from 50 to 99
    remedy-alarm: policy.remedies.idle_sessions.longer_than: expected at least 10s
    remedy-alarm: policy.remedies.idle_sessions.never.schemas: expected a pattern
    remedy-alarm: policy.remedies.idle_sessions.never.users: expected a pattern
    remedy-alarm: policy.remedies.idle_sessions.only.users: expected a pattern
    remedy-alarm: policy.remedies.idle_sessions.only.users: expected at least one user; ["*"] is every user
    remedy-alarm: policy.remedies.idle_transactions.longer_than: expected at least 10s
    remedy-alarm: policy.remedies.idle_transactions.never.users: expected a pattern
    remedy-alarm: policy.remedies.idle_transactions.only.schemas: expected a pattern
    remedy-alarm: policy.remedies.idle_transactions.only.users: expected a pattern
    remedy-alarm: policy.remedies.idle_transactions.only.users: expected at least one user; ["*"] is every user
    remedy-alarm: policy.remedies.long_statements.longer_than: expected at least 10s
    remedy-alarm: policy.remedies.long_statements.never.digests: expected a pattern
    remedy-alarm: policy.remedies.long_statements.only.digests: expected a pattern
    remedy-alarm: policy.remedies.long_statements.only.schemas: expected a pattern
    remedy-alarm: policy.remedies.long_statements.only.users: expected a pattern
    remedy-alarm: policy.remedies.long_statements.only.users: expected at least one user; ["*"] is every user
    remedy-alarm: policy.remedies.max_kills: expected a whole number from 1 to 50
    remedy-alarm: policy.remedies.secret: expected the name or ARN of a secret
    remedy-alarm: policy.remedies.secret: is missing; name the secret of the user that may end sessions
    remedy-alarm: policy.rows: expected a whole number from 1 to 20
    rotate-secret: policy.accept_hosts: expected host names such as db.example.com, without a port
    rotate-secret: policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----)
    rotate-secret: policy.expire_after: expected a length of time above 0s
    rotate-secret: policy.grace: expected a length of time above 0s
    rotate-secret: policy.limits.connect: expected a length of time above 0s
    rotate-secret: policy.limits.connect: expected at most 15m
    rotate-secret: policy.limits.lock_wait: expected a length of time above 0s
    rotate-secret: policy.limits.lock_wait: expected at most 15m
    rotate-secret: policy.limits.statement: expected a length of time above 0s
    rotate-secret: policy.limits.statement: expected at most 15m
    rotate-secret: policy.reader_wait: expected at most 15m
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----)
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.grace: expected a length of time above 0s
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.grace: expected at least the settle time of 2h
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.connect: expected a length of time above 0s
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.connect: expected at most 15m
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.lock_wait: expected a length of time above 0s
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.lock_wait: expected at most 15m
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.statement: expected a length of time above 0s
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.limits.statement: expected at most 15m
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.reader_wait: expected at most 15m
    rotate-secret: policy.secrets.arn:aws:secretsmanager:eu-central-1:123456789012:secret:shop/app-a1B2c3.stuck_after: expected a length of time above 0s
    rotate-secret: policy.secrets.shop/app.accept_hosts: expected host names such as db.example.com, without a port
    rotate-secret: policy.stuck_after: expected a length of time above 0s
    run-job: policy.archive.column: expected where a row's age is read
    run-job: policy.archive.into: expected table or schema.table, without quotes
    run-job: policy.archive.into: expected the table that takes the rows, as table or schema.table
    run-job: policy.archive.older_than: expected a length of time above 0s
    run-job: policy.archive.older_than: expected the age past which rows go, such as 30d
    run-job: policy.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----)
    run-job: policy.call.arguments: expected texts, numbers, true, false or null
    run-job: policy.call.budget: expected a length of time above 0s
    run-job: policy.call.budget: expected at most 14m
    run-job: policy.catch_up: expected a length of time above 0s
    run-job: policy.chunk.first: expected a whole number from 1 to 1, which is chunk.most
    run-job: policy.chunk.first: expected a whole number from 1 to 500, which is chunk.most
    run-job: policy.chunk.first: expected a whole number of at most 4294967295
    run-job: policy.chunk.most: expected a whole number from 1 to 100000
    run-job: policy.chunk.most: expected a whole number of at most 4294967295
    run-job: policy.chunk.nice_ratio: expected a number from 0 to 100
    run-job: policy.chunk.target_ms: expected a whole number from 1 to 60000
    run-job: policy.chunk.target_ms: expected a whole number of at most 4294967295
    run-job: policy.cluster: expected a DB cluster identifier (1 to 63 letters, digits and hyphens)
    run-job: policy.expire_after: expected a length of time above 0s
    run-job: policy.partitions.ahead: expected a whole number from 1 to 1000
    run-job: policy.partitions.ahead: expected a whole number of at most 4294967295
    run-job: policy.partitions.every: expected whole days such as 1d or 7d
    run-job: policy.partitions.keep: expected a length of time above 0s
    run-job: policy.partitions.max_drops: expected a whole number of at least 1
    run-job: policy.partitions.max_drops: expected a whole number of at most 4294967295
    run-job: policy.pause_after: expected a whole number of at most 4294967295
    run-job: policy.purge.and.value: expected a list of 1 to 1000 texts, numbers, true or false, as the operator takes it
    run-job: policy.purge.and.value: expected a text, a number, true or false, as the operator takes it; for NULL take is or is-not
    run-job: policy.purge.children.access_details.columns: expected the columns that refer to the parent
    run-job: policy.purge.children.order_lines.children.line_notes.columns: expected the columns that refer to the parent
    run-job: policy.purge.children.order_lines.columns: expected the columns that refer to the parent
    run-job: policy.purge.children.payments.columns: expected the columns that refer to the parent
    run-job: policy.purge.column: expected where a row's age is read
    run-job: policy.purge.column_zone: expected an IANA time zone such as Europe/Berlin
    run-job: policy.purge.max_rows: expected a whole number of at least 1
    run-job: policy.purge.older_than: expected a length of time above 0s
    run-job: policy.purge.older_than: expected the age past which rows go, such as 30d
    run-job: policy.purge.where: expected a condition such as state = 'closed'
    run-job: policy.purge: expected column and older_than, or where
    run-job: policy.replaces_event: expected an EVENT as schema.name, without quotes
    run-job: policy.secret: expected the name or the ARN of a secret
    run-job: policy.statement.budget: expected a length of time above 0s
    run-job: policy.statement.budget: expected at most 14m
    run-job: policy.statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP, RENAME
    run-job: policy.statement.sql: expected one statement
    run-job: policy.throttle.commit_ms: expected soft, critical or both; null for no limit at all
    run-job: policy.throttle.every_ms: expected a whole number from 100 to 60000
    run-job: policy.throttle.every_ms: expected a whole number of at most 4294967295
    run-job: policy.throttle.history_list_length.critical: expected at least soft, which is 100000
    run-job: policy.throttle.history_list_length.critical: expected at least soft, which is 4294967296
    run-job: policy.throttle.history_list_length: expected soft, critical or both; null for no limit at all
    run-job: policy.throttle.lock_waits: expected soft, critical or both; null for no limit at all
    run-job: policy.throttle.patience: expected a length of time above 0s
    run-job: policy.throttle.query.critical: expected at least soft, which is 10000
    run-job: policy.throttle.query.critical: expected at least soft, which is 4294967296
    run-job: policy.throttle.query.sql: expected a SELECT
    run-job: policy.throttle.replica_lag.critical_ms: expected at least soft_ms, which is 1000
    run-job: policy.throttle.replica_lag.critical_ms: expected at least soft_ms, which is 4294967296
    run-job: policy.throttle.replica_lag: expected soft_ms, critical_ms or both; null for no limit at all
    run-job: policy.throttle.threads_running.critical: expected at least soft, which is 4294967296
    run-job: policy.throttle.threads_running.critical: expected at least soft, which is 64
    run-job: policy.throttle.threads_running: expected soft, critical or both; null for no limit at all
    run-job: policy.time_zone: expected an IANA time zone such as Europe/Berlin
    run-job: policy.windows: expected two different times of day such as 22:30 and 06:00, or 00:00 and 24:00
    run-job: policy: expected exactly one of purge, archive, partitions, call and statement
    scale-readers: policy.classes: expected a class such as db.r7g.large, or as-writer
    scale-readers: policy.classes: expected at least one class, or no such field
    scale-readers: policy.cluster: expected a cluster's identifier
    scale-readers: policy.drain.below_connections: expected a whole number of at most 4294967295
    scale-readers: policy.expire_after: expected a length of time above 0s
    scale-readers: policy.flap_limit: expected a whole number from 1 to 12
    scale-readers: policy.flap_limit: expected a whole number of at most 4294967295
    scale-readers: policy.in_alarms: expected an alarm's name
    scale-readers: policy.max: expected a whole number from 1 to 15
    scale-readers: policy.max_monthly_cost: expected an amount above 0
    scale-readers: policy.max_monthly_cost: expected policy.prices with it: what a reader of each class costs an hour
    scale-readers: policy.min: expected at most policy.max, which is 5
    scale-readers: policy.out_alarms: expected an alarm's name
    scale-readers: policy.prices.db.r7g.large: expected an amount above 0
    scale-readers: policy.prices.db.r7g.xlarge: expected an amount above 0
    scale-readers: policy.prices.db.serverless: expected an amount above 0
    scale-readers: policy.promotion_tier: expected a whole number from 0 to 15
    scale-readers: policy.schedule_floors[0].readers: expected a whole number from 1 to 1
    scale-readers: policy.schedule_floors[0].readers: expected a whole number from 1 to 5
    scale-readers: policy.schedule_floors[0].window: expected a beginning from 00:00 to 23:59 and another end up to 24:00
    scale-readers: policy.schedule_floors[1].readers: expected a whole number from 1 to 5
    scale-readers: policy.schedule_floors[1].window: expected a beginning from 00:00 to 23:59 and another end up to 24:00
    scale-readers: policy.step_in: expected a whole number from 1 to 15
    scale-readers: policy.step_out: expected a whole number from 1 to 15
    scale-readers: policy.time_zone: expected an IANA time zone such as Europe/Berlin
    scale-readers: policy.zones: expected an Availability Zone
    take-snapshot: policy.clusters.ids: expected DB cluster identifiers (1 to 63 letters, digits and hyphens)
    take-snapshot: policy.clusters.ids: expected at least one cluster identifier
    take-snapshot: policy.expire_after: expected a length of time above 0s
    take-snapshot: policy.rpo: expected a length of time above 0s
    take-snapshot: policy.time_zone: expected an IANA time zone such as Europe/Berlin
    "#);
}

/// The policies in the good payloads.
fn policies(function: &Function) -> Vec<Value> {
    let events = function.events().into_iter();
    let good = events.filter(|event| !event.is_bad());
    good.filter_map(|event| event.payload.get("policy").cloned())
        .collect()
}

/// The policy with each thing in it left out, and with each replaced by each value.
fn changes(policy: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    for path in paths(policy, "") {
        let (parent, field) = path.rsplit_once('/').unwrap();
        let mut without = policy.clone();
        if let Some(object) = without.pointer_mut(parent).unwrap().as_object_mut() {
            object.remove(&field.replace("~1", "/").replace("~0", "~"));
            all.push(without);
        }
        for value in values() {
            let mut changed = policy.clone();
            *changed.pointer_mut(&path).unwrap() = value;
            all.push(changed);
        }
    }
    all
}

/// JSON pointers to everything in `value`.
fn paths(value: &Value, at: &str) -> Vec<String> {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(object) => object.iter().map(|(k, v)| (k.clone(), v)).collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .map(|(i, v)| (i.to_string(), v))
            .collect(),
        _ => vec![],
    };
    let mut paths = Vec::new();
    for (field, child) in children {
        let path = format!("{at}/{}", field.replace('~', "~0").replace('/', "~1"));
        paths.extend(self::paths(child, &path));
        paths.push(path);
    }
    paths
}

/// Why the schema refuses each of `instances`, if it does.
fn validate(schema: &Value, instances: &[Value]) -> Vec<Option<String>> {
    let mut python = Command::new(repo::python())
        .arg(repo::root().join("tests/tests/events/validate.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let asked = json!({"schema": schema, "instances": instances}).to_string();
    python
        .stdin
        .take()
        .unwrap()
        .write_all(asked.as_bytes())
        .unwrap();
    let answer = python.wait_with_output().unwrap();
    assert!(answer.status.success());
    serde_json::from_slice(&answer.stdout).unwrap()
}
