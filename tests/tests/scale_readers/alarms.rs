//! Alarms of the local CloudWatch, and the ways in which they reach a function.

use std::net::SocketAddr;

use aws_config::BehaviorVersion;
use aws_sdk_cloudwatch::{
    Client, Config,
    config::{Credentials, Region},
    types::{ComparisonOperator, Dimension, StateValue, Statistic},
};
use aws_smithy_http_client::Builder;
use nightshift_tests::lambda::{ACCOUNT, REGION};
use serde_json::{Value, json};

use super::{ORDERS, now};

pub struct Alarms(Client);

impl Alarms {
    pub fn of(cloud: SocketAddr) -> Self {
        let key = Credentials::new(ACCOUNT, "local", None, None, "test");
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static(REGION))
            .credentials_provider(key)
            .endpoint_url(format!("http://{cloud}"))
            .http_client(Builder::new().build_http());
        Self(Client::from_conf(config.build()))
    }

    /// An alarm on the readers' processors, which is quiet.
    pub async fn put(&self, name: &str) {
        let of = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
        let put = self.0.put_metric_alarm().alarm_name(name);
        let put = put.namespace("AWS/RDS").metric_name("CPUUtilization");
        let put = put.statistic(Statistic::Average).period(60);
        let put = put.evaluation_periods(2).threshold(70.0);
        let put = put.comparison_operator(ComparisonOperator::GreaterThanThreshold);
        let put = put.dimensions(of("DBClusterIdentifier", ORDERS));
        put.dimensions(of("Role", "READER")).send().await.unwrap();
        self.set(name, StateValue::Ok).await;
    }

    pub async fn set(&self, name: &str, state: StateValue) {
        let set = self.0.set_alarm_state().alarm_name(name);
        let set = set.state_value(state).state_reason("by the test");
        set.send().await.unwrap();
    }
}

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
