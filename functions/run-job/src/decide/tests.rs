use insta::assert_snapshot;
use jiff::SignedDuration;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::database::{Place, RunId, State, Tally};

fn time(text: &str) -> Timestamp {
    format!("2026-11-21T{text}:00Z").parse().unwrap()
}

/// A job that purges, with more in its policy.
fn job(more: Value) -> Job {
    let mut job = json!({
        "job": "purge-logs", "cluster": "orders", "secret": "job-login", "database": "shop",
        "purge": {"table": "logs", "column": "at", "older_than": "30d"},
    });
    let more = more.as_object().unwrap().clone();
    job.as_object_mut().unwrap().extend(more);
    serde_json::from_value(job).unwrap()
}

fn run(slot: Timestamp, state: State) -> Run {
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
struct Case {
    job: Job,
    woken: Woken,
    standing: Standing,
    event: Event,
    locked: bool,
}

impl Case {
    fn schedule(at: &str) -> Self {
        Self::woken(Woken::Schedule(time(at)))
    }

    fn tick() -> Self {
        Self::woken(Woken::Tick(time("02:10")))
    }

    fn woken(woken: Woken) -> Self {
        Self {
            job: job(json!({})),
            woken,
            standing: Standing::default(),
            event: Event::None,
            locked: true,
        }
    }

    fn with(mut self, more: Value) -> Self {
        self.job = job(more);
        self
    }

    fn open(mut self, slot: &str) -> Self {
        self.standing.open = Some(run(time(slot), State::Running));
        self
    }

    fn of_another_policy(mut self) -> Self {
        let open = self.standing.open.as_mut().unwrap();
        open.spec = "another".into();
        self
    }

    fn last(mut self, slot: &str, state: State) -> Self {
        self.standing.last = Some(run(time(slot), state));
        self
    }

    fn kept(mut self, slot: &str) -> Self {
        self.standing.buffered = Some(time(slot));
        self
    }

    fn paused(mut self) -> Self {
        let since = Some(time("01:00"));
        let why = "by hand".into();
        self.standing.paused = Some(Pause { since, why });
        self
    }

    fn without_lock(mut self) -> Self {
        self.locked = false;
        self
    }

    fn decided(&self) -> Decided {
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

    fn said(&self) -> String {
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

#[test]
fn a_schedule_begins_its_run() {
    assert_snapshot!(Case::schedule("02:00").said(), @"begin 02:00");
    assert_snapshot!(Case::schedule("02:00").last("01:00", State::Failed).said(), @"begin 02:00");
}

#[test]
fn a_tick_begins_nothing_by_itself() {
    assert_snapshot!(Case::tick().said(), @"nothing: no run is under way and no schedule waits to be begun");
    assert_snapshot!(Case::tick().last("02:00", State::Done).said(), @"nothing: no run is under way and no schedule waits to be begun");
}

#[test]
fn a_run_that_is_not_over_goes_on_whatever_comes() {
    assert_snapshot!(Case::tick().open("02:00").said(), @"continue");
    assert_snapshot!(Case::schedule("02:00").open("02:00").said(), @"continue");
    assert_snapshot!(Case::tick().open("02:00").kept("02:05").said(), @"continue");
}

#[test]
fn a_schedule_that_comes_twice_has_one_run() {
    for (state, said) in [
        (
            State::Done,
            "nothing: the run of 2026-11-21 02:00 UTC is done already",
        ),
        (
            State::Failed,
            "nothing: the run of 2026-11-21 02:00 UTC has failed already",
        ),
        (
            State::Stopped,
            "nothing: the run of 2026-11-21 02:00 UTC was stopped already",
        ),
        (
            State::Skipped,
            "nothing: the schedule of 2026-11-21 02:00 UTC was left out already",
        ),
    ] {
        assert_eq!(Case::schedule("02:00").last("02:00", state).said(), said);
    }
}

#[test]
fn a_schedule_that_fires_too_early_is_left_out_or_kept() {
    let overlap = || Case::schedule("02:00").open("01:00");
    let keeps = || overlap().with(json!({"overlap": "buffer_one"}));
    assert_snapshot!(overlap().said(), @r"
    skip 02:00: the run of 2026-11-21 01:00 UTC was not over
    continue
    ");
    assert_snapshot!(keeps().said(), @r"
    keep 02:00: the run of 2026-11-21 01:00 UTC was not over
    continue
    ");
    assert_snapshot!(keeps().kept("01:30").said(), @r"
    skip 01:30: the schedule of 2026-11-21 02:00 UTC came before it was begun
    keep 02:00: the run of 2026-11-21 01:00 UTC was not over
    continue
    ");
    assert_snapshot!(keeps().kept("02:00").said(), @"continue");
    assert_snapshot!(keeps().kept("02:05").said(), @r"
    skip 02:00: the schedule of 2026-11-21 02:05 UTC came before it was begun
    continue
    ");
}

#[test]
fn what_was_kept_begins_once_nothing_is_under_way() {
    assert_snapshot!(Case::tick().kept("02:00").said(), @"begin 02:00");
    assert_snapshot!(Case::schedule("02:05").kept("02:00").said(), @r"
    skip 02:00: the schedule of 2026-11-21 02:05 UTC came before it was begun
    begin 02:05
    ");
    assert_snapshot!(Case::schedule("01:00").last("01:00", State::Done).kept("02:00").said(), @"begin 02:00");
}

#[test]
fn an_old_schedule_is_not_begun_and_that_is_said() {
    let short = json!({"catch_up": "5m"});
    assert_snapshot!(Case::schedule("02:00").with(short.clone()).said(), @r"
    skip 02:00: the schedule of 2026-11-21 02:00 UTC is 10m old and is not begun after 5m (catch_up)
    nothing: the schedule of 2026-11-21 02:00 UTC is 10m old and is not begun after 5m (catch_up)
    ");
    assert_snapshot!(Case::tick().kept("02:00").with(short.clone()).said(), @r"
    skip 02:00: the schedule of 2026-11-21 02:00 UTC is 10m old and is not begun after 5m (catch_up)
    nothing: the schedule of 2026-11-21 02:00 UTC is 10m old and is not begun after 5m (catch_up)
    ");
    assert_snapshot!(Case::schedule("02:00").open("02:00").with(short).said(), @"continue");
}

#[test]
fn a_paused_job_waits_and_says_how_to_lift_it() {
    assert_snapshot!(Case::schedule("02:00").paused().said(), @r"
    skip 02:00, told: the job is paused since 2026-11-21 01:00 UTC (by hand)
    wait: it is paused since 2026-11-21 01:00 UTC (by hand). To lift it: UPDATE nightshift.job SET paused = 0, failures = 0 WHERE name = 'purge-logs'
    ");
    assert_snapshot!(Case::tick().paused().open("02:00").said(), @"wait: it is paused since 2026-11-21 01:00 UTC (by hand). To lift it: UPDATE nightshift.job SET paused = 0, failures = 0 WHERE name = 'purge-logs'");
}

#[test]
fn outside_its_windows_a_job_waits_and_its_schedule_is_kept() {
    let windows = json!({"windows": [{"from": "03:00", "to": "05:00"}]});
    assert_snapshot!(Case::schedule("02:00").with(windows.clone()).said(), @r"
    keep 02:00: outside its window (03:00 to 05:00, UTC): it works from 2026-11-21 03:00 UTC on
    wait: outside its window (03:00 to 05:00, UTC): it works from 2026-11-21 03:00 UTC on
    ");
    assert_snapshot!(Case::tick().kept("02:00").with(windows.clone()).said(), @"wait: outside its window (03:00 to 05:00, UTC): it works from 2026-11-21 03:00 UTC on");
    assert_snapshot!(Case::tick().open("01:00").with(windows).said(), @"wait: outside its window (03:00 to 05:00, UTC): it works from 2026-11-21 03:00 UTC on");
    let now = json!({"windows": [{"days": ["saturday"], "from": "02:00", "to": "05:00"}]});
    assert_snapshot!(Case::tick().open("01:00").with(now).said(), @"continue");
}

#[test]
fn while_the_event_is_enabled_nothing_runs() {
    let mut case = Case::schedule("02:00").with(json!({"replaces_event": "shop.clean"}));
    case.event = Event::Enabled;
    assert_snapshot!(case.said(), @r"
    skip 02:00, not in the log: the EVENT shop.clean is still enabled and does the same work
    REFUSE: the EVENT shop.clean is still enabled and does the same work: disable it (ALTER EVENT `shop`.`clean` DISABLE) or take replaces_event out of the policy.
    ");
    let mut last = run(time("01:00"), State::Skipped);
    last.error = Some(enabled("shop.clean"));
    case.standing.last = Some(last);
    assert!(
        case.said()
            .starts_with("skip 02:00, not in the log, told: ")
    );
    case.event = Event::Off;
    assert_snapshot!(case.said(), @"begin 02:00");
}

#[test]
fn a_run_of_another_policy_is_ended_and_begun_anew() {
    let changed = |case: Case| case.open("01:00").of_another_policy();
    assert_snapshot!(changed(Case::schedule("02:00")).said(), @"end it, begin 02:00");
    assert_snapshot!(changed(Case::tick()).said(), @"end it, begin 02:10");
    assert_snapshot!(changed(Case::tick().kept("02:00")).said(), @"end it, begin 02:00");
    assert_snapshot!(changed(Case::schedule("01:00")).said(), @"end it");
    let call = json!({"purge": null, "call": {"procedure": "clean"}});
    assert_snapshot!(changed(Case::tick().with(call)).said(), @"end it");
}

#[test]
fn without_the_lock_nothing_is_touched_and_no_schedule_is_lost() {
    let busy = words::LOCKED;
    assert_eq!(
        Case::tick().open("02:00").without_lock().said(),
        format!("wait: {busy}")
    );
    assert_eq!(
        Case::schedule("02:00").without_lock().said(),
        format!("keep 02:00: {busy}\nwait: {busy}")
    );
    assert_snapshot!(Case::schedule("02:00").open("01:00").without_lock().said(), @r"
    skip 02:00: the run of 2026-11-21 01:00 UTC was not over
    wait: another invocation is at work on it, or a statement of it still goes on in the server
    ");
}

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

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "{:?} {:?} {:?} {}",
            self.woken, self.standing, self.event, self.locked
        )
    }
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
