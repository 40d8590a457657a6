//! Nights that happen: a cluster `orders` with the writer `orders-1` and the reader `orders-2`.

use aurora_model::{
    AlarmMetric, ClusterEndpoints, ClusterStatus, Instance, InstanceStatus, Member, Span, Tags,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Policy,
    database::look::{Applier, Digest, JobRun, Look, Session, Statement, Transaction, Wait},
    observation::{Chart, Observation, Ringing, Seen},
    policy::{Access, Remedies},
    trouble::Trouble,
};

pub(crate) fn now() -> Timestamp {
    "2026-11-21T03:00:00Z".parse().unwrap()
}

fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(crate) fn policy() -> Policy {
    Policy {
        cluster: "orders".into(),
        alarms: vec![],
        database: Some(Access {
            secret: "nightshift/orders/reader".into(),
            ca: None,
            plain_text: false,
            query_limit: Span::seconds(5),
        }),
        history: Span::hours(3),
        long: Span::seconds(60),
        rows: 5,
        quiet: Span::seconds(900),
        remedies: Remedies::default(),
        expire_after: Span::hours(1),
        mode: None,
    }
}

/// The cluster, with nothing amiss.
pub(crate) fn quiet() -> Observation {
    let member = |id: &str, writer| Member {
        id: id.into(),
        writer,
    };
    Observation {
        cluster: ClusterEndpoints {
            id: "orders".into(),
            arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
            engine: "aurora-mysql".into(),
            version: "8.0.mysql_aurora.3.10.1".into(),
            status: ClusterStatus::Available,
            writer: None,
            reader: None,
            custom: vec![],
            port: Some(3306),
            members: vec![member("orders-1", true), member("orders-2", false)],
            master: Some("admin".into()),
            tags: Tags::default(),
        },
        instances: vec![instance("orders-1"), instance("orders-2")],
        ringing: vec![],
        charts: vec![],
        servers: vec![
            seen("orders-1", true, look(true)),
            seen("orders-2", false, look(false)),
        ],
        own_users: vec!["nightshift_reader".into()],
    }
}

fn instance(id: &str) -> Instance {
    Instance {
        id: id.into(),
        cluster: "orders".into(),
        status: InstanceStatus::Available,
        endpoint: None,
    }
}

fn seen(instance: &str, writer: bool, look: Look) -> Seen {
    Seen {
        instance: instance.into(),
        writer,
        look: Ok(look),
    }
}

/// A server of Aurora that has been up for three days, with two sessions that sleep.
pub(crate) fn look(writable: bool) -> Look {
    Look {
        version: "8.0.39".into(),
        writable,
        aurora: true,
        uuid: "5e1f0c9a".into(),
        up: 3 * 86_400,
        max_connections: 1_000,
        instrumented: true,
        sessions: vec![session(101, 10), session(102, 20)],
        sample: 3.0,
        history: Some(1_200),
        deadlocks: Some(2),
        reader_lags: vec![("orders-2".into(), 18.0)],
        ..Look::default()
    }
}

/// A session of the application that sleeps for `seconds`.
pub(crate) fn session(id: u64, seconds: u64) -> Session {
    Session {
        id,
        thread: id + 40,
        user: Some("app".into()),
        host: Some("10.0.0.5".into()),
        schema: Some("shop".into()),
        command: "Sleep".into(),
        seconds,
        program: Some("orders-api".into()),
        ..Session::default()
    }
}

/// The same, executing a statement.
pub(crate) fn executing(id: u64, seconds: u64, digest: &str) -> Session {
    Session {
        command: "Query".into(),
        state: Some("executing".into()),
        statement: Some(Statement {
            event: 7,
            digest: Some(digest.into()),
            #[expect(clippy::cast_precision_loss, reason = "few seconds")]
            seconds: seconds as f64,
            examined: 0,
        }),
        ..session(id, seconds)
    }
}

pub(crate) fn transaction(seconds: u64, modified: u64, locked: u64) -> Transaction {
    Transaction {
        id: 9,
        seconds,
        waiting: None,
        modified,
        locked,
    }
}

pub(crate) fn wait(waiter: u64, holder: u64, seconds: u64) -> Wait {
    Wait {
        waiter: waiter + 40,
        holder: holder + 40,
        seconds: Some(seconds),
        object: "shop.orders (PRIMARY)".into(),
        mode: "X,REC_NOT_GAP".into(),
        metadata: false,
    }
}

fn metric(name: &str, instance: Option<&str>) -> AlarmMetric {
    let dimension = match instance {
        Some(instance) => ("DBInstanceIdentifier".into(), instance.into()),
        None => ("DBClusterIdentifier".into(), "orders".into()),
    };
    AlarmMetric {
        namespace: "AWS/RDS".into(),
        name: name.into(),
        dimensions: [dimension].into(),
    }
}

/// An alarm on `name` that has rung for `minutes`, with its chart: `usual`, then `now` since then.
pub(crate) fn ring(
    seen: &mut Observation,
    name: &str,
    instance: Option<&str>,
    minutes: i64,
    values: (f64, f64, f64),
) {
    let metric = metric(name, instance);
    let (usual, threshold, now) = values;
    seen.ringing.push(Ringing {
        name: format!("orders-{name}"),
        trouble: Trouble::of(std::slice::from_ref(&metric)),
        instance: instance.map(Into::into),
        since: ago(minutes),
        reason: format!(
            "Threshold Crossed: 2 out of the last 2 datapoints were greater than the threshold ({threshold})."
        ),
        description: Some("Page the orders team if it lasts.".into()),
        metrics: vec![metric.clone()],
        threshold: Some(threshold),
        children: vec![],
    });
    let points = (1..=36).rev().map(|step| {
        let at = step * 5;
        (ago(at), if at > minutes + 10 { usual } else { now })
    });
    seen.charts.push(Chart {
        metric,
        threshold: Some(threshold),
        step: Span::seconds(300),
        points: points.collect(),
    });
}

pub(crate) fn look_of<'a>(seen: &'a mut Observation, instance: &str) -> &'a mut Look {
    let mut servers = seen.servers.iter_mut();
    let server = servers.find(|server| server.instance == instance).unwrap();
    server.look.as_mut().unwrap()
}

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

pub(crate) fn digest(text: &str, calls_now: u64, seconds_now: f64, examined: u64) -> Digest {
    Digest {
        schema: Some("shop".into()),
        text: text.into(),
        calls: 1_000,
        seconds: 60.0,
        examined: examined * 1_000,
        sent: 1_000,
        calls_now,
        seconds_now,
    }
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
