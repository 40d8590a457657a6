use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::event::{Event, EventZone, Interval, Schedule, Unit, sample};

const NOW: &str = "2026-11-22T12:00:00Z";

fn every(interval: &str, starts: &str, zone: &str) -> Event {
    let (value, field) = interval.rsplit_once(' ').unwrap();
    Event {
        zone: EventZone::read(zone, "UTC").unwrap(),
        schedule: Schedule::Every {
            interval: Interval::read(value, field).unwrap(),
            starts: starts.parse().unwrap(),
            ends: None,
        },
        ..sample()
    }
}

fn told(event: &Event) -> String {
    let conversion = match convert(event, NOW.parse().unwrap()) {
        Ok(conversion) => conversion,
        Err(refusal) => return refusal.to_string(),
    };
    let Timetable {
        expression,
        zone,
        start,
        end,
    } = conversion.timetable;
    let date =
        |word, date: Option<Timestamp>| date.map_or(String::new(), |at| format!(" {word} {at}"));
    let told = format!(
        "{expression} {zone}{}{}",
        date("from", start),
        date("to", end)
    );
    [vec![told], conversion.differences].concat().join("\n")
}

fn utc(interval: &str, starts: &str) -> String {
    told(&every(interval, starts, "UTC"))
}

fn berlin(interval: &str, starts: &str) -> String {
    told(&every(interval, starts, "Europe/Berlin"))
}

fn fired(event: &Event, after: &str, count: usize) -> Vec<String> {
    let times = firings(event, after.parse().unwrap()).take(count);
    times
        .map(|time| event.zone.local(time).to_string())
        .collect()
}

#[test]
fn what_falls_on_fixed_times_of_the_day_becomes_a_cron() {
    insta::assert_snapshot!(utc("1 DAY", "2026-01-01 02:00:00"), @"cron(0 2 * * ? *) UTC");
    insta::assert_snapshot!(utc("1 HOUR", "2026-01-01 00:05:00"), @"cron(5 * * * ? *) UTC");
    insta::assert_snapshot!(utc("15 MINUTE", "2026-01-01 00:05:00"), @"cron(5,20,35,50 * * * ? *) UTC");
    insta::assert_snapshot!(utc("1 MINUTE", "2026-01-01 00:05:00"), @"cron(* * * * ? *) UTC");
    insta::assert_snapshot!(utc("6 HOUR", "2026-01-01 20:30:00"), @"cron(30 2,8,14,20 * * ? *) UTC");
    insta::assert_snapshot!(utc("'24:0' HOUR_MINUTE", "2026-01-01 20:30:00"), @"cron(30 20 * * ? *) UTC");
    insta::assert_snapshot!(utc("1 WEEK", "2026-11-16 06:00:00"), @"cron(0 6 ? * MON *) UTC");
    insta::assert_snapshot!(utc("7 DAY", "2026-11-22 06:00:00"), @"cron(0 6 ? * SUN *) UTC");
    insta::assert_snapshot!(utc("1 MONTH", "2026-01-01 03:00:00"), @"cron(0 3 1 * ? *) UTC");
    insta::assert_snapshot!(utc("1 QUARTER", "2026-02-15 03:00:00"), @"cron(0 3 15 2,5,8,11 ? *) UTC");
    insta::assert_snapshot!(utc("1 YEAR", "2026-02-15 03:00:00"), @"cron(0 3 15 2 ? *) UTC");
    insta::assert_snapshot!(utc("2 YEAR", "2025-02-15 03:00:00"), @"cron(0 3 15 2 ? 2025/2) UTC");
    insta::assert_snapshot!(utc("1 QUARTER", "2026-01-30 03:00:00"), @"cron(0 3 30 1,4,7,10 ? *) UTC");
}

