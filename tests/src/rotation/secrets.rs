//! Secrets Manager by plain HTTP: the simulated one, or anybody else's.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use hyper::Method;
use serde_json::{Value, json};

use super::cloud::CLUSTER;
use crate::http::{self, Answer, Request};

/// The stand-ins read the account off the key, and the service off the scope.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=123456789012/20261121/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x";

/// A Secrets Manager.
#[derive(Clone, Copy, Debug)]
pub struct SecretsManager {
    address: SocketAddr,
}

/// One of its secrets.
#[derive(Clone, Debug)]
pub struct Secret {
    manager: SecretsManager,
    /// Its ARN.
    pub arn: String,
}

/// What a secret of a database user holds.
#[derive(Clone, Copy)]
pub struct Login<'a> {
    /// The user.
    pub user: &'a str,
    /// Its password. For this reason the type has no `Debug`.
    pub password: &'a str,
    /// The writer's port on 127.0.0.1.
    pub port: u16,
    /// The ARN of the superuser's secret.
    pub master: Option<&'a str>,
}

impl Login<'_> {
    /// As Secrets Manager has it, with a field of the team's own, which no rotation may lose.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html>
    #[must_use]
    pub fn content(&self) -> Value {
        let mut content = json!({
            "engine": "mysql", "host": "127.0.0.1", "port": self.port, "username": self.user,
            "password": self.password, "dbname": "shop", "dbClusterIdentifier": CLUSTER, "team": "shop",
        });
        if let Some(master) = self.master {
            content["masterarn"] = master.into();
        }
        content
    }
}

impl SecretsManager {
    /// The one that listens there.
    #[must_use]
    pub fn at(address: SocketAddr) -> Self {
        Self { address }
    }

    /// One call, whatever it is answered.
    pub async fn asked(&self, operation: &str, input: &Value) -> Answer {
        let request = Request::new(Method::POST, "/", input.to_string())
            .header("x-amz-target", &format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", SIGNED);
        let answer = http::send(self.address, request).await;
        answer.unwrap_or_else(|e| panic!("{operation}: {e}"))
    }

    /// One call. What is refused ends the test; an error has no values in it.
    pub async fn call(&self, operation: &str, input: &Value) -> Value {
        let answer = self.asked(operation, input).await;
        assert!(answer.status.is_success(), "{operation}: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("Secrets Manager answers JSON")
    }

    /// Makes a secret with the tag `nightshift:rotation`.
    pub async fn create(&self, name: &str, tag: &str, content: &Value) -> Secret {
        let made = json!({
            "Name": name, "SecretString": content.to_string(), "ClientRequestToken": token(0),
            "Tags": [{"Key": "nightshift:rotation", "Value": tag}],
        });
        let made = self.call("CreateSecret", &made).await;
        Secret {
            manager: *self,
            arn: text(&made["ARN"]),
        }
    }
}

impl Secret {
    /// One call about this secret. What is refused ends the test.
    pub async fn call(&self, operation: &str, mut input: Value) -> Value {
        input["SecretId"] = self.arn.clone().into();
        self.manager.call(operation, &input).await
    }

    /// Begins a rotation: from now on `token` is a version that carries `AWSPENDING`.
    pub async fn begin(&self, token: &str, function: &str) {
        let rotate = json!({
            "SecretId": self.arn, "ClientRequestToken": token, "RotationLambdaARN": function,
            "RotationRules": {"AutomaticallyAfterDays": 30}, "RotateImmediately": true,
        });
        // moto misses the function, which runs elsewhere, but stages the version as AWS does.
        let answer = self.manager.asked("RotateSecret", &rotate).await;
        let pending = self.holder("AWSPENDING").await;
        assert_eq!(pending.as_deref(), Some(token), "{}", answer.text());
    }

    /// The versions that carry labels, with them.
    pub async fn labels(&self) -> BTreeMap<String, Vec<String>> {
        let described = self.call("DescribeSecret", json!({})).await;
        serde_json::from_value(described["VersionIdsToStages"].clone()).unwrap_or_default()
    }

    /// The version that carries `stage`, if one does.
    pub async fn holder(&self, stage: &str) -> Option<String> {
        let labels = self.labels().await.into_iter();
        let mut holders = labels.filter(|(_, labels)| labels.iter().any(|it| it == stage));
        holders.next().map(|(id, _)| id)
    }

    /// The passwords of all versions that carry labels.
    pub async fn passwords(&self) -> Vec<String> {
        let mut passwords = vec![];
        for id in self.labels().await.into_keys() {
            let which = json!({"SecretId": self.arn, "VersionId": id});
            let answer = self.manager.asked("GetSecretValue", &which).await;
            // A version that has just begun to be has no value.
            let read: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
            let content: Value =
                serde_json::from_str(&text(&read["SecretString"])).unwrap_or_default();
            passwords.push(text(&content["password"]));
        }
        passwords
    }

    /// The version that carries `stage`, and what it holds.
    pub async fn value(&self, stage: &str) -> (String, Value) {
        let read = self.call("GetSecretValue", json!({"VersionStage": stage}));
        let read = read.await;
        let content = serde_json::from_str(&text(&read["SecretString"]));
        let content = content.unwrap_or_else(|_| panic!("{stage} is no JSON"));
        (text(&read["VersionId"]), content)
    }
}

/// A client request token: at least 32 characters.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
#[must_use]
pub fn token(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

/// A member that is text.
fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
