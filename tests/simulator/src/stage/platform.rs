//! Lambda, as far as asynchronous invocations need it.
//! <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use handler::{Error, Event, Log, Surroundings};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::Aws;

use super::{Arrival, Due, INBOX};
use crate::{
    Function, Sandbox,
    database::{Databases, Servers},
    events,
    eye::Eye,
    history::Chain,
    mortal::{End, Mortal},
    script::{REMEDIES, ROTATES, Script},
    sdk,
    step::{Ending, What},
};

/// Lambda tries an event three times.
const ATTEMPTS: usize = 3;
/// The templates' `MaximumEventAgeInSeconds`; Lambda's own six hours for report-failure.
const OLDEST: SignedDuration = SignedDuration::from_hours(1);

/// A chain to be tried, and how often the function was too busy for it.
pub(super) struct Attempt {
    chain: usize,
    throttled: u32,
}

/// A process with its number, and who its calls are made for.
struct Process {
    sandbox: Box<dyn Sandbox>,
    who: Arc<AtomicU64>,
}

/// A run that has ended, with its process.
pub(super) struct Ended {
    run: usize,
    end: End<Result<Value, Error>>,
    process: Process,
}

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Ended> + 'a>>;

/// What became of an attempt.
pub(super) enum Tried<'a> {
    /// It runs.
    Runs(Running<'a>),
    /// It does not, and this is due instead, if anything is.
    Waits(Option<(Timestamp, Due)>),
}

pub(super) struct Platform<'a> {
    script: Arc<Script>,
    functions: BTreeMap<&'static str, &'a dyn Function>,
    aws: Aws,
    eye: Arc<Eye>,
    servers: Servers,
    idle: BTreeMap<&'static str, Vec<Process>>,
    busy: BTreeMap<&'static str, usize>,
}

impl<'a> Platform<'a> {
    pub(super) fn new(
        script: Arc<Script>,
        functions: &[&'a dyn Function],
        aws: Aws,
        eye: Arc<Eye>,
        servers: Servers,
    ) -> Self {
        let functions = functions
            .iter()
            .map(|function| (function.name(), *function))
            .collect();
        Self {
            script,
            functions,
            aws,
            eye,
            servers,
            idle: BTreeMap::new(),
            busy: BTreeMap::new(),
        }
    }

    /// Lambda takes an event into its queue.
    pub(super) fn take(&mut self, arrival: Arrival) -> Attempt {
        let Arrival {
            function,
            time,
            payload,
            about,
            rotation,
        } = arrival;
        let number = self.eye.look(|history| history.chains.len());
        let chain = self.eye.open(Chain {
            function,
            request_id: format!("00000000-0000-4000-8000-{number:012}"),
            payload,
            time,
            taken: self.aws.time().now(),
            runs: Vec::new(),
            about,
            rotation,
            over: false,
        });
        Attempt {
            chain,
            throttled: 0,
        }
    }

    /// Begins a run, or says what is due instead: the same attempt later, or the end of a chain
    /// that has grown too old.
    pub(super) fn attempt(&mut self, Attempt { chain, throttled }: Attempt) -> Tried<'a> {
        let now = self.aws.time().now();
        let (function, taken) = self.eye.look(|history| {
            let chain = &history.chains[chain];
            (chain.function, chain.taken)
        });
        if self.busy.get(function).copied().unwrap_or(0) >= self.script.lambda.concurrency {
            if self.step_ended(chain, false) {
                self.eye.step(What::Throttled { chain });
                return Tried::Waits(None);
            }
            if now.duration_since(taken) > OLDEST {
                return Tried::Waits(self.give_up(chain));
            }
            self.eye.step(What::Throttled { chain });
            let pause =
                SignedDuration::from_secs(i64::from(2_u32.saturating_pow(throttled)).min(300));
            let again = Attempt {
                chain,
                throttled: throttled + 1,
            };
            return Tried::Waits(Some((now + pause, Due::Try(again))));
        }
        *self.busy.entry(function).or_default() += 1;
        Tried::Runs(self.run(function, chain, now))
    }

