//! A job's standing, built in a line.

use serde_json::{Value, json};

use super::*;
use crate::database::{Place, RunId, State, Tally};

pub(super) fn time(text: &str) -> Timestamp {
    format!("2026-11-21T{text}:00Z").parse().unwrap()
}

/// A job that purges, with more in its policy.
#[expect(
    clippy::needless_pass_by_value,
    reason = "reads better where it is called"
)]
pub(super) fn job(more: Value) -> Job {
    let mut job = json!({
        "job": "purge-logs", "cluster": "orders", "secret": "job-login", "database": "shop",
        "purge": {"table": "logs", "column": "at", "older_than": "30d"},
    });
    let more = more.as_object().unwrap().clone();
    job.as_object_mut().unwrap().extend(more);
    serde_json::from_value(job).unwrap()
}

pub(super) fn run(slot: Timestamp, state: State) -> Run {
    Run {
        id: RunId(7),
        slot,
        began: slot,
        ended: (state != State::Running).then_some(slot),
        state,
        error: None,
        spec: "the same".into(),
        place: Place::default(),
        tally: Tally::default(),
        attempts: 1,
        told: true,
    }
}

/// What is decided at 02:10, in one line for each thing.
pub(super) struct Case {
    pub(super) job: Job,
    pub(super) woken: Woken,
    pub(super) standing: Standing,
    pub(super) event: Event,
    pub(super) locked: bool,
}

impl Case {
    pub(super) fn schedule(at: &str) -> Self {
        Self::woken(Woken::Schedule(time(at)))
    }

    pub(super) fn tick() -> Self {
        Self::woken(Woken::Tick(time("02:10")))
    }

    pub(super) fn woken(woken: Woken) -> Self {
        Self {
            job: job(json!({})),
            woken,
            standing: Standing::default(),
            event: Event::None,
            locked: true,
        }
    }

    pub(super) fn with(mut self, more: Value) -> Self {
        self.job = job(more);
        self
    }

    pub(super) fn open(mut self, slot: &str) -> Self {
        self.standing.open = Some(run(time(slot), State::Running));
        self
    }

    pub(super) fn of_another_policy(mut self) -> Self {
        let open = self.standing.open.as_mut().unwrap();
        open.spec = "another".into();
        self
    }

    pub(super) fn last(mut self, slot: &str, state: State) -> Self {
        self.standing.last = Some(run(time(slot), state));
        self
    }

    pub(super) fn kept(mut self, slot: &str) -> Self {
        self.standing.buffered = Some(time(slot));
        self
    }

    pub(super) fn paused(mut self) -> Self {
        let since = Some(time("01:00"));
        let why = "by hand".into();
        self.standing.paused = Some(Pause { since, why });
        self
    }

    pub(super) fn without_lock(mut self) -> Self {
        self.locked = false;
        self
    }

    pub(super) fn decided(&self) -> Decided {
        turn(&Seen {
            job: &self.job,
            spec: "the same",
            woken: self.woken,
            now: time("02:10"),
            standing: &self.standing,
            event: self.event,
            locked: self.locked,
        })
    }

    pub(super) fn said(&self) -> String {
        let Decided { notes, work } = self.decided();
        let notes = notes.iter().map(|note| match note {
            Note::Skip {
                slot,
                why,
                logged,
                told,
            } => {
                let logged = if *logged { "" } else { ", not in the log" };
                let told = if *told { ", told" } else { "" };
                format!("skip {}{logged}{told}: {why}", slot.strftime("%H:%M"))
            }
            Note::Keep { slot, why } => format!("keep {}: {why}", slot.strftime("%H:%M")),
        });
        let work = match work {
            Work::Nothing(why) => format!("nothing: {why}"),
            Work::Wait(why) => format!("wait: {why}"),
            Work::Refuse(why) => format!("REFUSE: {why}"),
            Work::Continue => "continue".into(),
            Work::Begin(slot) => format!("begin {}", slot.strftime("%H:%M")),
            Work::Replace(then) => match then {
                Some(slot) => format!("end it, begin {}", slot.strftime("%H:%M")),
                None => "end it".into(),
            },
        };
        notes.chain([work]).collect::<Vec<_>>().join("\n")
    }
}

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?} {:?} {}",
            self.woken, self.standing, self.event, self.locked
        )
    }
}
