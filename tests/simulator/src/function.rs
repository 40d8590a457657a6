//! What the simulator asks of a function: to be started, and to answer events.

use std::{future::Future, pin::Pin};

use handler::{Error, Event, Surroundings};
use serde_json::Value;

use crate::database::Databases;

/// What a function answers an event.
pub type Answering<'a> = Pin<Box<dyn Future<Output = Result<Value, Error>> + 'a>>;

/// A function that can be deployed.
pub trait Function: Send + Sync {
    /// Its name.
    fn name(&self) -> &'static str;

    /// A sandbox of it: the process, with its environment read. It reaches the database servers
    /// through `databases`.
    ///
    /// # Errors
    /// When the environment makes no sense.
    fn start(
        &self,
        surroundings: Surroundings<'_>,
        databases: Databases,
    ) -> Result<Box<dyn Sandbox>, Error>;
}

/// A running process of a function.
pub trait Sandbox {
    /// Answers one event.
    fn answer(&self, event: Event) -> Answering<'_>;
}
