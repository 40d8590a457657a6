//! Calls to `CloudWatch`.
//!
//! Data goes to metrics that no alarm watches: the simulator's alarms change when they are told to,
//! the third party's at once. All data is less than three hours old, so that neither side takes
//! it for coarser than it is.

use fastrand::Rng;

use super::{any, seldom};
use crate::step::Step;

const METRIC_ALARMS: [&str; 3] = ["cpu", "lag", "cpu high"];
const COMPOSITE_ALARMS: [&str; 2] = ["night", "roof"];
const ALARMS: [&str; 6] = ["cpu", "lag", "cpu high", "night", "roof", "nobody"];
const STATES: [&str; 3] = ["OK", "ALARM", "INSUFFICIENT_DATA"];
/// An alarm that is never deleted.
const KEPT: &str = "kept";
const METRICS: [&str; 2] = ["Load", "Wait"];
const DIMENSIONS: [&str; 3] = ["db=one", "db=two", "db=one,table=orders"];
const TOPIC: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";

/// With what every sequence begins: an alarm on a metric, one on that alarm, and data.
pub fn begin() -> Vec<Step> {
    let composite = [("AlarmName", "night"), ("AlarmRule", "ALARM(cpu)")];
    vec![
        alarm("cpu"),
        alarm(KEPT),
        Step::new("PutCompositeAlarm", &composite),
        datum("Load", "db=one", "T-30").with("Value", Some("3")),
        datum("Load", "db=one", "T-20").with("Value", Some("4")),
    ]
}

/// A call.
pub fn generate(rng: &mut Rng) -> Step {
    match rng.u32(..28) {
        0..5 => put_data(rng),
        5..10 => get_data(rng),
        10..12 => list_metrics(rng),
        12..15 => put_alarm(rng),
        15..18 => put_composite(rng),
        18..21 => set_state(rng),
        21..24 => describe(rng),
        24..26 => history(rng),
        _ => {
            let one = any(rng, &ALARMS).to_owned();
            let names =
                seldom(rng, 3, &ALARMS).map_or_else(|| one.clone(), |it| format!("{one},{it}"));
            Step::new("DeleteAlarms", &[("AlarmNames", &names)])
        }
    }
}

fn alarm(name: &str) -> Step {
    let given = [
        ("AlarmName", name),
        ("Namespace", "AWS/RDS"),
        ("MetricName", "CPUUtilization"),
        ("Dimensions", "DBClusterIdentifier=alpha"),
        ("Statistic", "Average"),
        ("Period", "300"),
        ("EvaluationPeriods", "2"),
        ("Threshold", "80"),
        ("ComparisonOperator", "GreaterThanThreshold"),
        ("AlarmActions", TOPIC),
    ];
    Step::new("PutMetricAlarm", &given)
}

fn put_alarm(rng: &mut Rng) -> Step {
    let mut step = alarm(any(rng, &METRIC_ALARMS));
    let (name, value) = match rng.u32(..16) {
        0 => ("Period", "45"),
        1 => ("ComparisonOperator", "Above"),
        2 => ("AlarmActions", "a mail to the team"),
        3 => ("EvaluationPeriods", "300"),
        4 => ("Statistic", "Maximum"),
        5 => ("Threshold", "12.5"),
        6 => ("ComparisonOperator", "LessThanLowerThreshold"),
        7 => ("EvaluationPeriods", "0"),
        _ => ("Period", "60"),
    };
    step.set(name, value);
    let left_out = seldom(
        rng,
        8,
        &["MetricName", "ComparisonOperator", "Threshold", "Period"],
    );
    step.parameters.retain(|(name, _)| Some(*name) != left_out);
    step.with("DatapointsToAlarm", seldom(rng, 4, &["1", "2", "3", "0"]))
        .with(
            "TreatMissingData",
            seldom(rng, 4, &["breaching", "ignore", "later"]),
        )
        .with("AlarmDescription", seldom(rng, 3, &["of the writer"]))
        .with("ActionsEnabled", seldom(rng, 4, &["false", "true"]))
        .with("OKActions", seldom(rng, 4, &[TOPIC]))
        .with("Unit", seldom(rng, 6, &["Percent"]))
}

