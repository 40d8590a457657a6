//! Waking functions, and waiting until all that this set in motion is at rest.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use hyper::Method;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use crate::cloud::Ministack;
use crate::http::{self, Request};
use crate::mail::Mail;
use crate::stack::Schedule;

/// Much more than the longest run with all its retries takes.
const LIMIT: Duration = Duration::from_mins(1);

/// What one trigger set in motion.
#[derive(Default)]
pub struct Woken {
    /// The runs, in the order of their beginning; a report of a failure follows its failure.
    pub runs: Vec<Run>,
    /// The mails of all of them.
    pub mails: Vec<Mail>,
}

impl Woken {
    /// These runs, and what SNS had to send.
    #[must_use]
    pub fn of(runs: Vec<Run>, mails: &Value) -> Self {
        let mails = mails.as_array().expect("a list");
        Self {
            runs,
            mails: mails.iter().map(mail).collect(),
        }
    }
}

/// One event that Lambda handed to a function, up to three times.
pub struct Run {
    /// The deployed function's name.
    pub function: String,
    /// The step of a rotation, if it is one.
    pub step: Option<String>,
    /// How often it was tried.
    pub attempts: u64,
    /// Whether Lambda gave it up, or whoever waited for its answer got an error.
    pub failed: bool,
    /// The report; where it failed, the error.
    pub result: Value,
}

impl Run {
    /// A text of the report.
    #[must_use]
    pub fn text(&self, key: &str) -> &str {
        self.result[key].as_str().unwrap_or_default()
    }

    /// The rows of the report.
    #[must_use]
    pub fn rows(&self) -> &[Value] {
        self.result["rows"].as_array().map_or(&[], Vec::as_slice)
    }
}

/// Fires a deployed schedule, due at `time`.
pub async fn fire(ministack: &Ministack, schedule: &Schedule, time: &str) -> Woken {
    let Schedule { name, group, .. } = schedule;
    let due = json!({"schedule": name, "group": group, "time": time});
    set_in_motion(ministack, async {
        ministack.fire(&due).await;
    })
    .await
}

/// Puts an event on the bus, as the AWS service it is of does.
pub async fn emit(ministack: &Ministack, event: &Value) -> Woken {
    set_in_motion(ministack, post(ministack.address(), "/_test/event", event)).await
}

/// Does something that wakes functions.
pub async fn set_in_motion(ministack: &Ministack, doing: impl Future<Output = ()>) -> Woken {
    ministack.forget().await;
    let start = Instant::now();
    doing.await;
    rest(ministack, start).await
}

/// Calls one of the endpoints the tests look through.
pub async fn post(to: SocketAddr, path: &str, body: &Value) {
    let request = Request::new(Method::POST, path, body.to_string());
    let answer = http::send(to, request).await;
    let answer = answer.unwrap_or_else(|e| panic!("{path}: {e}"));
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
}

async fn rest(ministack: &Ministack, start: Instant) -> Woken {
    loop {
        let invocations = ministack.invocations().await;
        let invocations = invocations.as_array().expect("a list");
        if at_rest(invocations) {
            let runs = invocations.iter().map(run).collect();
            return Woken::of(runs, &ministack.mails().await);
        }
        assert!(
            start.elapsed() < LIMIT,
            "still not at rest: {invocations:?}"
        );
        sleep(Duration::from_millis(15)).await;
    }
}

/// Something was woken, nothing is running, and what Lambda gave up has been handed on.
fn at_rest(invocations: &[Value]) -> bool {
    let handed_on = |failed: &Value| {
        invocations
            .iter()
            .any(|each| each["payload"]["requestContext"]["requestId"] == failed["request_id"])
    };
    !invocations.is_empty()
        && invocations.iter().all(|each| match each["state"].as_str() {
            Some("done" | "error") => true,
            Some("failed") => handed_on(each),
            _ => false,
        })
}

fn run(invocation: &Value) -> Run {
    let result = match &invocation["result"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        other => other.clone(),
    };
    Run {
        function: invocation["function"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        step: invocation["payload"]["Step"].as_str().map(str::to_owned),
        attempts: invocation["attempts"].as_u64().unwrap_or_default(),
        failed: invocation["state"] != "done",
        result,
    }
}

fn mail(sent: &Value) -> Mail {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let texts = |value: &Value| -> BTreeMap<String, String> {
        let fields = value.as_object().into_iter().flatten();
        fields
            .map(|(name, value)| (name.clone(), text(value)))
            .collect()
    };
    Mail {
        topic: text(&sent["topic"]),
        subject: text(&sent["subject"]),
        bodies: texts(&sent["bodies"]),
        attributes: texts(&sent["attributes"]),
    }
}
