//! The report: what one run decided, what became of it, and what that amounts to.

use std::fmt;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    Breach, Choice, Decision, Note, Plan, Severity,
    plan::Action,
    words::{count, list},
};

/// What became of one action.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// It was done by this run.
    Done,
    /// It had been done before, by an earlier or a concurrent run.
    AlreadyDone,
    /// It could not be done now; the next run will do it.
    Busy {
        /// Why not now.
        detail: String,
    },
    /// It failed.
    Failed {
        /// What happened and what to do.
        detail: String,
        /// Whether trying again by itself may help.
        retry: bool,
    },
    /// It was not begun: the deadline was near, or the run ended before.
    Left {
        /// Why not.
        detail: String,
    },
    /// A rail forbade it.
    Refused,
    /// The mode is `plan`.
    Planned,
}

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
    /// The cluster it belongs to.
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

/// What a run amounts to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Everything was as the policy wants; nothing had to be done.
    Nothing,
    /// All that was to be done is done.
    Success,
    /// Mode `plan`: nothing was touched.
    Planned,
    /// Some of it is done; the rest failed, waits or was left to the next run.
    Partial,
    /// A rail forbade what was planned.
    Refused,
    /// No action failed, but something needs a person.
    NeedsPerson,
    /// What was tried failed.
    Failed,
    /// The trigger was too old to act on.
    Expired,
}

impl RunOutcome {
    /// Whether the policy's wish is met (or, in mode `plan`, the run itself went well).
    #[must_use]
    pub const fn ok(self) -> bool {
        matches!(self, Self::Nothing | Self::Success | Self::Planned)
    }
}

impl fmt::Display for RunOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Success => "success",
            Self::Planned => "planned",
            Self::Partial => "partial",
            Self::Refused => "refused",
            Self::NeedsPerson => "needs-person",
            Self::Failed => "failed",
            Self::Expired => "expired",
        })
    }
}

/// What woke a run, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TriggerRef {
    /// `schedule`, `rds-event`, `alarm`, `failure`.
    pub kind: &'static str,
    /// What identifies it: the schedule's ARN, the event's id, the alarm's ARN.
    pub id: String,
    /// Its time, which stays the same over retries and duplicates.
    pub time: Timestamp,
}

