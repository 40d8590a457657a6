//! What is planned for which table, and what holds of every plan.

use std::fmt::Write as _;

use insta::assert_snapshot;
use jobs::policy::Name;
use proptest::prelude::*;

use super::*;

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn wanted(every: &str, ahead: u32, keep: &str) -> Partitions {
    Partitions {
        table: Name::new("logs").unwrap(),
        every: every.parse().unwrap(),
        ahead,
        keep: keep.parse().unwrap(),
        past: Past::Drop,
        max_drops: 7,
    }
}

fn partition(name: &str, below: &str) -> Partition {
    let name = name.to_owned();
    let below = (below != "MAXVALUE").then(|| below.parse().unwrap());
    Partition {
        name,
        below,
        rows: 10,
    }
}

fn scheme(bounds: Bounds, partitions: &[(&str, &str)]) -> Scheme {
    let partitions = partitions.iter();
    Scheme {
        spelled: "RANGE (to_days(`at`))".to_owned(),
        bounds: Some(bounds),
        column: "at".to_owned(),
        subpartitioned: false,
        partitions: partitions
            .map(|(name, below)| partition(name, below))
            .collect(),
    }
}

/// A plan as text: what is added up to which bound, and what is taken away.
fn text(plan: Result<Plan, Refusal>) -> String {
    let plan = match plan {
        Ok(plan) => plan,
        Err(refusal) => return refusal.to_string(),
    };
    let mut text = String::new();
    for Partition { name, below, .. } in &plan.add {
        let below = below.map(|below| below.to_string()).unwrap_or_default();
        writeln!(text, "add {name} below {below}").unwrap();
    }
    for gone in &plan.take {
        writeln!(text, "take {}", gone.name).unwrap();
    }
    if text.is_empty() {
        "nothing".to_owned()
    } else {
        text
    }
}

fn planned(wanted: &Partitions, zone_name: &str, scheme: &Scheme, now: &str) -> String {
    text(plan(wanted, &zone(zone_name), scheme, now.parse().unwrap()))
}

