//! A plan: what a function decided, before anything is done.

use std::fmt;

use serde::Serialize;

use crate::Breach;

/// The decisions of one run, in a fixed order, with the rails they would break.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<A> {
    /// One for each thing looked at.
    pub decisions: Vec<Decision<A>>,
    /// The rails this plan breaks; what they cover is not applied.
    pub breaches: Vec<Breach>,
    /// What is true of the run as a whole and worth saying.
    pub notes: Vec<Note>,
}

impl<A> Plan<A> {
    /// A plan that decides nothing.
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            decisions: Vec::new(),
            breaches: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// The decisions that are actions.
    pub fn actions(&self) -> impl Iterator<Item = (&Decision<A>, &A)> {
        self.decisions
            .iter()
            .filter_map(|decision| match &decision.choice {
                Choice::Act(action) => Some((decision, action)),
                _ => None,
            })
    }

    /// The rail that forbids acting on `cluster`, if one does.
    #[must_use]
    pub fn forbidden(&self, cluster: &str) -> Option<&Breach> {
        self.breaches.iter().find(|breach| breach.covers(cluster))
    }
}

/// What was decided about one thing, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<A> {
    /// The cluster it belongs to.
    pub cluster: String,
    /// The thing: a snapshot's name, an instance's, the cluster's own.
    pub subject: String,
    /// What was decided.
    pub choice: Choice<A>,
    /// Why, in words a person understands.
    pub reason: String,
}

impl<A> Decision<A> {
    /// A decision about `subject` of `cluster`.
    pub fn new(
        cluster: impl Into<String>,
        subject: impl Into<String>,
        choice: Choice<A>,
        reason: impl Into<String>,
    ) -> Self {
        Self {
            cluster: cluster.into(),
            subject: subject.into(),
            choice,
            reason: reason.into(),
        }
    }
}

/// The kinds of decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice<A> {
    /// Do this.
    Act(A),
    /// What the policy wants is there already, or it wants the thing to stay.
    Keep,
    /// Not ours to touch.
    Leave,
    /// The policy wants something that cannot be done now; the next tick tries again.
    Wait,
    /// The policy wants something that only a person can bring about.
    Alert,
}

/// What an action is called in a report.
pub trait Action {
    /// The verb: `create`, `delete`.
    fn verb(&self) -> &'static str;
}

/// A sentence about the run as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// How much it matters.
    pub severity: Severity,
    /// The sentence.
    pub text: String,
}

impl Note {
    /// A note of this severity.
    pub fn new(severity: Severity, text: impl Into<String>) -> Self {
        Self {
            severity,
            text: text.into(),
        }
    }
}

/// How much something matters to the people who read the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Good to know; nobody needs to do anything.
    Info,
    /// Somebody should look within days.
    Warning,
    /// Somebody must act today.
    Critical,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Critical => "critical",
        })
    }
}

impl<A: Action> fmt::Display for Plan<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for note in &self.notes {
            writeln!(f, "{}: {}", note.severity, note.text)?;
        }
        for breach in &self.breaches {
            writeln!(f, "REFUSED {breach}")?;
        }
        for Decision {
            cluster,
            subject,
            choice,
            reason,
        } in &self.decisions
        {
            let word = match choice {
                Choice::Act(action) => action.verb(),
                Choice::Keep => "keep",
                Choice::Leave => "leave",
                Choice::Wait => "wait",
                Choice::Alert => "ALERT",
            };
            writeln!(f, "{word:<6} {cluster}/{subject}: {reason}")?;
        }
        Ok(())
    }
}
