//! Alarms of every kind, on each of the three ways they take.

use super::*;

const ARN: &str = "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:orders-cpu";
const REASON: &str = "Threshold Crossed: 1 out of the last 1 datapoints [99.5 (21/11/26 01:59:00)] was greater than the threshold (50.0) (minimum 1 datapoint for OK -> ALARM transition).";

/// The configurations AWS documents: a metric, metric math, anomaly detection, a composite.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
fn configurations() -> [Value; 4] {
    let stat = json!({
        "metric": {"namespace": "AWS/RDS", "name": "CPUUtilization", "dimensions": {"DBClusterIdentifier": "orders"}},
        "period": 86400, "stat": "Average"
    });
    [
        json!({
            "description": "the writer is busy",
            "metrics": [{"id": "m1", "metricStat": stat, "returnData": true}]
        }),
        json!({
            "description": "the writer is busy",
            "metrics": [
                {"id": "e1", "expression": "m1 * 2", "label": "twice", "returnData": true},
                {"id": "m1", "metricStat": stat, "returnData": false}
            ]
        }),
        json!({
            "description": "the writer is busy",
            "metrics": [
                {"id": "m1", "metricStat": stat, "returnData": true},
                {"id": "ad1", "expression": "ANOMALY_DETECTION_BAND(m1, 0.8)", "label": "CPUUtilization (expected)", "returnData": true}
            ]
        }),
        json!({
            "description": "the writer is busy",
            "alarmRule": "ALARM(orders-cpu-high) AND NOT ALARM(maintenance)",
            "actionsSuppressor": "maintenance",
            "actionsSuppressorWaitPeriod": 120,
            "actionsSuppressorExtensionPeriod": 180
        }),
    ]
}

fn changed(configuration: &Value) -> Value {
    json!({
        "alarmName": "orders-cpu",
        "configuration": configuration,
        "previousState": {"reason": "was fine", "timestamp": "2026-11-21T01:00:00.000+0000", "value": "OK"},
        "state": {
            "reason": REASON,
            "reasonData": "{\"version\":\"1.0\",\"queryDate\":\"2026-11-21T02:00:00.000+0000\",\"threshold\":50.0}",
            "timestamp": "2026-11-21T02:00:00.989+0000",
            "value": "ALARM",
            "actionsSuppressedBy": "WaitPeriod",
            "actionsSuppressedReason": "Actions suppressed by WaitPeriod"
        }
    })
}

/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html>
fn direct(configuration: &Value) -> Value {
    json!({
        "source": "aws.cloudwatch",
        "alarmArn": ARN,
        "accountId": "123456789012",
        "time": "2026-11-21T02:00:00.989+0000",
        "region": "eu-central-1",
        "alarmData": changed(configuration)
    })
}

fn eventbridge(configuration: &Value) -> Value {
    json!({
        "version": "0",
        "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change",
        "source": "aws.cloudwatch",
        "account": "123456789012",
        "time": "2026-11-21T02:00:00Z",
        "region": "eu-central-1",
        "resources": [ARN],
        "detail": changed(configuration)
    })
}

