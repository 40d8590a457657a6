//! The texts of a step as what the SDK's setters take.

use std::str::FromStr;

use aws_sdk_cloudwatch::{primitives::DateTime, types as cloudwatch};
use aws_sdk_scheduler::types as scheduler;
use jiff::Timestamp;

use crate::step::Step;

/// What a setter takes.
pub trait Parameter: Sized {
    /// It, if the step gives it.
    fn of(step: &Step, name: &str) -> Option<Self>;
}

impl Parameter for String {
    fn of(step: &Step, name: &str) -> Option<Self> {
        step.get(name)
    }
}

impl Parameter for Vec<String> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        step.list(name)
    }
}

impl Parameter for DateTime {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let moment: Timestamp = step.number(name)?;
        Some(Self::from_secs(moment.as_second()))
    }
}

/// Numbers and truths are read, the SDK's lists of values take any text.
macro_rules! parameters {
    (read $($read:ty),*; named $($named:ty),* $(,)?) => {
        $(impl Parameter for $read {
            fn of(step: &Step, name: &str) -> Option<Self> {
                Self::from_str(&step.get(name)?).ok()
            }
        })*
        $(impl Parameter for $named {
            fn of(step: &Step, name: &str) -> Option<Self> {
                Some(Self::from(step.get(name)?.as_str()))
            }
        })*
    };
}

parameters! {
    read bool, i32, i64, f64;
    named
    cloudwatch::ComparisonOperator,
    cloudwatch::HistoryItemType,
    cloudwatch::RecentlyActive,
    cloudwatch::ScanBy,
    cloudwatch::StandardUnit,
    cloudwatch::StateValue,
    cloudwatch::Statistic,
    scheduler::ActionAfterCompletion,
    scheduler::FlexibleTimeWindowMode,
    scheduler::ScheduleState,
}

impl Parameter for Vec<f64> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let numbers = step.list(name)?;
        Some(numbers.iter().filter_map(|it| it.parse().ok()).collect())
    }
}

impl Parameter for Vec<cloudwatch::AlarmType> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let named = step.list(name)?;
        let kind = |name: String| cloudwatch::AlarmType::from(name.as_str());
        Some(named.into_iter().map(kind).collect())
    }
}
