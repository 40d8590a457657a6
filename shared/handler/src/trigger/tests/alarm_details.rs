//! What an alarm watches and what set it off, in the payloads that AWS shows.

use super::*;

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html>
fn direct(data: &Value) -> Value {
    let arn = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:any";
    json!({
        "source": "aws.cloudwatch",
        "alarmArn": arn,
        "accountId": "123456789012",
        "time": "2026-11-21T02:00:00.989+0000",
        "region": "us-east-1",
        "alarmData": data
    })
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
fn eventbridge(data: &Value) -> Value {
    json!({
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2026-11-21T02:00:00Z",
        "region": "us-east-1",
        "resources": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:any"],
        "detail": data
    })
}

fn in_sns(message: &Value) -> Value {
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}}]})
}

/// What the direct payload and the event say about an alarm of this configuration.
fn data(configuration: &Value) -> Value {
    json!({
        "alarmName": "any",
        "configuration": configuration,
        "previousState": {
            "reason": "Unchecked: Initial alarm creation",
            "timestamp": "2026-11-21T01:20:03.642+0000",
            "value": "INSUFFICIENT_DATA"
        },
        "state": {
            "reason": "Threshold Crossed",
            "reasonData": "{\"version\":\"1.0\",\"period\":300,\"recentDatapoints\":[45628.0],\"threshold\":10000.0}",
            "timestamp": "2026-11-21T02:00:00.989+0000",
            "value": "ALARM"
        }
    })
}

fn message(more: &Value) -> Value {
    let mut message = json!({
        "AlarmName": "any",
        "AlarmDescription": null,
        "AWSAccountId": "123456789012",
        "NewStateValue": "ALARM",
        "NewStateReason": "Threshold Crossed",
        "StateChangeTime": "2026-11-21T02:00:00.989+0000",
        "Region": "US East (N. Virginia)",
        "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:any",
        "OldStateValue": "INSUFFICIENT_DATA"
    });
    let more = more.as_object().unwrap().clone();
    message.as_object_mut().unwrap().extend(more);
    message
}

fn alarm(payload: &Value) -> Alarm {
    let Cause::Alarm(alarm) = parsed(payload).trigger.cause else {
        panic!("an alarm");
    };
    alarm
}

fn metric(name: &str, dimensions: &[(&str, &str)]) -> AlarmMetric {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    AlarmMetric {
        namespace: "AWS/EC2".into(),
        name: name.into(),
        dimensions: dimensions.iter().map(owned).collect(),
    }
}

const INSTANCE: (&str, &str) = ("InstanceId", "i-12345678901234567");

/// One metric, metric math and anomaly detection, each with what it watches.
fn configurations() -> [(Value, Vec<AlarmMetric>); 3] {
    let stat = |name| {
        let metric =
            json!({"dimensions": {"InstanceId": INSTANCE.1}, "name": name, "namespace": "AWS/EC2"});
        json!({"metric": metric, "period": 300, "stat": "Maximum"})
    };
    let single = json!({"description": "too high", "metrics": [
        {"id": "30b6c6b2", "metricStat": stat("CPUUtilization"), "returnData": true}
    ]});
    let math = json!({"description": "too much", "metrics": [
        {"expression": "SUM(METRICS())", "id": "e1", "label": "Total", "returnData": true},
        {"id": "m1", "metricStat": stat("NetworkIn"), "returnData": false},
        {"id": "m2", "metricStat": stat("NetworkOut"), "returnData": false}
    ]});
    let anomaly = json!({"description": "out of band", "metrics": [
        {"id": "m1", "metricStat": stat("CPUUtilization"), "returnData": true},
        {"id": "ad1", "expression": "ANOMALY_DETECTION_BAND(m1, 0.8)", "label": "expected", "returnData": true}
    ]});
    let of_instance = |name| metric(name, &[INSTANCE]);
    [
        (single, vec![of_instance("CPUUtilization")]),
        (
            math,
            vec![of_instance("NetworkIn"), of_instance("NetworkOut")],
        ),
        (anomaly, vec![of_instance("CPUUtilization")]),
    ]
}

