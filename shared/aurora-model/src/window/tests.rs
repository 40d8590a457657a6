//! Windows by example, and against an oracle that looks at the clock every minute.

use jiff::SignedDuration;
use proptest::prelude::*;

use super::*;

fn window(days: &[Day], from: &str, to: &str) -> Window {
    Window {
        days: days.to_vec(),
        from: from.into(),
        to: to.into(),
    }
}

fn berlin() -> Zone {
    Zone::named("Europe/Berlin").unwrap()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What holds in Berlin, in its own time.
fn said(windows: &[Window], now: &str) -> String {
    let local = |at: Timestamp| berlin().local(at).strftime("%a %d %b %H:%M %Z").to_string();
    let or = |at: Option<Timestamp>, without: &str| at.map_or(without.into(), local);
    match open_until(windows, &berlin(), at(now)) {
        Standing::Open(until) => format!("open until {}", or(until, "for good")),
        Standing::Shut(until) => format!("shut until {}", or(until, "for good")),
    }
}

#[test]
fn a_window_is_read_to_the_minute() {
    let of = |from: &str, to: &str| {
        let (days, from, to) = (vec![], from.into(), to.into());
        Window { days, from, to }.minutes()
    };
    assert_eq!(of("22:30", "06:05"), Some((1_350, 365)));
    assert_eq!(of("00:00", "24:00"), Some((0, 1_440)));
    for (from, to) in [
        ("24:00", "06:00"),
        ("1:00", "2:00"),
        ("01:60", "02:00"),
        ("+1:00", "02:00"),
        ("01:00:00", "02:00"),
        ("01:00", "01:00"),
        ("01:00", "24:01"),
        ("", ""),
    ] {
        assert_eq!(of(from, to), None, "{from} {to}");
    }
}

#[test]
fn without_windows_it_is_always_open() {
    assert_eq!(said(&[], "2026-11-21T12:00:00Z"), "open until for good");
    let whole = [window(&[], "00:00", "24:00")];
    assert_eq!(said(&whole, "2026-11-21T12:00:00Z"), "open until for good");
}

#[test]
fn a_window_past_midnight_belongs_to_the_day_it_begins_on() {
    let friday = [window(&[Day::Friday], "22:00", "06:00")];
    for (now, expected) in [
        ("2026-11-20T20:59:59Z", "shut until Fri 20 Nov 22:00 CET"),
        ("2026-11-20T21:00:00Z", "open until Sat 21 Nov 06:00 CET"),
        ("2026-11-21T04:59:59Z", "open until Sat 21 Nov 06:00 CET"),
        ("2026-11-21T05:00:00Z", "shut until Fri 27 Nov 22:00 CET"),
        ("2026-11-20T03:00:00Z", "shut until Fri 20 Nov 22:00 CET"),
    ] {
        assert_eq!(said(&friday, now), expected, "{now}");
    }
}

#[test]
fn windows_that_touch_or_overlap_are_one() {
    let touching = [window(&[], "22:00", "24:00"), window(&[], "00:00", "04:00")];
    let overlapping = [window(&[], "21:00", "02:00"), window(&[], "01:00", "05:00")];
    let (now, next) = ("2026-11-21T22:30:00Z", "open until Sun 22 Nov");
    assert_eq!(said(&touching, now), format!("{next} 04:00 CET"));
    assert_eq!(said(&overlapping, now), format!("{next} 05:00 CET"));
}

#[test]
fn an_hour_left_out_is_not_there_and_one_that_comes_twice_is_there_twice() {
    let early = [window(&[], "02:15", "02:45")];
    for (now, expected) in [
        // Clocks go from 02:00 to 03:00 on 29 March 2026.
        ("2026-03-29T00:30:00Z", "shut until Mon 30 Mar 02:15 CEST"),
        // And from 03:00 back to 02:00 on 25 October 2026.
        ("2026-10-24T23:00:00Z", "shut until Sun 25 Oct 02:15 CEST"),
        ("2026-10-25T00:15:00Z", "open until Sun 25 Oct 02:45 CEST"),
        ("2026-10-25T00:45:00Z", "shut until Sun 25 Oct 02:15 CET"),
        ("2026-10-25T01:15:00Z", "open until Sun 25 Oct 02:45 CET"),
    ] {
        assert_eq!(said(&early, now), expected, "{now}");
    }
    let into_the_gap = [window(&[], "01:00", "02:30")];
    let until = said(&into_the_gap, "2026-03-29T00:30:00Z");
    assert_eq!(until, "open until Sun 29 Mar 03:00 CEST");
    let out_of_the_gap = [window(&[], "02:30", "05:00")];
    let until = said(&out_of_the_gap, "2026-03-29T00:30:00Z");
    assert_eq!(until, "shut until Sun 29 Mar 03:00 CEST");
}

#[test]
fn a_window_that_this_week_leaves_out_comes_the_next() {
    let sundays = [window(&[Day::Sunday], "02:15", "02:45")];
    let next = said(&sundays, "2026-03-27T12:00:00Z");
    assert_eq!(next, "shut until Sun 05 Apr 02:15 CEST");
}

#[test]
fn a_window_that_is_none_is_never_open() {
    for (from, to) in [
        ("02:00", "02:00"),
        ("24:00", "02:00"),
        ("2:00", "3:00"),
        ("00:00", "24:01"),
    ] {
        let none = [window(&[], from, to)];
        assert_eq!(
            said(&none, "2026-11-21T12:00:00Z"),
            "shut until for good",
            "{from}"
        );
    }
}

const NAMES: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAYS_OF_WEEK: [Day; 7] = [
    Day::Monday,
    Day::Tuesday,
    Day::Wednesday,
    Day::Thursday,
    Day::Friday,
    Day::Saturday,
    Day::Sunday,
];

/// By the text that the clock shows: `Sun 02:30`.
fn clock_says(windows: &[Window], zone: &Zone, at: Timestamp) -> bool {
    let shown = zone.local(at).strftime("%a %H:%M").to_string();
    let (day, time) = shown.split_once(' ').unwrap();
    let today = NAMES.iter().position(|name| *name == day).unwrap();
    windows.iter().any(|w| {
        let on = |day: usize| w.days.is_empty() || w.days.contains(&DAYS_OF_WEEK[day]);
        let (from, to) = (w.from.as_str(), w.to.as_str());
        let evening = time >= from && (from > to || time < to) && on(today);
        let morning = from > to && time < to && on((today + 6) % 7);
        evening || morning
    })
}

/// Looks every minute, for so many days.
fn oracle(windows: &[Window], zone: &Zone, now: Timestamp, days: i64) -> Standing {
    let open = clock_says(windows, zone, now);
    let minute = SignedDuration::from_mins(1);
    let mut at = now;
    while at < now + SignedDuration::from_hours(24 * days) {
        at += minute;
        if clock_says(windows, zone, at) != open {
            let next = Some(at);
            return if open {
                Standing::Open(next)
            } else {
                Standing::Shut(next)
            };
        }
    }
    if open {
        Standing::Open(None)
    } else {
        Standing::Shut(None)
    }
}

fn a_zone() -> impl Strategy<Value = Zone> {
    let names = [
        "UTC",
        "Europe/Berlin",
        "Europe/Dublin",
        "America/New_York",
        "America/St_Johns",
        "America/Sao_Paulo",
        "America/Asuncion",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "Asia/Seoul",
        "Africa/Casablanca",
        "Asia/Tehran",
        "Pacific/Apia",
        "Pacific/Chatham",
        "Antarctica/Troll",
        "Africa/Cairo",
        "Asia/Gaza",
        "America/Scoresbysund",
    ];
    proptest::sample::select(names.to_vec()).prop_map(|name| Zone::named(name).unwrap())
}

/// A minute from 1990 to 2037; one in two is in the hours around a change of the clocks.
fn a_time(zone: &Zone) -> impl Strategy<Value = Timestamp> + use<> {
    let zone = zone.clone();
    (10_519_200_i64..35_000_000, any::<bool>(), -240_i64..120).prop_map(
        move |(minute, near, off)| {
            let at = Timestamp::from_second(minute * 60).unwrap();
            let local = zone.local(at);
            let change = local.time_zone().following(at).next();
            let near = change.filter(|_| near).map(|change| change.timestamp());
            near.map_or(at, |change| {
                let whole = change.as_second().div_euclid(60) + off;
                Timestamp::from_second(whole * 60).unwrap()
            })
        },
    )
}

/// A window that begins and ends at any time, or in the hours around `minute`.
fn a_window(minute: i64) -> impl Strategy<Value = Window> {
    let around = move |off: i64| u16::try_from((minute + off).rem_euclid(1_440)).unwrap();
    let minute = prop_oneof![
        1 => 0_u16..1_440,
        4 => (-180_i64..240).prop_map(around),
        1 => (0_u16..48).prop_map(|half| half * 30),
    ];
    let some = proptest::sample::subsequence(DAYS_OF_WEEK.to_vec(), 1..=7);
    let days = prop_oneof![Just(vec![]), some];
    let clock = |m: u16| format!("{:02}:{:02}", m / 60, m % 60);
    (days, minute.clone(), minute, any::<u8>()).prop_filter_map(
        "equal",
        move |(days, a, b, last)| {
            let to = if last < 40 { 1_440 } else { b };
            (a != to).then(|| window(&days, &clock(a), &clock(to)))
        },
    )
}

fn a_case() -> impl Strategy<Value = (Zone, Timestamp, Vec<Window>)> {
    let moment = a_zone().prop_flat_map(|zone| (Just(zone.clone()), a_time(&zone)));
    moment.prop_flat_map(|(zone, now)| {
        let local = zone.local(now);
        let minute = i64::from(local.hour()) * 60 + i64::from(local.minute());
        let windows = proptest::collection::vec(a_window(minute), 1..4);
        (Just(zone), Just(now), windows)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn it_says_what_a_clock_that_is_looked_at_every_minute_says((zone, now, windows) in a_case()) {
        let expected = oracle(&windows, &zone, now, 14);
        prop_assert_eq!(open_until(&windows, &zone, now), expected);
    }

    #[test]
    fn nothing_changes_before_it_says_so((zone, now, windows) in a_case(), part in 0_u32..100) {
        let (Standing::Open(Some(next)) | Standing::Shut(Some(next))) = open_until(&windows, &zone, now) else {
            return Ok(());
        };
        let between = now + (next - now).total(jiff::Unit::Second).map(|s| {
            #[allow(clippy::cast_possible_truncation, reason = "at most two weeks of seconds")]
            SignedDuration::from_secs((s * f64::from(part) / 100.0) as i64)
        }).unwrap();
        prop_assert_eq!(open_until(&windows, &zone, between), open_until(&windows, &zone, now));
    }
}
