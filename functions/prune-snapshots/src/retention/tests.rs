use aurora_model::Zone;

use super::*;

/// What becomes of snapshots made at these times, newest first, one line each.
fn judged(keep: Keep, zone: &str, times: &[&str]) -> String {
    let zone = Zone::named(zone).unwrap();
    let candidates = times.iter().map(|id| Candidate {
        created: id.parse().unwrap(),
        id,
    });
    judge(&keep, &zone, candidates)
        .into_iter()
        .map(|(candidate, verdict)| match verdict {
            Verdict::Keep(reasons) => format!("keep   {}: {}\n", candidate.id, reasons.join("; ")),
            Verdict::Delete(reason) => format!("delete {}: {reason}\n", candidate.id),
        })
        .collect()
}

#[test]
fn the_rules_are_a_union_and_every_reason_is_given() {
    let keep = Keep {
        last: 1,
        within: Span::hours(30),
        daily: 2,
        weekly: 2,
        monthly: 2,
        yearly: 1,
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "UTC", &[
        "2026-10-30T02:00:00Z", "2026-10-31T02:00:00Z", "2026-11-01T02:00:00Z", "2026-11-11T02:00:00Z",
        "2026-11-15T02:00:00Z", "2026-11-16T02:00:00Z", "2026-11-17T02:00:00Z", "2026-11-18T02:00:00Z",
    ]), @"
    keep   2026-11-18T02:00:00Z: last 1 of 1; within 30h of the newest; daily 1 of 2, newest of 2026-11-18; weekly 1 of 2, newest of week 2026-W47; monthly 1 of 2, newest of 2026-11; yearly 1 of 1, newest of 2026
    keep   2026-11-17T02:00:00Z: within 30h of the newest; daily 2 of 2, newest of 2026-11-17
    delete 2026-11-16T02:00:00Z: no rule keeps it: not the last one, not within 30h of the newest, daily 2 reached at 2026-11-17, a newer one stands for week 2026-W47, 2026-11 and 2026
    keep   2026-11-15T02:00:00Z: weekly 2 of 2, newest of week 2026-W46
    delete 2026-11-11T02:00:00Z: no rule keeps it: not the last one, not within 30h of the newest, daily 2 reached at 2026-11-17, a newer one stands for week 2026-W46, 2026-11 and 2026
    delete 2026-11-01T02:00:00Z: no rule keeps it: not the last one, not within 30h of the newest, daily 2 reached at 2026-11-17, weekly 2 reached at week 2026-W46, a newer one stands for 2026-11 and 2026
    keep   2026-10-31T02:00:00Z: monthly 2 of 2, newest of 2026-10
    delete 2026-10-30T02:00:00Z: no rule keeps it: not the last one, not within 30h of the newest, daily 2 reached at 2026-11-17, weekly 2 reached at week 2026-W46, a newer one stands for 2026-10 and 2026
    ");
}

#[test]
fn last_counts_snapshots_not_days() {
    let keep = Keep {
        last: 2,
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "UTC", &[
        "2026-11-18T01:00:00Z", "2026-11-18T02:00:00Z", "2026-11-18T03:00:00Z",
    ]), @"
    keep   2026-11-18T03:00:00Z: last 1 of 2
    keep   2026-11-18T02:00:00Z: last 2 of 2
    delete 2026-11-18T01:00:00Z: no rule keeps it: not among the last 2
    ");
}

#[test]
fn within_is_measured_from_the_newest_and_its_edge_is_inside() {
    let keep = Keep {
        within: Span::hours(48),
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "UTC", &[
        "2020-11-16T01:59:59Z", "2020-11-16T02:00:00Z", "2020-11-18T02:00:00Z",
    ]), @r"
    keep   2020-11-18T02:00:00Z: within 48h of the newest
    keep   2020-11-16T02:00:00Z: within 48h of the newest
    delete 2020-11-16T01:59:59Z: no rule keeps it: not within 48h of the newest
    ");
}

