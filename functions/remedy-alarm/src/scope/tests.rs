use aurora_model::{ClusterStatus, Member, Tags};
use cloudwatch::Series;
use handler::trigger::parse;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::*;

fn policy() -> Policy {
    let policy = json!({"cluster": "orders", "alarms": ["checkout-slow"]});
    handler::policy::parse(&policy).unwrap()
}

fn cluster() -> ClusterEndpoints {
    let member = |id: &str, writer| Member {
        id: id.into(),
        writer,
    };
    ClusterEndpoints {
        id: "orders".into(),
        arn: String::new(),
        engine: "aurora-mysql".into(),
        version: String::new(),
        status: ClusterStatus::Available,
        writer: None,
        reader: None,
        custom: vec![],
        port: None,
        members: vec![member("orders-1", true), member("orders-2", false)],
        master: None,
        tags: Tags::default(),
    }
}

/// An alarm's direct payload about a metric of `namespace` with one dimension.
fn alarm(name: &str, namespace: &str, dimension: (&str, &str)) -> Alarm {
    let dimensions: Value = [(dimension.0, dimension.1)]
        .into_iter()
        .map(|(key, value)| (key.to_owned(), json!(value)))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let metric =
        json!({"namespace": namespace, "name": "CPUUtilization", "dimensions": dimensions});
    told(&json!({
        "alarmName": name,
        "state": {"value": "ALARM", "timestamp": "2026-11-23T03:00:00.000+0000"},
        "configuration": {"metrics": [{"id": "m", "metricStat": {"metric": metric}}]},
    }))
}

