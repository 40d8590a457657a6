//! A schedule as Scheduler answers it.

use aws_sdk_scheduler::{
    operation::get_schedule::GetScheduleOutput,
    primitives::DateTime,
    types::{ActionAfterCompletion, ScheduleState, ScheduleSummary},
};
use jiff::Timestamp;

use crate::ScheduleName;

/// Whether a schedule invokes its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// When it is due.
    Enabled,
    /// Never.
    Disabled,
}

impl State {
    pub(crate) const fn of(state: Option<&ScheduleState>) -> Self {
        match state {
            // A state that is not known yet may invoke the target.
            Some(ScheduleState::Disabled) => Self::Disabled,
            _ => Self::Enabled,
        }
    }

    pub(crate) const fn sdk(self) -> ScheduleState {
        match self {
            Self::Enabled => ScheduleState::Enabled,
            Self::Disabled => ScheduleState::Disabled,
        }
    }
}

/// A schedule with its whole definition.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its group and name.
    pub name: ScheduleName,
    /// Whether it invokes its target.
    pub state: State,
    /// `at(…)`, `rate(…)` or `cron(…)`.
    pub expression: String,
    /// The IANA time zone in which the expression is meant; UTC unless it says otherwise.
    pub zone: String,
    /// When it begins, if it says so.
    pub starts: Option<Timestamp>,
    /// When it ends, if it says so.
    pub ends: Option<Timestamp>,
    /// The ARN of its target.
    pub target: String,
    /// What the target is given, with Scheduler's context attributes not filled in.
    pub input: Option<String>,
    pub(crate) whole: GetScheduleOutput,
}

impl Schedule {
    /// The same schedule, deleted by Scheduler once it fires no more. `CloudFormation` cannot say so.
    /// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html>
    #[must_use]
    pub fn deleted_once_over(mut self) -> Self {
        self.whole.action_after_completion = Some(ActionAfterCompletion::Delete);
        self
    }

    pub(crate) fn of(name: ScheduleName, whole: GetScheduleOutput) -> Self {
        let target = whole.target.as_ref();
        let zone = whole.schedule_expression_timezone.clone();
        Self {
            name,
            state: State::of(whole.state.as_ref()),
            expression: whole.schedule_expression.clone().unwrap_or_default(),
            zone: zone.unwrap_or_else(|| "UTC".to_owned()),
            starts: whole.start_date.as_ref().and_then(time),
            ends: whole.end_date.as_ref().and_then(time),
            target: target.map(|target| target.arn.clone()).unwrap_or_default(),
            input: target.and_then(|target| target.input.clone()),
            whole,
        }
    }
}

/// A schedule as a listing shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its group and name.
    pub name: ScheduleName,
    /// Whether it invokes its target.
    pub state: State,
    /// The ARN of its target.
    pub target: String,
}

impl Listed {
    /// One without a name could not be asked for.
    pub(crate) fn of(summary: ScheduleSummary) -> Option<Self> {
        let (group, name) = (summary.group_name?, summary.name?);
        Some(Self {
            name: ScheduleName { group, name },
            state: State::of(summary.state.as_ref()),
            target: summary.target.map(|target| target.arn).unwrap_or_default(),
        })
    }
}

fn time(time: &DateTime) -> Option<Timestamp> {
    let nanoseconds = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanoseconds).ok()
}