#[test]
fn what_does_not_becomes_a_rate_that_counts_from_the_next_firing() {
    insta::assert_snapshot!(utc("90 MINUTE", "2026-11-22 00:00:00"), @"rate(90 minutes) UTC from 2026-11-22T13:30:00Z");
    insta::assert_snapshot!(utc("36 HOUR", "2026-11-22 00:00:30"), @"rate(36 hours) UTC from 2026-11-23T12:00:30Z");
    insta::assert_snapshot!(utc("2 WEEK", "2026-11-16 06:00:00"), @"rate(14 days) UTC from 2026-11-30T06:00:00Z");
    insta::assert_snapshot!(berlin("36 HOUR", "2026-11-22 00:00:00"), @"
    rate(36 hours) Europe/Berlin from 2026-11-23T11:00:00Z
    An EVENT counts its interval on the wall clock and does not fire while an hour comes for the second time; a rate counts the time that has passed. From the next change of the clocks on (2027-03-28) they fire at other times.
    ");
}

#[test]
fn what_is_different_in_meaning_is_said() {
    insta::assert_snapshot!(utc("1 DAY", "2026-01-01 13:37:21"), @"
    cron(37 13 * * ? *) UTC
    EventBridge Scheduler fires at whole minutes: 21 seconds before the EVENT.
    ");
    insta::assert_snapshot!(utc("1 MONTH", "2026-01-31 03:00:00"), @"
    cron(0 3 L * ? *) UTC
    Some months have no day 31. There MySQL fires on their last day, then a month after that day and again on day 31; the schedule fires on the last day of each of its months, once.
    ");
    insta::assert_snapshot!(utc("1 MONTH", "2026-01-30 03:00:00"), @"
    cron(0 3 30 * ? *) UTC
    Some months have no day 30. There MySQL fires on their last day, then a month after that day and again on day 30; the schedule fires in the other months only.
    ");
    insta::assert_snapshot!(berlin("1 DAY", "2026-01-01 02:30:00"), @"
    cron(30 2 * * ? *) Europe/Berlin
    When the clocks skip the time of a firing, the EVENT fires at the moment they do, the schedule not at all (first on 2027-03-28).
    ");
    insta::assert_snapshot!(berlin("1 DAY", "2026-01-01 04:00:00"), @"cron(0 4 * * ? *) Europe/Berlin");
    insta::assert_snapshot!(berlin("1 HOUR", "2026-01-01 04:00:00"), @"cron(0 * * * ? *) Europe/Berlin");
    insta::assert_snapshot!(berlin("1 WEEK", "2026-11-16 02:30:00"), @"cron(30 2 ? * MON *) Europe/Berlin");
}

#[test]
fn an_offset_is_a_zone_where_it_has_a_name_and_utc_where_not() {
    insta::assert_snapshot!(told(&every("1 DAY", "2026-01-01 02:00:00", "+02:00")), @"cron(0 2 * * ? *) Etc/GMT-2");
    insta::assert_snapshot!(told(&every("1 DAY", "2026-01-01 02:00:00", "+05:30")), @"cron(30 20 * * ? *) UTC");
    insta::assert_snapshot!(told(&every("1 WEEK", "2026-11-16 02:00:00", "+05:30")), @"cron(30 20 ? * SUN *) UTC");
    insta::assert_snapshot!(told(&every("1 MONTH", "2026-11-16 02:00:00", "+05:30")), @"its zone is an offset without a name, in which its day of the month is not UTC's; the nearest is rate(30 days)");
}

#[test]
fn what_cannot_be_said_is_refused_with_the_nearest() {
    insta::assert_snapshot!(utc("10 SECOND", "2026-01-01 02:00:00"), @"EVERY 10 SECOND is no whole number of minutes, and EventBridge Scheduler fires at whole minutes; the nearest is rate(1 minute)");
    insta::assert_snapshot!(utc("'1:30' MINUTE_SECOND", "2026-01-01 02:00:00"), @"EVERY '1:30' MINUTE_SECOND is no whole number of minutes, and EventBridge Scheduler fires at whole minutes; the nearest is rate(2 minutes)");
    insta::assert_snapshot!(utc("5 MONTH", "2026-01-01 02:00:00"), @"EVERY 5 MONTH comes in other months each year, which no cron expression says; the nearest is rate(152 days)");
    insta::assert_snapshot!(utc("'1-6' YEAR_MONTH", "2026-01-01 02:00:00"), @"EVERY '1-6' YEAR_MONTH comes in other months each year, which no cron expression says; the nearest is rate(547 days)");
}

#[test]
fn starts_and_ends_become_dates() {
    let mut event = every("1 DAY", "2027-01-01 02:00:20", "Europe/Berlin");
    let Schedule::Every { ends, .. } = &mut event.schedule else {
        unreachable!()
    };
    *ends = Some("2027-02-01 02:00:20".parse().unwrap());
    insta::assert_snapshot!(told(&event), @"
    cron(0 2 * * ? *) Europe/Berlin from 2027-01-01T01:00:00Z to 2027-02-01T01:00:30Z
    EventBridge Scheduler fires at whole minutes: 20 seconds before the EVENT.
    ");
    let Schedule::Every { ends, .. } = &mut event.schedule else {
        unreachable!()
    };
    *ends = Some("2027-02-01 02:00:19".parse().unwrap());
    assert!(
        told(&event).contains("to 2027-02-01T00:59:30Z"),
        "{}",
        told(&event)
    );
}

#[test]
fn once_is_at_while_it_is_ahead() {
    let once = |at: &str, zone: &str| {
        let zone = EventZone::read(zone, "UTC").unwrap();
        let schedule = Schedule::At(at.parse().unwrap());
        told(&Event {
            zone,
            schedule,
            ..sample()
        })
    };
    insta::assert_snapshot!(once("2026-12-24 18:00:05", "Europe/Berlin"), @"at(2026-12-24T18:00:05) Europe/Berlin");
    insta::assert_snapshot!(once("2027-10-31 02:30:00", "Europe/Berlin"), @"at(2027-10-31T00:30:00) UTC");
    insta::assert_snapshot!(once("2026-12-24 18:00:00", "+05:30"), @"at(2026-12-24T12:30:00) UTC");
    insta::assert_snapshot!(once("2026-11-22 12:00:00", "UTC"), @"it fires no more: its time is over");
}

#[test]
fn an_event_fires_at_the_moment_a_skipped_time_is_skipped_and_not_in_the_second_hour() {
    let half_past = every("1 HOUR", "2026-01-01 00:30:00", "Europe/Berlin");
    assert_eq!(
        fired(&half_past, "2027-03-28T00:00:00Z", 3),
        [
            "2027-03-28T01:30:00",
            "2027-03-28T03:00:00",
            "2027-03-28T03:30:00"
        ]
    );
    assert_eq!(
        fired(&half_past, "2026-10-25T00:00:00Z", 2),
        ["2026-10-25T02:30:00", "2026-10-25T03:30:00"]
    );
    let times: Vec<_> = firings(&half_past, "2026-10-25T00:00:00Z".parse().unwrap())
        .take(2)
        .collect();
    assert_eq!(
        times[1].duration_since(times[0]),
        SignedDuration::from_hours(2)
    );
}

#[test]
fn a_month_after_the_last_day_comes_beside_the_31st() {
    let event = every("1 MONTH", "2026-12-31 03:00:00", "UTC");
    let days: Vec<_> = fired(&event, "2026-12-31T00:00:00Z", 8);
    let days: Vec<_> = days.iter().map(|time| &time[..10]).collect();
    assert_eq!(
        days,
        [
            "2026-12-31",
            "2027-01-31",
            "2027-02-28",
            "2027-03-28",
            "2027-03-31",
            "2027-04-30",
            "2027-05-30",
            "2027-05-31"
        ]
    );
}

fn zone() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Sao_Paulo",
        "Asia/Kolkata",
        "+05:30",
        "-07:00",
        "+00:00",
        "America/St_Johns",
        "Pacific/Auckland",
        "Africa/Casablanca",
    ])
}

fn interval() -> impl Strategy<Value = Interval> {
    let minutes = prop::sample::select(vec![
        5_u32, 7, 15, 20, 30, 45, 60, 90, 120, 300, 360, 720, 1_440,
    ]);
    prop_oneof![
        minutes.prop_map(|minutes| (minutes, Unit::Minute)),
        (1..15_u32).prop_map(|days| (days, Unit::Day)),
        (1..3_u32).prop_map(|weeks| (weeks, Unit::Week)),
        (1..7_u32).prop_map(|months| (months, Unit::Month)),
        (1..3_u32).prop_map(|years| (years, Unit::Year)),
    ]
    .prop_filter_map("an interval", |(amount, unit)| Interval::new(amount, unit))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn where_no_difference_is_told_both_fire_in_the_same_minutes_all_year(
        zone in zone(), interval in interval(), at in 0..63_072_000_i64, seconds in any::<bool>(),
        later in prop::option::of(1..400_i64),
    ) {
        let now: Timestamp = NOW.parse().unwrap();
        let mut event = every("1 DAY", "2026-01-01 00:00:00", zone);
        let start = Timestamp::from_second(1_735_689_600 + if seconds { at } else { at / 60 * 60 }).unwrap();
        let ends = later.map(|days| event.zone.local(start.max(now) + SignedDuration::from_hours(24 * days)));
        event.schedule = Schedule::Every { interval, starts: event.zone.local(start), ends };
        let Ok(conversion) = convert(&event, now) else { return Ok(()) };
        let end = now + SignedDuration::from_hours(24 * 400);
        let minute = |time: Timestamp| time.as_second().div_euclid(60);
        let aware = conversion.differences.iter().any(|said| !said.contains("whole minutes"));
        if !aware {
            let from = now + SignedDuration::from_secs(59);
            let theirs: Vec<_> = firings(&event, from).take_while(|time| *time < end).map(minute).collect();
            let ours: Vec<_> = conversion.timetable.firings(from).take_while(|time| *time < end).map(minute).collect();
            prop_assert_eq!(theirs, ours, "{} {:?}", conversion.timetable.expression, event.schedule);
        }
    }

    #[test]
    fn the_first_firing_after_a_moment_does_not_depend_on_the_moment(
        zone in zone(), interval in interval(), at in 0..63_072_000_i64, ahead in 0..40_000_000_i64,
    ) {
        let mut event = every("1 DAY", "2026-01-01 00:00:00", zone);
        let start = Timestamp::from_second(1_735_689_600 + at).unwrap();
        event.schedule = Schedule::Every { interval, starts: event.zone.local(start), ends: None };
        let after = start + SignedDuration::from_secs(ahead);
        let first = next(&event, after).unwrap();
        prop_assert!(first > after);
        prop_assert_eq!(next(&event, first - SignedDuration::from_secs(1)), Some(first));
        // One second before the first there is none between.
        let between = firings(&event, start - SignedDuration::from_secs(1)).take_while(|time| *time < first);
        if matches!(interval.length(), crate::event::Length::Months(_)) {
            prop_assert!(between.last().is_none_or(|last| last <= after));
        }
    }
}
