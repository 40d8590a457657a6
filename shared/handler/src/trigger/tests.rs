//! Every form in which a trigger arrives, as AWS documents it, and what is wrong with others.

mod alarm_details;
mod alarms;
mod rotation;
mod wrong;

use serde_json::json;

use super::*;

fn parsed(payload: &Value) -> Payload {
    parse(payload, now()).unwrap()
}

/// When a payload arrived.
fn now() -> Timestamp {
    at("2026-11-21T02:00:30Z")
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What EventBridge Scheduler sends for one of our schedules.
fn scheduled() -> Value {
    json!({
        "policy": {"schedule": "nightly"},
        "event": {
            "scheduled_time": "2026-11-21T02:00:00Z",
            "schedule_arn": "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-take-snapshot",
            "execution_id": "d32c5kddcf5bb8c3",
            "attempt_number": "1"
        }
    })
}

/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-rule-schedule.html>
fn scheduled_event() -> Value {
    json!({
        "version": "0",
        "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": "2026-11-21T02:00:00Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:events:eu-central-1:123456789012:rule/nightshift-take-snapshot-schedule"],
        "detail": {}
    })
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-cloud-watch-events.html>
fn rds_event() -> Value {
    json!({
        "version": "0",
        "id": "844e2571-85d4-695f-b930-0153b71dcb42",
        "detail-type": "RDS DB Cluster Snapshot Event",
        "source": "aws.rds",
        "account": "123456789012",
        "time": "2026-11-21T02:09:31Z",
        "region": "eu-central-1",
        "resources": ["arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:orders-nightly-20261121"],
        "detail": {
            "EventCategories": ["backup"],
            "SourceType": "CLUSTER_SNAPSHOT",
            "SourceArn": "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:orders-nightly-20261121",
            "Date": "2026-11-21T02:09:31.123Z",
            "SourceIdentifier": "orders-nightly-20261121",
            "Message": "Manual cluster snapshot created",
            "EventID": "RDS-EVENT-0075",
            "Tags": {"nightshift:managed-by": "nightshift"}
        }
    })
}

/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/logging-using-cloudtrail.html>
fn api_call() -> Value {
    json!({
        "version": "0",
        "id": "36eb8523-97d0-4518-b33d-ee3579ff19f0",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.rds",
        "account": "123456789012",
        "time": "2026-11-21T09:14:02Z",
        "region": "eu-central-1",
        "resources": [],
        "detail": {
            "eventVersion": "1.11",
            "userIdentity": {
                "type": "AssumedRole",
                "principalId": "AROAEXAMPLE:ada",
                "arn": "arn:aws:sts::123456789012:assumed-role/admin/ada",
                "accountId": "123456789012",
                "accessKeyId": "ASIAIOSFODNN7EXAMPLE"
            },
            "eventTime": "2026-11-21T09:14:02Z",
            "eventSource": "rds.amazonaws.com",
            "eventName": "DeleteDBClusterSnapshot",
            "awsRegion": "eu-central-1",
            "sourceIPAddress": "192.0.2.1",
            "userAgent": "aws-cli/2.31",
            "requestParameters": {"dBClusterSnapshotIdentifier": "orders-nightly-20261121"},
            "responseElements": {"dBClusterIdentifier": "orders", "status": "available"},
            "requestID": "b9e8d1a6-3b1e-4f1c-9b1d-2f5f0d3f7c11",
            "eventID": "2d2f8e2e-9a39-4c41-bc0a-0bdf5dd8f7c0",
            "readOnly": false,
            "eventType": "AwsApiCall",
            "managementEvent": true,
            "eventCategory": "Management"
        }
    })
}

/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
fn on_failure() -> Value {
    json!({
        "version": "1.0",
        "timestamp": "2026-11-21T02:03:27.418Z",
        "requestContext": {
            "requestId": "e4b46cbf-b738-4f0a-8880-a18cdf61200e",
            "functionArn": "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-take-snapshot:$LATEST",
            "condition": "RetriesExhausted",
            "approximateInvokeCount": 3
        },
        "requestPayload": scheduled(),
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "responsePayload": {"errorType": "Retryable", "errorMessage": "throttled"}
    })
}

#[test]
fn a_schedule_brings_its_policy_and_its_planned_time() {
    let Payload { trigger, policy } = parsed(&scheduled());
    assert_eq!(trigger.time, at("2026-11-21T02:00:00Z"));
    assert_eq!(trigger.cause, Cause::Schedule);
    assert_eq!(trigger.reference().name(), "nightshift-take-snapshot");
    assert_eq!(policy, Some(json!({"schedule": "nightly"})));
}

#[test]
fn a_retry_of_a_schedule_is_the_same_trigger() {
    let mut again = scheduled();
    again["event"]["execution_id"] = "another".into();
    again["event"]["attempt_number"] = "2".into();
    assert_eq!(parsed(&again).trigger, parsed(&scheduled()).trigger);
}

#[test]
fn a_schedule_without_a_policy_leaves_it_to_the_environment() {
    let mut bare = scheduled();
    bare.as_object_mut().unwrap().remove("policy");
    assert_eq!(parsed(&bare).policy, None);
    assert_eq!(parsed(&bare).trigger, parsed(&scheduled()).trigger);
}

#[test]
fn a_rule_brings_the_event_with_a_policy_or_bare() {
    let bare = parsed(&scheduled_event());
    assert_eq!(bare.policy, None);
    assert_eq!(bare.trigger.cause, Cause::Schedule);
    assert_eq!(
        bare.trigger.reference().name(),
        "nightshift-take-snapshot-schedule"
    );
    let wrapped = parsed(&json!({"policy": {}, "event": scheduled_event()}));
    assert_eq!(wrapped.policy, Some(json!({})));
    assert_eq!(wrapped.trigger, bare.trigger);
}

#[test]
fn a_scheduled_event_that_names_no_rule_goes_by_its_id() {
    let mut event = scheduled_event();
    event.as_object_mut().unwrap().remove("resources");
    assert_eq!(
        parsed(&event).trigger.id,
        "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa"
    );
}

#[test]
fn an_rds_event_says_what_happened_to_what() {
    let event = RdsEvent {
        event_id: "RDS-EVENT-0075".into(),
        source_id: "orders-nightly-20261121".into(),
        source_type: "CLUSTER_SNAPSHOT".into(),
        message: "Manual cluster snapshot created".into(),
        categories: vec!["backup".into()],
    };
    let trigger = Trigger {
        time: at("2026-11-21T02:09:31Z"),
        id: "844e2571-85d4-695f-b930-0153b71dcb42".into(),
        cause: Cause::RdsEvent(event),
    };
    assert_eq!(parsed(&rds_event()).trigger, trigger);
    assert_eq!(trigger.reference().kind, "rds-event");
    let wrapped = json!({"policy": {}, "event": rds_event()});
    assert_eq!(parsed(&wrapped).trigger, trigger);
}

#[test]
fn an_older_rds_event_has_no_id_of_its_kind() {
    let mut event = rds_event();
    event["detail"].as_object_mut().unwrap().remove("EventID");
    let Cause::RdsEvent(event) = parsed(&event).trigger.cause else {
        panic!("an RDS event");
    };
    assert_eq!(event.event_id, "");
}

#[test]
fn an_api_call_says_who_asked_what() {
    let call = ApiCall {
        operation: "DeleteDBClusterSnapshot".into(),
        caller: "arn:aws:sts::123456789012:assumed-role/admin/ada".into(),
        request: json!({"dBClusterSnapshotIdentifier": "orders-nightly-20261121"}),
        response: json!({"dBClusterIdentifier": "orders", "status": "available"}),
        error_code: None,
    };
    assert_eq!(parsed(&api_call()).trigger.cause, Cause::ApiCall(call));
}

#[test]
fn an_api_call_may_be_refused_and_may_come_from_aws_itself() {
    let mut event = api_call();
    event["detail"]["userIdentity"] =
        json!({"type": "AWSService", "invokedBy": "backup.amazonaws.com"});
    event["detail"]["errorCode"] = "AccessDenied".into();
    event["detail"]["requestParameters"] = Value::Null;
    event["detail"]["responseElements"] = Value::Null;
    let Cause::ApiCall(call) = parsed(&event).trigger.cause else {
        panic!("an API call");
    };
    assert_eq!(call.caller, "backup.amazonaws.com");
    assert_eq!(call.error_code.as_deref(), Some("AccessDenied"));
    assert_eq!((call.request, call.response), (Value::Null, Value::Null));
}

#[test]
fn an_on_failure_record_says_what_lambda_gave_up() {
    let record = FailureRecord {
        function_arn:
            "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-take-snapshot:$LATEST"
                .into(),
        request_id: "e4b46cbf-b738-4f0a-8880-a18cdf61200e".into(),
        condition: "RetriesExhausted".into(),
        attempts: 3,
        request: scheduled(),
        status: Some(200),
        function_error: Some("Unhandled".into()),
        response: json!({"errorType": "Retryable", "errorMessage": "throttled"}),
    };
    let Payload { trigger, policy } = parsed(&on_failure());
    assert_eq!(trigger.cause, Cause::Failure(Box::new(record)));
    assert_eq!(trigger.time, at("2026-11-21T02:03:27.418Z"));
    assert_eq!(policy, None);
}

#[test]
fn what_was_never_started_has_no_answer() {
    let mut record = on_failure();
    let fields = record.as_object_mut().unwrap();
    fields.remove("responseContext");
    fields.remove("responsePayload");
    let Cause::Failure(record) = parsed(&record).trigger.cause else {
        panic!("a failure");
    };
    assert_eq!((record.status, record.function_error), (None, None));
    assert_eq!(record.response, Value::Null);
}
