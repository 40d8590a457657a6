//! One invocation under way: read, handled and reported.

pub(crate) mod rotation;

use std::{future::Future, time::Duration};

use aurora_model::{Note, Outcome, Report, RunOutcome, Severity, Span};
use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::{
    Answer, Deadline, Delivery, Error, Invocation, Mode, Policy, PolicyError, TriggerError,
    inbox::InboxError,
    metrics::{self, Metric},
    policy,
    settings::Settings,
    trigger,
};

/// Lambda takes answers of up to 6 MB; a row is rarely beyond 300 bytes.
const ROWS_ANSWERED: usize = 5_000;

/// One event, as Lambda hands it over.
#[derive(Clone, Debug)]
pub struct Event {
    /// What it says.
    pub payload: Value,
    /// Lambda's id of the request, the same over Lambda's own retries.
    pub request_id: String,
    /// The wall clock, read once.
    pub now: Timestamp,
    /// When Lambda ends the invocation, in milliseconds since 1970.
    pub ends_ms: u64,
}

/// One invocation under way.
pub(crate) struct Run<'a> {
    settings: &'a Settings,
    delivery: Delivery,
    event: Event,
    began: Instant,
    deadline: Deadline,
}

impl<'a> Run<'a> {
    pub(crate) fn begin(settings: &'a Settings, delivery: Delivery, event: Event) -> Self {
        let deadline =
            Deadline::of_lambda(event.now.as_millisecond().unsigned_abs(), event.ends_ms);
        Self {
            settings,
            delivery,
            event,
            began: Instant::now(),
            deadline,
        }
    }

    pub(crate) async fn answer<'b, P, A, F>(
        &self,
        handle: impl FnOnce(Invocation<P>) -> F,
    ) -> Result<Value, Error>
    where
        P: Policy,
        A: Into<Answer<'b>>,
        F: Future<Output = Result<A, Error>>,
    {
        match self.handled(handle).await {
            Ok(answer) => self.reported(answer).await,
            Err(error) => {
                let unmailed = self.told_of(&error).await;
                Err(self.failed(error, unmailed))
            }
        }
    }

    async fn handled<'b, P, A, F>(
        &self,
        handle: impl FnOnce(Invocation<P>) -> F,
    ) -> Result<Answer<'b>, Error>
    where
        P: Policy,
        A: Into<Answer<'b>>,
        F: Future<Output = Result<A, Error>>,
    {
        let invocation = self.read::<P>()?;
        let Some(note) = expired(&invocation) else {
            return handle(invocation).await.map(Into::into);
        };
        let (mode, trigger) = (invocation.mode.as_str(), invocation.trigger.reference());
        Ok(Report::of_note(
            self.settings.function,
            mode,
            trigger,
            RunOutcome::Expired,
            note,
        )
        .into())
    }

    fn read<P: Policy>(&self) -> Result<Invocation<P>, Error> {
        let (now, deadline) = (self.event.now, self.deadline);
        let trigger::Payload { trigger, policy } = trigger::parse(&self.event.payload, now)?;
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
        let request_id = self.event.request_id.clone();
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
    async fn reported(&self, Answer { report, then }: Answer<'_>) -> Result<Value, Error> {
        self.settings
            .log
            .report(&report, &self.event.request_id, self.began.elapsed());
        let mut metrics = metrics::of_report(&report);
        // Whoever looks at a plan from a laptop has no inbox and wants none.
        let plan = report.mode == Mode::Plan.as_str();
        let delivery = if plan && !self.settings.inbox.exists() {
            Delivery::BestEffort
        } else {
            self.delivery
        };
        match (self.mailed(&report).await, delivery) {
            (Ok(()), _) => self.noted(then).await,
            (Err(error), Delivery::BestEffort) => {
                metrics.push(Metric::count("MailFailures", 1));
                self.unmailed(&error);
            }
            (Err(error), Delivery::Required) => return Err(self.failed(error.into(), 0)),
        }
        self.measured(metrics);
        if report.trigger.of_rotation() {
            rotation::answer(&report)?;
            Ok(report.cut(ROWS_ANSWERED))
        } else if report.worth_a_retry() {
            Err(unfinished(&report))
        } else {
            Ok(report.cut(ROWS_ANSWERED))
        }
    }

    async fn mailed(&self, report: &Report) -> Result<(), InboxError> {
        let Settings { inbox, place, .. } = self.settings;
        let told = inbox.tell(report, place, &self.event.request_id);
        self.deadline
            .within_margin(told)
            .await
            .unwrap_or(Err(InboxError::Late))
    }

    /// What is to be done once the report was mailed. It is a note for later runs: one that cannot
    /// be made in time is left.
    async fn noted(&self, then: Option<impl Future<Output = ()>>) {
        if let Some(then) = then {
            let _ = self.deadline.within_margin(then).await;
        }
    }

    /// Mails an error that nobody else will tell of: of a step of a rotation, unless a retry may
    /// cure it. The number of mails that could not be sent.
    async fn told_of(&self, error: &Error) -> usize {
        let Event { payload, now, .. } = &self.event;
        let waiting = trigger::waiting(payload, *now).filter(|_| !error.retryable());
        let Some(trigger) = waiting else { return 0 };
        let Settings { function, mode, .. } = self.settings;
        let report = rotation::ended(function, mode.as_str(), trigger, error);
        let mailed = self.mailed(&report).await;
        mailed.map_or_else(
            |error| {
                self.unmailed(&error);
                1
            },
            |()| 0,
        )
    }

    fn unmailed(&self, error: &InboxError) {
        self.settings.log.entry(&json!({
            "level": "ERROR", "request_id": self.event.request_id, "mail_failed": error.to_string(),
        }));
    }

    fn failed(&self, error: Error, unmailed: usize) -> Error {
        self.settings.log.entry(&json!({
            "level": "ERROR", "request_id": self.event.request_id, "took_ms": self.began.elapsed().as_millis(),
            "function": self.settings.function, "error_type": error.type_name(), "error": error.to_string(),
        }));
        let untold = usize::from(matches!(error, Error::Untold(_)));
        self.measured(vec![
            Metric::count("FailedRuns", 1),
            Metric::count("MailFailures", untold + unmailed),
        ]);
        error
    }

    fn measured(&self, mut metrics: Vec<Metric>) {
        metrics.push(Metric::milliseconds(
            "RunMilliseconds",
            self.began.elapsed().as_secs_f64() * 1e3,
        ));
        self.settings.log.line(&metrics::line(
            &self.settings.place.function_name,
            self.event.now,
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
