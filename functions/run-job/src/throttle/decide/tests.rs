//! Tables, and what holds for all readings and limits.

use jobs::policy::{Lag, Query};
use proptest::prelude::*;

use super::*;

const AGAIN: Duration = Duration::from_millis(50);

fn lag_on(of: &str) -> What {
    let of = of.to_owned();
    What::Lag { of }
}

fn is(what: What, number: f64) -> Reading {
    let value = Ok(number);
    Reading { what, value }
}

fn unread(what: What, why: &str) -> Reading {
    let value = Err(why.to_owned());
    Reading { what, value }
}

/// The verdict in one line, under the policy's defaults.
fn by_default(readings: &[Reading]) -> String {
    said(&decide(&Throttle::default(), readings, AGAIN))
}

fn said(verdict: &Verdict) -> String {
    match verdict {
        Verdict::Go => "go".to_owned(),
        Verdict::Wait { why, again } => format!("wait {} ms: {why}", again.as_millis()),
        Verdict::Stop { why } => format!("stop: {why}"),
    }
}

fn nothing() -> Throttle {
    Throttle {
        replica_lag: None,
        history_list_length: None,
        threads_running: None,
        commit_ms: None,
        lock_waits: None,
        query: None,
        ..Throttle::default()
    }
}

#[test]
fn what_is_within_its_limits_lets_the_job_go_on() {
    let at_the_limits = [
        is(lag_on("orders-reader-1"), 1_000.0),
        is(What::HistoryListLength, 100_000.0),
        is(What::ThreadsRunning, 64.0),
        is(What::LockWaits, 0.0),
    ];
    assert_eq!(by_default(&at_the_limits), "go");
    assert_eq!(by_default(&[]), "go");
}

#[test]
fn a_soft_limit_makes_the_job_wait_and_says_which_and_how_much() {
    let reader = lag_on("orders-reader-2");
    insta::assert_snapshot!(by_default(&[is(reader, 3_200.0)]), @"wait 50 ms: replica lag 3.2 s on orders-reader-2, above 1 s");
    insta::assert_snapshot!(by_default(&[is(What::HistoryListLength, 154_210.0)]), @"wait 50 ms: history list length 154,210, above 100,000");
    insta::assert_snapshot!(by_default(&[is(What::ThreadsRunning, 72.0)]), @"wait 50 ms: 72 threads running, above 64");
    insta::assert_snapshot!(by_default(&[is(What::LockWaits, 1.0)]), @"wait 50 ms: a session waits for the job's locks, above 0");
    insta::assert_snapshot!(by_default(&[is(What::LockWaits, 3.0)]), @"wait 50 ms: 3 sessions wait for the job's locks, above 0");
    let limits = Throttle {
        commit_ms: Some(Limit {
            soft: Some(20),
            critical: None,
        }),
        query: Some(Query {
            sql: "SELECT 1".to_owned(),
            soft: Some(-2.5),
            critical: None,
        }),
        ..nothing()
    };
    let readings = [is(What::Query, -2.25), is(What::Commit, 44.1)];
    insta::assert_snapshot!(said(&decide(&limits, &readings, AGAIN)), @"wait 50 ms: the job's commits take 45 ms, above 20 ms; the policy's query answers -2.25, above -2.5");
}

#[test]
fn several_are_all_named_the_gravest_first_and_what_cannot_be_read_last() {
    let readings = [
        unread(What::ThreadsRunning, "the server is away"),
        is(What::HistoryListLength, 110_000.0),
        is(lag_on("a"), 1_000.1),
        is(lag_on("b"), 5_000.0),
    ];
    insta::assert_snapshot!(by_default(&readings), @"wait 50 ms: replica lag 5 s on b, above 1 s; history list length 110,000, above 100,000; replica lag 1.001 s on a, above 1 s; threads running cannot be read: the server is away");
}

#[test]
fn a_critical_limit_ends_the_run_whatever_else_holds() {
    let readings = [
        is(lag_on("a"), 60_001.0),
        is(What::ThreadsRunning, 1_000_000.0),
        is(What::HistoryListLength, 8_000_000.0),
        unread(What::LockWaits, "the server is away"),
    ];
    insta::assert_snapshot!(by_default(&readings), @"stop: history list length 8,000,000, above the critical limit of 2,000,000; replica lag 60.001 s on a, above the critical limit of 60 s");
}

#[test]
fn what_cannot_be_read_counts_as_exceeded_softly() {
    let right = "the right PROCESS is missing (1227)";
    insta::assert_snapshot!(by_default(&[unread(What::HistoryListLength, right)]), @"wait 50 ms: history list length cannot be read: the right PROCESS is missing (1227)");
    insta::assert_snapshot!(by_default(&[is(lag_on("a"), f64::NAN)]), @"wait 50 ms: replica lag on a cannot be read: it is no number");
    insta::assert_snapshot!(by_default(&[unread(What::LockWaits, "no")]), @"wait 50 ms: who waits for the job's locks cannot be read: no");
}

