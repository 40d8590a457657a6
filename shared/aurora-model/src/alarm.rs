//! What an alarm of `CloudWatch` can say, and what it watches.

use std::{collections::BTreeMap, fmt};

use serde::Deserialize;

/// The states of an alarm.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AlarmState {
    /// Within the threshold.
    Ok,
    /// Beyond it.
    Alarm,
    /// Not enough data to tell.
    InsufficientData,
}

impl fmt::Display for AlarmState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ok => "OK",
            Self::Alarm => "ALARM",
            Self::InsufficientData => "INSUFFICIENT_DATA",
        })
    }
}

/// A metric that an alarm watches, by itself or as a part of an expression.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_Metric.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmMetric {
    /// Such as `AWS/RDS`.
    pub namespace: String,
    /// Such as `CPUUtilization`.
    pub name: String,
    /// What it is the metric of, by dimension: `DBInstanceIdentifier`, `orders-2`.
    pub dimensions: BTreeMap<String, String>,
}
