//! The report: what one run decided, what became of it, and what that amounts to.

mod lasting;
mod row;
mod sections;
mod trigger;

use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Breach, Note, Outcome, Plan, RunOutcome, Severity,
    headline::{self, Style},
    outcome::amounts_to,
    plan::Action,
};

use row::{changed, news, row};

pub use trigger::{ROTATION, ROTATION_STEP, TICK, TriggerRef};

/// What a decision was, in a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// An action.
    Act,
    /// Stays as it is, as the policy wants.
    Keep,
    /// Not ours to touch.
    Leave,
    /// Not now; the next tick.
    Wait,
    /// Needs a person.
    Alert,
}

/// One decision with its reason and its outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The cluster it belongs to; empty where it belongs to none that is known.
    pub cluster: String,
    /// The thing decided about.
    pub subject: String,
    /// What was decided.
    pub verdict: Verdict,
    /// The action's verb.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
    /// Why.
    pub reason: String,
    /// What became of the action.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
}

impl Row {
    /// Where the row stands in a report: failures first, then what needs a person, what was
    /// left, what changed, what waits, and last what stayed as it is.
    #[must_use]
    pub const fn rank(&self) -> u8 {
        match (&self.outcome, self.verdict) {
            (Some(Outcome::Failed { .. }), _) => 0,
            (_, Verdict::Alert) => 1,
            (Some(Outcome::Refused), _) => 2,
            (Some(Outcome::Busy { .. } | Outcome::Left { .. }), _) => 3,
            (Some(Outcome::Done | Outcome::Planned), _) => 4,
            (Some(Outcome::AlreadyDone), _) => 5,
            (None, Verdict::Wait) => 6,
            (None, _) => 7,
        }
    }
}

/// Everything one run saw fit to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The function's name.
    pub function: &'static str,
    /// What the run amounts to.
    pub outcome: RunOutcome,
    /// `plan` or `apply`.
    pub mode: &'static str,
    /// What woke it.
    pub trigger: TriggerRef,
    /// One line that says what happened to which cluster.
    pub headline: String,
    /// What is true of the run as a whole.
    pub notes: Vec<Note>,
    /// The rails that forbade something.
    pub breaches: Vec<Breach>,
    /// One for each decision, failures first.
    pub rows: Vec<Row>,
    /// What was found, where the run looked into something: the case file's parts, in the order in
    /// which they help.
    pub sections: Vec<Section>,
    /// What was measured, for the metrics.
    pub measures: Vec<Measure>,
    /// What was counted, for the metrics.
    pub counts: Vec<Count>,
    /// The run this report tells of, where that is not the run that reports.
    pub about: Option<LostRun>,
    /// What the function knows of earlier mails about the same.
    pub telling: Telling,
}

/// What a function knows of earlier mails.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Telling {
    /// Nothing: what the run did and found decides.
    #[default]
    ByItsContent,
    /// An earlier run has told the team of the same.
    Told,
    /// Nobody has been told of something in it, though it changed nothing.
    New,
}

/// A run that ended without a report of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostRun {
    /// The function as Nightshift calls it: `take-snapshot`.
    pub function: String,
    /// The Lambda function's name.
    pub function_name: String,
    /// The AWS region.
    pub region: String,
    /// The function's log group.
    pub log_group: String,
    /// Lambda's id of the request.
    pub request_id: String,
    /// What woke it, as far as its payload tells.
    pub trigger: Option<TriggerRef>,
}

/// A part of a case file: what was found about one thing, for people to read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Section {
    /// What it is about: `Lock waits on orders-1`.
    pub title: String,
    /// Its lines, which mean the same in a font of one width and in any other.
    pub lines: Vec<String>,
}

/// Something a run measured, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// The metric's name.
    pub name: &'static str,
    /// The value.
    pub seconds: i64,
}

/// Something a run counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// The metric's name.
    pub name: &'static str,
    /// How many.
    pub number: u64,
}

impl Report {
    /// The report of `plan`, whose actions, in their order, had these `outcomes`.
    #[must_use]
    pub fn new<A: Action>(
        function: &'static str,
        mode: &'static str,
        trigger: TriggerRef,
        plan: Plan<A>,
        outcomes: Vec<Outcome>,
    ) -> Self {
        let Plan {
            decisions,
            breaches,
            notes,
        } = plan;
        let mut outcomes = outcomes.into_iter();
        let mut rows: Vec<Row> = decisions
            .into_iter()
            .map(|decision| row(decision, &mut outcomes))
            .collect();
        rows.sort_by_key(Row::rank);
        let outcome = amounts_to(&rows, &breaches);
        let style = if trigger.of_rotation() {
            Style::Named
        } else {
            Style::Counted
        };
        let headline = headline::of(&rows, &breaches, style);
        Self {
            function,
            outcome,
            mode,
            trigger,
            headline,
            notes,
            breaches,
            rows,
            sections: Vec::new(),
            measures: Vec::new(),
            counts: Vec::new(),
            about: None,
            telling: Telling::ByItsContent,
        }
    }

    /// A run that decided nothing but has one thing to say.
    #[must_use]
    pub fn of_note(
        function: &'static str,
        mode: &'static str,
        trigger: TriggerRef,
        outcome: RunOutcome,
        note: Note,
    ) -> Self {
        let headline = note.text.clone();
        Self {
            function,
            outcome,
            mode,
            trigger,
            headline,
            notes: vec![note],
            breaches: vec![],
            rows: vec![],
            sections: vec![],
            measures: vec![],
            counts: vec![],
            about: None,
            telling: Telling::ByItsContent,
        }
    }