fn told(data: &Value) -> Alarm {
    let payload = json!({
        "source": "aws.cloudwatch", "alarmArn": "arn:aws:cloudwatch:eu-central-1:1:alarm:x",
        "time": "2026-11-23T03:00:00.000+0000", "alarmData": data,
    });
    match parse(&payload, Timestamp::UNIX_EPOCH)
        .unwrap()
        .trigger
        .cause
    {
        handler::Cause::Alarm(alarm) => alarm,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_alarm_about_something_else_is_told_from_one_of_the_cluster() {
    let composite = told(&json!({
        "alarmName": "all",
        "state": {"value": "ALARM", "timestamp": "2026-11-23T03:00:00.000+0000"},
        "configuration": {"alarmRule": "ALARM(x)"},
    }));
    let cases = [
        (
            alarm("a", "AWS/RDS", ("DBClusterIdentifier", "orders")),
            "ours",
        ),
        (
            alarm("a", "AWS/RDS", ("DBClusterIdentifier", "ORDERS")),
            "ours",
        ),
        (
            alarm("a", "AWS/RDS", ("DBInstanceIdentifier", "orders-2")),
            "ours",
        ),
        (
            alarm("a", "AWS/RDS", ("DbClusterIdentifier", "orders")),
            "ours",
        ),
        (
            alarm("a", "AWS/RDS", ("DBClusterIdentifier", "books")),
            "a is about the cluster books",
        ),
        (
            alarm("a", "AWS/RDS", ("DBInstanceIdentifier", "books-1")),
            "a is about no instance of orders",
        ),
        (
            alarm("a", "AWS/EC2", ("InstanceId", "i-1")),
            "a watches no metric of a cluster or an instance",
        ),
        (
            alarm("a", "AWS/RDS", ("EngineName", "aurora")),
            "a watches no metric of a cluster or an instance",
        ),
        (alarm("checkout-slow", "Shop", ("Page", "checkout")), "ours"),
        (composite, "ours"),
    ];
    for (alarm, expected) in cases {
        let why = foreign(&policy(), &alarm);
        let rung = elsewhere(&policy(), &cluster(), true, &alarm);
        assert_eq!(rung, None, "one of those that ring: {alarm:?}");
        let why = why.or_else(|| elsewhere(&policy(), &cluster(), false, &alarm));
        assert_eq!(why.as_deref().unwrap_or("ours"), expected, "{alarm:?}");
    }
}

fn rung(
    name: &str,
    minute: i64,
    dimension: Option<(&str, &str)>,
    children: &[&str],
) -> AlarmDetail {
    let metric = |(key, value): (&str, &str)| AlarmMetric {
        namespace: "AWS/RDS".into(),
        name: "AuroraReplicaLag".into(),
        dimensions: [(key.to_owned(), value.to_owned())].into(),
    };
    AlarmDetail {
        name: name.into(),
        arn: String::new(),
        since: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_mins(minute),
        reason: "because".into(),
        description: None,
        series: dimension.map(metric).map(Series::of).into_iter().collect(),
        threshold: Some(1000.0),
        comparison: None,
        math: false,
        rule: None,
        children: children.iter().map(|it| (*it).to_owned()).collect(),
    }
}

#[test]
fn of_all_that_rings_the_cluster_s_own_is_told_the_longest_first() {
    let alarms = vec![
        rung("lag", 5, Some(("DBInstanceIdentifier", "Orders-2")), &[]),
        rung("books", 1, Some(("DBClusterIdentifier", "books")), &[]),
        rung("all", 3, None, &["lag"]),
        rung("others", 2, None, &["books"]),
        rung("checkout-slow", 4, None, &[]),
    ];
    let about = about(&policy(), &cluster(), alarms);
    let ringing = ringing(about, &cluster());
    let names: Vec<_> = ringing.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["all", "checkout-slow", "lag"]);
    let lag = &ringing[2];
    assert_eq!(
        (lag.trouble, lag.instance.as_deref()),
        (Trouble::ReplicaLag, Some("orders-2"))
    );
    assert_eq!(ringing[0].children, ["lag"]);
}

fn below(name: &str, metric: &str) -> AlarmDetail {
    let mut alarm = rung(name, 1, Some(("DBClusterIdentifier", "orders")), &[]);
    alarm.comparison = Some("LessThanThreshold".into());
    alarm.series[0].metric.name = metric.into();
    alarm
}

#[test]
fn what_takes_readers_away_is_ignored_and_what_tells_of_little_load_is_not() {
    let alarms = vec![
        below("nightshift-orders-readers-idle", "CPUUtilization"),
        below("TargetTracking-cluster:orders-AlarmLow-1", "CPUUtilization"),
        below("orders-unused", "DatabaseConnections"),
        below("orders-memory", "FreeableMemory"),
        below("checkout-slow", "CPUUtilization"),
        rung("parent", 2, None, &["nightshift-orders-readers-idle"]),
    ];
    let told = about(&policy(), &cluster(), alarms.clone());
    let names: Vec<_> = told.iter().map(|it| &*it.name).collect();
    assert_eq!(names, ["checkout-slow", "orders-memory", "orders-unused"]);
    let ignoring = Policy {
        ignore: vec!["ORDERS-*".into()],
        ..policy()
    };
    let told = about(&ignoring, &cluster(), alarms);
    let names: Vec<_> = told.iter().map(|it| &*it.name).collect();
    assert_eq!(names[0], "TargetTracking-cluster:orders-AlarmLow-1");
    assert!(!names.contains(&"orders-unused"), "{names:?}");
}

#[test]
fn an_ignored_alarm_wakes_it_in_vain_unless_it_is_named() {
    let own = ("DBClusterIdentifier", "orders");
    let idle = alarm("nightshift-orders-readers-idle", "AWS/RDS", own);
    let why = foreign(&policy(), &idle);
    let expected = "policy.ignore names nightshift-orders-readers-idle";
    assert_eq!(why.as_deref(), Some(expected));
    let mut named = policy();
    named.alarms.push(idle.name.clone());
    assert_eq!(foreign(&named, &idle), None);
}

#[test]
fn little_of_something_is_another_trouble_than_much_of_it() {
    let of = |alarm: AlarmDetail| rings(alarm, &cluster()).trouble;
    assert_eq!(of(below("a", "CPUUtilization")), Trouble::Idle);
    assert_eq!(of(below("a", "DatabaseConnections")), Trouble::Idle);
    assert_eq!(of(below("a", "FreeableMemory")), Trouble::Memory);
    assert_eq!(of(below("a", "AuroraReplicaLag")), Trouble::Other);
    let compared = |comparison: &str, math| AlarmDetail {
        comparison: Some(comparison.into()),
        math,
        ..below("a", "CPUUtilization")
    };
    assert_eq!(of(compared("LessThanThreshold", true)), Trouble::Other);
    assert_eq!(of(compared("LessThanLowerThreshold", false)), Trouble::Idle);
    let band = compared("LessThanLowerOrGreaterThanUpperThreshold", false);
    assert_eq!(of(band), Trouble::Cpu);
}

#[test]
fn of_alarms_without_data_those_count_that_should_have_some() {
    let mut of_readers = rung("readers", 1, Some(("DBClusterIdentifier", "orders")), &[]);
    let dimensions = &mut of_readers.series[0].metric.dimensions;
    dimensions.insert("Role".into(), "READER".into());
    let alarms = vec![
        of_readers,
        rung("gone", 1, Some(("DBInstanceIdentifier", "orders-9")), &[]),
        rung("cpu", 2, Some(("DBInstanceIdentifier", "orders-1")), &[]),
    ];
    let names = |cluster: &ClusterEndpoints| {
        let silent = silent(&policy(), cluster, alarms.clone());
        let names = silent.into_iter().map(|it| it.name);
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&cluster()), ["readers", "cpu"]);
    let mut alone = cluster();
    alone.members.retain(|it| it.writer);
    assert_eq!(names(&alone), ["cpu"]);
}

#[test]
fn a_composite_alarm_is_about_little_where_all_its_children_are() {
    let composite = |name: &str, children: &[&str]| rung(name, 9, None, children);
    let alarms = vec![
        below("idle", "CPUUtilization"),
        below("few", "Queries"),
        below("memory", "FreeableMemory"),
        rung("lag", 1, Some(("DBClusterIdentifier", "orders")), &[]),
        composite("of-little", &["idle", "few"]),
        composite("of-both", &["idle", "lag"]),
        composite("of-memory", &["memory"]),
        composite("of-others", &["gone"]),
    ];
    let ringing = ringing(alarms, &cluster()).into_iter();
    let little: Vec<String> = ringing.filter(|it| it.little).map(|it| it.name).collect();
    assert_eq!(little, ["idle", "few", "of-little"]);
}
