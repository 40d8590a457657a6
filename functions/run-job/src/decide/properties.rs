//! What holds whatever the standing.

use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::json;

use super::{
    testing::{Case, run, time},
    *,
};
use crate::database::{Run, State};

fn slots() -> impl Strategy<Value = Timestamp> {
    (0..12_i64).prop_map(|fives| time("01:15") + SignedDuration::from_mins(5 * fives))
}

fn runs(states: &'static [State]) -> impl Strategy<Value = Option<Run>> {
    let parts = (slots(), prop::sample::select(states), any::<bool>());
    prop::option::of(parts.prop_map(|(slot, state, same)| {
        let mut run = run(slot, state);
        run.spec = if same { "the same" } else { "another" }.into();
        run
    }))
}

fn cases() -> impl Strategy<Value = Case> {
    let woken = prop_oneof![
        slots().prop_map(Woken::Schedule),
        Just(Woken::Tick(time("02:10")))
    ];
    let standing = (
        runs(&[State::Running]),
        runs(&[State::Done, State::Failed, State::Stopped, State::Skipped]),
        prop::option::of(slots()),
        any::<bool>(),
    );
    let events = prop::sample::select(&[Event::None, Event::Off, Event::Enabled][..]);
    let policy = (
        any::<bool>(),
        0..3_usize,
        prop::sample::select(&["10m", "6h"][..]),
    );
    (woken, standing, events, any::<bool>(), policy).prop_map(
        |(woken, (open, last, kept, paused), event, locked, (buffers, windows, catch_up))| {
            let windows = [
                json!([]),
                json!([{"from": "02:00", "to": "03:00"}]),
                json!([{"from": "03:00", "to": "04:00"}]),
            ][windows]
                .clone();
            let overlap = if buffers { "buffer_one" } else { "skip" };
            let mut case = Case::woken(woken)
                .with(json!({"windows": windows, "overlap": overlap, "catch_up": catch_up}));
            case.standing = Standing {
                open,
                last,
                buffered: kept,
                ..Standing::default()
            };
            let case = if paused { case.paused() } else { case };
            Case {
                event,
                locked,
                ..case
            }
        },
    )
}

/// What becomes of each time that a note or a beginning speaks of.
fn fates(decided: &Decided) -> Vec<Timestamp> {
    let noted = decided.notes.iter().map(|note| match note {
        Note::Skip { slot, .. } | Note::Keep { slot, .. } => *slot,
    });
    let begun = match decided.work {
        Work::Begin(slot) => Some(slot),
        Work::Replace(then) => then,
        _ => None,
    };
    noted.chain(begun).collect()
}

proptest! {
    #[test]
    fn nothing_works_without_the_lock_in_a_pause_or_outside_the_windows(case in cases()) {
        let works = matches!(case.decided().work, Work::Continue | Work::Begin(_) | Work::Replace(_));
        let shut = case.job.windows.iter().any(|window| window.from == "03:00");
        let stopped = case.standing.paused.is_some() || case.event == Event::Enabled;
        prop_assert!(!works || (case.locked && !shut && !stopped));
    }

    #[test]
    fn no_time_is_lost_and_none_has_two_fates(case in cases()) {
        let decided = case.decided();
        let mut fates = fates(&decided);
        let number = fates.len();
        fates.sort_unstable();
        fates.dedup();
        prop_assert_eq!(fates.len(), number);
        let taken = [&case.standing.open, &case.standing.last];
        let taken = |slot| taken.iter().any(|run| run.as_ref().is_some_and(|run| run.slot == slot));
        if let Woken::Schedule(slot) = case.woken {
            let kept = case.standing.buffered == Some(slot);
            prop_assert!(taken(slot) || kept || fates.contains(&slot));
        }
        for note in &decided.notes {
            let Note::Keep { slot, .. } = note else { continue };
            prop_assert!(!taken(*slot));
            let earlier = case.standing.buffered;
            prop_assert!(earlier.is_none_or(|earlier| fates.contains(&earlier)));
        }
    }

    #[test]
    fn a_run_is_begun_only_where_none_is_under_way_and_in_time(case in cases()) {
        match case.decided().work {
            Work::Begin(slot) => {
                prop_assert!(case.standing.open.is_none());
                let age = time("02:10").duration_since(slot);
                prop_assert!(age <= case.job.catch_up.duration());
            }
            Work::Continue => prop_assert_eq!(&case.standing.open.unwrap().spec, "the same"),
            Work::Replace(_) => prop_assert_eq!(&case.standing.open.unwrap().spec, "another"),
            Work::Nothing(_) | Work::Wait(_) | Work::Refuse(_) => {}
        }
    }
}