#[test]
fn a_lambda_action_and_an_event_name_each_metric_and_the_state_before() {
    for (configuration, metrics) in configurations() {
        for payload in [direct, eventbridge] {
            let alarm = alarm(&payload(&data(&configuration)));
            assert_eq!(alarm.metrics, metrics);
            assert_eq!(alarm.previous, Some(AlarmState::InsufficientData));
            assert_eq!((alarm.rule, alarm.children), (None, Vec::new()));
        }
    }
}

/// <https://github.com/aws/aws-lambda-go/tree/main/events/testdata>
#[test]
fn an_sns_message_names_each_metric_and_the_state_before() {
    let dimensions =
        json!([{"value": "TestTable", "name": "Table"}, {"value": INSTANCE.1, "name": INSTANCE.0}]);
    let metric_of =
        |name| json!({"Dimensions": dimensions, "MetricName": name, "Namespace": "AWS/EC2"});
    let mut single = metric_of("NetworkOut");
    single["Period"] = 60.into();
    single["Statistic"] = "AVERAGE".into();
    let math = json!({"Period": 60, "Threshold": 0.0, "Metrics": [
        {"Expression": "m1 + m2", "Id": "e1", "Label": "Expression1", "ReturnData": true},
        {"Id": "m1", "MetricStat": {"Metric": metric_of("NetworkIn"), "Period": 60, "Stat": "Average"}, "ReturnData": false},
        {"Id": "m2", "MetricStat": {"Metric": metric_of("NetworkOut"), "Period": 60, "Stat": "Average"}, "ReturnData": false}
    ]});
    let of_both = |name| metric(name, &[("Table", "TestTable"), INSTANCE]);
    for (trigger, metrics) in [
        (single, vec![of_both("NetworkOut")]),
        (math, vec![of_both("NetworkIn"), of_both("NetworkOut")]),
    ] {
        let alarm = alarm(&in_sns(&message(&json!({"Trigger": trigger}))));
        assert_eq!(alarm.metrics, metrics);
        assert_eq!(alarm.previous, Some(AlarmState::InsufficientData));
        assert_eq!((alarm.rule, alarm.children), (None, Vec::new()));
    }
}

const HIGH: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerCpuTooHigh";
const LOW: &str = "arn:aws:cloudwatch:us-east-1:123456789012:alarm:ServerMemoryLow";
const RULE: &str = "(ALARM(ServerCpuTooHigh) OR NOT OK(ServerMemoryLow)) AND TRUE";

fn child(arn: &str, state: AlarmState) -> AlarmChild {
    AlarmChild {
        arn: arn.into(),
        state,
    }
}

fn children() -> Vec<AlarmChild> {
    vec![
        child(HIGH, AlarmState::Alarm),
        child(LOW, AlarmState::InsufficientData),
    ]
}

fn composite() -> Value {
    let reason = json!({"triggeringAlarms": [
        {"arn": HIGH, "state": {"value": "ALARM", "timestamp": "2026-11-21T02:00:00.394+0000"}},
        {"arn": LOW, "state": {"value": "INSUFFICIENT_DATA", "timestamp": "2026-11-20T16:28:54.191+0000"}}
    ]});
    let before = json!({"triggeringAlarms": [
        {"arn": HIGH, "state": {"value": "OK", "timestamp": "2026-11-20T16:28:57.770+0000"}}
    ]});
    json!({
        "alarmName": "ServiceAggregatedAlarm",
        "state": {
            "actionsSuppressedBy": "WaitPeriod",
            "actionsSuppressedReason": "Actions suppressed by WaitPeriod",
            "value": "ALARM",
            "reason": "ServerCpuTooHigh transitioned to ALARM",
            "reasonData": reason.to_string(),
            "timestamp": "2026-11-21T02:00:00.394+0000"
        },
        "previousState": {
            "value": "OK",
            "reason": "its alarm rule evaluates to OK",
            "reasonData": before.to_string(),
            "timestamp": "2026-11-20T15:56:14.552+0000"
        },
        "configuration": {
            "alarmRule": RULE,
            "actionsSuppressor": "ServiceMaintenanceAlarm",
            "actionsSuppressorWaitPeriod": 120,
            "actionsSuppressorExtensionPeriod": 180
        }
    })
}