    fn run(&mut self, function: &'static str, chain: usize, now: Timestamp) -> Running<'a> {
        let run = self.eye.begin(chain);
        let process = self.idle.entry(function).or_default().pop();
        let process = process.unwrap_or_else(|| self.start(function));
        process.who.store(run as u64, Ordering::Relaxed);
        let (payload, request_id) = self.eye.look(|history| {
            let chain = &history.chains[chain];
            (chain.payload.clone(), chain.request_id.clone())
        });
        let limit = Duration::from_secs(self.script.lambda.timeout);
        let ends_ms = now.as_millisecond().unsigned_abs() + self.script.lambda.timeout * 1000;
        let event = Event {
            payload,
            request_id,
            now,
            ends_ms,
        };
        let died = self
            .script
            .deaths
            .iter()
            .find(|death| death.run == run as u64 + 1);
        let dies_at = died.map(|death| death.at_await);
        Box::pin(async move {
            let work = async { process.sandbox.answer(event).await };
            let end = Mortal::new(work, dies_at, limit).await;
            Ended { run, end, process }
        })
    }

    fn start(&self, function: &'static str) -> Process {
        let who = Arc::new(AtomicU64::new(u64::MAX));
        let sdk = handler::Sdk::over(&sdk::config(&self.aws, Arc::clone(&who)));
        let databases = Databases::new(
            self.servers.clone(),
            Arc::clone(&self.eye),
            self.aws.time(),
            Arc::clone(&who),
        );
        let (eye, writer) = (Arc::clone(&self.eye), Arc::clone(&who));
        let log = Log::to(move |line| {
            eye.line(
                usize::try_from(writer.load(Ordering::Relaxed)).unwrap_or(usize::MAX),
                line,
            );
        });
        let mode = if self.script.lambda.plan_only {
            "plan"
        } else {
            "apply"
        };
        let policy = self.script.policy(function).to_string();
        let variable = |name: &str| {
            Some(match name {
                "POLICY" if [ROTATES, REMEDIES].contains(&function) => policy.clone(),
                "MODE" => mode.to_owned(),
                "INBOX_TOPIC_ARN" => INBOX.to_owned(),
                "AWS_REGION" => "eu-central-1".to_owned(),
                "AWS_LAMBDA_FUNCTION_NAME" => format!("nightshift-{function}"),
                "AWS_LAMBDA_LOG_GROUP_NAME" => format!("/aws/lambda/nightshift-{function}"),
                _ => return None,
            })
        };
        let surroundings = Surroundings {
            variable: &variable,
            sdk: Some(sdk),
            log,
        };
        #[expect(
            clippy::expect_used,
            reason = "every function of a script is given to `play`"
        )]
        let function = self.functions.get(function).expect("the function is there");
        #[expect(clippy::expect_used, reason = "these variables make sense")]
        let sandbox = function
            .start(surroundings, databases)
            .expect("the environment above is valid");
        Process { sandbox, who }
    }

    /// What is due after a run: nothing, another attempt, or the end of the chain.
    pub(super) fn ended(&mut self, ended: Ended) -> Option<(Timestamp, Due)> {
        let Ended { run, end, process } = ended;
        let ending = match end {
            End::Answered(Ok(answer)) => Ending::Answered(answer),
            End::Answered(Err(error)) => Ending::Failed {
                kind: error.type_name().into(),
                message: error.to_string(),
            },
            End::Died(at) => Ending::Died(at),
            End::TimedOut => Ending::TimedOut,
            End::Panicked(message) => Ending::Panicked(message),
        };
        let (chain, function, attempts) = self.eye.look(|history| {
            let chain = history.runs[run].chain;
            (
                chain,
                history.chains[chain].function,
                history.chains[chain].runs.len(),
            )
        });
        *self.busy.entry(function).or_default() -= 1;
        if matches!(
            ending,
            Ending::Answered(_) | Ending::Failed { .. } | Ending::Panicked(_)
        ) {
            self.idle.entry(function).or_default().push(process);
        }
        let answered = matches!(ending, Ending::Answered(_));
        if answered {
            self.eye.close(chain);
        }
        self.eye.step(What::Ended { run, ending });
        if self.step_ended(chain, answered) || answered {
            return None;
        }
        if attempts >= ATTEMPTS {
            return self.give_up(chain);
        }
        // One minute before the second attempt, two before the third.
        let pause = SignedDuration::from_mins(i64::try_from(attempts).unwrap_or(1));
        let attempt = Attempt {
            chain,
            throttled: 0,
        };
        Some((self.aws.time().now() + pause, Due::Try(attempt)))
    }

    /// Secrets Manager waits for a step of a rotation, and tries again by itself: the chain is over.
    /// Whether it was such a step.
    fn step_ended(&self, chain: usize, succeeded: bool) -> bool {
        let waiting = self
            .eye
            .look(|history| history.chains[chain].rotation.clone());
        let Some(invocation) = waiting else {
            return false;
        };
        self.eye.close(chain);
        self.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                services.secrets.step_ended(&invocation, succeeded, at);
            })
        });
        true
    }

    fn give_up(&mut self, chain: usize) -> Option<(Timestamp, Due)> {
        let now = self.aws.time().now();
        self.eye.close(chain);
        self.eye.step(What::GivenUp { chain });
        let (function, record) = self.eye.look(|history| {
            let Chain {
                function,
                request_id,
                payload,
                runs,
                ..
            } = &history.chains[chain];
            let last = runs
                .last()
                .and_then(|run| history.runs[*run].ended.as_ref());
            let last = last.map(|(_, ending)| ending);
            let record = events::of_failure(function, request_id, payload, runs.len(), last, now);
            (*function, record)
        });
        if function == "report-failure" {
            self.eye.step(What::DeadLetter { chain });
            return None;
        }
        let arrival = Arrival {
            function: "report-failure",
            time: now,
            payload: record,
            about: Some(chain),
            rotation: None,
        };
        Some((now + SignedDuration::from_secs(1), Due::Deliver(arrival)))
    }
}
