//! The steps of a move.

use aurora_model::{Note, Outcome, Plan, Severity, plan::Action};

use super::look::Seen;

/// One step. Each is the opposite of another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// `ALTER EVENT … DISABLE`.
    DisableEvent,
    /// `ALTER EVENT … ENABLE`.
    EnableEvent,
    /// The job's schedule fires from here on.
    EnableSchedule,
    /// The job's schedule fires no more.
    DisableSchedule,
    /// The schedule of the job's ticks fires from here on.
    EnableTick,
    /// The schedule of the job's ticks fires no more.
    DisableTick,
}

impl Action for Step {
    fn verb(&self) -> &'static str {
        match self {
            Self::DisableEvent | Self::DisableSchedule | Self::DisableTick => "disable",
            Self::EnableEvent | Self::EnableSchedule | Self::EnableTick => "enable",
        }
    }
}

impl Step {
    /// What is changed.
    pub(crate) fn subject(self, seen: &Seen) -> String {
        let name = |schedule: Option<&scheduler::Schedule>| {
            let name = schedule.map(|schedule| schedule.name.to_string());
            format!("the schedule {}", name.unwrap_or_default())
        };
        match self {
            Self::DisableEvent | Self::EnableEvent => {
                format!("the EVENT {}", seen.event_name())
            }
            Self::EnableSchedule | Self::DisableSchedule => name(seen.schedule.as_ref()),
            Self::EnableTick | Self::DisableTick => name(seen.tick.as_ref()),
        }
    }

    /// Why, where the whole is done because of `why`.
    pub(crate) fn reason(self, why: &str) -> String {
        match self {
            Self::DisableEvent => format!("{why}; all else of the EVENT stays as it is"),
            Self::EnableEvent => "as it was made: definer, zone, sql_mode, schedule".to_owned(),
            Self::EnableSchedule => "the EVENT is disabled and not being executed".to_owned(),
            Self::DisableSchedule => why.to_owned(),
            Self::EnableTick => "what a run leaves, its tick goes on with".to_owned(),
            Self::DisableTick => "there is nothing to go on with".to_owned(),
        }
    }
}

/// What a person is to do after a move that came off: the template knows nothing of it.
pub(crate) fn advice(plan: &Plan<Step>, outcomes: &[Outcome], seen: &Seen) -> Option<Note> {
    let done = |wanted: Step| {
        let mut steps = plan.actions().zip(outcomes);
        steps.any(|((_, step), outcome)| *step == wanted && *outcome == Outcome::Done)
    };
    let (enabled, disabled) = (done(Step::EnableSchedule), done(Step::DisableSchedule));
    let word = match (enabled, disabled) {
        (true, false) => "ENABLED",
        (false, true) => "DISABLED",
        _ => return None,
    };
    let name = seen.schedule.as_ref().map(|it| it.name.to_string());
    let text = format!(
        "Where a template makes the schedule {}, write State: {word} there too: its next deployment \
         may set the state it has there.",
        name.unwrap_or_default()
    );
    Some(Note::new(Severity::Info, text))
}
