//! The rows of a report, and what of them the team does not know yet.

use aurora_model::{Choice, Decision, Outcome, Severity};
use jiff::Timestamp;

use super::{
    Visit,
    work::{How, Turned},
};
use crate::{
    database::{Database, Run, RunId, Standing, Tally},
    decide::{Note, words},
    report::{self, Deed},
};

/// The rows of a report, and what of them the team does not know yet.
pub(super) struct Rows<'v, D> {
    visit: &'v Visit<'v, D>,
    pub(super) decisions: Vec<Decision<Deed>>,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) notes: Vec<aurora_model::Note>,
    /// What this invocation has done.
    pub(super) did: Tally,
    /// The runs that are told of by this report, by their times.
    pub(super) told: Vec<Timestamp>,
    /// The run that is not over, where what holds it up is told of.
    pub(super) held_up: Option<RunId>,
    /// Whether there is something in it that nobody was told of.
    pub(super) news: bool,
    /// Whether there is something in it of which nobody keeps whether it was told.
    pub(super) by_content: bool,
}

impl<'v, D: Database> Rows<'v, D> {
    pub(super) fn new(visit: &'v Visit<'v, D>) -> Self {
        let mut rows = Self {
            visit,
            decisions: vec![],
            outcomes: vec![],
            notes: vec![],
            did: Tally::default(),
            told: vec![],
            held_up: None,
            news: false,
            by_content: false,
        };
        if visit.job().plain_text && visit.job().ca.is_none() {
            let text =
                "policy.plain_text: the password and the rows cross the network unencrypted.";
            rows.note(Severity::Info, text.to_owned());
        }
        rows
    }

    pub(super) fn push(&mut self, decision: Decision<Deed>, outcome: Option<Outcome>) {
        self.decisions.push(decision);
        self.outcomes.extend(outcome);
    }

    /// A run that is over.
    pub(super) fn over(&mut self, run: &Run) {
        self.told.push(run.slot);
        let news = report::is_news(self.visit.job(), run);
        self.news |= news && !run.told;
        let report::Told {
            choice,
            reason,
            outcome,
        } = report::told(self.visit.job(), run);
        self.push(self.visit.decision(choice, reason), outcome);
    }

    /// A schedule that is left out or begun later: the first is news.
    pub(super) fn noted(
        &mut self,
        decision: Decision<Deed>,
        note: &Note,
        outcome: Option<Outcome>,
    ) {
        let done = outcome == Some(Outcome::Done);
        if let Note::Skip {
            slot, told: false, ..
        } = note
            && done
        {
            self.told.push(*slot);
            self.news = true;
        }
        // What is not in the ledger, no later invocation tells of.
        let unnoted = |outcome: &Outcome| {
            matches!(
                outcome,
                Outcome::Failed { .. } | Outcome::Left { .. } | Outcome::Busy { .. }
            )
        };
        self.by_content |= outcome.as_ref().is_some_and(unnoted);
        self.push(decision, outcome);
    }

    /// Something that only a person can change. Of a schedule it is told with the row that leaves the
    /// schedule out; of a run that is not over, once.
    pub(super) fn refused(&mut self, decision: Decision<Deed>, standing: &Standing) {
        self.held(standing.open.as_ref());
        self.push(decision, None);
    }

    /// What came of the work.
    pub(super) fn turned(&mut self, decision: Decision<Deed>, turned: Turned) {
        let Turned {
            ended,
            going,
            how,
            did,
            paused,
        } = turned;
        self.did = did;
        for run in &ended {
            self.over(run);
        }
        if let Some(why) = paused {
            self.note(Severity::Critical, report::paused(self.visit.job(), &why));
        }
        let so_far = going.as_ref().map(report::progress);
        let reason = so_far.unwrap_or_else(|| "no run is under way yet".to_owned());
        self.ended(decision, how, &reason, going.as_ref());
    }

    fn ended(&mut self, decision: Decision<Deed>, how: How, reason: &str, going: Option<&Run>) {
        let with = |choice, reason| self.visit.decision(choice, reason);
        let act = Decision {
            reason: reason.to_owned(),
            ..decision
        };
        match how {
            How::Over => {}
            How::Left(detail) => self.push(act, Some(Outcome::Left { detail })),
            How::Critical(why) => {
                let detail = format!("{why}; the next tick goes on");
                self.note(
                    Severity::Warning,
                    format!("{}: {why}", self.visit.job().job),
                );
                self.held(going);
                self.push(act, Some(Outcome::Left { detail }));
            }
            How::Paused(pause) => {
                let said = format!("{reason}; it is {}", words::paused(&pause));
                self.push(with(Choice::Wait, said), None);
            }
            How::Elsewhere => {
                let detail = words::LOCKED.to_owned();
                self.push(act, Some(Outcome::Busy { detail }));
            }
            How::Already(run) => self.push(with(Choice::Keep, words::over(&run)), None),
            How::Broken(detail, retry) => {
                self.by_content = true;
                self.push(act, Some(Outcome::Failed { detail, retry }));
            }
        }
    }

    fn held(&mut self, open: Option<&Run>) {
        if let Some(open) = open.filter(|open| !open.told) {
            self.held_up = Some(open.id);
            self.news = true;
        }
    }

    fn note(&mut self, severity: Severity, text: String) {
        self.notes.push(aurora_model::Note::new(severity, text));
    }
}
