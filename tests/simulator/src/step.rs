//! What happens in a script, step by step.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use serde_json::Value;
use simulated_aws::{Effect, Record};

use crate::{
    activity::Told,
    database::{Glance, Query},
};

/// One thing that happened.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What can happen.
#[derive(Clone, Debug)]
pub enum What {
    /// Lambda has taken an event for a function.
    Delivered {
        /// Its chain: the event and all attempts at it.
        chain: usize,
    },
    /// The function was busy; Lambda tries again by itself.
    Throttled {
        /// The chain.
        chain: usize,
    },
    /// An attempt began.
    Began {
        /// The run.
        run: usize,
    },
    /// AWS carried a call out, refused it, or never had it.
    Called(Arc<Record>),
    /// The caller has the answer, or knows there is none.
    Answered(Arc<Record>),
    /// Something changed by itself or by a person.
    Changed {
        /// Whose doing it was: `RDS`, or the person's deed.
        by: String,
        /// What changed.
        effects: Vec<Effect>,
    },
    /// A database server was asked something.
    Asked(Arc<Query>),
    /// A run has looked at what goes on in a server.
    Glanced(usize, Arc<Glance>),
    /// A server was told to end something.
    Told(Arc<Told>),
    /// A reader knows of the change before last, or of one later.
    CaughtUp {
        /// Which.
        instance: String,
    },
    /// A person did something to a database.
    ByHand(String),
    /// A run ended.
    Ended {
        /// The run.
        run: usize,
        /// How.
        ending: Ending,
    },
    /// Lambda has given the chain up, and its failure record goes to the function's destination.
    GivenUp {
        /// The chain.
        chain: usize,
    },
    /// The record of the chain lies in the dead-letter queue, whose alarm rings.
    DeadLetter {
        /// The chain.
        chain: usize,
    },
    /// The script is over.
    Over,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// With this answer.
    Answered(Value),
    /// With an error of this type and message.
    Failed {
        /// `Retryable` or `NonRetryable`.
        kind: String,
        /// What it says.
        message: String,
    },
    /// The process died at this await.
    Died(u32),
    /// Lambda ended it.
    TimedOut,
    /// It panicked.
    Panicked(String),
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(report) => {
                let text = |field: &str| report[field].as_str().unwrap_or("?");
                write!(f, "{}: {}", text("outcome"), text("headline"))?;
                let breaches = report["breaches"].as_array().into_iter().flatten();
                breaches.into_iter().try_for_each(|breach| {
                    write!(f, " ({})", breach["sentence"].as_str().unwrap_or("?"))
                })
            }
            Self::Failed { kind, message } => write!(f, "{kind}: {message}"),
            Self::Died(at) => write!(f, "died at await {at}"),
            Self::TimedOut => f.write_str("ended by Lambda: its time was up"),
            Self::Panicked(message) => write!(f, "panicked: {message}"),
        }
    }
}

impl What {
    /// The effects of this step.
    #[must_use]
    pub fn effects(&self) -> &[Effect] {
        match self {
            Self::Called(record) => &record.effects,
            Self::Changed { effects, .. } => effects,
            _ => &[],
        }
    }
}