fn put_composite(rng: &mut Rng) -> Step {
    let rules = [
        "ALARM(cpu)",
        "ALARM(\"cpu\") OR ALARM(lag)",
        "NOT OK(cpu) AND TRUE",
        "OK(arn:aws:cloudwatch:eu-central-1:123456789012:alarm:cpu)",
        "INSUFFICIENT_DATA(lag)",
        "ALARM(\"cpu high\")",
        "ALARM(night)",
        "FALSE",
        "ALARM(nobody)",
        "ALARM(cpu) AND",
        "",
    ];
    let other_kind = seldom(rng, 12, &[KEPT]);
    Step::new("PutCompositeAlarm", &[])
        .with(
            "AlarmName",
            Some(other_kind.unwrap_or_else(|| any(rng, &COMPOSITE_ALARMS))),
        )
        .with("AlarmRule", Some(any(rng, &rules)))
        .with("AlarmDescription", seldom(rng, 3, &["of all"]))
        .with("ActionsEnabled", seldom(rng, 4, &["false", "true"]))
        .with("AlarmActions", seldom(rng, 3, &[TOPIC, "no arn"]))
}

fn set_state(rng: &mut Rng) -> Step {
    let state = seldom(rng, 12, &["PANIC"]).unwrap_or_else(|| any(rng, &STATES));
    Step::new(
        "SetAlarmState",
        &[("AlarmName", any(rng, &ALARMS)), ("StateValue", state)],
    )
    .with("StateReason", Some(any(rng, &["by hand", "a test"])))
    .with(
        "StateReasonData",
        seldom(rng, 4, &["{\"by\":1}", "no json"]),
    )
}

fn describe(rng: &mut Rng) -> Step {
    let kinds = [
        "MetricAlarm",
        "CompositeAlarm",
        "CompositeAlarm,MetricAlarm",
        "Siren",
    ];
    let related = match rng.u32(..10) {
        0 => Some("ChildrenOfAlarmName"),
        1 => Some("ParentsOfAlarmName"),
        _ => None,
    };
    if let Some(related) = related {
        return Step::new("DescribeAlarms", &[(related, any(rng, &ALARMS))])
            .with("StateValue", seldom(rng, 4, &STATES));
    }
    Step::new("DescribeAlarms", &[])
        .with(
            "AlarmNames",
            seldom(rng, 3, &["cpu", "cpu,night", "nobody"]),
        )
        .with("AlarmNamePrefix", seldom(rng, 4, &["c", "ni", "z"]))
        .with("AlarmTypes", seldom(rng, 2, &kinds))
        .with("StateValue", seldom(rng, 4, &STATES))
        .with(
            "ActionPrefix",
            seldom(rng, 8, &["arn:aws:sns:", "arn:aws:lambda:"]),
        )
        .with("MaxRecords", seldom(rng, 4, &["1", "2", "100", "0", "101"]))
        .with("NextToken", seldom(rng, 16, &["made-up"]))
}

fn history(rng: &mut Rng) -> Step {
    let kinds = ["CompositeAlarm", "CompositeAlarm,MetricAlarm"];
    let items = ["StateUpdate", "ConfigurationUpdate", "Gossip"];
    Step::new("DescribeAlarmHistory", &[])
        .with("AlarmName", seldom(rng, 2, &ALARMS))
        .with("AlarmTypes", seldom(rng, 2, &kinds))
        .with("HistoryItemType", seldom(rng, 3, &items))
        .with(
            "ScanBy",
            seldom(rng, 2, &["TimestampAscending", "TimestampDescending"]),
        )
        .with("MaxRecords", seldom(rng, 6, &["100", "0", "101"]))
        .with("NextToken", seldom(rng, 12, &["made-up"]))
}

