//! The policy's defaults, its checks, and that it survives being written.

mod errors;
mod round_trip;
mod sql;

use handler::policy::parse;
use serde_json::{Value, json};

use super::*;

/// A job with everything it needs, and `more`, where null takes a field out.
fn job(more: &Value) -> Value {
    let mut job = json!({
        "job": "purge-access-logs", "cluster": "orders", "secret": "orders/jobs", "database": "shop",
    });
    let more = more.as_object().unwrap().clone();
    let has_kind = ["purge", "archive", "partitions", "call", "statement"]
        .iter()
        .any(|kind| more.contains_key(*kind));
    if !has_kind {
        job["purge"] = json!({"table": "logs", "column": "at", "older_than": "30d"});
    }
    job.as_object_mut().unwrap().extend(more);
    job
}

fn parsed(more: &Value) -> Job {
    parse(&job(more)).unwrap()
}

#[allow(
    clippy::needless_pass_by_value,
    reason = "reads better in the tables below"
)]
fn error(more: Value) -> String {
    parse::<Job>(&job(&more)).unwrap_err().to_string()
}

#[test]
fn what_a_job_leaves_out_is_safe() {
    let job = parsed(&json!({}));
    let rows = job.purge.as_ref().unwrap();
    assert_eq!(
        (rows.unit, rows.accept_scan, rows.max_rows),
        (Unit::Time, false, None)
    );
    assert_eq!((job.overlap, job.pause_after), (Overlap::Skip, 3));
    assert_eq!(
        (job.catch_up, job.expire_after),
        (Span::hours(6), Span::hours(24))
    );
    assert_eq!(
        (job.chunk, job.throttle),
        (Chunk::default(), Throttle::default())
    );
    assert!(job.windows.is_empty() && !job.plain_text && job.mode.is_none());
}

#[test]
fn a_limit_left_out_has_its_default_and_null_is_none() {
    let throttle = parsed(&json!({"throttle": {"replica_lag": null, "every_ms": 100}})).throttle;
    let expected = Throttle {
        replica_lag: None,
        every_ms: 100,
        ..Throttle::default()
    };
    assert_eq!(throttle, expected);
}

#[test]
fn null_need_not_be_said_for_an_operator_that_takes_nothing() {
    let and = json!({"column": "deleted_at", "operator": "is-not"});
    let purge = json!({"table": "t", "column": "at", "older_than": "1d", "and": and});
    let job = parsed(&json!({"purge": purge}));
    assert_eq!(job.purge.unwrap().and.unwrap().value, Value::Null);
}

#[test]
fn a_table_may_be_named_with_its_schema() {
    let name = |text: &str| Name::new(text).unwrap();
    let of = |text| Name::qualified(text, &name("shop"));
    assert_eq!(of("logs"), Some((name("shop"), name("logs"))));
    assert_eq!(of("old.logs"), Some((name("old"), name("logs"))));
    for wrong in ["", ".", "a.", ".b", "a.b.c"] {
        assert_eq!(of(wrong), None, "{wrong}");
    }
}

#[test]
fn an_event_may_have_dots_in_its_name() {
    let event = parsed(&json!({"replaces_event": "shop.daily.cleanup"})).replaces_event;
    assert_eq!(event.as_deref(), Some("shop.daily.cleanup"));
}
