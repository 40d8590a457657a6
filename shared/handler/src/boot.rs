//! The loop every `main` runs: one invocation after the other, each read, handled and reported.

use std::{
    future::Future,
    time::{Duration, Instant},
};

use aurora_model::{Note, Outcome, Report, RunOutcome, Severity, Span};
use jiff::Timestamp;
use lambda_runtime::{LambdaEvent, service_fn};
use serde_json::{Value, json};

use crate::{
    Deadline, Delivery, Error, Mode, Policy, PolicyError, Sdk, Trigger, TriggerError,
    inbox::InboxError,
    log,
    metrics::{self, Metric},
    policy,
    settings::{self, Settings},
    trigger,
};

/// Lambda takes answers of up to 6 MB; a row is rarely beyond 300 bytes.
const ROWS_ANSWERED: usize = 5_000;

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

/// Answers Lambda's events with `handle` until the sandbox ends.
///
/// # Errors
/// When the Lambda Runtime API fails. An environment that makes no sense is the answer to every
/// event instead, so that it reaches the inbox like any other failure.
pub fn run<P, F>(
    function: &'static str,
    handle: impl Fn(Sdk, Invocation<P>) -> F,
) -> Result<(), BootError>
where
    P: Policy,
    F: Future<Output = Result<Report, Error>>,
{
    run_with_delivery(function, Delivery::BestEffort, handle)
}

/// The same for a function whose mails have this `delivery`.
///
/// # Errors
/// As [`run`].
pub fn run_with_delivery<P, F>(
    function: &'static str,
    delivery: Delivery,
    handle: impl Fn(Sdk, Invocation<P>) -> F,
) -> Result<(), BootError>
where
    P: Policy,
    F: Future<Output = Result<Report, Error>>,
{
    let (settings, handle) = (&settings::read(function), &handle);
    // One thread: these functions wait for APIs, and a 128 MB sandbox has a fraction of a core.
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let service = service_fn(move |event: LambdaEvent<Value>| async move {
        let (settings, sdk) = settings
            .as_ref()
            .map_err(|error| Error::Environment(error.clone()))?;
        Run::begin(settings, delivery, event)
            .answer(|invocation| handle(sdk.clone(), invocation))
            .await
    });
    Ok(runtime.block_on(lambda_runtime::run(service))?)
}

/// One invocation under way.
struct Run<'a> {
    settings: &'a Settings,
    delivery: Delivery,
    payload: Value,
    request_id: String,
    now: Timestamp,
    began: Instant,
    deadline: Deadline,
}

