//! What the template is deployed with, and what it makes.

use nightshift_tests::{
    mysql::{Mysql, Pair},
    rotation::CLUSTER,
};
use serde_json::{Value, json};

/// The template's `AlarmsBy`, and what only such an event has.
pub const WAYS: [(&str, &str); 3] = [
    ("sns", "Records"),
    ("action", "alarmData"),
    ("rule", "event"),
];
/// Alarms of the template's: on the history list's length, and on the oldest transaction's age.
pub const HISTORY: &str = "night-orders-trouble-history-list";
pub const LONG: &str = "night-orders-trouble-long-transaction";
/// A network that is nowhere: here functions are processes of this machine.
const NETWORK: [(&str, &str); 3] = [
    ("SubnetIds", "subnet-0123456789abcdef0"),
    ("VpcId", "vpc-0123456789abcdef0"),
    ("SecurityGroupIds", "sg-0123456789abcdef0"),
];

/// What RDS knows of the cluster: where its servers listen.
pub fn cluster(pair: &Pair) -> Value {
    let [writer, reader] = [&pair.writer, &pair.replica].map(Mysql::port);
    let instance = |nth: u8, port: u16| {
        json!({
            "id": format!("{CLUSTER}-{nth}"), "writer": nth == 0, "address": "127.0.0.1", "port": port,
        })
    };
    let cluster = json!({
        "id": CLUSTER, "endpoint": "127.0.0.1", "reader_endpoint": "127.0.0.1", "port": writer,
        "instances": [instance(0, writer), instance(1, reader)],
    });
    json!({"clusters": [cluster]})
}

/// The template's parameters, with the ARNs of the secrets of who looks and of who ends.
pub fn parameters(
    way: &str,
    inbox: &str,
    arns: &[String],
    ca: &str,
) -> Vec<(&'static str, String)> {
    let rule = json!({"longer_than": "10s", "only": {"users": ["app"]}});
    let policy = json!({
        "cluster": CLUSTER, "alarms": [LONG], "long": "5s", "database": {"secret": arns[0], "ca": ca},
        "remedies": {"secret": arns[1], "idle_transactions": rule},
    });
    let text = |(name, value): (&'static str, &str)| (name, value.to_owned());
    let mut parameters: Vec<_> = NETWORK.map(text).into();
    parameters.extend(
        [
            ("NamePrefix", "night"),
            ("Mode", "apply"),
            ("ClusterIdentifier", CLUSTER),
            ("Policy", &policy.to_string()),
            ("DatabaseSecretArn", &arns[0]),
            ("RemedySecretArn", &arns[1]),
            ("AlarmsBy", way),
            ("OtherAlarmsPrefix", "team-"),
            ("InboxTopicArn", inbox),
        ]
        .map(text),
    );
    parameters
}
