//! What ministack answers otherwise than the simulator: alarms of `CloudWatch`.

use super::{
    Decided::{By, Undecided},
    Known,
};
use crate::step::Step;

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "metric, operator, threshold and period are required",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| REQUIRED.iter().any(|name| !step.has(name)))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "a period is of 10, 20, 30 or a multiple of 60 seconds",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| step.is("Period", &["45"]))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an operator that there is not, or one that compares with a band and not with a threshold",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| step.is("ComparisonOperator", &["Above", "LessThanLowerThreshold"]))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "there is at least one evaluation period, and all of them are within a day",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| step.is("EvaluationPeriods", &["0", "300"]))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "no more data points can be demanded than there are evaluation periods",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| step.is("DatapointsToAlarm", &["3"]))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "a treatment of missing data that there is not",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(|step| step.is("TreatMissingData", &["later"]))
    .parting(),
    Known::new(
        &["PutMetricAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an action is an ARN",
        cloudwatch!("API_PutMetricAlarm"),
    )
    .when(no_arn)
    .parting(),
    Known::new(
        &["PutCompositeAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an action is an ARN",
        cloudwatch!("API_PutCompositeAlarm"),
    )
    .when(no_arn)
    .parting(),
    Known::new(
        &["PutCompositeAlarm"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an alarm on a metric has this name, and a name is unique within the region",
        cloudwatch!("API_PutCompositeAlarm"),
    )
    .when(|step| step.is("AlarmName", &["kept"]))
    .parting(),
    Known::new(
        &["SetAlarmState"],
        "outcome",
        ("400 ValidationError", "*"),
        "a state that there is not",
        cloudwatch!("API_SetAlarmState"),
    )
    .when(|step| step.is("StateValue", &["PANIC"]))
    .parting(),
    Known::new(
        &["SetAlarmState"],
        "outcome",
        ("400 InvalidFormat", "*"),
        "the data of a reason is JSON",
        cloudwatch!("API_SetAlarmState"),
    )
    .when(|step| step.is("StateReasonData", &["no json"]))
    .parting(),
    Known::new(
        &["DeleteAlarms"],
        "outcome",
        ("404 ResourceNotFound", "ok"),
        "none of the alarms is there",
        cloudwatch!("API_DeleteAlarms"),
    ),
    Known::new(
        &["DescribeAlarms"],
        "outcome",
        ("400 ValidationError", "ok"),
        "names and a prefix can't be given together",
        cloudwatch!("API_DescribeAlarms"),
    )
    .when(|step| step.has("AlarmNames") && step.has("AlarmNamePrefix")),
    Known::new(
        &["DescribeAlarms"],
        "outcome",
        ("400 ValidationError", "ok"),
        "parents or children are asked for alone",
        cloudwatch!("API_DescribeAlarms"),
    )
    .when(|step| of_relatives(step) && step.has("StateValue")),
    Known::new(
        &["DescribeAlarms"],
        "outcome",
        ("400 ValidationError", "ok"),
        "a type of alarms that there is not",
        cloudwatch!("API_DescribeAlarms"),
    )
    .when(|step| step.is("AlarmTypes", &["Siren"])),
    Known::new(
        &["DescribeAlarms"],
        "outcome",
        ("400 InvalidNextToken", "ok"),
        "a token that no answer had",
        cloudwatch!("API_DescribeAlarms"),
    )
    .when(|step| step.has("NextToken")),
    Known::new(
        &["DescribeAlarms"],
        "*_alarms[]",
        ("*", "*"),
        "only parents or children, or alarms with such actions: ministack tells all",
        cloudwatch!("API_DescribeAlarms"),
    )
    .when(|step| of_relatives(step) || step.has("ActionPrefix")),
    Known::new(
        &["DescribeAlarms"],
        "composite_alarms[].state_reason",
        ("The alarm rule is *", "arn:*"),
        "why a composite alarm changed its state",
        Undecided("the reference does not give the words; nothing reads them"),
    ),
    Known::new(
        &["DescribeAlarms"],
        "metric_alarms[].state_reason_data",
        ("*", "(nothing)"),
        "an alarm that is put again keeps its state: ministack forgets the reason's data",
        cloudwatch!("API_PutMetricAlarm"),
    ),
    Known::new(
        &["DescribeAlarmHistory"],
        "outcome",
        ("400 ValidationError", "*"),
        "a type of items that there is not",
        cloudwatch!("API_DescribeAlarmHistory"),
    )
    .when(|step| step.is("HistoryItemType", &["Gossip"])),
    Known::new(
        &["DescribeAlarmHistory"],
        "alarm_history_items[]",
        ("*: Alarm \"*\" *", "(nothing)"),
        "an alarm's history has its creation, changes and deletion",
        cloudwatch!("API_AlarmHistoryItem"),
    ),
    Known::new(
        &["DescribeAlarmHistory"],
        "alarm_history_items[]",
        ("(nothing)", "*from INSUFFICIENT_DATA to INSUFFICIENT_DATA*"),
        "a creation changes no state",
        cloudwatch!("API_AlarmHistoryItem"),
    ),
    Known::new(
        &["DescribeAlarmHistory"],
        "alarm_history_items[].history_data",
        ("{*", "{*"),
        "what the data of a change of state has beside both states",
        Undecided("the reference says only that it is JSON; nothing reads it"),
    ),
];

const REQUIRED: [&str; 4] = ["ComparisonOperator", "MetricName", "Period", "Threshold"];

fn no_arn(step: &Step) -> bool {
    step.get("AlarmActions")
        .is_some_and(|action| !action.starts_with("arn:"))
}

fn of_relatives(step: &Step) -> bool {
    step.has("ChildrenOfAlarmName") || step.has("ParentsOfAlarmName")
}
