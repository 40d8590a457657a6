//! What holds of every night: who is no culprit, what comes first, how much is told.

use super::{
    nights::{lock_chain, runaway_select},
    scenes::{executing, look_of, quiet, ring, session, transaction, wait},
    *,
};
use crate::database::look::{Applier, Digest, Session};

#[test]
fn a_reader_that_cannot_be_reached_does_not_hide_the_writers_trouble() {
    let mut seen = lock_chain();
    seen.servers[1].look = Err("orders-2 was not reached".into());
    let kinds: Vec<Kind> = all(&seen).iter().map(|finding| finding.kind).collect();
    assert_eq!(kinds[..2], [Kind::LockHolder, Kind::Unreachable]);
}

#[test]
fn what_belongs_to_the_system_is_no_culprit_and_is_not_to_be_ended() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "CPUUtilization",
        Some("orders-1"),
        5,
        (12.0, 80.0, 97.9),
    );
    let look = look_of(&mut seen, "orders-1");
    for (id, user, command) in [
        (501, None, "Query"),
        (502, Some("event_scheduler"), "Daemon"),
        (503, Some("repl"), "Binlog Dump GTID"),
        (504, Some("rdsadmin"), "Query"),
    ] {
        let mut session = executing(id, 90_000, "SELECT ?");
        session.user = user.map(Into::into);
        session.command = command.into();
        session.transaction = Some(transaction(90_000, 5, 5));
        look.sessions.push(session);
    }
    assert_eq!(all(&seen)[0].kind, Kind::Nothing);
    look_of(&mut seen, "orders-1").waits = vec![wait(101, 504, 90)];
    let said = first(&seen);
    assert!(
        said.contains("Do not end it: rdsadmin is a user of the system."),
        "{said}"
    );
    assert!(!said.contains("rds_kill"), "{said}");
}

#[test]
fn each_server_has_its_own_way_to_end_a_session() {
    let mut seen = quiet();
    let look = look_of(&mut seen, "orders-1");
    let mut idle = session(9, 600);
    idle.transaction = Some(transaction(600, 0, 0));
    look.sessions = vec![executing(8, 600, "SELECT ?"), idle];
    let statements = |seen: &Observation| {
        let mut next: Vec<String> = all(seen).into_iter().map(|finding| finding.next).collect();
        next.sort();
        next.concat()
    };
    let said = statements(&seen);
    assert!(
        said.contains("CALL mysql.rds_kill_query(8);") && said.contains("CALL mysql.rds_kill(9);"),
        "{said}"
    );
    look_of(&mut seen, "orders-1").aurora = false;
    let said = statements(&seen);
    assert!(
        said.contains(" KILL QUERY 8;") && said.contains(" KILL 9;"),
        "{said}"
    );
}

#[test]
fn no_more_of_a_kind_than_the_policy_asks_for() {
    let mut seen = quiet();
    let sessions = (0..40).map(|n| executing(n, 600 + n, "SELECT ?"));
    look_of(&mut seen, "orders-1").sessions = sessions.collect();
    let found = all(&seen);
    let longest: Vec<u64> = found.iter().filter_map(|finding| finding.session).collect();
    assert_eq!(found.len(), 5);
    assert_eq!(
        longest,
        [0, 1, 2, 3, 4],
        "as much evidence, so by connection"
    );
}