#[test]
fn what_is_missing_ahead_is_added_and_what_is_past_its_age_goes() {
    let there = scheme(
        Bounds::Date,
        &[
            ("p20261119", "2026-11-20"),
            ("p20261120", "2026-11-21"),
            ("p20261121", "2026-11-22"),
            ("p20261122", "2026-11-23"),
        ],
    );
    assert_snapshot!(planned(&wanted("1d", 2, "1d"), "UTC", &there, "2026-11-22T03:00:00Z"), @r"
    add p20261123 below 2026-11-24T00:00:00
    add p20261124 below 2026-11-25T00:00:00
    take p20261119
    take p20261120
    ");
    assert_snapshot!(planned(&wanted("7d", 1, "30d"), "UTC", &there, "2026-11-22T03:00:00Z"), @"add p20261123 below 2026-11-30T00:00:00");
    assert_snapshot!(planned(&wanted("1d", 0, "2d"), "UTC", &there, "2026-11-22T03:00:00Z"), @"take p20261119");
    assert_snapshot!(planned(&wanted("1d", 0, "30d"), "UTC", &there, "2026-11-22T03:00:00Z"), @"nothing");
}

#[test]
fn a_table_that_was_left_alone_is_filled_up_to_today_without_a_gap() {
    let there = scheme(Bounds::ToDays, &[("old", "2026-11-20")]);
    assert_snapshot!(planned(&wanted("1d", 1, "30d"), "UTC", &there, "2026-11-22T23:00:00Z"), @r"
    add p20261120 below 2026-11-21T00:00:00
    add p20261121 below 2026-11-22T00:00:00
    add p20261122 below 2026-11-23T00:00:00
    add p20261123 below 2026-11-24T00:00:00
    ");
}

#[test]
fn what_would_be_past_its_age_when_it_is_made_is_one_wide_partition() {
    let there = scheme(
        Bounds::ToDays,
        &[("undated", "-000001-11-30"), ("old", "2019-01-01")],
    );
    assert_snapshot!(planned(&wanted("1d", 1, "2d"), "UTC", &there, "2026-11-22T23:00:00Z"), @r"
    add p20190101 below 2026-11-21T00:00:00
    add p20261121 below 2026-11-22T00:00:00
    add p20261122 below 2026-11-23T00:00:00
    add p20261123 below 2026-11-24T00:00:00
    take old
    ");
}

#[test]
fn bounds_that_are_not_at_midnight_go_on_as_they_are_and_names_never_clash() {
    let there = scheme(
        Bounds::DateTime,
        &[
            ("P20261122_060000", "2026-11-21T06:00:00"),
            ("p1", "2026-11-22T06:00:00"),
        ],
    );
    assert_snapshot!(planned(&wanted("1d", 1, "30d"), "UTC", &there, "2026-11-22T03:00:00Z"), @"add p20261122_060000_2 below 2026-11-23T06:00:00");
}

#[test]
fn in_front_of_an_open_end_it_begins_today_where_there_is_no_bound() {
    let there = scheme(Bounds::ToDays, &[("pmax", "MAXVALUE")]);
    let found = plan(
        &wanted("1d", 1, "30d"),
        &zone("Europe/Berlin"),
        &there,
        "2026-11-21T23:30:00Z".parse().unwrap(),
    );
    assert_eq!(found.as_ref().unwrap().open_end.as_deref(), Some("pmax"));
    assert_snapshot!(text(found), @r"
    add p20261122 below 2026-11-23T00:00:00
    add p20261123 below 2026-11-24T00:00:00
    ");
}

#[test]
fn days_of_23_and_25_hours_are_days_also_where_bounds_are_unix_time() {
    let there = scheme(Bounds::UnixTimestamp, &[("p", "2026-03-28T23:00:00")]);
    assert_snapshot!(planned(&wanted("1d", 1, "30d"), "Europe/Berlin", &there, "2026-03-29T03:00:00Z"), @r"
    add p20260329 below 2026-03-29T22:00:00
    add p20260330 below 2026-03-30T22:00:00
    ");
    let there = scheme(Bounds::UnixTimestamp, &[("p", "2026-10-24T22:00:00")]);
    assert_snapshot!(planned(&wanted("1d", 1, "30d"), "Europe/Berlin", &there, "2026-10-25T03:00:00Z"), @r"
    add p20261025 below 2026-10-25T23:00:00
    add p20261026 below 2026-10-26T23:00:00
    ");
    // Midnight is left out there on this day: it begins at one, and the next at midnight again.
    let there = scheme(Bounds::UnixTimestamp, &[("p", "2018-11-03T03:00:00")]);
    assert_snapshot!(planned(&wanted("1d", 1, "30d"), "America/Sao_Paulo", &there, "2018-11-03T12:00:00Z"), @r"
    add p20181103 below 2018-11-04T03:00:00
    add p20181104_010000 below 2018-11-05T02:00:00
    ");
}

#[test]
fn in_the_hour_that_comes_twice_a_row_is_as_young_as_it_may_be() {
    // 02:30 comes at 00:30 and at 01:30 UTC: a row of 02:29 may be of 01:29 UTC.
    let there = scheme(
        Bounds::DateTime,
        &[("p1", "2026-10-25T02:30:00"), ("p2", "2026-12-01")],
    );
    let wanted = wanted("1d", 0, "1d");
    let at = |now| planned(&wanted, "Europe/Berlin", &there, now);
    assert_eq!(at("2026-10-26T01:29:59Z"), "nothing");
    assert_eq!(at("2026-10-26T01:30:00Z"), "take p1\n");
}

#[test]
fn a_first_partition_for_rows_without_a_date_is_left() {
    for (bounds, bound) in [
        (Bounds::ToDays, "-000001-11-30"),
        (Bounds::UnixTimestamp, "1970-01-01"),
        (Bounds::Date, "1000-01-01"),
    ] {
        let there = scheme(
            bounds,
            &[
                ("undated", bound),
                ("p1", "2026-11-20"),
                ("p2", "2026-11-30"),
            ],
        );
        assert_eq!(
            planned(
                &wanted("1d", 0, "1d"),
                "UTC",
                &there,
                "2026-11-22T00:00:00Z"
            ),
            "take p1\n"
        );
    }
}

#[test]
fn what_is_not_served_or_would_break_a_rail_is_refused_with_the_remedy() {
    let now = "2026-11-22T03:00:00Z";
    let days: Vec<(String, String)> = (1..=20)
        .map(|day| (format!("p{day}"), format!("2026-11-{day:02}")))
        .collect();
    let days: Vec<(&str, &str)> = days
        .iter()
        .map(|(name, below)| (name.as_str(), below.as_str()))
        .collect();
    let many = scheme(Bounds::Date, &days);
    assert_snapshot!(planned(&wanted("1d", 1, "5d"), "UTC", &many, now), @"partitions.max_drops: 17 partitions are past their age, more than the 7 that one run may take away; nothing was done. If that is right, set max_drops to 17 for one run");
    assert_snapshot!(planned(&wanted("36h", 1, "30d"), "UTC", &many, now), @"partitions.every: expected whole days such as 1d or 7d, got 36h");
    assert_snapshot!(planned(&wanted("0d", 1, "30d"), "UTC", &many, now), @"partitions.every: expected whole days such as 1d or 7d, got 0s");
    assert_snapshot!(planned(&wanted("1d", 5000, "30d"), "UTC", &many, now), @"partitions.ahead: more than 1024 partitions are missing behind 2026-11-20T00:00:00; make ahead less, or add partitions up to today by hand");
    let by_year = Scheme {
        bounds: None,
        spelled: "RANGE (year(`at`))".to_owned(),
        ..many.clone()
    };
    assert_snapshot!(planned(&wanted("1d", 1, "5d"), "UTC", &by_year, now), @"partitions.table: it is partitioned by RANGE (year(`at`)); served are RANGE (TO_DAYS(column)), RANGE (UNIX_TIMESTAMP(column)) and RANGE COLUMNS of one DATE or DATETIME, with dates as bounds");
    let divided = Scheme {
        subpartitioned: true,
        ..many
    };
    assert_snapshot!(planned(&wanted("1d", 1, "5d"), "UTC", &divided, now), @"partitions.table: its partitions have subpartitions, which are not served");
}

#[test]
fn a_plan_is_described_in_words() {
    let there = scheme(Bounds::Date, &[("a", "2026-11-20"), ("b", "2026-11-23")]);
    let said = |wanted: &Partitions| {
        let plan = plan(
            wanted,
            &zone("UTC"),
            &there,
            "2026-11-22T03:00:00Z".parse().unwrap(),
        );
        plan.unwrap().describe(wanted)
    };
    assert_snapshot!(said(&wanted("1d", 2, "1d")), @"add 2 partitions (p20261123 to p20261124), and drop 1 partition (a) with about 10 rows");
    assert_snapshot!(said(&wanted("1d", 0, "9d")), @"change nothing: 0 partitions are ahead, and none is past 9d");
    let moved = Partitions {
        past: Past::ExchangeInto(Name::new("attic").unwrap()),
        ..wanted("1d", 0, "1d")
    };
    assert_snapshot!(said(&moved), @"move into tables of attic 1 partition (a) with about 10 rows");
}

/// The table once a plan is carried out.
fn carried_out(scheme: &Scheme, plan: &Plan) -> Scheme {
    let taken = |partition: &&Partition| !plan.take.contains(partition);
    let mut partitions: Vec<Partition> = scheme.partitions.iter().filter(taken).cloned().collect();
    let end = partitions
        .iter()
        .position(|p| p.below.is_none())
        .unwrap_or(partitions.len());
    partitions.splice(end..end, plan.add.iter().cloned());
    Scheme {
        partitions,
        ..scheme.clone()
    }
}

/// The moment of a row with this value in the column: the latest there may have been.
fn written(bounds: Bounds, zone: &Zone, value: DateTime) -> Timestamp {
    let zone = match bounds {
        Bounds::UnixTimestamp => jiff::tz::TimeZone::UTC,
        _ => zone.local(Timestamp::UNIX_EPOCH).time_zone().clone(),
    };
    zone.to_ambiguous_timestamp(value).later().unwrap()
}

fn tables() -> impl Strategy<Value = (Scheme, Zone, Timestamp, Partitions)> {
    let bounds = prop::sample::select(vec![
        Bounds::ToDays,
        Bounds::UnixTimestamp,
        Bounds::Date,
        Bounds::DateTime,
    ]);
    let zones = prop::sample::select(vec![
        "UTC",
        "Europe/Berlin",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Pacific/Apia",
    ]);
    let widths = prop::collection::vec(1_i64..200, 1..12);
    let policy = (1_u32..9, 0_u32..9, 0_i64..60);
    (
        bounds,
        zones,
        widths,
        any::<bool>(),
        0_i64..900 * 86_400,
        policy,
    )
        .prop_map(
            |(bounds, zone_name, widths, open_end, offset, (every, ahead, keep))| {
                let whole = matches!(bounds, Bounds::ToDays | Bounds::Date);
                let start: DateTime = "2010-01-01".parse().unwrap();
                let mut below = start;
                let mut partitions = Vec::new();
                for (number, width) in widths.into_iter().enumerate() {
                    let hours = if whole { 24 * width } else { width };
                    below = below
                        .checked_add(jiff::SignedDuration::from_hours(hours))
                        .unwrap();
                    partitions.push(Partition {
                        name: format!("p{number}"),
                        below: Some(below),
                        rows: 1,
                    });
                }
                if open_end {
                    partitions.push(Partition {
                        name: "end".to_owned(),
                        below: None,
                        rows: 0,
                    });
                }
                let scheme = Scheme {
                    partitions,
                    ..scheme(bounds, &[])
                };
                let now = "2010-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
                let now = now
                    .checked_add(jiff::SignedDuration::from_secs(offset))
                    .unwrap();
                let mut policy = wanted(&format!("{every}d"), ahead, &format!("{keep}d"));
                policy.max_drops = 100;
                (scheme, zone(zone_name), now, policy)
            },
        )
}

proptest! {
    #[test]
    fn once_a_plan_is_carried_out_nothing_is_left_to_do((scheme, zone, now, wanted) in tables()) {
        let first = plan(&wanted, &zone, &scheme, now).unwrap();
        let again = plan(&wanted, &zone, &carried_out(&scheme, &first), now).unwrap();
        prop_assert_eq!((again.add, again.take), (vec![], vec![]));
    }

    #[test]
    fn no_row_that_is_young_enough_is_ever_lost(
        (scheme, zone, now, wanted) in tables(), back in 1_i64..100_000,
    ) {
        let plan = plan(&wanted, &zone, &scheme, now).unwrap();
        for gone in &plan.take {
            let below = gone.below.unwrap();
            let row = below.checked_sub(jiff::SignedDuration::from_secs(back)).unwrap();
            let age = now.duration_since(written(scheme.bounds.unwrap(), &zone, row));
            prop_assert!(age >= wanted.keep.duration(), "{} {}", gone.name, row);
        }
    }

    #[test]
    fn partitions_follow_one_another_and_today_has_its_own(
        (scheme, zone, now, wanted) in tables(),
    ) {
        let plan = plan(&wanted, &zone, &scheme, now).unwrap();
        let after = carried_out(&scheme, &plan);
        let bounds: Vec<DateTime> = after.partitions.iter().filter_map(|p| p.below).collect();
        prop_assert!(bounds.is_sorted_by(|one, other| one < other));
        let bounds_of = |at: &DateTime| written(scheme.bounds.unwrap(), &zone, *at);
        prop_assert!(bounds.last().map(bounds_of) > Some(now));
        prop_assert!(bounds.iter().rev().skip(1).filter(|at| bounds_of(at) > now).count() >= wanted.ahead as usize);
        let mut names: Vec<_> = after.partitions.iter().map(|p| p.name.to_lowercase()).collect();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), after.partitions.len());
    }

    #[test]
    fn the_order_in_which_partitions_are_told_is_of_no_account(
        (scheme, zone, now, wanted) in tables(), seed in any::<usize>(),
    ) {
        let mut turned = scheme.clone();
        let by = seed % turned.partitions.len();
        turned.partitions.rotate_left(by);
        prop_assert_eq!(plan(&wanted, &zone, &turned, now), plan(&wanted, &zone, &scheme, now));
    }
}
