use serde_json::{Value, json};

use super::*;

fn told(change: &Value) -> String {
    let mut policy = json!({
        "cluster": "orders",
        "database": {"secret": "orders/watch"},
        "remedies": {"secret": "orders/end"},
    });
    merge(&mut policy, change);
    match handler::policy::parse::<Policy>(&policy) {
        Ok(_) => "fine".into(),
        Err(error) => error.to_string(),
    }
}

/// `null` takes a field away.
fn merge(into: &mut Value, change: &Value) {
    let (Some(fields), Some(changes)) = (into.as_object_mut(), change.as_object()) else {
        *into = change.clone();
        return;
    };
    for (key, value) in changes {
        if value.is_null() {
            fields.remove(key);
        } else {
            merge(fields.entry(key).or_insert(json!({})), value);
        }
    }
}

#[test]
fn each_mistake_is_told_with_its_field_its_value_and_the_remedy() {
    let idle = |rule: Value| json!({"remedies": {"idle_transactions": rule}});
    let good = json!({"longer_than": "5m", "only": {"users": ["app"]}});
    insta::assert_snapshot!(told(&json!({})), @"fine");
    insta::assert_snapshot!(told(&idle(good.clone())), @"fine");
    insta::assert_snapshot!(told(&json!({"cluster": ""})), @"policy.cluster: expected a cluster's identifier, got an empty text");
    insta::assert_snapshot!(told(&json!({"clutser": "x"})), @"policy.clutser: unknown field clutser; known here: cluster, alarms, ignore, database, history, long, rows, quiet, remedies, expire_after, mode");
    insta::assert_snapshot!(told(&json!({"history": "10m"})), @"policy.history: expected from 30m to 24h, got 10m");
    insta::assert_snapshot!(told(&json!({"ignore": ["orders-idle", "**"]})), @r#"policy.ignore: expected patterns of names, got "**", which leaves no alarm"#);
    insta::assert_snapshot!(told(&json!({"ignore": []})), @"fine");
    insta::assert_snapshot!(told(&json!({"rows": 0})), @"policy.rows: expected a whole number from 1 to 20, got 0");
    insta::assert_snapshot!(told(&json!({"database": {"secret": ""}})), @"policy.database.secret: expected the name or ARN of a secret, got an empty text");
    insta::assert_snapshot!(told(&json!({"database": {"query_limit": "10m"}})), @"policy.database.query_limit: expected from 1s to 30s, got 10m");
    insta::assert_snapshot!(told(&json!({"database": {"ca": "no certificate"}})), @"policy.database.ca: expected certificates in PEM (-----BEGIN CERTIFICATE-----), got none");
    insta::assert_snapshot!(told(&json!({"remedies": {"max_kills": 51}})), @"policy.remedies.max_kills: expected a whole number from 1 to 50, got 51");
    insta::assert_snapshot!(told(&json!({"remedies": {"kill_all": {}}})), @"policy.remedies.kill_all: unknown field kill_all; known here: secret, idle_transactions, long_statements, idle_sessions, add_reader, max_kills, cooldown");
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5m"}))), @"policy.remedies.idle_transactions: only is missing");
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5s", "only": {"users": ["app"]}}))), @"policy.remedies.idle_transactions.longer_than: expected at least 10s, got 5s");
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5m", "only": {"users": []}}))), @r#"policy.remedies.idle_transactions.only.users: expected at least one user; ["*"] is every user"#);
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5m", "only": {"users": ["app", ""]}}))), @"policy.remedies.idle_transactions.only.users: expected a pattern, got an empty text");
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5m", "only": {"users": ["app"], "digests": ["SELECT*"]}}))), @"policy.remedies.idle_transactions.only.digests: a session that sleeps has no statement; leave it out");
    insta::assert_snapshot!(told(&idle(json!({"longer_than": "5m", "only": {"users": ["app"]}, "on": ["cup"]}))), @"policy.remedies.idle_transactions.on[0]: unknown value cup; known here: cpu, memory, connections, read-latency, write-latency, replica-lag, volume, deadlocks, history-list, long-transaction, idle, other");
    let percent = json!({"longer_than": "5m", "only": {"users": ["app"]}, "above_percent": 20});
    insta::assert_snapshot!(told(&json!({"remedies": {"idle_sessions": percent}})), @"policy.remedies.idle_sessions.above_percent: expected a whole number from 50 to 99, got 20");
    insta::assert_snapshot!(told(&json!({"remedies": {"secret": null, "idle_transactions": good}})), @"policy.remedies.secret: is missing; name the secret of the user that may end sessions");
    insta::assert_snapshot!(told(&json!({"database": null, "remedies": {"idle_transactions": good}})), @"policy.database: is missing; what is to be ended has to be looked at first");
    insta::assert_snapshot!(told(&json!({"expire_after": "0s"})), @"policy.expire_after: expected a length of time above 0s, got 0s");
}
