use insta::assert_snapshot;
use serde_json::json;

use super::{
    testing::{Case, job, run, time},
    *,
};
use crate::database::State;

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
fn what_stands_in_the_way_is_told_again_in_the_next_week() {
    let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
    let sunday = at("2026-11-22T23:59:59Z");
    assert!(super::same_week(at("2026-11-16T00:00:00Z"), sunday));
    assert!(!super::same_week(sunday, at("2026-11-23T00:00:00Z")));
    assert!(super::same_week(
        at("2026-12-31T02:00:00Z"),
        at("2027-01-01T02:00:00Z")
    ));
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
fn an_event_that_is_enabled_again_is_told_by_the_next_schedule_and_not_by_ticks_and_second_deliveries()
 {
    let waits = |case: Case| {
        let mut case = case.with(json!({"replaces_event": "shop.clean"}));
        case.event = Event::Enabled;
        let said = case.said();
        assert!(
            said.starts_with("wait: the EVENT shop.clean is still"),
            "{said}"
        );
    };
    waits(Case::tick());
    waits(Case::tick().open("02:00"));
    waits(Case::schedule("02:00").open("02:00"));
    let mut over = Case::schedule("02:00");
    over.standing.last = Some(run(time("02:00"), State::Done));
    waits(over);
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

#[test]
fn a_job_is_paused_with_the_failure_that_is_one_too_many() {
    let after = |pause_after: u32| job(json!({"pause_after": pause_after}));
    assert_eq!(pauses(&after(3), 1), None);
    assert_snapshot!(pauses(&after(3), 2).unwrap(), @"its last 3 runs failed");
    assert_snapshot!(pauses(&after(3), 7).unwrap(), @"its last 8 runs failed");
    assert_snapshot!(pauses(&after(1), 0).unwrap(), @"its last run failed");
    assert_eq!(pauses(&after(0), 99), None);
}