#[test]
fn what_has_no_limit_is_not_looked_at() {
    let readings = [is(What::Commit, 1e9), unread(What::Query, "no")];
    assert_eq!(by_default(&readings), "go");
}

#[test]
fn the_replica_that_is_furthest_behind_tells_how_near_the_limit_is() {
    let limits = Throttle::default();
    let lags = [is(lag_on("a"), 250.0), is(lag_on("b"), 400.0)];
    let found = furthest(&limits, &lags).unwrap();
    assert_eq!((found.lag, found.soft), (400.0, 1_000.0));
    insta::assert_snapshot!(found.words, @"replica lag 400 ms on b, and its limit of 1 s is near");
    assert_eq!(furthest(&limits, &[is(What::ThreadsRunning, 63.0)]), None);
    assert_eq!(furthest(&limits, &[unread(lag_on("a"), "no")]), None);
    assert_eq!(furthest(&nothing(), &lags), None);
}

fn what() -> impl Strategy<Value = What> {
    prop_oneof![
        "[ab]".prop_map(|of| What::Lag { of }),
        Just(What::HistoryListLength),
        Just(What::ThreadsRunning),
        Just(What::Commit),
        Just(What::LockWaits),
        Just(What::Query),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    let value = prop_oneof![
        4 => (0.0..300.0).prop_map(Ok),
        1 => Just(Ok(f64::INFINITY)),
        1 => "[a-c]".prop_map(Err),
    ];
    (what(), value).prop_map(|(what, value)| Reading { what, value })
}

fn limit() -> impl Strategy<Value = Option<Limit>> {
    let bound = proptest::option::of(0..200_u64);
    let limit = (bound.clone(), bound).prop_map(|(soft, critical)| Limit { soft, critical });
    proptest::option::of(limit)
}

prop_compose! {
    fn limits()(
        lag in limit(),
        history_list_length in limit(),
        threads_running in limit(),
        commit_ms in limit(),
        lock_waits in limit(),
        query in limit(),
    ) -> Throttle {
        Throttle {
            replica_lag: lag.map(|lag| Lag {
                soft_ms: lag.soft,
                critical_ms: lag.critical,
                replicas: Vec::new(),
            }),
            history_list_length,
            threads_running,
            commit_ms,
            lock_waits,
            query: query.map(|limit| Query {
                sql: "SELECT 1".to_owned(),
                soft: limit.soft.map(float),
                critical: limit.critical.map(float),
            }),
            ..Throttle::default()
        }
    }
}

fn rank(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Go => 0,
        Verdict::Wait { .. } => 1,
        Verdict::Stop { .. } => 2,
    }
}

proptest! {
    #[test]
    fn the_order_of_the_readings_is_irrelevant(
        limits in limits(),
        (readings, shuffled) in prop::collection::vec(reading(), 0..8)
            .prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(decide(&limits, &readings, AGAIN), decide(&limits, &shuffled, AGAIN));
    }

    #[test]
    fn a_higher_reading_never_makes_the_verdict_milder(
        limits in limits(),
        readings in prop::collection::vec(reading(), 1..8),
        which in any::<prop::sample::Index>(),
        more in 0.0..300.0,
    ) {
        let before = rank(&decide(&limits, &readings, AGAIN));
        let mut higher = readings;
        let index = which.index(higher.len());
        if let Ok(number) = &mut higher[index].value {
            prop_assume!(number.is_finite());
            *number += more;
        }
        prop_assert!(rank(&decide(&limits, &higher, AGAIN)) >= before);
    }

    #[test]
    fn one_more_reading_never_makes_the_verdict_milder(
        limits in limits(),
        readings in prop::collection::vec(reading(), 0..8),
        another in reading(),
    ) {
        let before = rank(&decide(&limits, &readings, AGAIN));
        let more: Vec<Reading> = readings.into_iter().chain([another]).collect();
        prop_assert!(rank(&decide(&limits, &more, AGAIN)) >= before);
    }

    #[test]
    fn without_limits_nothing_holds_a_job_back(
        readings in prop::collection::vec(reading(), 0..8),
    ) {
        prop_assert_eq!(decide(&nothing(), &readings, AGAIN), Verdict::Go);
    }

    #[test]
    fn nobody_waits_without_a_soft_limit_unless_something_cannot_be_read(
        limits in limits(),
        readings in prop::collection::vec(reading(), 0..8),
    ) {
        let read = |reading: &Reading| reading.value.as_ref().is_ok_and(|n| n.is_finite());
        prop_assume!(readings.iter().all(read));
        let mut hard = limits;
        for limit in [
            &mut hard.history_list_length,
            &mut hard.threads_running,
            &mut hard.commit_ms,
            &mut hard.lock_waits,
        ] {
            *limit = limit.map(|limit| Limit { soft: None, ..limit });
        }
        hard.replica_lag = hard.replica_lag.map(|lag| Lag { soft_ms: None, ..lag });
        hard.query = hard.query.map(|query| Query { soft: None, ..query });
        let verdict = decide(&hard, &readings, AGAIN);
        prop_assert!(rank(&verdict) != 1, "{}", said(&verdict));
    }
}
