//! A function with its environment: what stays the same from event to event.

use std::future::Future;

use serde_json::Value;

use crate::{
    Answer, Delivery, Error, Event, Invocation, Log, Policy, Sdk,
    error::EnvironmentError,
    run::Run,
    settings::{self, Settings},
};

/// Where a function runs: where it reads its environment from, calls AWS and writes its log.
/// Production has [`Surroundings::process`]; a simulation of Lambda brings its own.
pub struct Surroundings<'a> {
    /// The environment variables' values by name.
    pub variable: &'a dyn Fn(&str) -> Option<String>,
    /// The SDK's configuration; by default the one the environment asks for.
    pub sdk: Option<Sdk>,
    /// Where log lines go.
    pub log: Log,
}

impl Surroundings<'static> {
    /// Those of this process: its environment, AWS, standard output.
    #[must_use]
    pub fn process() -> Self {
        Self {
            variable: &settings::variable,
            sdk: None,
            log: Log::stdout(),
        }
    }
}

/// A function with its environment.
pub struct Deployment {
    delivery: Delivery,
    settings: Settings,
    sdk: Sdk,
}

impl Deployment {
    /// `function`, whose mails have this `delivery`, in these surroundings.
    ///
    /// # Errors
    /// When an environment variable's value makes no sense.
    pub fn new(
        function: &'static str,
        delivery: Delivery,
        surroundings: Surroundings<'_>,
    ) -> Result<Self, EnvironmentError> {
        let (settings, sdk) = settings::read(function, surroundings)?;
        Ok(Self {
            delivery,
            settings,
            sdk,
        })
    }

    /// What `handle` makes of `event`: reported to the log, the metrics and the inbox.
    ///
    /// # Errors
    /// When the run did not do what it was woken for; whether a retry helps, the error says.
    pub async fn answer<'a, P, A, F>(
        &self,
        event: Event,
        handle: impl FnOnce(Sdk, Invocation<P>) -> F,
    ) -> Result<Value, Error>
    where
        P: Policy,
        A: Into<Answer<'a>>,
        F: Future<Output = Result<A, Error>>,
    {
        Run::begin(&self.settings, self.delivery, event)
            .answer(|invocation| handle(self.sdk.clone(), invocation))
            .await
    }
}
