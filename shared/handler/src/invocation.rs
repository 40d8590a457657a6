//! What a function's `handle` is given.

use std::future::Future;

use jiff::Timestamp;

use crate::{Deadline, Error, Mode, Trigger};

/// One invocation, read and checked.
#[derive(Clone, Debug)]
pub struct Invocation<P> {
    /// What the team wants.
    pub policy: P,
    /// Whether to act.
    pub mode: Mode,
    /// What woke the function.
    pub trigger: Trigger,
    /// Lambda's id of the request, the same over Lambda's own retries.
    pub request_id: String,
    /// The wall clock, read once.
    pub now: Timestamp,
    /// When to stop acting.
    pub deadline: Deadline,
}

impl<P> Invocation<P> {
    /// What `reading`, of the thing called `what`, gives, if it does so before the deadline.
    /// `retryable` tells of which errors a retry may cure.
    ///
    /// # Errors
    /// [`Error::Observe`]: the decision lacks something, so nothing is decided.
    pub async fn read<T, E>(
        &self,
        what: &'static str,
        reading: impl Future<Output = Result<T, E>>,
        retryable: fn(&E) -> bool,
    ) -> Result<T, Error>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let (retry, source): (bool, Box<dyn std::error::Error + Send + Sync>) =
            match self.deadline.within(reading).await {
                Ok(Ok(value)) => return Ok(value),
                Ok(Err(error)) => (retryable(&error), Box::new(error)),
                Err(exceeded) => (true, Box::new(exceeded)),
            };
        Err(Error::Observe {
            what,
            retry,
            source,
        })
    }
}
