//! A function's real binary behind a Lambda Runtime API, as Lambda runs it:
//! one event at a time, killed at its deadline, started anew after a crash.

mod api;
mod error;
mod retries;
mod running;
mod settings;

use std::path::PathBuf;
use std::process::{Command, id};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tokio::time::sleep;

use crate::process::{Group, Handle, Process};
use crate::repo;
use api::{Event, RuntimeApi, Said};
use running::Running;

pub use error::LambdaError;
pub use retries::AsyncInvocation;
pub use settings::{ACCOUNT, REGION, Settings};

/// How long Lambda lets a function start.
const START_LIMIT: Duration = Duration::from_secs(10);

/// One execution environment of a function. Start several to have several
/// events handled at once.
pub struct Lambda {
    function: String,
    binary: PathBuf,
    settings: Settings,
    running: tokio::sync::Mutex<Option<Running>>,
    killer: Killer,
}

/// Kills a function's process, at whatever moment.
#[derive(Clone, Debug, Default)]
pub struct Killer(Arc<Mutex<Option<Handle>>>);

/// One event's handling.
#[derive(Debug)]
pub struct Invocation {
    /// The request id the function was given.
    pub request_id: String,
    /// The handler's return value, or what Lambda makes of its failure.
    pub result: Result<Value, LambdaError>,
    /// What the function printed meanwhile, its start included if it was cold.
    pub log: Vec<String>,
    /// From the event's hand-over to the answer.
    pub duration: Duration,
    /// Whether the process was started for this event.
    pub cold: bool,
}

impl Killer {
    /// Kills the process and waits until it is gone; nothing if none runs.
    pub async fn kill(&self) {
        let handle = self.0.lock().expect("no panic under this lock").clone();
        if let Some(handle) = handle {
            handle.kill().await;
        }
    }

    fn aim(&self, handle: Handle) {
        *self.0.lock().expect("no panic under this lock") = Some(handle);
    }
}

impl Invocation {
    /// The return value; a failed invocation ends the test with its log.
    #[must_use]
    pub fn value(&self) -> &Value {
        match &self.result {
            Ok(value) => value,
            Err(e) => panic!("the function failed: {e:?}\n{}", self.log.join("\n")),
        }
    }

    /// The error; a successful invocation ends the test.
    #[must_use]
    pub fn error(&self) -> &LambdaError {
        match &self.result {
            Ok(value) => panic!("the function did not fail but returned {value:#}"),
            Err(e) => e,
        }
    }

    /// The log lines that are JSON: records and embedded-format metrics.
    #[must_use]
    pub fn records(&self) -> Vec<Value> {
        let parsed = self.log.iter().map(|line| serde_json::from_str(line));
        parsed.filter_map(Result::ok).collect()
    }
}

impl Lambda {
    /// Starts a function of this workspace and waits until it asks for events.
    pub async fn start(function: &str, settings: Settings) -> Self {
        Self::start_binary(function, repo::binary(function), settings).await
    }

    /// The same with a given binary.
    pub async fn start_binary(function: &str, binary: PathBuf, settings: Settings) -> Self {
        let lambda = Self {
            function: function.to_owned(),
            binary,
            settings,
            running: tokio::sync::Mutex::new(None),
            killer: Killer::default(),
        };
        let mut log = Vec::new();
        match lambda.spawn("none", &mut log).await {
            Ok(running) => *lambda.running.lock().await = Some(running),
            Err(e) => panic!("{function} does not start: {e:?}\n{}", log.join("\n")),
        }
        lambda
    }

    /// The function's ARN.
    #[must_use]
    pub fn arn(&self) -> String {
        let function = &self.function;
        format!("arn:aws:lambda:{REGION}:{ACCOUNT}:function:nightshift-{function}")
    }

    /// Kills whatever process of this function runs at that moment.
    #[must_use]
    pub fn killer(&self) -> Killer {
        self.killer.clone()
    }

    /// Hands the function an event and waits for its end, `limit` at the most:
    /// the function's timeout, which it sees as its deadline. Invocations of one
    /// `Lambda` queue up, as those of one execution environment do.
    pub async fn invoke(&self, payload: &Value, limit: Duration) -> Invocation {
        self.attempt(&Self::new_request_id(), payload, limit).await
    }

    fn new_request_id() -> String {
        static COUNT: AtomicU64 = AtomicU64::new(1);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        format!("{:08x}-0000-4000-8000-{number:012x}", id())
    }

    async fn attempt(&self, request_id: &str, payload: &Value, limit: Duration) -> Invocation {
        let mut slot = self.running.lock().await;
        let warm = slot.take().filter(Running::is_alive);
        let mut invocation = Invocation {
            request_id: request_id.to_owned(),
            result: Ok(Value::Null),
            log: Vec::new(),
            duration: Duration::ZERO,
            cold: warm.is_none(),
        };
        let started = match warm {
            Some(running) => Ok(running),
            None => self.spawn(request_id, &mut invocation.log).await,
        };
        match started {
            Ok(running) => {
                let wall = SystemTime::now() + limit;
                let event = Event {
                    request_id: request_id.to_owned(),
                    function_arn: self.arn(),
                    deadline_ms: wall
                        .duration_since(SystemTime::UNIX_EPOCH)
                        .expect("after 1970")
                        .as_millis(),
                    payload: payload.to_string().into(),
                };
                *slot = running.handle(event, limit, &mut invocation).await;
            }
            Err(error) => invocation.result = Err(error),
        }
        invocation
    }

    /// Starts the process and waits for its first poll.
    async fn spawn(&self, request_id: &str, log: &mut Vec<String>) -> Result<Running, LambdaError> {
        let mut api = RuntimeApi::start().await;
        let mut command = Command::new(&self.binary);
        command
            .env_clear()
            .envs(self.settings.process(&self.function, api.address()));
        let process = Process::start(&self.function, command, Group::Shared);
        let handle = process.handle();
        self.killer.aim(handle.clone());
        let error = tokio::select! {
            biased;
            said = api.said() => match said {
                Said::Next(poll) => return Ok(Running { process, api, poll, logged: 0 }),
                Said::InitError(body) => LambdaError::reported(&body),
                other => panic!("before any event the function said {other:?}"),
            },
            status = handle.ended() => LambdaError::exited(request_id, status),
            () = sleep(START_LIMIT) => LambdaError::timed_out(request_id, START_LIMIT),
        };
        log.extend(process.output().lines().map(str::to_owned));
        Err(error)
    }
}