/// What CloudWatch publishes. A composite alarm has `AlarmRule` in place of `Trigger`.
fn message(description: &Value, details: (&str, Value)) -> Value {
    let mut message = json!({
        "AlarmName": "orders-cpu",
        "AlarmDescription": description,
        "AWSAccountId": "123456789012",
        "AlarmConfigurationUpdatedTimestamp": "2026-11-01T10:00:00.000+0000",
        "NewStateValue": "ALARM",
        "NewStateReason": REASON,
        "StateChangeTime": "2026-11-21T02:00:00.989+0000",
        "Region": "EU (Frankfurt)",
        "AlarmArn": ARN,
        "OldStateValue": "OK",
        "OKActions": [], "AlarmActions": [], "InsufficientDataActions": []
    });
    message[details.0] = details.1;
    message
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html>
fn in_sns(message: &Value) -> Value {
    json!({"Records": [{
        "EventVersion": "1.0",
        "EventSubscriptionArn": "arn:aws:sns:eu-central-1:123456789012:alarms:21be56ed-a058-49f5-8c98-aedd2564c486",
        "EventSource": "aws:sns",
        "Sns": {
            "SignatureVersion": "1",
            "Timestamp": "2026-11-21T02:00:01.012Z",
            "Signature": "x", "SigningCertUrl": "x", "UnsubscribeUrl": "x",
            "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
            "Message": message.to_string(),
            "MessageAttributes": {},
            "Type": "Notification",
            "TopicArn": "arn:aws:sns:eu-central-1:123456789012:alarms",
            "Subject": "ALARM: \"orders-cpu\" in EU (Frankfurt)"
        }
    }]})
}

fn alarm(description: Option<&str>) -> Cause {
    Cause::Alarm(Alarm {
        name: "orders-cpu".into(),
        arn: ARN.into(),
        description: description.map(Into::into),
        state: AlarmState::Alarm,
        previous: Some(AlarmState::Ok),
        reason: REASON.into(),
        since: at("2026-11-21T02:00:00.989Z"),
        metrics: Vec::new(),
        rule: None,
        children: Vec::new(),
    })
}

/// The alarm without what only some kinds have.
fn common(cause: Cause) -> Cause {
    let Cause::Alarm(alarm) = cause else {
        panic!("an alarm");
    };
    Cause::Alarm(Alarm {
        metrics: Vec::new(),
        rule: None,
        children: Vec::new(),
        ..alarm
    })
}

#[test]
fn every_kind_of_alarm_parses_alike_as_a_lambda_action() {
    for configuration in configurations() {
        let trigger = parsed(&direct(&configuration)).trigger;
        assert_eq!(trigger.time, at("2026-11-21T02:00:00.989Z"));
        assert_eq!(trigger.reference().name(), "orders-cpu");
        assert_eq!(common(trigger.cause), alarm(Some("the writer is busy")));
    }
}

#[test]
fn every_kind_of_alarm_parses_alike_as_an_event() {
    for configuration in configurations() {
        let trigger = parsed(&eventbridge(&configuration)).trigger;
        assert_eq!(trigger.time, at("2026-11-21T02:00:00Z"));
        assert_eq!(trigger.reference().name(), "orders-cpu");
        assert_eq!(common(trigger.cause), alarm(Some("the writer is busy")));
    }
}

#[test]
fn an_event_that_names_no_alarm_among_its_resources_is_known_by_its_own_id() {
    let mut payload = eventbridge(&json!({}));
    payload["resources"] = json!([]);
    let id = parsed(&payload).trigger.id;
    assert_eq!(id, "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92");
}

#[test]
fn every_kind_of_alarm_parses_alike_in_sns() {
    let stat = json!({"MetricName": "CPUUtilization", "Namespace": "AWS/RDS", "StatisticType": "Statistic",
        "Statistic": "AVERAGE", "Unit": null, "Period": 60, "EvaluationPeriods": 1, "DatapointsToAlarm": 1,
        "Dimensions": [{"value": "orders", "name": "DBClusterIdentifier"}], "Threshold": 50.0,
        "ComparisonOperator": "GreaterThanThreshold", "TreatMissingData": "missing",
        "EvaluateLowSampleCountPercentile": ""});
    let math = json!({"Period": 60, "EvaluationPeriods": 1, "Threshold": 50.0,
        "Metrics": [{"Expression": "m1 * 2", "Id": "e1", "ReturnData": true}]});
    let anomaly = json!({"Period": 60, "EvaluationPeriods": 1, "ThresholdMetricId": "ad1",
        "Metrics": [{"Expression": "ANOMALY_DETECTION_BAND(m1, 2)", "Id": "ad1", "ReturnData": true}]});
    let rule = json!("ALARM(orders-cpu-high)");
    for details in [
        ("Trigger", stat),
        ("Trigger", math),
        ("Trigger", anomaly),
        ("AlarmRule", rule),
    ] {
        for (json, description) in [(json!("mine"), Some("mine")), (Value::Null, None)] {
            let payload = in_sns(&message(&json, details.clone()));
            let trigger = parsed(&payload).trigger;
            assert_eq!(trigger.time, at("2026-11-21T02:00:00.989Z"));
            assert_eq!(trigger.reference().name(), "orders-cpu");
            assert_eq!(common(trigger.cause), alarm(description));
        }
    }
}

#[test]
fn a_description_and_a_reason_may_be_missing() {
    let mut payload = direct(&json!({"metrics": []}));
    payload["alarmData"]["state"]
        .as_object_mut()
        .unwrap()
        .remove("reason");
    let Cause::Alarm(alarm) = parsed(&payload).trigger.cause else {
        panic!("an alarm");
    };
    assert_eq!((alarm.description, alarm.reason.as_str()), (None, ""));
}

#[test]
fn every_state_is_known() {
    for (text, state) in [
        ("OK", AlarmState::Ok),
        ("ALARM", AlarmState::Alarm),
        ("INSUFFICIENT_DATA", AlarmState::InsufficientData),
    ] {
        let mut payload = direct(&json!({}));
        payload["alarmData"]["state"]["value"] = text.into();
        let Cause::Alarm(alarm) = parsed(&payload).trigger.cause else {
            panic!("an alarm");
        };
        assert_eq!(alarm.state, state);
        assert_eq!(state.to_string(), text);
    }
}

#[test]
fn a_wrong_alarm_names_what_is_wrong() {
    let error = |payload: &Value| parse(payload, now()).unwrap_err().to_string();
    let mut payload = direct(&json!({}));
    payload["alarmData"]["state"]["value"] = "PANIC".into();
    insta::assert_snapshot!(error(&payload), @"payload.alarmData.state.value: unknown value PANIC; known here: OK, ALARM, INSUFFICIENT_DATA");
    let mut payload = direct(&json!({}));
    payload["alarmData"]["state"]["timestamp"] = "yesterday".into();
    insta::assert_snapshot!(error(&payload), @r#"payload.alarmData.state.timestamp: expected a time such as 2026-11-21T02:00:00Z, got "yesterday""#);
    let mut payload = eventbridge(&json!({}));
    payload["detail"]
        .as_object_mut()
        .unwrap()
        .remove("alarmName");
    insta::assert_snapshot!(error(&payload), @"payload.detail: alarmName is missing");
    insta::assert_snapshot!(error(&json!({"Records": []})), @"payload.Records: expected one record, got 0");
    insta::assert_snapshot!(error(&json!({"Records": [{"s3": {}}]})), @"payload.Records[0]: Sns is missing");
    let mut payload = in_sns(&json!({}));
    insta::assert_snapshot!(error(&payload), @"payload.Records[0].Sns.Message: AlarmName is missing");
    payload["Records"][0]["Sns"]["Message"] = "the writer is busy".into();
    insta::assert_snapshot!(error(&payload), @"payload.Records[0].Sns.Message: expected an alarm as JSON, got another text");
}
