//! Nights that happen.

use super::scenes::{ago, digest, executing, look_of, quiet, ring, session, transaction, wait};
use crate::{
    database::look::{Applier, JobRun, Session, Wait},
    observation::{Observation, Ringing},
    trouble::Trouble,
};

/// A report's `SELECT` that looks at everything.
pub(crate) fn runaway_select() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "CPUUtilization",
        Some("orders-2"),
        20,
        (12.0, 80.0, 97.9),
    );
    let mut runaway = executing(
        4_711,
        1_500,
        "SELECT `customer` , SUM ( `total` ) FROM `orders` JOIN `lines` USING ( `order_id` ) WHERE `lines` . `sku` LIKE ? GROUP BY `customer`",
    );
    runaway.user = Some("report".into());
    runaway.program = Some("monthly".into());
    runaway.statement.as_mut().unwrap().examined = 812_000_000;
    runaway.transaction = Some(transaction(1_500, 0, 0));
    let look = look_of(&mut seen, "orders-2");
    look.sessions.push(runaway);
    look.sessions
        .push(executing(4_720, 3, "SELECT * FROM `orders` WHERE `id` = ?"));
    look.statements = vec![
        digest("SELECT * FROM `orders` WHERE `id` = ?", 300, 0.9, 1),
        digest("SELECT * FROM `lines` WHERE `order_id` = ?", 120, 0.4, 4),
    ];
    seen
}

/// One who sleeps with a row locked, one who waits for it with another row locked, one who waits for that.
pub(crate) fn lock_chain() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "BlockedTransactions",
        Some("orders-1"),
        10,
        (0.0, 1.0, 2.0),
    );
    let update = "UPDATE `orders` SET `state` = ? WHERE `id` = ?";
    let mut root = session(201, 700);
    root.transaction = Some(transaction(720, 1, 2));
    root.statement = executing(201, 0, update).statement;
    let mut middle = executing(202, 640, update);
    middle.transaction = Some(transaction(650, 3, 4));
    let mut last = executing(203, 45, update);
    last.user = Some("billing".into());
    last.program = None;
    last.host = Some("10.0.0.9".into());
    last.transaction = Some(transaction(45, 0, 1));
    let look = look_of(&mut seen, "orders-1");
    look.sessions.extend([last, root, middle]);
    look.waits = vec![wait(203, 202, 45), wait(202, 201, 640), wait(203, 201, 45)];
    look.jobs = vec![JobRun {
        job: "purge-logs".into(),
        state: "running".into(),
        ago: 4,
        rows: 1_200_000,
    }];
    seen
}

/// Somebody's `mysql`, left open in a transaction in the afternoon.
pub(crate) fn idle_holder() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "RollbackSegmentHistoryListLength",
        None,
        30,
        (1_200.0, 1_000_000.0, 2_310_000.0),
    );
    let mut idle = session(301, 36_000);
    idle.user = Some("admin".into());
    idle.program = Some("mysql".into());
    idle.host = Some("10.0.7.1".into());
    idle.transaction = Some(transaction(36_120, 0, 0));
    look_of(&mut seen, "orders-1").history = Some(2_310_000);
    look_of(&mut seen, "orders-2").sessions.push(idle);
    seen
}

/// A pool that leaks connections.
pub(crate) fn connections() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "DatabaseConnections",
        Some("orders-1"),
        15,
        (40.0, 90.0, 91.0),
    );
    let look = look_of(&mut seen, "orders-1");
    look.max_connections = 100;
    look.sessions = (0..80).map(|n| session(1_000 + n, 60 * n)).collect();
    look.sessions.extend((0..6).map(|n| Session {
        host: Some(format!("10.0.1.{n}")),
        program: Some("worker".into()),
        ..executing(2_000 + n, 2, "SELECT * FROM `queue` WHERE `state` = ?")
    }));
    look.sessions.extend((0..4).map(|n| Session {
        user: Some("report".into()),
        program: None,
        ..session(3_000 + n, 5)
    }));
    seen
}

/// A replica that is not Aurora's, whose applier waits for a reader's transaction.
pub(crate) fn lagging_replica() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "AuroraBinlogReplicaLag",
        Some("orders-2"),
        12,
        (0.0, 30.0, 740.0),
    );
    for server in &mut seen.servers {
        server.look.as_mut().unwrap().aurora = false;
        server.look.as_mut().unwrap().reader_lags.clear();
    }
    let mut reader = session(401, 800);
    reader.program = Some("dashboard".into());
    reader.transaction = Some(transaction(810, 0, 0));
    let applier = Session {
        user: None,
        host: None,
        program: None,
        command: "Query".into(),
        state: Some("Waiting for table metadata lock".into()),
        ..executing(5, 745, "ALTER TABLE `orders` ADD COLUMN `note` TEXT")
    };
    let look = look_of(&mut seen, "orders-2");
    look.sessions.extend([applier, reader]);
    look.waits = vec![Wait {
        object: "shop.orders".into(),
        mode: "EXCLUSIVE".into(),
        metadata: true,
        ..wait(5, 401, 745)
    }];
    look.applier = Some(Applier {
        behind: Some(745.0),
        receiving: true,
        applying: true,
        error: 0,
    });
    seen
}

/// The writer takes no connection.
pub(crate) fn unreachable() -> Observation {
    let mut seen = quiet();
    ring(
        &mut seen,
        "CPUUtilization",
        Some("orders-1"),
        5,
        (35.0, 80.0, 100.0),
    );
    seen.servers[0].look = Err(
        "orders-1.abc.eu-central-1.rds.amazonaws.com:3306 was not reached (it timed out)".into(),
    );
    seen
}

/// A composite alarm with two children, of which one is a metric's.
pub(crate) fn composite() -> Observation {
    let mut seen = runaway_select();
    seen.ringing.insert(
        0,
        Ringing {
            name: "orders-unwell".into(),
            trouble: Trouble::Other,
            little: false,
            instance: None,
            since: ago(19),
            reason: "orders-CPUUtilization transitioned to ALARM at Saturday 21 November, 2026 02:40:00 UTC".into(),
            description: None,
            metrics: vec![],
            threshold: None,
            children: vec!["orders-CPUUtilization".into(), "orders-slow".into()],
        },
    );
    seen
}
