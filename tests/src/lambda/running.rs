//! One process of a function, between two events.

use std::time::Duration;

use tokio::time::{Instant, sleep_until, timeout};

use super::Invocation;
use super::api::{self, Event, Poll, RuntimeApi, Said};
use super::error::LambdaError;
use crate::process::Process;

/// How long an answer may be on its way after the process has gone.
const IN_FLIGHT: Duration = Duration::from_millis(100);

/// A function's process that waits for an event.
pub(super) struct Running {
    pub(super) process: Process,
    pub(super) api: RuntimeApi,
    pub(super) poll: Poll,
    /// How many lines of its output belong to earlier invocations.
    pub(super) logged: usize,
}

impl Running {
    pub(super) fn is_alive(&self) -> bool {
        self.process.handle().status().is_none()
    }

    /// Hands the event over and follows it to its end. Returns the process if
    /// it is good for another event.
    pub(super) async fn handle(
        self,
        event: Event,
        limit: Duration,
        invocation: &mut Invocation,
    ) -> Option<Self> {
        let Self {
            process,
            mut api,
            poll,
            logged,
        } = self;
        let handle = process.handle();
        let id = event.request_id.clone();
        let start = Instant::now();
        let deadline = start + limit;
        poll.answer(event);

        invocation.result = tokio::select! {
            biased;
            said = api.said() => result(&id, said),
            status = handle.ended() => match timeout(IN_FLIGHT, api.said()).await {
                Ok(said) => result(&id, said),
                Err(_) => Err(LambdaError::exited(&id, status)),
            },
            () = sleep_until(deadline) => {
                handle.kill().await;
                Err(LambdaError::timed_out(&id, limit))
            }
        };
        invocation.duration = start.elapsed();

        // The event's end, for Lambda, is the next poll: only then is the log whole.
        let next = tokio::select! {
            biased;
            said = api.said() => match said {
                Said::Next(poll) => Some(poll),
                other => panic!("the function answered {id} twice: {other:?}"),
            },
            _ = handle.ended() => None,
            () = sleep_until(deadline) => {
                handle.kill().await;
                None
            }
        };
        let output = process.output();
        let lines = output.lines().skip(logged).map(str::to_owned);
        invocation.log.extend(lines);
        next.map(|poll| Self {
            logged: output.lines().count(),
            process,
            api,
            poll,
        })
    }
}

fn result(id: &str, said: Said) -> Result<serde_json::Value, LambdaError> {
    match said {
        Said::Response { request_id, body } if request_id == id => Ok(api::json(&body)),
        Said::Error { request_id, body } if request_id == id => Err(LambdaError::reported(&body)),
        other => panic!("the function was given event {id} and said {other:?}"),
    }
}