#[test]
fn a_missed_night_and_a_missed_first_of_january_cost_nothing() {
    let keep = Keep {
        daily: 2,
        monthly: 2,
        yearly: 2,
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "UTC", &[
        "2024-12-28T02:00:00Z", "2025-11-30T02:00:00Z", "2025-12-30T02:00:00Z", "2026-01-03T02:00:00Z",
    ]), @"
    keep   2026-01-03T02:00:00Z: daily 1 of 2, newest of 2026-01-03; monthly 1 of 2, newest of 2026-01; yearly 1 of 2, newest of 2026
    keep   2025-12-30T02:00:00Z: daily 2 of 2, newest of 2025-12-30; monthly 2 of 2, newest of 2025-12; yearly 2 of 2, newest of 2025
    delete 2025-11-30T02:00:00Z: no rule keeps it: daily 2 reached at 2025-12-30, monthly 2 reached at 2025-12, a newer one stands for 2025
    delete 2024-12-28T02:00:00Z: no rule keeps it: daily 2 reached at 2025-12-30, monthly 2 reached at 2025-12, yearly 2 reached at 2025
    ");
}

#[test]
fn the_oldest_stays_until_every_rule_is_full() {
    let keep = Keep {
        daily: 1,
        yearly: 2,
        ..Keep::default()
    };
    let first_year = [
        "2026-03-01T02:00:00Z",
        "2026-03-02T02:00:00Z",
        "2026-12-31T02:00:00Z",
    ];
    insta::assert_snapshot!(judged(keep, "UTC", &first_year), @"
    keep   2026-12-31T02:00:00Z: daily 1 of 1, newest of 2026-12-31; yearly 1 of 2, newest of 2026
    delete 2026-03-02T02:00:00Z: no rule keeps it: daily 1 reached at 2026-12-31, a newer one stands for 2026
    keep   2026-03-01T02:00:00Z: oldest there is, as yearly has only 1 of 2
    ");
    let second_year = [
        "2026-03-01T02:00:00Z",
        "2026-12-31T02:00:00Z",
        "2027-01-01T02:00:00Z",
    ];
    insta::assert_snapshot!(judged(keep, "UTC", &second_year), @"
    keep   2027-01-01T02:00:00Z: daily 1 of 1, newest of 2027-01-01; yearly 1 of 2, newest of 2027
    keep   2026-12-31T02:00:00Z: yearly 2 of 2, newest of 2026
    delete 2026-03-01T02:00:00Z: no rule keeps it: daily 1 reached at 2027-01-01, a newer one stands for 2026
    ");
}

#[test]
fn days_begin_at_midnight_of_the_zone() {
    let keep = Keep {
        daily: 9,
        ..Keep::default()
    };
    let around_midnight = [
        "2026-07-01T12:00:00Z",
        "2026-07-01T21:30:00Z",
        "2026-07-01T22:30:00Z",
    ];
    insta::assert_snapshot!(judged(keep, "Europe/Berlin", &around_midnight), @"
    keep   2026-07-01T22:30:00Z: daily 1 of 9, newest of 2026-07-02
    keep   2026-07-01T21:30:00Z: daily 2 of 9, newest of 2026-07-01
    keep   2026-07-01T12:00:00Z: oldest there is, as daily has only 2 of 9
    ");
    insta::assert_snapshot!(judged(keep, "UTC", &around_midnight), @"
    keep   2026-07-01T22:30:00Z: daily 1 of 9, newest of 2026-07-01
    delete 2026-07-01T21:30:00Z: no rule keeps it: a newer one stands for 2026-07-01
    keep   2026-07-01T12:00:00Z: oldest there is, as daily has only 1 of 9
    ");
}

#[test]
fn a_day_of_23_hours_and_one_of_25_are_days() {
    let keep = Keep {
        daily: 1,
        ..Keep::default()
    };
    // 29 March 2026 in Berlin: 23:00 UTC of the day before until 22:00 UTC.
    insta::assert_snapshot!(judged(keep, "Europe/Berlin", &[
        "2026-03-28T22:59:59Z", "2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z",
    ]), @"
    keep   2026-03-29T21:59:59Z: daily 1 of 1, newest of 2026-03-29
    delete 2026-03-28T23:00:00Z: no rule keeps it: a newer one stands for 2026-03-29
    delete 2026-03-28T22:59:59Z: no rule keeps it: daily 1 reached at 2026-03-29
    ");
    // 25 October 2026: 22:00 UTC of the day before until 23:00 UTC.
    insta::assert_snapshot!(judged(keep, "Europe/Berlin", &[
        "2026-10-24T21:59:59Z", "2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z",
    ]), @"
    keep   2026-10-25T22:59:59Z: daily 1 of 1, newest of 2026-10-25
    delete 2026-10-24T22:00:00Z: no rule keeps it: a newer one stands for 2026-10-25
    delete 2026-10-24T21:59:59Z: no rule keeps it: daily 1 reached at 2026-10-25
    ");
}

#[test]
fn the_hour_that_comes_twice_is_two_hours() {
    let keep = Keep {
        hourly: 2,
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "Europe/Berlin", &[
        "2026-10-25T00:10:00Z", "2026-10-25T00:50:00Z", "2026-10-25T01:50:00Z",
    ]), @"
    keep   2026-10-25T01:50:00Z: hourly 1 of 2, newest of 2026-10-25 02:00 (UTC+01)
    keep   2026-10-25T00:50:00Z: hourly 2 of 2, newest of 2026-10-25 02:00 (UTC+02)
    delete 2026-10-25T00:10:00Z: no rule keeps it: a newer one stands for 2026-10-25 02:00 (UTC+02)
    ");
}

#[test]
fn weeks_are_iso_weeks_across_the_turn_of_the_year() {
    let keep = Keep {
        weekly: 3,
        ..Keep::default()
    };
    // 28 December 2026 to 3 January 2027 is week 53 of 2026.
    insta::assert_snapshot!(judged(keep, "UTC", &[
        "2026-12-27T02:00:00Z", "2026-12-28T02:00:00Z", "2027-01-03T02:00:00Z", "2027-01-04T02:00:00Z",
    ]), @"
    keep   2027-01-04T02:00:00Z: weekly 1 of 3, newest of week 2027-W01
    keep   2027-01-03T02:00:00Z: weekly 2 of 3, newest of week 2026-W53
    delete 2026-12-28T02:00:00Z: no rule keeps it: a newer one stands for week 2026-W53
    keep   2026-12-27T02:00:00Z: weekly 3 of 3, newest of week 2026-W52
    ");
}

#[test]
fn a_day_that_comes_twice_is_one_day() {
    // In 2010 St. John's set its clocks back at a minute past midnight, into the day before.
    let keep = Keep {
        daily: 2,
        ..Keep::default()
    };
    insta::assert_snapshot!(judged(keep, "America/St_Johns", &[
        "2010-11-06T14:00:00Z", "2010-11-07T02:30:30Z", "2010-11-07T02:45:00Z", "2010-11-07T04:00:00Z",
    ]), @"
    keep   2010-11-07T04:00:00Z: daily 1 of 2, newest of 2010-11-07
    keep   2010-11-07T02:45:00Z: daily 2 of 2, newest of 2010-11-06
    delete 2010-11-07T02:30:30Z: no rule keeps it: a newer one stands for 2010-11-07
    delete 2010-11-06T14:00:00Z: no rule keeps it: a newer one stands for 2010-11-06
    ");
}

#[test]
fn of_two_made_at_the_same_moment_the_name_decides() {
    let created = "2026-11-18T02:00:00Z".parse().unwrap();
    let keep = Keep {
        last: 1,
        ..Keep::default()
    };
    for ids in [["a", "b"], ["b", "a"]] {
        let verdicts = judge(&keep, &Zone::UTC, ids.map(|id| Candidate { created, id }));
        assert_eq!(verdicts[0].0.id, "b");
        assert_eq!(verdicts[0].1, Verdict::Keep(vec!["last 1 of 1".into()]));
    }
}

#[test]
fn without_snapshots_there_is_nothing_to_judge() {
    let keep = Keep {
        daily: 1,
        ..Keep::default()
    };
    assert_eq!(judge(&keep, &Zone::UTC, []), []);
}