#[test]
fn a_holder_nobody_knows_can_be_looked_for() {
    let mut seen = lock_chain();
    let look = look_of(&mut seen, "orders-1");
    look.sessions.retain(|session| session.id != 201);
    insta::assert_snapshot!(first(&seen), @r#"
    1180 LockHolder on "orders-1"
    Thread 241, which is not among the sessions that could be read, blocks 2 sessions of app and billing, the longest for 10m 40s, by a lock on shop.orders (PRIMARY).
    -> Find out who it is: SELECT PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_HOST FROM performance_schema.threads WHERE THREAD_ID = 241;
    "#);
}

#[test]
fn sessions_that_wait_for_one_another() {
    let mut seen = lock_chain();
    look_of(&mut seen, "orders-1").waits = vec![wait(202, 203, 5), wait(203, 202, 5)];
    insta::assert_snapshot!(first(&seen), @r#"
    1017 LockHolder on "orders-1"
    2 sessions wait for one another, each for the next: app from 10.0.0.5 (orders-api, connection 202) and billing from 10.0.0.9 (connection 203). InnoDB ends a deadlock that it sees by rolling one of them back; one with a metadata lock in it stays until a wait is given up.
    -> Ask whoever runs orders-api whether its connection may be ended; the server then rolls back 3 changed rows. If so, on orders-1: CALL mysql.rds_kill(202);
    "#);
}

#[test]
fn of_sleepers_in_a_transaction_the_one_in_somebody_s_way_comes_first() {
    let mut seen = quiet();
    let metric = "RollbackSegmentHistoryListLength";
    ring(
        &mut seen,
        metric,
        None,
        30,
        (1_200.0, 1_000_000.0, 2_310_000.0),
    );
    let sleeper = |id, seconds| {
        let mut sleeper = session(id, seconds);
        sleeper.transaction = Some(transaction(seconds, 1, 1));
        sleeper
    };
    let look = look_of(&mut seen, "orders-1");
    look.sessions.extend([sleeper(310, 900), sleeper(311, 300)]);
    look.sessions
        .push(executing(312, 280, "UPDATE `orders` SET `state` = ?"));
    assert_eq!(all(&seen)[0].session, Some(310), "the older one");
    look_of(&mut seen, "orders-1").waits = vec![wait(312, 311, 280)];
    assert_eq!(all(&seen)[0].session, Some(311), "the one in 312's way");
}

#[test]
fn short_waits_are_the_everyday_of_a_busy_server() {
    let mut seen = quiet();
    let look = look_of(&mut seen, "orders-1");
    look.sessions = (1..4)
        .map(|id| executing(id, 1, "UPDATE `orders` SET `state` = ?"))
        .collect();
    look.waits = vec![wait(2, 1, 1), wait(3, 1, 1)];
    assert_eq!(all(&seen)[0].kind, Kind::Nothing);
    look_of(&mut seen, "orders-1").waits.push(wait(4, 1, 1));
    assert_eq!(all(&seen)[0].kind, Kind::LockHolder, "three wait for one");
}

#[test]
fn who_waits_is_no_culprit_even_where_the_holder_is_not_known() {
    let mut seen = quiet();
    let mut waiting = executing(1, 600, "ALTER TABLE `orders` ADD COLUMN `note` TEXT");
    waiting.state = Some("Waiting for table metadata lock".into());
    look_of(&mut seen, "orders-1").sessions = vec![waiting];
    assert_eq!(all(&seen)[0].kind, Kind::Nothing);
}

#[test]
fn what_was_ended_already_is_waited_for() {
    let ended: [fn(&mut Session); 2] = [
        |session| session.command = "Killed".into(),
        |session| session.transaction.as_mut().unwrap().rolling_back = true,
    ];
    for end in ended {
        let mut seen = lock_chain();
        let look = look_of(&mut seen, "orders-1");
        let mut sessions = look.sessions.iter_mut();
        end(sessions.find(|session| session.id == 201).unwrap());
        let said = first(&seen);
        assert!(
            said.contains("It was ended already") && !said.contains("rds_kill"),
            "{said}"
        );
    }
}

#[test]
fn a_transaction_on_a_reader_keeps_old_rows_for_all_of_aurora_and_elsewhere_for_itself() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "RollbackSegmentHistoryListLength",
        Some("orders-1"),
        9,
        (1.0, 2.0, 3.0),
    );
    let mut idle = session(9, 7_000);
    idle.transaction = Some(transaction(7_000, 0, 0));
    look_of(&mut seen, "orders-2").sessions = vec![idle];
    let found = all(&seen);
    assert_eq!(found[0].kind, Kind::IdleTransaction);
    assert!(
        found[1].said.contains("That is of app from 10.0.0.5"),
        "{}",
        found[1].said
    );
    look_of(&mut seen, "orders-1").aurora = false;
    assert!(
        !all(&seen)[1].said.contains("That is of"),
        "{}",
        all(&seen)[1].said
    );
}

#[test]
fn a_replica_with_nothing_in_its_way_has_much_to_apply() {
    let mut seen = quiet();
    look_of(&mut seen, "orders-2").applier = Some(Applier {
        behind: Some(90.0),
        receiving: true,
        applying: true,
        error: 0,
    });
    let mut load = executing(7, 30, "DELETE FROM `logs`");
    load.transaction = Some(transaction(30, 800_000, 0));
    look_of(&mut seen, "orders-1").sessions = vec![load];
    insta::assert_snapshot!(first(&seen), @r#"
    500 ReplicaLag on "orders-2"
    orders-2 is 1m 30s behind its source: it executes what comes, and waits for no lock. Most is written by app from 10.0.0.5 (orders-api, connection 7), which has executed one statement for 30s, since 2026-11-21 02:59 UTC, and changed 800,000 rows: DELETE FROM `logs`
    -> It catches up once less is written, or sooner where it applies in parallel (replica_parallel_workers) and has no long statements of its own beside.
    "#);
}

#[test]
fn a_server_that_does_next_to_nothing_has_no_heavy_statement() {
    let mut seen = quiet();
    let idle = Digest {
        text: "SELECT ?".into(),
        calls_now: 1,
        seconds_now: 0.7,
        ..Digest::default()
    };
    look_of(&mut seen, "orders-1").statements = vec![idle.clone()];
    assert_eq!(all(&seen)[0].kind, Kind::Nothing);
    look_of(&mut seen, "orders-1").statements = vec![Digest {
        seconds_now: 0.8,
        ..idle
    }];
    assert_eq!(all(&seen)[0].kind, Kind::HeavyStatement);
}

#[test]
fn statements_are_new_to_a_server_that_has_counted_for_a_day() {
    let mut seen = runaway_select();
    let mut heavy = |age, known| {
        let look = look_of(&mut seen, "orders-2");
        look.known = known;
        look.statements[0].age = age;
        let found = all(&seen).into_iter();
        let heavy: Vec<_> = found.filter(|it| it.kind == Kind::HeavyStatement).collect();
        told(&heavy)
    };
    let (hour, day) = (3_600, 86_400);
    let new = |told: String| told.contains("first seen") && told.contains("deployed");
    assert!(new(heavy(hour - 1, day)));
    assert!(!new(heavy(hour, day)) && !new(heavy(hour - 1, day - 1)));
    insta::assert_snapshot!(heavy(12 * 60, 9 * day), @r#"
    988 HeavyStatement on "orders-2"
    Statements of one form, first seen 12m ago in 9d of counting, took 69 % of the time of those that ended on orders-2 in the 3s it was watched: 300 calls of 3 ms, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    -> Find out what was deployed or begun then, and whether it can be taken back or wait. Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.
    "#);
}