impl<'a> Run<'a> {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place where the clock is read"
    )]
    fn begin(settings: &'a Settings, delivery: Delivery, event: LambdaEvent<Value>) -> Self {
        let (now, began) = (Timestamp::now(), Instant::now());
        let deadline =
            Deadline::of_lambda(now.as_millisecond().unsigned_abs(), event.context.deadline);
        Self {
            settings,
            delivery,
            payload: event.payload,
            request_id: event.context.request_id,
            now,
            began,
            deadline,
        }
    }

    async fn answer<P, F>(&self, handle: impl FnOnce(Invocation<P>) -> F) -> Result<Value, Error>
    where
        P: Policy,
        F: Future<Output = Result<Report, Error>>,
    {
        match self.handled(handle).await {
            Ok(report) => self.reported(report).await,
            Err(error) => Err(self.failed(error)),
        }
    }

    async fn handled<P, F>(&self, handle: impl FnOnce(Invocation<P>) -> F) -> Result<Report, Error>
    where
        P: Policy,
        F: Future<Output = Result<Report, Error>>,
    {
        let invocation = self.read::<P>()?;
        let Some(note) = expired(&invocation) else {
            return handle(invocation).await;
        };
        let (mode, trigger) = (invocation.mode.as_str(), invocation.trigger.reference());
        Ok(Report::of_note(
            self.settings.function,
            mode,
            trigger,
            RunOutcome::Expired,
            note,
        ))
    }

    fn read<P: Policy>(&self) -> Result<Invocation<P>, Error> {
        let (now, deadline) = (self.now, self.deadline);
        let trigger::Payload { trigger, policy } = trigger::parse(&self.payload)?;
        if trigger.time > now + Duration::from_hours(1) {
            return Err(TriggerError::in_the_future(trigger.time, now).into());
        }
        let policy = policy
            .or_else(|| self.settings.policy.clone())
            .or_else(P::absent);
        let missing = || {
            PolicyError::new(
                "policy",
                "is missing; put it into the payload or into POLICY",
            )
        };
        let policy: P = policy::parse(&policy.ok_or_else(missing)?)?;
        let mode = Mode::strictest(self.settings.mode, policy.mode());
        let request_id = self.request_id.clone();
        Ok(Invocation {
            policy,
            mode,
            trigger,
            request_id,
            now,
            deadline,
        })
    }

    /// The report goes to the log, the inbox and the metrics; only then is it the answer.
    async fn reported(&self, report: Report) -> Result<Value, Error> {
        log::report(&report, &self.request_id, self.began.elapsed());
        let mut metrics = metrics::of_report(&report);
        // Whoever looks at a plan from a laptop has no inbox and wants none.
        let plan = report.mode == Mode::Plan.as_str();
        let delivery = if plan && !self.settings.inbox.exists() {
            Delivery::BestEffort
        } else {
            self.delivery
        };
        match (self.mailed(&report).await, delivery) {
            (Ok(()), _) => {}
            (Err(error), Delivery::BestEffort) => {
                metrics.push(Metric::count("MailFailures", 1));
                log::entry(&json!({
                    "level": "ERROR", "request_id": self.request_id, "mail_failed": error.to_string(),
                }));
            }
            (Err(error), Delivery::Required) => return Err(self.failed(error.into())),
        }
        self.measured(metrics);
        if report.worth_a_retry() {
            Err(unfinished(&report))
        } else {
            Ok(report.cut(ROWS_ANSWERED))
        }
    }

    async fn mailed(&self, report: &Report) -> Result<(), InboxError> {
        let Settings { inbox, place, .. } = self.settings;
        let told = inbox.tell(report, place, &self.request_id);
        self.deadline
            .within_margin(told)
            .await
            .unwrap_or(Err(InboxError::Late))
    }

    fn failed(&self, error: Error) -> Error {
        log::entry(&json!({
            "level": "ERROR", "request_id": self.request_id, "took_ms": self.began.elapsed().as_millis(),
            "function": self.settings.function, "error_type": error.type_name(), "error": error.to_string(),
        }));
        let untold = usize::from(matches!(error, Error::Untold(_)));
        self.measured(vec![
            Metric::count("FailedRuns", 1),
            Metric::count("MailFailures", untold),
        ]);
        error
    }

    fn measured(&self, mut metrics: Vec<Metric>) {
        metrics.push(Metric::milliseconds(
            "RunMilliseconds",
            self.began.elapsed().as_secs_f64() * 1e3,
        ));
        log::line(&metrics::line(
            &self.settings.place.function_name,
            self.now,
            &metrics,
        ));
    }
}

fn unfinished(report: &Report) -> Error {
    let first = report.rows.iter().find_map(|row| match &row.outcome {
        Some(Outcome::Failed {
            detail,
            retry: true,
        }) => Some(detail.clone()),
        _ => None,
    });
    Error::Unfinished {
        headline: report.headline.clone(),
        first: first.unwrap_or_default(),
    }
}

fn expired<P: Policy>(invocation: &Invocation<P>) -> Option<Note> {
    let age = invocation.now.duration_since(invocation.trigger.time);
    let limit = invocation.policy.expire_after();
    (age > limit.duration()).then(|| {
        let age = Span::of(age).roughly();
        let text = format!(
            "The trigger is {age} old and expires after {limit}: nothing was done. \
             Invoke the function with a fresh trigger if the work is still wanted."
        );
        Note::new(Severity::Warning, text)
    })
}

#[cfg(test)]
mod tests;
