//! The differences that are known: what the simulator answers, what the third party answers, and
//! the page of AWS's documentation that decides it.

/// Defines macros for pages of AWS's documentation: `api!("API_Tag")`.
macro_rules! pages {
    (($d:tt) $($name:ident: $book:literal;)*) => {
        $(macro_rules! $name {
            ($d page:literal) => {
                By(concat!("https://docs.aws.amazon.com/", $book, "/", $d page, ".html"))
            };
        })*
    };
}

pages! {
    ($)
    api: "AmazonRDS/latest/APIReference";
    guide: "AmazonRDS/latest/AuroraUserGuide";
    sns: "sns/latest/api";
    secrets: "secretsmanager/latest/apireference";
    cloudwatch: "AmazonCloudWatch/latest/APIReference";
    monitoring: "AmazonCloudWatch/latest/monitoring";
    scheduler: "scheduler/latest/APIReference";
    schedules: "scheduler/latest/UserGuide";
}

pub mod alarms;
pub mod metrics;
pub mod rds_answers;
pub mod rds_refusals;
pub mod scheduler;
pub mod secrets;
pub mod sns;

use std::fmt;

use crate::{
    compare::Difference,
    step::{Outcome, Step},
};

/// A known difference.
pub struct Known {
    /// In which operations.
    operations: &'static [&'static str],
    /// Which steps are in that situation, as far as their parameters tell.
    when: fn(&Step) -> bool,
    /// `outcome`, or the path of a field; `*` stands for anything.
    at: &'static str,
    /// What the simulator says there; `*` stands for anything.
    simulated: &'static str,
    /// What the third party says there; `*` stands for anything.
    theirs: &'static str,
    /// Whether there are different things on the two sides from then on.
    parts: Parts,
    /// In which situation, and what the page says of it.
    situation: &'static str,
    /// What decides which of them is right.
    decided: Decided,
}

/// Whether the two sides part with a difference. A sequence ends then.
enum Parts {
    No,
    /// When the simulator's outcome is the one of the row.
    Then,
    /// When the simulator answers this step like that.
    If(fn(&Step, &Outcome) -> bool),
}

/// What decides a difference.
#[derive(Clone, Copy, Debug)]
pub enum Decided {
    /// A page of AWS's documentation.
    By(&'static str),
    /// No page does, and why that is bearable.
    Undecided(&'static str),
}

impl Known {
    /// A difference in these operations, there, of this and that, in this situation.
    pub const fn new(
        operations: &'static [&'static str],
        at: &'static str,
        (simulated, theirs): (&'static str, &'static str),
        situation: &'static str,
        decided: Decided,
    ) -> Self {
        Self {
            operations,
            when: |_| true,
            at,
            simulated,
            theirs,
            parts: Parts::No,
            situation,
            decided,
        }
    }

    /// Of such steps only.
    pub const fn when(mut self, when: fn(&Step) -> bool) -> Self {
        self.when = when;
        self
    }

    /// The third party does what the simulator refuses, or the other way round.
    pub const fn parting(mut self) -> Self {
        self.parts = Parts::Then;
        self
    }

    /// The two sides part with steps that are answered like that.
    pub const fn parting_if(mut self, when: fn(&Step, &Outcome) -> bool) -> Self {
        self.parts = Parts::If(when);
        self
    }

    /// Whether this is the difference, in a step that the simulator answers like that.
    pub fn is(&self, difference: &Difference, simulated: &Outcome) -> bool {
        let step = &difference.step;
        self.concerns(step)
            && (!matches!(self.parts, Parts::If(_)) || self.parts_at(step, simulated))
            && like(self.at, &difference.at)
            && like(self.simulated, &difference.simulated)
            && like(self.theirs, &difference.theirs)
    }

    /// Whether the two sides part with it.
    pub const fn parts(&self) -> bool {
        !matches!(self.parts, Parts::No)
    }

    /// Whether the two sides may part with steps like this one.
    pub fn may_part(&self, step: &Step) -> bool {
        self.parts() && self.concerns(step)
    }

    /// Whether the two sides part with this step, which the simulator answers like that.
    pub fn parts_at(&self, step: &Step, simulated: &Outcome) -> bool {
        self.concerns(step)
            && match self.parts {
                Parts::No => false,
                Parts::Then => like(self.simulated, &simulated.kind()),
                Parts::If(when) => when(step, simulated),
            }
    }

    fn concerns(&self, step: &Step) -> bool {
        self.operations.contains(&step.operation) && (self.when)(step)
    }
}

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operations,
            at,
            simulated,
            theirs,
            situation,
            ..
        } = self;
        let operations = operations.join(", ");
        write!(f, "{operations} [{at}] {simulated} / {theirs}: {situation}")?;
        match self.decided {
            Decided::By(page) => write!(f, " <{page}>"),
            Decided::Undecided(why) => write!(f, " (undecided: {why})"),
        }
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for anything.
fn like(pattern: &str, text: &str) -> bool {
    let Some((before, after)) = pattern.split_once('*') else {
        return pattern == text;
    };
    let Some(rest) = text.strip_prefix(before) else {
        return false;
    };
    let mut ends = rest.char_indices().map(|(at, _)| at).chain([rest.len()]);
    ends.any(|at| like(after, &rest[at..]))
}

#[test]
fn a_star_stands_for_anything() {
    for (pattern, text) in [("a*c", "abc"), ("*", ""), ("a*", "a"), ("*b*d", "abcd")] {
        assert!(like(pattern, text), "{pattern} {text}");
    }
    for (pattern, text) in [("a*c", "ab"), ("a", "ab"), ("", "a"), ("*b", "abc")] {
        assert!(!like(pattern, text), "{pattern} {text}");
    }
}
