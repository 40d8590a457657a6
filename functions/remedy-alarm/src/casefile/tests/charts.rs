//! Charts.

use aurora_model::{AlarmMetric, Span};
use jiff::SignedDuration;

use super::*;
use crate::{findings::tests::scenes::quiet, observation::Chart};

/// Values five minutes apart, the last one five minutes old; `None` is a gap.
fn drawn(name: &str, threshold: Option<f64>, values: &[Option<f64>]) -> String {
    let mut seen = quiet();
    let ago = |steps: i64| now() - SignedDuration::from_mins(5 * steps);
    let points = values.iter().rev().zip(1..);
    let points = points.filter_map(|(value, steps)| Some((ago(steps), (*value)?)));
    seen.charts = vec![Chart {
        metric: AlarmMetric {
            namespace: "AWS/RDS".into(),
            name: name.into(),
            dimensions: [("DBInstanceIdentifier".into(), "orders-1".into())].into(),
        },
        threshold,
        step: Span::seconds(300),
        points: points.collect(),
    }];
    let mut policy = policy();
    policy.history = Span::seconds(3_600);
    let sections = sections(&policy, &seen, &[], now());
    let mut charts = sections.iter();
    let chart = charts.find(|it| it.title.starts_with(name)).unwrap();
    format!("{}\n{}", chart.title, chart.lines.join("\n"))
}

#[test]
fn a_rise() {
    let values: Vec<_> = (0..12_u8).map(|n| Some(f64::from(n) * 8.0)).collect();
    insta::assert_snapshot!(drawn("CPUUtilization", Some(80.0), &values), @"
    CPUUtilization of orders-1, the last 1h
    ▁▁▂▃▃▄▅▆▆▇██
    from 2026-11-21 02:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m
    lowest 0 %, highest 88 %, last 88 % at 2026-11-21 02:55 UTC; threshold 80 %
    ");
}

#[test]
fn gaps_show_as_gaps_and_old_data_as_missing_since() {
    let mut values = vec![Some(3.0); 12];
    values[2] = None;
    values[3] = None;
    insta::assert_snapshot!(drawn("DatabaseConnections", Some(900.0), &values), @"
    DatabaseConnections of orders-1, the last 1h
    ▁▁··▁▁▁▁▁▁▁▁
    from 2026-11-21 02:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m; · where there is no data
    lowest 3, highest 3, last 3 at 2026-11-21 02:55 UTC; threshold 900
    ");
    for value in &mut values[6..] {
        *value = None;
    }
    insta::assert_snapshot!(drawn("DatabaseConnections", Some(900.0), &values), @"
    DatabaseConnections of orders-1, the last 1h
    ▁▁··▁▁······
    from 2026-11-21 02:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 5m; · where there is no data
    lowest 3, highest 3, last 3 at 2026-11-21 02:25 UTC; threshold 900
    ");
    assert!(drawn("DatabaseConnections", None, &[None]).ends_with("There is no data."));
}

#[test]
fn of_what_runs_out_the_lowest_is_bad() {
    let gib = f64::from(1 << 30);
    let low = |n| if n == 7 { 0.4 * gib } else { 3.0 * gib };
    let values: Vec<_> = (0..12).map(|n| Some(low(n))).collect();
    insta::assert_snapshot!(drawn("FreeableMemory", Some(gib), &values), @"
    FreeableMemory of orders-1, the last 1h
    ███████▁████
    from 2026-11-21 02:00 UTC to 2026-11-21 03:00 UTC, each block the lowest of 5m
    lowest 410 MiB, highest 3 GiB, last 3 GiB at 2026-11-21 02:55 UTC; threshold 1 GiB
    ");
}

#[test]
fn a_day_is_no_wider_and_keeps_its_spike() {
    let mut seen = quiet();
    let ago = |minutes| now() - SignedDuration::from_mins(minutes);
    let spike = |minutes| if minutes == 700 { 99.0 } else { 5.0 };
    let points = (1..1_440).map(|minutes| (ago(minutes), spike(minutes)));
    seen.charts = vec![Chart {
        metric: AlarmMetric {
            namespace: "AWS/RDS".into(),
            name: "CPUUtilization".into(),
            dimensions: [].into(),
        },
        threshold: None,
        step: Span::seconds(60),
        points: points.collect(),
    }];
    let mut policy = policy();
    policy.history = Span::hours(24);
    let sections = sections(&policy, &seen, &[], now());
    let mut charts = sections.iter();
    let chart = charts.find(|it| it.title.starts_with("CPU")).unwrap();
    insta::assert_snapshot!(chart.lines.join("\n"), @"
    ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁█▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁
    from 2026-11-20 03:00 UTC to 2026-11-21 03:00 UTC, each block the highest of 40m
    lowest 5 %, highest 99 %, last 5 % at 2026-11-21 02:59 UTC
    ");
}

#[test]
fn numbers_have_their_units() {
    for (name, number, expected) in [
        ("CPUUtilization", 97.94, "97.9 %"),
        ("ReadLatency", 0.0123, "12.3 ms"),
        ("SelectLatency", 12.3, "12.3 ms"),
        ("AuroraReplicaLagMaximum", 42_000.0, "42000 ms"),
        ("AuroraBinlogReplicaLag", 740.0, "740 s"),
        ("VolumeBytesUsed", 5e12, "4.55 TiB"),
        ("Deadlocks", 0.016_7, "0.0167"),
        ("RollbackSegmentHistoryListLength", 2.31e6, "2310000"),
        ("Anything", 1e300, "1.00e300"),
    ] {
        let drawn = drawn(name, None, &[Some(number)]);
        assert!(drawn.contains(&format!("last {expected} at")), "{drawn}");
    }
}
