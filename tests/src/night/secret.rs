//! The application's secret, which the team rotates every 30 days, and whose day has come; and the
//! others, which stay as they are.

use hyper::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::run::{Woken, post, set_in_motion};
use crate::cloud::Ministack;
use crate::http::{self, Request};
use crate::lambda::REGION;

/// Its name.
pub const SECRET: &str = "tech-n-ai/shop";
/// How often it is rotated, in days.
pub const DAYS: i64 = 30;

/// A version of the secret, as an application reads it.
#[derive(Clone)]
pub struct Version {
    /// Its identifier.
    pub id: String,
    /// The database user.
    pub username: String,
    /// The user's password.
    pub password: String,
}

/// Makes the secret, as it is when its rotation falls due. Without a `function` that is to rotate
/// it, it never does: in mode `plan` the doctor alone looks at it, as README advises.
pub async fn make(ministack: &Ministack, content: &Value, function: Option<&str>) {
    let secret = json!({
        "Name": SECRET, "SecretString": content.to_string(),
        "Tags": [{"Key": "nightshift:rotation", "Value": "dual-password"}],
    });
    call(ministack, "CreateSecret", &secret).await;
    let rotation = |function| {
        json!({
            "SecretId": SECRET, "RotationLambdaARN": function, "RotateImmediately": false,
            "RotationRules": {"AutomaticallyAfterDays": DAYS},
        })
    };
    grow_older(ministack, SignedDuration::from_hours(24 * DAYS)).await;
    if let Some(function) = function {
        call(ministack, "RotateSecret", &rotation(function)).await;
    }
}

/// Makes a secret that stays as it is: one that the jobs log in with, or import-events, by its tag.
pub async fn make_lasting(ministack: &Ministack, (name, tag): (&str, &str), content: &Value) {
    let secret = json!({
        "Name": name, "SecretString": content.to_string(),
        "Tags": [{"Key": "nightshift:job", "Value": tag}],
    });
    call(ministack, "CreateSecret", &secret).await;
}

/// The rotation falls due at `time`: Secrets Manager begins it.
pub async fn rotate(ministack: &Ministack, time: Timestamp) -> Woken {
    let due = json!({"secret": SECRET, "time": time.to_string()});
    set_in_motion(ministack, post(ministack.address(), "/_test/rotate", &due)).await
}

/// Hours of the night pass for the secret.
pub async fn grow_older(ministack: &Ministack, by: SignedDuration) {
    let age = json!({"secret": SECRET, "seconds": by.as_secs()});
    post(ministack.address(), "/_test/age", &age).await;
}

/// All secrets, with their labels and tags.
pub async fn inventory(ministack: &Ministack) -> Value {
    let request = Request::new(Method::GET, "/_test/secrets", "");
    let answer = http::send(ministack.address(), request).await;
    let answer = answer.unwrap_or_else(|e| panic!("/_test/secrets: {e}"));
    serde_json::from_slice(&answer.body).expect("a list of secrets")
}

/// What applications log in with.
pub async fn current(ministack: &Ministack) -> Version {
    let which = json!({"SecretId": SECRET, "VersionStage": "AWSCURRENT"});
    let value = call(ministack, "GetSecretValue", &which).await;
    let content = value["SecretString"].as_str().expect("a version's text");
    let content: Value = serde_json::from_str(content).expect("a credential");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Version {
        id: text(&value["VersionId"]),
        username: text(&content["username"]),
        password: text(&content["password"]),
    }
}

async fn call(ministack: &Ministack, operation: &str, input: &Value) -> Value {
    let scope = format!("shop/20000101/{REGION}/secretsmanager/aws4_request");
    let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let request = Request::new(Method::POST, "/", input.to_string())
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", &format!("secretsmanager.{operation}"))
        .header("authorization", &signature);
    let answer = http::send(ministack.address(), request).await;
    let answer = answer.unwrap_or_else(|e| panic!("{operation}: {e}"));
    assert!(
        answer.status.is_success(),
        "{operation} failed: {}",
        answer.status
    );
    serde_json::from_slice(&answer.body).expect("an answer in JSON")
}
