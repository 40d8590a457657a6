//! Payloads that AWS makes: RDS events, `CloudTrail`'s records, Lambda's failure records.

mod alarms;

use jiff::Timestamp;
use serde_json::{Value, json};
use simulated_aws::{
    cloudwatch::Alarm,
    rds::{Event, Snapshot, SourceType},
    secrets::Invocation,
};

pub use alarms::{Way, by};

use crate::step::Ending;

/// What the template's rule hands to take-snapshot for an event of RDS, if the event passes it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-cloudwatch-events.sample.html>
#[must_use]
pub fn of_rds(event: &Event, policy: &Value) -> Option<Value> {
    let category = |category: &&str| ["failure", "deletion"].contains(category);
    let passes = event.source_type == SourceType::ClusterSnapshot
        && (event.id == "RDS-EVENT-0075" || event.categories.iter().any(category));
    passes.then(|| {
        json!({"policy": policy, "event": {
            "version": "0", "id": format!("{}-{}", event.id, event.source),
            "detail-type": "RDS DB Cluster Snapshot Event", "source": "aws.rds",
            "account": "123456789012", "time": seconds(event.at), "region": "eu-central-1",
            "resources": [event.arn],
            "detail": {
                "EventCategories": event.categories, "SourceType": "CLUSTER_SNAPSHOT",
                "SourceArn": event.arn, "Date": event.at.to_string(),
                "SourceIdentifier": event.source, "Message": event.message, "EventID": event.id,
            },
        }})
    })
}

/// What the template's rule hands to take-snapshot when a snapshot was deleted by `caller`.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/logging-using-cloudtrail.html>
#[must_use]
pub fn of_deletion(snapshot: &Snapshot, caller: &str, at: Timestamp, policy: &Value) -> Value {
    let tags: Vec<Value> = snapshot
        .tags
        .iter()
        .map(|(key, value)| json!({"key": key, "value": value}))
        .collect();
    json!({"policy": policy, "event": {
        "version": "0", "id": format!("deleted-{}", snapshot.id),
        "detail-type": "AWS API Call via CloudTrail", "source": "aws.rds",
        "account": "123456789012", "time": seconds(at), "region": "eu-central-1", "resources": [],
        "detail": {
            "eventVersion": "1.11", "eventTime": seconds(at), "eventSource": "rds.amazonaws.com",
            "eventName": "DeleteDBClusterSnapshot", "awsRegion": "eu-central-1",
            "userIdentity": {"type": "AssumedRole", "accountId": "123456789012", "arn": caller},
            "requestParameters": {"dBClusterSnapshotIdentifier": snapshot.id},
            "responseElements": {
                "dBClusterSnapshotIdentifier": snapshot.id, "dBClusterIdentifier": snapshot.cluster,
                "snapshotType": snapshot.kind, "status": snapshot.status, "tagList": tags,
            },
        },
    }})
}

/// What the template's rule hands to scale-readers for an alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html>
#[must_use]
pub fn of_alarm(alarm: &Alarm, policy: &Value, at: Timestamp) -> Value {
    json!({"policy": policy, "event": {
        "version": "0", "id": format!("{}-{}", alarm.name, at.as_millisecond()),
        "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "account": "123456789012", "time": seconds(at), "region": "eu-central-1",
        "resources": [alarm.arn],
        "detail": {
            "alarmName": alarm.name, "configuration": {},
            "state": {
                "value": alarm.state.to_string(), "reason": alarm.reason,
                "timestamp": at.strftime("%Y-%m-%dT%H:%M:%S%.3f+0000").to_string(),
            },
            "previousState": {},
        },
    }})
}

/// What Secrets Manager sends for a step of a rotation.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html>
#[must_use]
pub fn of_rotation(invocation: &Invocation) -> Value {
    json!({
        "Step": invocation.step.name(), "SecretId": invocation.secret,
        "ClientRequestToken": invocation.token, "RotationToken": "AgAAAExampleRotationToken",
    })
}

/// The session of a function's role, or a person's.
#[must_use]
pub fn caller(function: Option<&str>) -> String {
    let session = function.map_or_else(
        || "admin/alice".to_owned(),
        |function| format!("nightshift-{function}/nightshift-{function}"),
    );
    format!("arn:aws:sts::123456789012:assumed-role/{session}")
}

/// The record of a chain that Lambda has given up.
/// <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html>
#[must_use]
pub fn of_failure(
    function: &str,
    request_id: &str,
    payload: &Value,
    attempts: usize,
    last: Option<&Ending>,
    at: Timestamp,
) -> Value {
    let condition = if attempts > 2 {
        "RetriesExhausted"
    } else {
        "EventAgeExceeded"
    };
    let mut record = json!({
        "version": "1.0", "timestamp": at.to_string(),
        "requestContext": {
            "requestId": request_id, "condition": condition, "approximateInvokeCount": attempts,
            "functionArn": format!("arn:aws:lambda:eu-central-1:123456789012:function:nightshift-{function}:$LATEST"),
        },
        "requestPayload": payload,
    });
    if let Some(last) = last {
        record["responseContext"] =
            json!({"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"});
        record["responsePayload"] = response(request_id, last);
    }
    record
}

fn response(request_id: &str, ending: &Ending) -> Value {
    let error = |kind: &str, what: &str| json!({"errorType": kind, "errorMessage": what});
    match ending {
        Ending::Answered(answer) => answer.clone(),
        Ending::Failed { kind, message } => error(kind, message),
        Ending::Panicked(message) => error("panic", message),
        Ending::TimedOut => error(
            "Sandbox.Timedout",
            &format!("RequestId: {request_id} Error: Task timed out"),
        ),
        Ending::Died(_) => {
            let what =
                format!("RequestId: {request_id} Error: Runtime exited with error: signal: killed");
            error("Runtime.ExitError", &what)
        }
    }
}

/// `EventBridge` gives whole seconds.
fn seconds(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
