//! What a person, an application and Secrets Manager's own scheduler ask of Secrets Manager. These
//! calls go past the proxy, which sees the function's alone.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use hyper::Method;
use serde_json::{Value, json};
use simulated_aws::{
    Aws,
    secrets::{Content, PENDING},
};

use crate::http::{self, Request};

/// Versions without a label that are kept, at the most: Secrets Manager keeps 100 versions, and
/// those of the last 24 hours for sure, which is less than a matrix makes in an hour.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
const KEPT: usize = 5;

/// Versions that were current before the first case.
const OLDER: u64 = 4;

/// Secrets Manager, and the one secret that is rotated.
#[derive(Clone, Debug)]
pub struct SecretsManager {
    aws: Aws,
    address: SocketAddr,
    /// The secret's name.
    pub name: String,
    /// The secret's ARN, once it is made.
    pub arn: String,
}

/// A version of the secret, as an application reads it.
#[derive(Clone)]
pub struct Credential {
    /// The version's identifier.
    pub version: String,
    /// The user.
    pub username: String,
    /// Its password. For this reason the type has no `Debug`.
    pub password: String,
}

impl SecretsManager {
    pub(super) fn new(aws: Aws, address: SocketAddr, name: &str) -> Self {
        Self {
            aws,
            address,
            name: name.to_owned(),
            arn: String::new(),
        }
    }

    /// One call. What is refused ends the test.
    pub async fn call(&self, operation: &str, input: &Value) -> Value {
        let request = Request::new(Method::POST, "/", input.to_string())
            .header("x-amz-target", &format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20261121/eu-central-1/secretsmanager/aws4_request");
        let answer = http::send(self.address, request).await;
        let answer = answer.unwrap_or_else(|e| panic!("{operation}: {e}"));
        // An error has no values in it.
        assert!(answer.status.is_success(), "{operation}: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("Secrets Manager answers JSON")
    }

    /// Makes a secret and returns its ARN.
    pub(super) async fn create(&self, name: &str, content: &Value, tag: &str) -> String {
        let made = json!({
            "Name": name, "SecretString": content.to_string(), "ClientRequestToken": token(0),
            "Tags": [{"Key": "nightshift:rotation", "Value": tag}],
        });
        let made = self.call("CreateSecret", &made).await;
        text(&made["ARN"])
    }

    /// Gives the secret versions that were current once. A function may read them, so that what a
    /// rotation sends would otherwise grow with every case.
    pub(super) async fn age(&self, content: &Value) {
        for number in 1..=OLDER {
            let mut content = content.clone();
            content["password"] = format!("an older password, number {number}").into();
            let put = json!({
                "SecretId": self.arn, "ClientRequestToken": older(number),
                "SecretString": content.to_string(), "VersionStages": ["OLDER"],
            });
            self.call("PutSecretValue", &put).await;
        }
        let remove = json!({
            "SecretId": self.arn, "VersionStage": "OLDER", "RemoveFromVersionId": older(OLDER),
        });
        self.call("UpdateSecretVersionStage", &remove).await;
    }

    /// Begins a rotation: from now on `token` is a version that carries `AWSPENDING`.
    pub async fn begin(&self, token: &str, function: &str) {
        let rotate = json!({
            "SecretId": self.arn, "ClientRequestToken": token, "RotationLambdaARN": function,
            "RotationRules": {"AutomaticallyAfterDays": 30}, "RotateImmediately": true,
        });
        self.call("RotateSecret", &rotate).await;
    }

    /// What a person does with a rotation that is stuck: `AWSPENDING` is taken off, if it is on a
    /// version that is not the current one.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
    pub async fn give_up(&self) {
        let labels = self.labels().await;
        let pending = |labels: &Vec<String>| {
            let has = |label: &str| labels.iter().any(|it| it == label);
            has(PENDING) && !has("AWSCURRENT")
        };
        let stuck = labels.into_iter().find(|(_, labels)| pending(labels));
        if let Some((version, _)) = stuck {
            let remove = json!({
                "SecretId": self.arn, "VersionStage": PENDING, "RemoveFromVersionId": version,
            });
            self.call("UpdateSecretVersionStage", &remove).await;
        }
    }

    /// The versions that carry labels, with them.
    pub async fn labels(&self) -> BTreeMap<String, Vec<String>> {
        let described = json!({"SecretId": self.arn});
        let described = self.call("DescribeSecret", &described).await;
        serde_json::from_value(described["VersionIdsToStages"].clone()).unwrap_or_default()
    }

    /// What the version labelled `AWSCURRENT` says.
    pub async fn current(&self) -> Credential {
        let stage = json!({"SecretId": self.arn, "VersionStage": "AWSCURRENT"});
        self.credential(&stage).await
    }

    /// The version that this input of `GetSecretValue` names.
    pub(super) async fn credential(&self, input: &Value) -> Credential {
        let value = self.call("GetSecretValue", input).await;
        parse(&text(&value["VersionId"]), &text(&value["SecretString"]))
    }

    /// Every version that has a value, whether it carries a label or not; the newest last.
    #[must_use]
    pub fn versions(&self) -> Vec<Credential> {
        self.aws.with(|account, _| {
            let Some(secret) = account.secrets.secrets.get(&self.name) else {
                return Vec::new();
            };
            let mut versions: Vec<_> = secret.versions.values().collect();
            versions.sort_by_key(|version| version.created);
            let valued = versions.into_iter().filter_map(|version| {
                let Some(Content::Text(value)) = &version.content else {
                    return None;
                };
                Some(parse(&version.id, value.reveal()))
            });
            valued.collect()
        })
    }

    /// Forgets old versions, as a day would.
    pub(super) fn prune(&self) {
        self.aws.with(|account, _| {
            let now = crate::payload::now();
            account.secrets.secrets.change(now, &self.name, |secret| {
                let bare = secret.versions.values().filter(|it| it.labels.is_empty());
                let mut bare: Vec<_> = bare.map(|it| (it.created, it.id.clone())).collect();
                bare.sort();
                bare.truncate(bare.len().saturating_sub(KEPT));
                for (_, id) in bare {
                    secret.versions.remove(&id);
                }
            });
        });
    }
}

/// A client request token: at least 32 characters.
pub(super) fn token(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn older(number: u64) -> String {
    token(1_000_000 + number)
}

fn parse(version: &str, content: &str) -> Credential {
    let content: Value = serde_json::from_str(content).unwrap_or_default();
    Credential {
        version: version.to_owned(),
        username: text(&content["username"]),
        password: text(&content["password"]),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
