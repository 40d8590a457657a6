//! The case files of nights that happen, as they are read.

mod charts;
mod properties;

use aurora_model::{Section, Tags, tags};

use super::*;
use crate::findings::{
    findings,
    tests::{
        nights::{
            composite, connections, idle_holder, lagging_replica, lock_chain, runaway_select,
            unreachable,
        },
        scenes::{look_of, now, policy},
    },
};

fn read(seen: &Observation) -> String {
    let policy = policy();
    let found = findings(&policy, seen, now());
    let sections = sections(&policy, seen, &found, now());
    let told = sections.iter();
    let told = told.map(|Section { title, lines }| format!("{title}\n{}", lines.join("\n")));
    told.collect::<Vec<_>>().join("\n\n")
}

#[test]
fn a_runaway_select() {
    insta::assert_snapshot!(read(&runaway_select()), @"
    What fired
    orders-CPUUtilization: CPU of orders-2 (reader), since 2026-11-21 02:40 UTC (20m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (80).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...
    Next: Ask whoever runs monthly whether the statement may be ended. If so, on orders-2: CALL mysql.rds_kill_query(4711);
    2. Statements of one form took 69 % of the time of those that ended on orders-2 in the 3s it was watched: 300 calls of 3 ms, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    Next: Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.

    CPUUtilization of orders-2, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁██████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 12 %, highest 97.9 %, last 97.9 % at 2026-11-21 02:55 UTC; threshold 80 %

    Running for longer than 1m on orders-2
    report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...

    Statements by time on orders-2, watched for 3s
    69 %, 300 calls of 3 ms; since the start 1m in 1,000 calls, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    30 %, 120 calls of 3 ms; since the start 1m in 1,000 calls, which on average look at 4 rows and send 1: SELECT * FROM `lines` WHERE `order_id` = ?

    Sessions on orders-2: 5 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    1 of report from 10.0.0.5: executing, the longest for 25m
    1 of app from 10.0.0.5: executing, the longest for 3s
    ");
}

#[test]
fn a_form_of_statements_that_is_new_is_told_to_be() {
    let mut seen = runaway_select();
    look_of(&mut seen, "orders-2").statements[1].age = 720;
    let read = read(&seen);
    let new: Vec<_> = read
        .lines()
        .filter(|line| line.contains("first seen"))
        .collect();
    insta::assert_snapshot!(new.join("\n"), @"30 %, 120 calls of 3 ms; first seen 12m ago, since then 1m in 1,000 calls, which on average look at 4 rows and send 1: SELECT * FROM `lines` WHERE `order_id` = ?");
}

#[test]
fn a_lock_chain_three_deep() {
    insta::assert_snapshot!(read(&lock_chain()), @"
    What fired
    orders-BlockedTransactions: long transactions of orders-1 (writer), since 2026-11-21 02:50 UTC (10m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (1).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. app from 10.0.0.5 (orders-api, connection 201) blocks 2 sessions of app and billing, the longest for 10m 40s, by a lock on shop.orders (PRIMARY). It has slept for 11m 40s, in a transaction open for 12m, since 2026-11-21 02:48 UTC, which has changed 1 row and locked about 2; its last statement: UPDATE `orders` SET `state` = ? WHERE `id` = ?
    Next: Ask whoever runs orders-api whether its connection may be ended; the server then rolls back 1 changed row. If so, on orders-1: CALL mysql.rds_kill(201);

    BlockedTransactions of orders-1, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 0, highest 2, last 2 at 2026-11-21 02:55 UTC; threshold 1

    Lock waits on orders-1
    app from 10.0.0.5 (orders-api, connection 201) has slept for 11m 40s, in a transaction open for 12m, since 2026-11-21 02:48 UTC, which has changed 1 row and locked about 2; its last statement: UPDATE `orders` SET `state` = ? WHERE `id` = ?
    -> app from 10.0.0.5 (orders-api, connection 202) has waited for 10m 40s for the lock X,REC_NOT_GAP on shop.orders (PRIMARY): UPDATE `orders` SET `state` = ? WHERE `id` = ?
    --> billing from 10.0.0.9 (connection 203) has waited for 45s for the lock X,REC_NOT_GAP on shop.orders (PRIMARY): UPDATE `orders` SET `state` = ? WHERE `id` = ?

    Transactions open for longer than 1m on orders-1
    app from 10.0.0.5 (orders-api, connection 201) has slept for 11m 40s, in a transaction open for 12m, since 2026-11-21 02:48 UTC, which has changed 1 row and locked about 2; its last statement: UPDATE `orders` SET `state` = ? WHERE `id` = ?
    app from 10.0.0.5 (orders-api, connection 202) has executed one statement for 10m 40s, since 2026-11-21 02:49 UTC, in a transaction open for 10m 50s, since 2026-11-21 02:49 UTC, which has changed 3 rows and locked about 4: UPDATE `orders` SET `state` = ? WHERE `id` = ?

    Sessions on orders-1: 6 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    1 of app from 10.0.0.5: Sleep in a transaction, the longest for 11m 40s
    1 of app from 10.0.0.5: executing, the longest for 10m 40s
    1 of billing from 10.0.0.9: executing, the longest for 45s

    What Nightshift did lately
    job purge-logs: running, moved 4s ago, 1,200,000 rows taken away
    ");
}

#[test]
fn what_nightshift_did_is_told_the_latest_first_and_what_is_no_time_is_left_out() {
    let mut seen = lock_chain();
    let tags = [
        (
            tags::READER_CHANGES,
            "2026-11-21T02:10:00Z ? gone 2026-11-21T02:50:00Z",
        ),
        (tags::REMEDIED, "2026-11-21T02:30:00Z"),
        (tags::READER_ASKED, "soon"),
    ];
    seen.cluster.tags = Tags::from_iter(tags);
    let file = read(&seen);
    let did = file.split("What Nightshift did lately\n").nth(1).unwrap();
    insta::assert_snapshot!(did, @"
    2026-11-21 02:50 UTC: scale-readers removed a reader
    2026-11-21 02:30 UTC: remedy-alarm began to end sessions or statements
    2026-11-21 02:10 UTC: scale-readers added a reader
    job purge-logs: running, moved 4s ago, 1,200,000 rows taken away
    ");
}

#[test]
fn somebody_left_a_transaction_open() {
    insta::assert_snapshot!(read(&idle_holder()), @"
    What fired
    orders-RollbackSegmentHistoryListLength: history list length of the cluster orders, since 2026-11-21 02:30 UTC (30m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (1000000).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. admin from 10.0.7.1 (mysql, connection 301) has slept for 10h, in a transaction open for 10h 2m, since 2026-11-20 16:58 UTC, which has changed nothing.
    Next: Until it ends it keeps its locks, and purge keeps what it may still read. Nightshift never ends it by itself: admin is the master user. Ask whoever runs mysql whether its connection may be ended. If so, on orders-2: CALL mysql.rds_kill(301);
    2. The history list on orders-1 is 2,310,000 long: purge keeps what the oldest transaction may still read. That is of admin from 10.0.7.1 (mysql, connection 301) on orders-2, open for 10h 2m.
    Next: That transaction must end. Until the list is short again, do not restart or upgrade: that takes the longer. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html

    RollbackSegmentHistoryListLength of orders, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 1200, highest 2310000, last 2310000 at 2026-11-21 02:55 UTC; threshold 1000000

    Transactions open for longer than 1m on orders-2
    admin from 10.0.7.1 (mysql, connection 301) has slept for 10h, in a transaction open for 10h 2m, since 2026-11-20 16:58 UTC, which has changed nothing.

    History list
    orders-1: 2,310,000; the oldest transaction is of admin from 10.0.7.1 (mysql, connection 301) on orders-2, open for 10h 2m

    Sessions on orders-1: 3 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    ");
}

#[test]
fn connections_run_out() {
    insta::assert_snapshot!(read(&connections()), @"
    What fired
    orders-DatabaseConnections: connections of orders-1 (writer), since 2026-11-21 02:45 UTC (15m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (90).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. 91 of 100 connections (91 %) are used on orders-1: app (orders-api) holds 80 from 10.0.0.5, of which 80 sleep, the longest for 1h 19m; app (worker) holds 6 from 6 hosts, of which none sleeps; report holds 4 from 10.0.0.5, of which 4 sleep, the longest for 5s.
    Next: Most of them wait for work: make the pools of orders-api smaller, or let them close idle connections (RDS Proxy shares them). To free the one that has slept for longest, on orders-1: CALL mysql.rds_kill(1079);

    DatabaseConnections of orders-1, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 40, highest 91, last 91 at 2026-11-21 02:55 UTC; threshold 90

    Sessions on orders-1: 91 of 100 connections (91 %)
    80 of app from 10.0.0.5: Sleep, the longest for 1h 19m
    4 of report from 10.0.0.5: Sleep, the longest for 5s
    1 of app from 10.0.1.0: executing, the longest for 2s
    1 of app from 10.0.1.1: executing, the longest for 2s
    1 of app from 10.0.1.2: executing, the longest for 2s
    ... and 3 more
    ");
}

#[test]
fn a_lagging_replica() {
    insta::assert_snapshot!(read(&lagging_replica()), @"
    What fired
    orders-AuroraBinlogReplicaLag: replica lag of orders-2 (reader), since 2026-11-21 02:48 UTC (12m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (30).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. orders-2 is 12m 25s behind its source: its applier waits for a lock on shop.orders behind app from 10.0.0.5 (dashboard, connection 401), which has slept for 13m 20s, in a transaction open for 13m 30s, since 2026-11-21 02:46 UTC, which has changed nothing.
    Next: Ask whoever runs dashboard whether its connection may be ended. If so, on orders-2: KILL 401;

    AuroraBinlogReplicaLag of orders-2, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 0 s, highest 740 s, last 740 s at 2026-11-21 02:55 UTC; threshold 30 s

    Replica lag
    orders-2 is behind its source: 12m 25s; its receiver runs, its applier runs

    Lock waits on orders-2
    app from 10.0.0.5 (dashboard, connection 401) has slept for 13m 20s, in a transaction open for 13m 30s, since 2026-11-21 02:46 UTC, which has changed nothing.
    -> a thread of the server itself (45) has waited for 12m 25s for the metadata lock EXCLUSIVE on shop.orders: ALTER TABLE `orders` ADD COLUMN `note` TEXT

    Transactions open for longer than 1m on orders-2
    app from 10.0.0.5 (dashboard, connection 401) has slept for 13m 20s, in a transaction open for 13m 30s, since 2026-11-21 02:46 UTC, which has changed nothing.

    Sessions on orders-2: 4 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    1 of app from 10.0.0.5: Sleep in a transaction, the longest for 13m 20s

    Sessions on orders-1: 3 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    ");
}

#[test]
fn a_database_that_is_not_reached() {
    insta::assert_snapshot!(read(&unreachable()), @"
    What fired
    orders-CPUUtilization: CPU of orders-1 (writer), since 2026-11-21 02:55 UTC (5m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (80).
    The team's words: Page the orders team if it lasts.

    Most likely
    1. orders-1 could not be looked into: orders-1.abc.eu-central-1.rds.amazonaws.com:3306 was not reached (it timed out). Either it serves nobody, and applications fail as well, or it is only Nightshift that does not get in.
    Next: Log in from where an application runs. If that works, check the security group and the subnets of the function remedy-alarm, and the secret of policy.database (nightshift/orders/reader). If it fails too, the server is the trouble. What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-1 --duration 180

    CPUUtilization of orders-1, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁███
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 35 %, highest 100 %, last 100 % at 2026-11-21 02:55 UTC; threshold 80 %
    ");
}

#[test]
fn a_composite_alarm_names_its_children() {
    insta::assert_snapshot!(read(&composite()), @"
    What fired
    orders-CPUUtilization: CPU of orders-2 (reader), since 2026-11-21 02:40 UTC (20m)
    CloudWatch: Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold (80).
    The team's words: Page the orders team if it lasts.
    orders-unwell: a composite alarm of the cluster orders, since 2026-11-21 02:41 UTC (19m)
    CloudWatch: orders-CPUUtilization transitioned to ALARM at Saturday 21 November, 2026 02:40:00 UTC
    It rings because of:
    -> orders-CPUUtilization
    -> orders-slow

    Most likely
    1. report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...
    Next: Ask whoever runs monthly whether the statement may be ended. If so, on orders-2: CALL mysql.rds_kill_query(4711);
    2. Statements of one form took 69 % of the time of those that ended on orders-2 in the 3s it was watched: 300 calls of 3 ms, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    Next: Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.

    CPUUtilization of orders-2, the last 3h
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁██████
    from 2026-11-21 00:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 12 %, highest 97.9 %, last 97.9 % at 2026-11-21 02:55 UTC; threshold 80 %

    Running for longer than 1m on orders-2
    report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...

    Statements by time on orders-2, watched for 3s
    69 %, 300 calls of 3 ms; since the start 1m in 1,000 calls, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    30 %, 120 calls of 3 ms; since the start 1m in 1,000 calls, which on average look at 4 rows and send 1: SELECT * FROM `lines` WHERE `order_id` = ?

    Sessions on orders-2: 5 of 1,000 connections (0 %)
    2 of app from 10.0.0.5: Sleep, the longest for 20s
    1 of report from 10.0.0.5: executing, the longest for 25m
    1 of app from 10.0.0.5: executing, the longest for 3s
    ");
}

#[test]
fn what_rds_did_is_told_the_latest_first() {
    let mut seen = runaway_select();
    let event = |minutes, message: &str| aurora::RdsEvent {
        at: crate::findings::tests::scenes::ago(minutes),
        source: "orders-2".into(),
        message: message.into(),
    };
    seen.events = vec![
        event(
            50,
            "A new writer was promoted. Restarting database as a reader.",
        ),
        event(48, "DB instance restarted"),
    ];
    let told = read(&seen);
    let told = told.split("\n\n").find(|it| it.starts_with("What RDS did"));
    insta::assert_snapshot!(told.unwrap_or_default(), @"
    What RDS did within a day
    2026-11-21 02:12 UTC orders-2: DB instance restarted
    2026-11-21 02:10 UTC orders-2: A new writer was promoted. Restarting database as a reader.
    ");
}
