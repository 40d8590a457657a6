//! The loop every `main` runs: one invocation after the other.

use std::future::Future;

use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::Value;

use crate::{Answer, Delivery, Deployment, Error, Event, Invocation, Policy, Sdk, Surroundings};

/// A function that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum BootError {
    /// The async runtime could not be built.
    #[error("the async runtime: {0}")]
    Runtime(#[from] std::io::Error),
    /// The Lambda Runtime API gave up on us.
    #[error("the Lambda runtime: {0}")]
    Lambda(#[from] lambda_runtime::Error),
}

/// Answers Lambda's events with `handle` until the sandbox ends.
///
/// # Errors
/// When the Lambda Runtime API fails. An environment that makes no sense is the answer to every
/// event instead, so that it reaches the inbox like any other failure.
pub fn run<'a, P, A, F>(
    function: &'static str,
    handle: impl Fn(Sdk, Invocation<P>) -> F,
) -> Result<(), BootError>
where
    P: Policy,
    A: Into<Answer<'a>>,
    F: Future<Output = Result<A, Error>>,
{
    run_with_delivery(function, Delivery::BestEffort, handle)
}

/// The same for a function whose mails have this `delivery`.
///
/// # Errors
/// As [`run`].
pub fn run_with_delivery<'a, P, A, F>(
    function: &'static str,
    delivery: Delivery,
    handle: impl Fn(Sdk, Invocation<P>) -> F,
) -> Result<(), BootError>
where
    P: Policy,
    A: Into<Answer<'a>>,
    F: Future<Output = Result<A, Error>>,
{
    let deployment = &Deployment::new(function, delivery, Surroundings::process());
    let handle = &handle;
    // One thread: these functions wait for APIs, and a 128 MB sandbox has a fraction of a core.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let service = service_fn(move |event: LambdaEvent<Value>| async move {
        let deployment = deployment
            .as_ref()
            .map_err(|error| Error::Environment(error.clone()))?;
        deployment.answer(read(event), handle).await
    });
    Ok(runtime.block_on(lambda_runtime::run(service))?)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the clock is read"
)]
fn read(event: LambdaEvent<Value>) -> Event {
    Event {
        payload: event.payload,
        request_id: event.context.request_id,
        now: Timestamp::now(),
        ends_ms: event.context.deadline,
    }
}