    /// A run that went well and whose whole work is to tell of another one that did not.
    #[must_use]
    pub fn of_lost_run(
        function: &'static str,
        mode: &'static str,
        trigger: TriggerRef,
        about: LostRun,
        headline: String,
        notes: Vec<Note>,
    ) -> Self {
        let note = Note::new(Severity::Critical, headline);
        let mut report = Self::of_note(function, mode, trigger, RunOutcome::Success, note);
        report.notes.extend(notes);
        report.about = Some(about);
        report
    }

    /// The report as JSON with its first `rows` rows, failures first, with as much of its sections as
    /// takes 60,000 bytes, from the first on, and with how much was left out of both.
    #[must_use]
    pub fn cut(&self, rows: usize) -> Value {
        let shown = rows.min(self.rows.len());
        let mut cut = json!({
            "function": self.function, "outcome": self.outcome, "mode": self.mode,
            "trigger": self.trigger, "headline": self.headline, "notes": self.notes,
            "breaches": self.breaches, "rows": self.rows[..shown],
            "rows_left_out": self.rows.len() - shown,
        });
        if let Some(about) = &self.about {
            cut["about"] = json!(about);
        }
        if !self.sections.is_empty() {
            let (sections, left_out) = sections::fitting(&self.sections);
            cut["sections"] = json!(sections);
            cut["section_lines_left_out"] = json!(left_out);
        }
        cut
    }

    /// How much the report matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        let of_outcome = match self.outcome {
            _ if self.failed_for_good() => Severity::Critical,
            RunOutcome::Nothing | RunOutcome::Success | RunOutcome::Planned => Severity::Info,
            RunOutcome::Partial | RunOutcome::Refused | RunOutcome::Expired => Severity::Warning,
            // Lambda tries again; report-failure tells if that does not help.
            RunOutcome::Failed if self.worth_a_retry() => Severity::Warning,
            RunOutcome::NeedsPerson | RunOutcome::Failed => Severity::Critical,
        };
        self.notes
            .iter()
            .map(|note| note.severity)
            .fold(of_outcome, Severity::max)
    }

    /// Whether the team should get a mail: something changed or would, failed for good, was
    /// refused, or needs a person. What a retry will cure is not news yet. A tick tells only
    /// what it changed or failed to change: the rest the schedule before it has told. Of a
    /// rotation, only its end is told.
    #[must_use]
    pub fn worth_a_mail(&self) -> bool {
        let of_note = self.notes.iter().any(|note| note.severity > Severity::Info);
        match self.trigger.kind {
            _ if self.telling == Telling::Told => false,
            _ if self.telling == Telling::New => true,
            TICK => self.rows.iter().any(changed),
            ROTATION if !self.retry_may_finish() => {
                of_note || self.ends_a_rotation() || self.rows.iter().any(changed)
            }
            ROTATION | ROTATION_STEP => self.ends_a_rotation(),
            _ => {
                self.outcome == RunOutcome::Expired
                    || of_note
                    || !self.breaches.is_empty()
                    || self.rows.iter().any(news)
            }
        }
    }

    /// Whether the rotation stops here, at whichever step, until something else changes: a step
    /// that failed for good or needs a person, or one in mode `plan`, after which no other comes.
    fn ends_a_rotation(&self) -> bool {
        let says = |severity| self.notes.iter().any(|note| note.severity == severity);
        let stops = |row: &Row| news(row) && row.outcome != Some(Outcome::Done);
        self.outcome == RunOutcome::Expired
            || says(Severity::Critical)
            || !self.breaches.is_empty()
            || self.rows.iter().any(stops)
    }

    /// Whether the same trigger, tried again, may bring about what is still missing: something
    /// failed that a retry may cure, or was merely busy, left or waits.
    #[must_use]
    pub fn retry_may_finish(&self) -> bool {
        self.worth_a_retry() || (self.outcome == RunOutcome::Partial && !self.failed_for_good())
    }

    /// Whether something failed that no retry cures, whatever else went well.
    #[must_use]
    pub fn failed_for_good(&self) -> bool {
        self.rows
            .iter()
            .any(|row| matches!(row.outcome, Some(Outcome::Failed { retry: false, .. })))
    }

    /// Whether something failed that trying again by itself may cure.
    #[must_use]
    pub fn worth_a_retry(&self) -> bool {
        self.rows
            .iter()
            .any(|row| matches!(row.outcome, Some(Outcome::Failed { retry: true, .. })))
    }

    /// The clusters the run was about, each once, in order.
    #[must_use]
    pub fn clusters(&self) -> Vec<&str> {
        headline::clusters(&self.rows)
    }

    /// The headline without the clusters it begins with.
    #[must_use]
    pub fn what(&self) -> &str {
        let what = self.headline.strip_prefix(&headline::about(&self.rows));
        what.unwrap_or(&self.headline)
    }

    /// What the actions came to, and how many things wait, as the headline says it; nothing where there is
    /// neither.
    #[must_use]
    pub fn actions(&self) -> Option<String> {
        headline::actions(&self.rows)
    }

    /// How many rows have an outcome that `wanted` accepts.
    pub fn tally(&self, wanted: impl Fn(&Outcome) -> bool) -> usize {
        self.rows
            .iter()
            .filter_map(|row| row.outcome.as_ref())
            .filter(|outcome| wanted(outcome))
            .count()
    }
}

#[cfg(test)]
mod tests;
