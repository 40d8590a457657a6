//! Metrics and alarms: the only crate that names the CloudWatch SDK. SDK types become plain data at its door,
//! and its errors say what a caller can do about them.

mod alarms;
mod client;
mod convert;
mod history;
mod ringing;
#[cfg(test)]
mod tests;

pub use alarms::AlarmNow;
pub use calls::{ApiError, Kind};
pub use client::{CloudWatch, Datapoint, Metric};
pub use ringing::{AlarmDetail, Series};
