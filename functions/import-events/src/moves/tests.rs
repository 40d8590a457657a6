//! From every state, whichever step a call dies after.

use super::{Step, cut_over, roll_back};
use crate::database::Status;

/// Whether the EVENT and the schedules are enabled; the tick's only where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct State {
    event: Status,
    schedule: bool,
    tick: Option<bool>,
}

fn states() -> impl Iterator<Item = State> {
    let events = [Status::Enabled, Status::Disabled, Status::ReplicaSide];
    events.into_iter().flat_map(|event| {
        [false, true].into_iter().flat_map(move |schedule| {
            let ticks = [None, Some(false), Some(true)];
            ticks.map(move |tick| State {
                event,
                schedule,
                tick,
            })
        })
    })
}

fn after(state: State, step: Step) -> State {
    let (event, schedule, tick) = (state.event, state.schedule, state.tick);
    match step {
        Step::DisableEvent => State {
            event: Status::Disabled,
            ..state
        },
        Step::EnableEvent => State {
            event: Status::Enabled,
            ..state
        },
        Step::EnableSchedule => State {
            schedule: true,
            event,
            tick,
        },
        Step::DisableSchedule => State {
            schedule: false,
            event,
            tick,
        },
        Step::EnableTick => State {
            tick: Some(true),
            event,
            schedule,
        },
        Step::DisableTick => State {
            tick: Some(false),
            event,
            schedule,
        },
    }
}

fn both(state: State) -> bool {
    state.event == Status::Enabled && state.schedule
}

type Steps = fn(Status, bool, Option<bool>) -> Vec<Step>;

/// Takes the steps, dying after each number of them, and begins anew.
fn whole(steps: Steps, end: impl Fn(State) -> bool) {
    for first in states() {
        let all = steps(first.event, first.schedule, first.tick);
        for survived in 0..=all.len() {
            let mut state = first;
            for step in &all[..survived] {
                state = after(state, *step);
                assert!(
                    both(first) || !both(state),
                    "{first:?}: both after {step:?}"
                );
            }
            for step in steps(state.event, state.schedule, state.tick) {
                state = after(state, step);
                assert!(
                    both(first) || !both(state),
                    "{first:?}: both after {step:?}"
                );
            }
            assert!(end(state), "{first:?}, died after {survived}: {state:?}");
            let left = steps(state.event, state.schedule, state.tick);
            assert_eq!(left, [], "{first:?}");
        }
    }
}

#[test]
fn a_cut_over_ends_with_the_job_wherever_one_died() {
    whole(cut_over::steps, |state| {
        state.event == Status::Disabled && state.schedule && state.tick != Some(false)
    });
}

#[test]
fn a_roll_back_ends_with_the_event_wherever_one_died() {
    whole(roll_back::steps, |state| {
        state.event == Status::Enabled && !state.schedule && state.tick != Some(true)
    });
}