impl TriggerRef {
    /// What people call it: of an ARN of a schedule, a rule or an alarm, the name.
    #[must_use]
    pub fn name(&self) -> &str {
        if !self.id.starts_with("arn:") {
            return &self.id;
        }
        let of_alarm = self.id.split_once(":alarm:").map(|(_, name)| name);
        of_alarm
            .or_else(|| self.id.rsplit('/').next())
            .unwrap_or(&self.id)
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
    /// What was measured, for the metrics.
    pub measures: Vec<Measure>,
    /// The run this report tells of, where that is not the run that reports.
    pub about: Option<LostRun>,
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

/// Something a run measured, in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Measure {
    /// The metric's name.
    pub name: &'static str,
    /// The value.
    pub seconds: i64,
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
        let headline = headline(&rows, &breaches);
        Self {
            function,
            outcome,
            mode,
            trigger,
            headline,
            notes,
            breaches,
            rows,
            measures: Vec::new(),
            about: None,
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
            measures: vec![],
            about: None,
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

    /// The report as JSON with its first `rows` rows, failures first, and how many were left
    /// out.
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
        cut
    }

    /// How much the report matters.
    #[must_use]
    pub fn severity(&self) -> Severity {
        let of_outcome = match self.outcome {
            _ if self.failed_for_good() => Severity::Critical,
            RunOutcome::Nothing | RunOutcome::Success | RunOutcome::Planned => Severity::Info,
            RunOutcome::Partial | RunOutcome::Refused | RunOutcome::Expired => Severity::Warning,
            RunOutcome::NeedsPerson | RunOutcome::Failed => Severity::Critical,
        };
        self.notes
            .iter()
            .map(|note| note.severity)
            .fold(of_outcome, Severity::max)
    }

    /// Whether the team should get a mail: something changed or would, failed for good, was
    /// refused, or needs a person. What a retry will cure is not news yet.
    #[must_use]
    pub fn worth_a_mail(&self) -> bool {
        let news = |row: &Row| match &row.outcome {
            Some(Outcome::Failed { retry, .. }) => !retry,
            Some(Outcome::Done | Outcome::Planned | Outcome::Refused) => true,
            _ => row.verdict == Verdict::Alert,
        };
        let of_note = self.notes.iter().any(|note| note.severity > Severity::Info);
        self.outcome == RunOutcome::Expired
            || of_note
            || !self.breaches.is_empty()
            || self.rows.iter().any(news)
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
        let mut clusters: Vec<&str> = self.rows.iter().map(|row| row.cluster.as_str()).collect();
        clusters.sort_unstable();
        clusters.dedup();
        clusters
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

fn row<A: Action>(decision: Decision<A>, outcomes: &mut impl Iterator<Item = Outcome>) -> Row {
    let Decision {
        cluster,
        subject,
        choice,
        reason,
    } = decision;
    let not_begun = || Outcome::Left {
        detail: "the run ended before it was begun".into(),
    };
    let (verdict, action, outcome) = match choice {
        Choice::Act(action) => (
            Verdict::Act,
            Some(action.verb()),
            Some(outcomes.next().unwrap_or_else(not_begun)),
        ),
        Choice::Keep => (Verdict::Keep, None, None),
        Choice::Leave => (Verdict::Leave, None, None),
        Choice::Wait => (Verdict::Wait, None, None),
        Choice::Alert => (Verdict::Alert, None, None),
    };
    Row {
        cluster,
        subject,
        verdict,
        action,
        reason,
        outcome,
    }
}

fn amounts_to(rows: &[Row], breaches: &[Breach]) -> RunOutcome {
    let any = |wanted: fn(&Row) -> bool| rows.iter().any(wanted);
    let done = any(|row| matches!(row.outcome, Some(Outcome::Done | Outcome::AlreadyDone)));
    let failed = any(|row| matches!(row.outcome, Some(Outcome::Failed { .. })));
    let unfinished = any(|row| {
        matches!(
            row.outcome,
            Some(Outcome::Busy { .. } | Outcome::Left { .. })
        ) || row.verdict == Verdict::Wait
    });
    match () {
        () if failed && !done => RunOutcome::Failed,
        () if failed => RunOutcome::Partial,
        () if any(|row| row.verdict == Verdict::Alert) => RunOutcome::NeedsPerson,
        () if !breaches.is_empty() => RunOutcome::Refused,
        () if any(|row| row.outcome == Some(Outcome::Planned)) => RunOutcome::Planned,
        () if unfinished => RunOutcome::Partial,
        () if any(|row| row.outcome == Some(Outcome::Done)) => RunOutcome::Success,
        () => RunOutcome::Nothing,
    }
}

fn headline(rows: &[Row], breaches: &[Breach]) -> String {
    let mut parts = Vec::new();
    for verb in verbs(rows) {
        let of_verb = |wanted: fn(&Outcome) -> bool| {
            rows.iter()
                .filter(|row| row.action == Some(verb) && row.outcome.as_ref().is_some_and(wanted))
                .count()
        };
        let mut say = |number: usize, text: &str| {
            if number > 0 {
                parts.push(format!("{text} {number}"));
            }
        };
        say(
            of_verb(|o| matches!(o, Outcome::Failed { .. })),
            &format!("failed to {verb}"),
        );
        say(of_verb(|o| matches!(o, Outcome::Done)), &format!("{verb}d"));
        say(
            of_verb(|o| matches!(o, Outcome::AlreadyDone)),
            &format!("already {verb}d"),
        );
        say(
            of_verb(|o| matches!(o, Outcome::Planned)),
            &format!("would {verb}"),
        );
        say(
            of_verb(|o| matches!(o, Outcome::Refused)),
            &format!("refused to {verb}"),
        );
        say(
            of_verb(|o| matches!(o, Outcome::Busy { .. } | Outcome::Left { .. })),
            &format!("still to {verb}"),
        );
    }
    let with = |verdict: Verdict| rows.iter().filter(|row| row.verdict == verdict).count();
    let mut verdict = |number: usize, text: &str| {
        if number > 0 {
            parts.push(format!("{number} {text}"));
        }
    };
    verdict(
        with(Verdict::Alert),
        if with(Verdict::Alert) == 1 {
            "needs a person"
        } else {
            "need a person"
        },
    );
    verdict(with(Verdict::Wait), "waiting for the next tick");
    if parts.is_empty() {
        parts.push(
            if breaches.is_empty() {
                "nothing to do"
            } else {
                "refused"
            }
            .into(),
        );
    }
    let mut clusters: Vec<&str> = rows.iter().map(|row| row.cluster.as_str()).collect();
    clusters.sort_unstable();
    clusters.dedup();
    let about = match clusters.as_slice() {
        [] => String::new(),
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!(
                "{one}, {two}, {three} and {}: ",
                count(rest.len(), "other cluster")
            )
        }
        some => format!("{}: ", list(some)),
    };
    format!("{about}{}", parts.join(", "))
}

fn verbs(rows: &[Row]) -> Vec<&'static str> {
    let mut verbs: Vec<_> = rows.iter().filter_map(|row| row.action).collect();
    verbs.sort_unstable();
    verbs.dedup();
    verbs
}
