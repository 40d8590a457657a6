//! What nights are made from: a cluster `orders` with the writer `orders-1` and the reader `orders-2`.

use aurora_model::{
    AlarmMetric, ClusterEndpoints, ClusterStatus, Instance, InstanceStatus, Member, Span, Tags,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    Policy,
    database::look::{Digest, Look, Session, Statement, Transaction, Wait},
    observation::{Chart, Observation, Ringing, Seen},
    policy::{Access, Remedies},
    trouble::Trouble,
};

pub(crate) fn now() -> Timestamp {
    "2026-11-21T03:00:00Z".parse().unwrap()
}

pub(crate) fn ago(minutes: i64) -> Timestamp {
    now() - SignedDuration::from_mins(minutes)
}

pub(crate) fn policy() -> Policy {
    Policy {
        cluster: "orders".into(),
        ignore: Vec::new(),
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
        silent: vec![],
        charts: vec![],
        servers: vec![
            seen("orders-1", true, look(true)),
            seen("orders-2", false, look(false)),
        ],
        events: vec![],
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
        known: 3 * 86_400,
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
        rolling_back: false,
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
        little: false,
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

/// Statements of one form, which have been executed a thousand times.
pub(crate) fn digest(text: &str, calls_now: u64, seconds_now: f64, examined: u64) -> Digest {
    Digest {
        schema: Some("shop".into()),
        text: text.into(),
        calls: 1_000,
        seconds: 60.0,
        examined: examined * 1_000,
        sent: 1_000,
        age: 200_000,
        calls_now,
        seconds_now,
    }
}
