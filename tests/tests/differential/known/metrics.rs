//! What ministack answers otherwise than the simulator: metrics of `CloudWatch`.

use super::{
    Decided::{By, Undecided},
    Known,
};

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a namespace that begins with AWS/ is that of a service",
        cloudwatch!("API_PutMetricData"),
    )
    .when(|step| step.is("Namespace", &["AWS/RDS"]))
    .parting(),
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a time is at most two weeks ago and two hours ahead",
        cloudwatch!("API_MetricDatum"),
    )
    .when(|step| step.is("Timestamp", &["T-23040", "T+240"]))
    .parting(),
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "there are as many counts as values",
        cloudwatch!("API_MetricDatum"),
    )
    .when(|step| step.is("Counts", &["1,2"]))
    .parting(),
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a resolution is of 1 or of 60 seconds",
        cloudwatch!("API_MetricDatum"),
    )
    .when(|step| step.is("StorageResolution", &["7"]))
    .parting(),
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a statistic set without samples, or whose minimum is above its maximum",
        Undecided("the reference says what the members are, and nothing of such sets"),
    )
    .when(|step| step.is("StatisticValues", &["0,0,0,0", "2,3,9,1"]))
    .parting(),
    Known::new(
        &["PutMetricData"],
        "outcome",
        ("400 MissingParameter", "ok"),
        "a datum has a name and a value",
        cloudwatch!("API_PutMetricData"),
    )
    .when(|step| !step.has("MetricName") || !VALUES.iter().any(|value| step.has(value)))
    .parting(),
    Known::new(
        &["GetMetricData"],
        "outcome",
        ("400 ValidationError", "ok"),
        "the time range ends after it begins",
        cloudwatch!("API_GetMetricData"),
    )
    .when(|step| step.get("StartTime") == step.get("EndTime")),
    Known::new(
        &["GetMetricData"],
        "outcome",
        ("400 ValidationError", "*"),
        "a period is of 1, 5, 10, 20, 30 or a multiple of 60 seconds",
        cloudwatch!("API_MetricStat"),
    )
    .when(|step| step.is("Period", &["45", "0"])),
    Known::new(
        &["GetMetricData"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an identifier begins with a small letter, and no other query has it",
        cloudwatch!("API_MetricDataQuery"),
    )
    .when(|step| step.is("Id", &["Load", "1st"]) || step.get("Id") == step.get("Second")),
    Known::new(
        &["GetMetricData"],
        "outcome",
        ("400 ValidationError", "ok"),
        "an order that there is not",
        cloudwatch!("API_GetMetricData"),
    )
    .when(|step| step.is("ScanBy", &["Random"])),
    Known::new(
        &["GetMetricData"],
        "metric_data_results[].label",
        ("*", "m*"),
        "a query without a label: ministack labels it with its identifier",
        Undecided("the reference says that there is a default, and not which; nothing reads it"),
    )
    .when(|step| !step.has("Label")),
    Known::new(
        &["GetMetricData"],
        "metric_data_results[].order",
        ("newest first", "oldest first"),
        "data comes in the order that is asked for, and newest first by default",
        cloudwatch!("API_GetMetricData"),
    )
    .when(|step| !step.is("ScanBy", &["TimestampAscending"])),
    Known::new(
        &["GetMetricData"],
        "metric_data_results[].*",
        ("*", "*"),
        "without dimensions it is a metric of its own: ministack takes all of that name",
        monitoring!("cloudwatch_concepts"),
    )
    .when(|step| !step.has("Dimensions")),
    Known::new(
        &["GetMetricData"],
        "metric_data_results[].*",
        ("*", "*"),
        "only data of the unit that is asked for is taken",
        cloudwatch!("API_MetricStat"),
    )
    .when(|step| step.has("Unit")),
    Known::new(
        &["GetMetricData"],
        "metric_data_results[].*",
        ("*", "*"),
        "the periods begin with the time range: ministack counts them from the epoch",
        Undecided("the reference says how the start is rounded, and no more of the periods"),
    )
    .when(|step| step.is("StartTime", &["T-47"]) && !step.is("Period", &["60"])),
    Known::new(
        &["GetMetricData"],
        "*",
        ("*", "*"),
        "an answer has no more data than MaxDatapoints, the rest is on further pages",
        cloudwatch!("API_GetMetricData"),
    )
    .when(|step| step.is("MaxDatapoints", &["1"])),
    Known::new(
        &["ListMetrics"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "PT3H is the only RecentlyActive",
        cloudwatch!("API_ListMetrics"),
    )
    .when(|step| step.is("RecentlyActive", &["PT9H"])),
    Known::new(
        &["ListMetrics"],
        "outcome",
        ("400 InvalidParameterValue", "ok"),
        "a token that no answer had: ministack has no pages",
        Undecided("the reference says that a token comes from an earlier answer, and no more"),
    )
    .when(|step| step.has("NextToken")),
];

/// A datum has one of them.
const VALUES: [&str; 3] = ["StatisticValues", "Value", "Values"];
