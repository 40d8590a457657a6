//! Steps and throttles that make no sense.

use super::*;

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
    policy.chunk.first: expected a whole number from 1 to 200, which is chunk.most, got 0
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
    policy.throttle.replica_lag.replicas[0]: expected host:port such as replica.example.com:3306, got "replica"
    policy.throttle.replica_lag.replicas[0]: expected host:port such as replica.example.com:3306, got "replica:0"
    policy.throttle.replica_lag.replicas[0]: expected host:port such as replica.example.com:3306, got "replica:+1"
    policy.throttle.replica_lag.replicas[0]: expected host:port such as replica.example.com:3306, got "two words:3306"
    policy.throttle.replica_lag.replicas[0]: expected host:port such as replica.example.com:3306, got ":3306"
    "#);
}