#[test]
fn a_composite_alarm_names_its_rule_and_the_children_that_set_it_off() {
    let published = message(&json!({
        "AlarmRule": RULE,
        "TriggeringChildren": [
            {"Arn": HIGH, "State": {"Value": "ALARM", "Timestamp": "2026-11-21T02:00:00.394+0000"}},
            {"Arn": LOW, "State": {"Value": "INSUFFICIENT_DATA", "Timestamp": "2026-11-20T16:28:54.191+0000"}}
        ]
    }));
    for payload in [
        direct(&composite()),
        eventbridge(&composite()),
        in_sns(&published),
    ] {
        let alarm = alarm(&payload);
        assert_eq!(alarm.rule.as_deref(), Some(RULE));
        assert_eq!(alarm.children, children());
        assert_eq!(alarm.metrics, Vec::new());
    }
}

/// Whatever a field that may be missing holds instead, the alarm is an alarm.
#[test]
fn nothing_that_may_be_missing_makes_an_alarm_unreadable() {
    let odd = [
        Value::Null,
        json!(7),
        json!("text"),
        json!([7, null, {}]),
        json!({"value": {}, "metrics": {"id": 7}, "Metrics": [7], "triggeringAlarms": [7]}),
    ];
    for value in &odd {
        let mut payload = data(value);
        payload["previousState"] = value.clone();
        payload["state"]["reason"] = Value::Null;
        for reason_data in [value.clone(), value.to_string().into()] {
            payload["state"]["reasonData"] = reason_data;
            for wrapped in [direct, eventbridge] {
                assert_eq!(alarm(&wrapped(&payload)), bare(), "{value}");
            }
        }
        let names = ["Trigger", "TriggeringChildren", "OldStateValue"];
        let mut more = names.map(|name| (name.to_owned(), value.clone())).to_vec();
        more.extend(["AlarmRule", "NewStateReason"].map(|name| (name.to_owned(), Value::Null)));
        let more = Value::Object(more.into_iter().collect());
        assert_eq!(alarm(&in_sns(&message(&more))), bare(), "{value}");
    }
}

/// An alarm of which only the least is known.
fn bare() -> Alarm {
    Alarm {
        name: "any".into(),
        arn: "arn:aws:cloudwatch:us-east-1:123456789012:alarm:any".into(),
        description: None,
        state: AlarmState::Alarm,
        previous: None,
        reason: String::new(),
        since: at("2026-11-21T02:00:00.989Z"),
        metrics: Vec::new(),
        rule: None,
        children: Vec::new(),
    }
}

#[test]
fn what_is_half_there_is_left_out() {
    let stat = |metric: Value| json!({"metricStat": {"metric": metric, "period": 60}});
    let nameless = stat(json!({"namespace": "AWS/EC2", "dimensions": {}}));
    let homeless = stat(json!({"name": "NetworkIn", "dimensions": {}}));
    let dimensionless = stat(json!({"namespace": "AWS/EC2", "name": "NetworkOut"}));
    let numbered =
        stat(json!({"namespace": "AWS/EC2", "name": "NetworkIn", "dimensions": {"InstanceId": 7}}));
    let mut payload = data(&json!({"metrics": [nameless, homeless, dimensionless, numbered]}));
    let children = json!({"triggeringAlarms": [
        {"arn": HIGH},
        {"state": {"value": "ALARM"}},
        {"arn": HIGH, "state": {"value": "PANIC"}},
        {"arn": LOW, "state": {"value": "OK"}}
    ]});
    payload["state"]["reasonData"] = children.to_string().into();
    let alarm = alarm(&direct(&payload));
    let known = [metric("NetworkOut", &[]), metric("NetworkIn", &[])];
    assert_eq!(alarm.metrics, known);
    assert_eq!(alarm.children, [child(LOW, AlarmState::Ok)]);
}