fn datum(name: &str, dimensions: &str, time: &str) -> Step {
    let given = [
        ("Namespace", "Night"),
        ("MetricName", name),
        ("Dimensions", dimensions),
        ("Timestamp", time),
    ];
    Step::new("PutMetricData", &given)
}

fn put_data(rng: &mut Rng) -> Step {
    let times = ["T-90", "T-61", "T-35", "T-30", "T-28", "T-10", "T-1", "T+0"];
    let time = seldom(rng, 16, &["T-23040", "T+240"]).unwrap_or_else(|| any(rng, &times));
    let mut step = datum(any(rng, &METRICS), any(rng, &DIMENSIONS), time);
    match rng.u32(..14) {
        0 => step.set("Namespace", "AWS/RDS"),
        1 => step.parameters.retain(|(name, _)| *name != "MetricName"),
        2 => step.parameters.retain(|(name, _)| *name != "Dimensions"),
        _ => {}
    }
    let (name, value) = match rng.u32(..10) {
        0 => ("Values", "1,2,3"),
        1 => ("StatisticValues", "4,20,2,8"),
        2 => ("StatisticValues", any(rng, &["0,0,0,0", "2,3,9,1"])),
        3 => ("Unit", "Count"),
        _ => ("Value", any(rng, &["1", "2.5", "-4", "80"])),
    };
    let counts = if name == "Values" { 2 } else { 1000 };
    step.with(name, Some(value))
        .with("Counts", seldom(rng, counts, &["1,2,1", "1,2"]))
        .with(
            "Unit",
            if name == "Unit" {
                None
            } else {
                seldom(rng, 3, &["Count", "Percent"])
            },
        )
        .with("StorageResolution", seldom(rng, 12, &["60", "7"]))
}

fn get_data(rng: &mut Rng) -> Step {
    let (from, to) = match rng.u32(..12) {
        0 => ("T-60", "T-60"),
        1 => ("T-47", "T+60"),
        2 | 3 => ("T-60", "T-30"),
        4 => ("T-30", "T+15"),
        _ => ("T-180", "T+60"),
    };
    let id = seldom(rng, 12, &["Load", "1st"]).unwrap_or("m1");
    let stats = ["Average", "Sum", "Minimum", "Maximum", "SampleCount"];
    let period = seldom(rng, 12, &["45", "0"]).unwrap_or_else(|| any(rng, &["60", "300", "900"]));
    let order = ["TimestampAscending", "TimestampDescending", "Random"];
    Step::new("GetMetricData", &[("Namespace", "Night"), ("Id", id)])
        .with(
            "MetricName",
            Some(seldom(rng, 8, &["Nothing"]).unwrap_or_else(|| any(rng, &METRICS))),
        )
        .with(
            "Dimensions",
            seldom(rng, 1, &DIMENSIONS).filter(|_| rng.u32(..10) > 0),
        )
        .with("Stat", Some(any(rng, &stats)))
        .with("Period", Some(period))
        .with("StartTime", Some(from))
        .with("EndTime", Some(to))
        .with(
            "ScanBy",
            seldom(rng, 2, &order).or(Some("TimestampAscending")),
        )
        .with("Second", seldom(rng, 6, &["m2", "m1"]))
        .with("Unit", seldom(rng, 6, &["Count", "Percent"]))
        .with("Label", seldom(rng, 4, &["of the night"]))
        .with("ReturnData", seldom(rng, 8, &["false", "true"]))
        .with("MaxDatapoints", seldom(rng, 8, &["1", "100"]))
}

fn list_metrics(rng: &mut Rng) -> Step {
    Step::new("ListMetrics", &[])
        .with("Namespace", seldom(rng, 2, &["Night", "Day"]))
        .with("MetricName", seldom(rng, 3, &METRICS))
        .with(
            "Dimensions",
            seldom(rng, 3, &["db=one", "db=", "table=orders,db=", "host="]),
        )
        .with("RecentlyActive", seldom(rng, 6, &["PT3H", "PT9H"]))
        .with("NextToken", seldom(rng, 12, &["made-up"]))
}
