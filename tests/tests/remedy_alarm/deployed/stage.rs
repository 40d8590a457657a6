//! The template's stack in the local cloud, before the real servers.

use std::time::Duration;

use nightshift_tests::{
    cloud::Cloud,
    mysql::Pair,
    payload::now,
    rotation::{CLUSTER, Login, SecretsManager},
    stack::{Stack, Wanted, deploy},
};
use serde_json::Value;
use tokio::time::Instant;

use super::template::{HISTORY, LONG, cluster, parameters};
use crate::scene::{ENDS, LOOKS};

/// Much more than anything here takes, also with other tests beside it.
const PATIENCE: Duration = Duration::from_mins(2);

/// A local cloud with the stack in it.
pub struct Stage {
    pub cloud: Cloud,
    stack: Stack,
    way: &'static str,
}

impl Stage {
    /// Deploys the template for these servers, with alarms that come in this way.
    pub async fn deploy(pair: &Pair, way: &'static str) -> Self {
        let cloud = Cloud::start().await;
        cloud.rds().seed(cluster(pair)).await;
        let secrets = SecretsManager::at(cloud.ministack().await.address());
        let mut arns = Vec::new();
        for (name, user, password) in [
            ("orders/look", "looks", LOOKS),
            ("orders/end", "ends", ENDS),
        ] {
            let login = Login {
                user,
                password,
                port: pair.writer.port(),
                master: None,
            };
            arns.push(secrets.create(name, "none", &login.content()).await.arn);
        }
        let parameters = parameters(way, cloud.inbox().await, &arns, pair.writer.ca());
        let wanted = Wanted {
            template: "infra/functions/remedy-alarm.yaml",
            name: "remedy",
            parameters,
            timeouts: Vec::new(),
        };
        let others = cloud.ministack().await.address();
        let stack = deploy(wanted, cloud.rds().address(), others).await;
        cloud.ministack().await.forget().await;
        Self { cloud, stack, way }
    }

    /// What an alarm of the team's own tells when it rings, so that the function hears of it; EventBridge
    /// hears of every alarm.
    fn action(&self) -> Option<String> {
        let function = self.stack.function("remedy-alarm");
        let topic = function.replace(":lambda:", ":sns:");
        let topic = topic.replace("function:night-remedy-alarm", "night-remedy-alarm-alarms");
        match self.way {
            "action" => Some(function),
            "sns" => Some(topic),
            _ => None,
        }
    }

    /// A composite alarm of the team's over two of the template's. That it is well may wake the function.
    pub async fn watch_as_a_team(&self) {
        let rule = format!("ALARM(\"{HISTORY}\") OR ALARM(\"{LONG}\")");
        let (ministack, action) = (self.cloud.ministack().await, self.action());
        ministack
            .composite_alarm("team-trouble", &rule, action.as_deref())
            .await;
        self.ended().await;
    }

    /// An alarm that comes in the same way, and is about the cluster `books`.
    pub async fn another_clusters_alarm_rings(&self) {
        let (ministack, name) = (self.cloud.ministack().await, "team-books");
        ministack
            .new_alarm(name, "books", self.action().as_deref())
            .await;
        ministack.forget().await;
        ministack.set_alarm(name, "ALARM").await;
    }

    /// The history list's length is recorded, which changes the state of the template's alarm on it. The
    /// mail about that, and after how many milliseconds it came.
    pub async fn history_list(&self, length: f64) -> (String, u128) {
        let ministack = self.cloud.ministack().await;
        let points = [(now(), length)];
        self.told_of(ministack.history_list(CLUSTER, &points)).await
    }

    /// Something happens that wakes the function, and the first event of it comes once more, as it may
    /// on AWS, while the function is still at it. The first mail, and after how many milliseconds it came.
    pub async fn told_of(&self, happens: impl Future<Output = ()>) -> (String, u128) {
        let ministack = self.cloud.ministack().await;
        ministack.forget().await;
        let began = Instant::now();
        happens.await;
        let first = until(async || ministack.invocations().await.get(0).cloned()).await;
        let function = first["function"].as_str().unwrap();
        ministack.deliver(function, &first["payload"]).await;
        let mail = until(async || self.mails().await.into_iter().next()).await;
        (mail, began.elapsed().as_millis())
    }

    /// All invocations, once they have ended.
    pub async fn ended(&self) -> Vec<Value> {
        let ministack = self.cloud.ministack().await;
        until(async || {
            let all = ministack.invocations().await.as_array().cloned()?;
            let ended = all.iter().all(|each| each["state"] != "running");
            ended.then_some(all)
        })
        .await
    }

    /// The texts of all mails to the inbox.
    pub async fn mails(&self) -> Vec<String> {
        let (ministack, inbox) = (self.cloud.ministack().await, self.cloud.inbox().await);
        let sent = ministack.mails().await;
        let mails = sent.as_array().unwrap().iter();
        let mails = mails.filter(|mail| mail["topic"] == inbox);
        let text = |mail: &Value| mail["bodies"]["email"].as_str().unwrap().to_owned();
        mails.map(text).collect()
    }

    /// The lines that the function itself has written into its log, without those that are its metrics.
    pub async fn log(&self) -> Vec<String> {
        let group = "/aws/lambda/night-remedy-alarm";
        let lines = self.cloud.ministack().await.log(group).await.into_iter();
        let own = |line: &String| line.starts_with('{') && !line.contains("\"_aws\"");
        lines.filter(own).collect()
    }
}

/// What there is at last.
async fn until<T>(look: impl AsyncFn() -> Option<T>) -> T {
    let patient = tokio::time::timeout(PATIENCE, async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    });
    patient.await.unwrap()
}

/// The report of a run.
pub fn of(run: &Value) -> Value {
    match &run["result"] {
        Value::String(text) => serde_json::from_str(text).unwrap(),
        report => report.clone(),
    }
}

/// The connections that a run has ended.
pub fn ended(run: &Value) -> Vec<String> {
    let report = of(run);
    let rows = report["rows"].as_array().into_iter().flatten();
    let done = rows.filter(|row| row["verdict"] == "act" && row["outcome"] == "done");
    let subjects = done.filter_map(|row| row["subject"].as_str()?.strip_prefix("connection "));
    let id = |subject: &str| subject.split(' ').next().unwrap_or_default().to_owned();
    subjects.map(id).collect()
}
