//! The ways in which an alarm reaches a function.

use nightshift_tests::lambda::{ACCOUNT, REGION};
use serde_json::{Value, json};

use super::now;

fn state(value: &str) -> Value {
    json!({
        "value": value, "reason": "by the test",
        "timestamp": now().strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string(),
    })
}

fn arn(name: &str) -> String {
    format!("arn:aws:cloudwatch:{REGION}:{ACCOUNT}:alarm:{name}")
}

/// As the alarm's own action invokes the function.
pub fn direct(name: &str, value: &str) -> Value {
    json!({
        "source": "aws.cloudwatch", "alarmArn": arn(name), "accountId": ACCOUNT,
        "time": state(value)["timestamp"], "region": REGION,
        "alarmData": {
            "alarmName": name, "state": state(value), "previousState": {}, "configuration": {},
        },
    })
}

/// As SNS hands an alarm on.
pub fn in_sns(name: &str, value: &str) -> Value {
    let message = json!({
        "AlarmName": name, "AlarmArn": arn(name), "AlarmDescription": null,
        "NewStateValue": value, "NewStateReason": "by the test",
        "StateChangeTime": state(value)["timestamp"],
    });
    json!({"Records": [{"EventSource": "aws:sns", "Sns": {"Message": message.to_string()}}]})
}

/// As a rule of EventBridge hands it on.
pub fn event(policy: &Value, name: &str, value: &str) -> Value {
    json!({"policy": policy, "event": {
        "version": "0", "id": "c4c1c1c9-6542-e61b-6ef0-8c4d36933a92",
        "detail-type": "CloudWatch Alarm State Change", "source": "aws.cloudwatch",
        "account": ACCOUNT, "time": now().to_string(), "region": REGION, "resources": [arn(name)],
        "detail": {
            "alarmName": name, "state": state(value), "previousState": {}, "configuration": {},
        },
    }})
}
