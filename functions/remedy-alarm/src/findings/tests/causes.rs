//! The most likely cause comes first, and is told as a person would tell it.

use aurora_model::{ClusterStatus, InstanceStatus};
use aurora_sql::SqlError;

use super::{
    nights::{connections, idle_holder, lagging_replica, lock_chain, runaway_select, unreachable},
    scenes::{digest, executing, look_of, now, policy, quiet, ring, transaction, wait},
    *,
};
use crate::database::look::{Applier, Gap};

#[test]
fn a_runaway_select() {
    insta::assert_snapshot!(told(&all(&runaway_select())), @r#"
    1300 LongStatement on "orders-2"
    report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...
    -> Ask whoever runs monthly whether the statement may be ended. If so, on orders-2: CALL mysql.rds_kill_query(4711);
    988 HeavyStatement on "orders-2"
    Statements of one form took 69 % of the time of those that ended on orders-2 in the 3s it was watched: 300 calls of 3 ms, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    -> Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.
    "#);
}

#[test]
fn a_lock_chain_has_one_culprit_and_no_bystander() {
    insta::assert_snapshot!(told(&all(&lock_chain())), @r#"
    1180 LockHolder on "orders-1"
    app from 10.0.0.5 (orders-api, connection 201) blocks 2 sessions of app and billing, the longest for 10m 40s, by a lock on shop.orders (PRIMARY). It has slept for 11m 40s, in a transaction open for 12m, since 2026-11-21 02:48 UTC, which has changed 1 row and locked about 2; its last statement: UPDATE `orders` SET `state` = ? WHERE `id` = ?
    -> Ask whoever runs orders-api whether its connection may be ended; the server then rolls back 1 changed row. If so, on orders-1: CALL mysql.rds_kill(201);
    "#);
}

#[test]
fn somebody_left_a_transaction_open() {
    insta::assert_snapshot!(told(&all(&idle_holder())), @r#"
    1180 IdleTransaction on "orders-2"
    admin from 10.0.7.1 (mysql, connection 301) has slept for 10h, in a transaction open for 10h 2m, since 2026-11-20 16:58 UTC, which has changed nothing.
    -> Until it ends it keeps its locks, and purge keeps what it may still read. Nightshift never ends it by itself: admin is the master user. Ask whoever runs mysql whether its connection may be ended. If so, on orders-2: CALL mysql.rds_kill(301);
    940 HistoryList on "orders-1"
    The history list on orders-1 is 2,310,000 long: purge keeps what the oldest transaction may still read. That is of admin from 10.0.7.1 (mysql, connection 301) on orders-2, open for 10h 2m.
    -> That transaction must end. Until the list is short again, do not restart or upgrade: that takes the longer. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/proactive-insights.history-list.html
    "#);
}

#[test]
fn what_the_run_has_ended_is_nobodys_to_end() {
    let ending = |night: &Observation, id: u64, ending| {
        let mut found = all(night);
        let first = found[0].clone();
        let of = (first.instance.clone(), id);
        ended(&mut found, &BTreeMap::from([(of, ending)]));
        assert_eq!(found[0].said, first.said);
        (found[0].next.clone(), first.next)
    };
    let (next, _) = ending(&lock_chain(), 201, Ending::Connection);
    insta::assert_snapshot!(next, @"This run has ended its connection, and the server rolls back what it has changed and not committed. Find out why it was left like that, before it is again.");
    let (next, _) = ending(&runaway_select(), 4711, Ending::Statement);
    insta::assert_snapshot!(next, @"This run has ended the statement; the connection stays. Find out why it takes so long, before it is executed again.");
    let (next, first) = ending(&lock_chain(), 202, Ending::Connection);
    assert_eq!(next, first, "another one");
}

#[test]
fn connections_run_out() {
    insta::assert_snapshot!(told(&all(&connections())), @r#"
    1153 Connections on "orders-1"
    91 of 100 connections (91 %) are used on orders-1: app (orders-api) holds 80 from 10.0.0.5, of which 80 sleep, the longest for 1h 19m; app (worker) holds 6 from 6 hosts, of which none sleeps; report holds 4 from 10.0.0.5, of which 4 sleep, the longest for 5s.
    -> Most of them wait for work: make the pools of orders-api smaller, or let them close idle connections (RDS Proxy shares them). To free the one that has slept for longest, on orders-1: CALL mysql.rds_kill(1079);
    "#);
}

#[test]
fn connections_run_out_behind_a_lock() {
    let mut seen = connections();
    let look = look_of(&mut seen, "orders-1");
    let mut holder = executing(5_000, 400, "DELETE FROM `orders` WHERE `created` < ?");
    holder.transaction = Some(transaction(3_000, 250_000, 250_000));
    look.sessions.push(holder);
    for waiter in &mut look.sessions[..70] {
        *waiter = executing(
            waiter.id,
            40,
            "UPDATE `orders` SET `state` = ? WHERE `id` = ?",
        );
    }
    look.waits = (0..70).map(|n| wait(1_000 + n, 5_000, 40)).collect();
    insta::assert_snapshot!(first(&seen), @r#"
    1170 LockHolder on "orders-1"
    app from 10.0.0.5 (orders-api, connection 5000) blocks 70 sessions of app, the longest for 40s, by a lock on shop.orders (PRIMARY). It has executed one statement for 6m 40s, since 2026-11-21 02:53 UTC, in a transaction open for 50m, since 2026-11-21 02:10 UTC, which has changed 250,000 rows and locked about 250,000: DELETE FROM `orders` WHERE `created` < ?
    -> Ask whoever runs orders-api whether its connection may be ended; the server then rolls back 250,000 changed rows, which may take as long as changing them did, and its locks stay until then. If so, on orders-1: CALL mysql.rds_kill(5000);
    "#);
}

#[test]
fn a_replica_behind_a_metadata_lock() {
    insta::assert_snapshot!(told(&all(&lagging_replica())), @r#"
    1300 ReplicaLag on "orders-2"
    orders-2 is 12m 25s behind its source: its applier waits for a lock on shop.orders behind app from 10.0.0.5 (dashboard, connection 401), which has slept for 13m 20s, in a transaction open for 13m 30s, since 2026-11-21 02:46 UTC, which has changed nothing.
    -> Ask whoever runs dashboard whether its connection may be ended. If so, on orders-2: KILL 401;
    "#);
}

#[test]
fn a_reader_of_aurora_that_is_behind() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "AuroraReplicaLagMaximum",
        None,
        5,
        (20.0, 5_000.0, 42_000.0),
    );
    let mut load = executing(601, 300, "INSERT INTO `archive` SELECT * FROM `orders`");
    load.transaction = Some(transaction(300, 4_000_000, 0));
    let look = look_of(&mut seen, "orders-1");
    look.reader_lags = vec![("orders-3".into(), 8.0), ("orders-2".into(), 42_000.0)];
    look.sessions.push(load);
    insta::assert_snapshot!(first(&seen), @r#"
    1210 ReplicaLag on "orders-2"
    orders-2 is 42s behind the writer. Most is written by app from 10.0.0.5 (orders-api, connection 601), which has executed one statement for 5m, since 2026-11-21 02:55 UTC, and changed 4,000,000 rows: INSERT INTO `archive` SELECT * FROM `orders`
    -> Usual causes are much that is written at once, a long transaction on the reader, and a reader of a smaller class than the writer; one that falls far behind is restarted by Aurora. AWS on it: https://repost.aws/knowledge-center/aurora-read-replica-restart
    "#);
}

#[test]
fn a_replica_that_has_stopped() {
    let stopped = |receiving, applying, error| {
        let mut seen = quiet();
        look_of(&mut seen, "orders-1").applier = Some(Applier {
            behind: None,
            receiving,
            applying,
            error,
        });
        first(&seen)
    };
    insta::assert_snapshot!([stopped(true, false, 1_062), stopped(false, true, 0), stopped(true, false, 0)].concat(), @r#"
    500 ReplicaLag on "orders-1"
    How far orders-1 is behind its source is not known: replication has stopped with error 1062.
    -> SHOW REPLICA STATUS; has the text (Last_SQL_Error, Last_IO_Error). Until what it stumbled over is mended on one side, it goes no further.
    500 ReplicaLag on "orders-1"
    How far orders-1 is behind its source is not known: its receiver is stopped, so that nothing new comes.
    -> SHOW REPLICA STATUS; has the text (Last_SQL_Error, Last_IO_Error). Check that the source is reached and still has the binary log.
    500 ReplicaLag on "orders-1"
    How far orders-1 is behind its source is not known: its applier is stopped, so that what comes is not executed.
    -> SHOW REPLICA STATUS; has the text (Last_SQL_Error, Last_IO_Error). If nobody stopped it on purpose, start it: CALL mysql.rds_start_replication;
    "#);
}

#[test]
fn statements_of_one_form() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "CPUUtilization",
        Some("orders-1"),
        5,
        (12.0, 80.0, 97.9),
    );
    look_of(&mut seen, "orders-1").statements = vec![
        digest("SELECT * FROM `orders` WHERE `id` = ?", 300, 0.9, 1),
        digest(
            "SELECT * FROM `orders` WHERE `note` LIKE ?",
            12,
            9.1,
            120_000,
        ),
    ];
    insta::assert_snapshot!(first(&seen), @r#"
    1072 HeavyStatement on "orders-1"
    Statements of one form took 91 % of the time of those that ended on orders-1 in the 3s it was watched: 12 calls of 758 ms, which on average look at 120,000 rows and send 1 (an index may be missing): SELECT * FROM `orders` WHERE `note` LIKE ?
    -> Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.
    "#);
}

#[test]
fn what_is_counted_and_kept() {
    let mut seen = quiet();
    let look = look_of(&mut seen, "orders-1");
    look.memory = vec![
        ("report@%".into(), 900_000_000),
        ("app@%".into(), 13_207_024_435),
    ];
    look.tables = vec![
        ("shop.lines".into(), 1 << 37),
        ("shop.logs".into(), 1 << 38),
    ];
    let first = |name| {
        let mut seen = seen.clone();
        ring(&mut seen, name, Some("orders-1"), 5, (1.0, 2.0, 3.0));
        first(&seen)
    };
    insta::assert_snapshot!(["FreeableMemory", "VolumeBytesUsed", "Deadlocks"].map(first).concat(), @r#"
    1280 Memory on "orders-1"
    On orders-1, as far as performance_schema counts it, memory is held by app@% (12.3 GiB), report@% (858 MiB).
    -> SELECT * FROM sys.memory_by_thread_by_current_bytes LIMIT 10; tells which connections hold it, SELECT * FROM sys.memory_global_by_current_bytes LIMIT 10; what for. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/ams-workload-memory.html
    1200 Tables on "orders-1"
    The largest tables are shop.logs (256 GiB), shop.lines (128 GiB).
    -> DELETE gives no space back to the volume; DROP TABLE, TRUNCATE TABLE, DROP PARTITION and OPTIMIZE TABLE do. What may go by its age, run-job can purge. AWS on it: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Managing.Performance.html
    1150 Deadlocks on "orders-1"
    orders-1 has had 2 deadlocks since it was started 3d ago. Of each, InnoDB rolled one transaction back, whose application got error 1213.
    -> SHOW ENGINE INNODB STATUS; tells of the last one, who wanted which lock. With innodb_print_all_deadlocks = 1 in the cluster's parameter group, which needs no restart, the error log tells of each. The cure is in the applications: take locks in one order, keep transactions short, try again on 1213.
    "#);
}

#[test]
fn the_writer_takes_no_connection() {
    insta::assert_snapshot!(told(&all(&unreachable())), @r#"
    1500 Unreachable on "orders-1"
    orders-1 could not be looked into: orders-1.abc.eu-central-1.rds.amazonaws.com:3306 was not reached (it timed out). Either it serves nobody, and applications fail as well, or it is only Nightshift that does not get in.
    -> Log in from where an application runs. If that works, check the security group and the subnets of the function remedy-alarm, and the secret of policy.database (nightshift/orders/reader). If it fails too, the server is the trouble. What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-1 --duration 180
    "#);
}

#[test]
fn connections_are_all_used_before_anybody_could_look() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "DatabaseConnections",
        Some("orders-1"),
        5,
        (12.0, 80.0, 100.0),
    );
    seen.servers[0].look =
        Err("orders-1.abc:3306 was not reached (it has no connection left)".into());
    let said = first(&seen);
    assert!(said.contains("All its connections are used"), "{said}");
}

#[test]
fn what_rds_says_comes_first() {
    let mut seen = runaway_select();
    seen.cluster.status = ClusterStatus::FailingOver;
    seen.instances[1].status = InstanceStatus::Rebooting;
    seen.instances[0].status = InstanceStatus::Modifying;
    look_of(&mut seen, "orders-1").up = 42;
    look_of(&mut seen, "orders-1").writable = false;
    insta::assert_snapshot!(told(&all(&seen)), @r#"
    2000 NotAvailable on "orders-2"
    RDS says that orders-2 is rebooting: it takes no statements.
    -> If nobody in the team meant it, find out why. What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-2 --duration 180
    1900 Failover on ""
    orders fails over: RDS is making a reader its writer. Writes fail until that is done, usually within a minute.
    -> Wait for it, then see that applications have found the new writer. What RDS did: aws rds describe-events --source-type db-cluster --source-identifier orders --duration 180
    1550 Failover on "orders-1"
    RDS calls orders-1 the writer, and it takes no writes: a failover is going on, or was a moment ago.
    -> Wait a minute, then see that applications write to the new writer. What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-1 --duration 180
    1300 LongStatement on "orders-2"
    report from 10.0.0.5 (monthly, connection 4711) has executed one statement for 25m, since 2026-11-21 02:35 UTC, and looked at 812,000,000 rows: SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROU...
    -> Ask whoever runs monthly whether the statement may be ended. If so, on orders-2: CALL mysql.rds_kill_query(4711);
    988 HeavyStatement on "orders-2"
    Statements of one form took 69 % of the time of those that ended on orders-2 in the 3s it was watched: 300 calls of 3 ms, which on average look at 1 row and send 1: SELECT * FROM `orders` WHERE `id` = ?
    -> Ask EXPLAIN how it is executed in schema shop, and Database Insights (Performance Insights), by Top SQL, since when it takes so much: more calls come from applications, slower ones from a plan or from data that grew.
    0 Restarted on "orders-1"
    orders-1 was started 42s ago; its buffer pool may be cold, and what was counted before is lost.
    -> If nobody restarted it, it crashed or failed over. What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-1 --duration 180
    0 Changing on "orders-1"
    RDS says that orders-1 is modifying.
    -> What RDS did: aws rds describe-events --source-type db-instance --source-identifier orders-1 --duration 180
    "#);
}

#[test]
fn gaps_name_the_right_to_grant() {
    let mut seen = quiet();
    let look = look_of(&mut seen, "orders-1");
    let gap = |of, right: &str| Gap {
        of,
        why: SqlError::MissingRight {
            right: right.into(),
            code: 1142,
        }
        .to_string(),
    };
    look.gaps = vec![
        gap("lock waits", "SELECT ON performance_schema.*"),
        gap("tables", "PROCESS ON *.*"),
        gap("transactions", "PROCESS ON *.*"),
        Gap {
            of: "jobs",
            why: "asking for the jobs took longer than allowed".into(),
        },
    ];
    look.instrumented = false;
    insta::assert_snapshot!(told(&all(&seen)), @r#"
    150 Nothing on ""
    Nothing stands out on orders-1 with 3 connections (0 %), orders-2 with 3 connections (0 %): no statement, transaction or lock wait older than 1m, and no form of statements that takes most of the time. What that means for an alarm about another metric: what it watches is not explained by what the servers do now.
    -> Look at the metric next to the events of the cluster (RDS console, Logs & events) and to the load in Database Insights.
    50 Gap on "orders-1"
    On orders-1 could not be read: jobs (asking for the jobs took longer than allowed); tables and transactions (the right PROCESS ON *.* is missing (1142)); lock waits (the right SELECT ON performance_schema.* is missing (1142)).
    -> Set performance_schema = 1 in the instance's parameter group and restart it; with Performance Insights on, RDS does so by itself. The user of the secret nightshift/orders/reader, to be put in for ?, needs: GRANT PROCESS ON *.* TO ?; GRANT SELECT ON performance_schema.* TO ?;
    "#);
}

#[test]
fn nothing_stands_out() {
    let mut seen = quiet();
    ring(
        &mut seen,
        "CPUUtilization",
        Some("orders-1"),
        5,
        (12.0, 80.0, 97.9),
    );
    ring(
        &mut seen,
        "ReadLatency",
        Some("orders-1"),
        5,
        (0.0, 0.1, 0.2),
    );
    insta::assert_snapshot!(told(&all(&seen)), @r#"
    150 Nothing on ""
    Nothing stands out on orders-1 with 3 connections (0 %), orders-2 with 3 connections (0 %): no statement, transaction or lock wait older than 1m, and no form of statements that takes most of the time. What that means for an alarm about CPU: the load is of many short statements, or over already.
    -> Database Insights (Performance Insights) shows the load of the last hours by SQL and by wait: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_PerfInsights.UsingDashboard.html If it is simply more than usual, the instance is too small for it, or a reader is missing.
    150 Nothing on ""
    What that means for an alarm about read latency: reads are many rather than long, or their pages are not in the buffer pool.
    -> See BufferCacheHitRatio and ReadIOPS next to the chart, then Top SQL in Database Insights; the slow query log has each statement beyond long_query_time: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_LogAccess.Concepts.MySQL.html
    "#);
}

#[test]
fn nobody_looked_into_the_database() {
    let mut seen = quiet();
    seen.servers.clear();
    let mut policy = policy();
    policy.database = None;
    insta::assert_snapshot!(told(&findings(&policy, &seen, now())), @r#"
    150 Nothing on ""
    Nothing stands out in what RDS says; the database was not looked into. What that means for an alarm about another metric: what it watches is not explained by what the servers do now.
    -> Look at the metric next to the events of the cluster (RDS console, Logs & events) and to the load in Database Insights.
    100 Blind on ""
    The database was not looked into: the policy has no database. What follows is what RDS and CloudWatch know.
    -> Give policy.database.secret, of a user with read rights only: who waits for whom, and what is executed, is known to the server alone.
    "#);
}
