use insta::assert_snapshot;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;
use crate::database::{Place, RunId};

#[expect(
    clippy::needless_pass_by_value,
    reason = "reads better where it is called"
)]
fn job(what: Value) -> Job {
    let mut job = json!({
        "job": "purge-logs", "cluster": "orders", "secret": "job-login", "database": "shop",
    });
    let what = what.as_object().unwrap().clone();
    job.as_object_mut().unwrap().extend(what);
    serde_json::from_value(job).unwrap()
}

fn purge() -> Job {
    job(json!({"purge": {"table": "access_logs", "column": "created_at", "older_than": "30d"}}))
}

fn run(state: State, tally: Tally) -> Run {
    let slot: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
    Run {
        id: RunId(7),
        slot,
        began: slot,
        ended: Some(slot),
        state,
        error: None,
        spec: String::new(),
        place: Place::default(),
        tally,
        attempts: 1,
        told: false,
    }
}

fn millions() -> Tally {
    Tally {
        steps: 6_120,
        rows: 3_000_000,
        busy_ms: 104_000,
        ..Tally::default()
    }
}

fn said(job: &Job, run: &Run) -> String {
    let Told {
        reason, outcome, ..
    } = told(job, run);
    match outcome {
        Some(Outcome::Failed { detail, .. }) => format!("{reason} -> {detail}"),
        Some(_) => reason,
        None => format!("ALERT {reason}"),
    }
}

#[test]
fn a_run_that_is_done_says_what_and_how_fast() {
    let mut run = run(State::Done, millions());
    run.place.walk = "PRIMARY".into();
    run.attempts = 2;
    assert_snapshot!(said(&purge(), &run), @"deleted 3,000,000 rows of shop.access_logs older than 2026-10-22 02:00 UTC in 6,120 steps, 2 invocations, 104 s of work (28,846 rows a second); walked the primary key");
    run.place.walk = "created".into();
    run.tally.children = 12;
    run.tally.busy_ms = 7_400_000;
    assert_snapshot!(said(&purge(), &run), @"deleted 3,000,000 rows of shop.access_logs and 12 rows of its child tables older than 2026-10-22 02:00 UTC in 6,120 steps, 2 invocations, 2h 3m of work (405 rows a second); walked the index created");
}

#[test]
fn each_kind_of_job_has_its_words() {
    let done = |what, tally| said(&job(what), &run(State::Done, tally));
    let one = Tally {
        steps: 1,
        rows: 1,
        busy_ms: 850,
        ..Tally::default()
    };
    assert_snapshot!(done(json!({"archive": {"table": "a", "column": "c", "older_than": "1d", "into": "b"}}), one), @"moved 1 row of shop.a to b older than 2026-11-20 02:00 UTC in 1 step, 850 ms of work");
    assert_snapshot!(done(json!({"purge": {"table": "a", "where": "x"}}), one), @"deleted 1 row of shop.a that satisfy its condition in 1 step, 850 ms of work");
    let partitions =
        json!({"partitions": {"table": "a", "every": "1d", "ahead": 3, "keep": "30d"}});
    assert_snapshot!(done(partitions.clone(), Tally::default()), @"found the partitions of shop.a as they are to be");
    assert_snapshot!(done(partitions, one), @"kept the partitions of shop.a; 1 row went with them in 1 step, 850 ms of work");
    assert_snapshot!(done(json!({"call": {"procedure": "tidy"}}), Tally::default()), @"called shop.tidy");
    assert_snapshot!(done(json!({"statement": {"sql": "x"}}), one), @"ran its statement in shop, which changed 1 row in 1 step, 850 ms of work");
}

#[test]
fn a_run_that_did_not_come_off_says_why_and_what_it_had_done() {
    let with = |state, error: &str| {
        let mut run = run(state, millions());
        run.error = Some(error.into());
        said(&purge(), &run)
    };
    assert_snapshot!(with(State::Failed, "the right DELETE is missing (1142)"), @"the run of 2026-11-21 02:00 UTC: deleted 3,000,000 rows of shop.access_logs older than 2026-10-22 02:00 UTC in 6,120 steps, 104 s of work (28,846 rows a second) -> the right DELETE is missing (1142)");
    assert_snapshot!(with(State::Stopped, "max_rows (3,000,000) is reached"), @"ALERT stopped: max_rows (3,000,000) is reached. Until then: deleted 3,000,000 rows of shop.access_logs older than 2026-10-22 02:00 UTC in 6,120 steps, 104 s of work (28,846 rows a second)");
    assert_snapshot!(with(State::Stopped, REPLACED), @"the policy says something else now, so the run of 2026-11-21 02:00 UTC was stopped. Until then: deleted 3,000,000 rows of shop.access_logs older than 2026-10-22 02:00 UTC in 6,120 steps, 104 s of work (28,846 rows a second)");
    assert_snapshot!(with(State::Skipped, "the run of 2026-11-21 01:00 UTC was not over"), @"the schedule of 2026-11-21 02:00 UTC was left out: the run of 2026-11-21 01:00 UTC was not over");
}

#[test]
fn what_found_nothing_to_do_is_no_news() {
    let idle = run(State::Done, Tally::default());
    assert!(!is_news(&purge(), &idle));
    assert!(is_news(&purge(), &run(State::Done, millions())));
    assert!(is_news(&purge(), &run(State::Failed, Tally::default())));
    assert!(is_news(&job(json!({"call": {"procedure": "tidy"}})), &idle));
}

#[test]
fn progress_says_how_much_is_left_and_how_long_it_takes() {
    let mut going = run(State::Running, millions());
    assert_snapshot!(progress(&going), @"the run of 2026-11-21 02:00 UTC: 3,000,000 rows gone so far, 28,846 a second while it works");
    going.place.estimate = Some(5_000_000);
    assert_snapshot!(progress(&going), @"the run of 2026-11-21 02:00 UTC: 3,000,000 of about 5,000,000 rows gone so far (60 %), 28,846 a second while it works, about 69 s of work left");
    going.place.estimate = Some(2_000_000);
    assert_snapshot!(progress(&going), @"the run of 2026-11-21 02:00 UTC: 3,000,000 rows gone so far, 28,846 a second while it works");
    let new = run(State::Running, Tally::default());
    assert_snapshot!(progress(&new), @"the run of 2026-11-21 02:00 UTC: 0 rows gone so far");
}

#[test]
fn monitoring_of_the_event_goes_on_under_its_name() {
    assert_eq!(log_as(&purge()), "purge-logs");
    let replaces = json!({"purge": {"table": "a"}, "replaces_event": "shop.clean_logs"});
    assert_eq!(log_as(&job(replaces)), "clean_logs");
}
