//! When a job may work.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A stretch of time that comes again every day, or on some days of the week, in the policy's time
/// zone. One that ends before it begins goes on past midnight, and belongs to the day it begins on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// The days it begins on; every day if empty.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<Day>,
    /// When it begins: `22:30`.
    pub from: String,
    /// When it ends: `06:00`, or `24:00`.
    pub to: String,
}

/// A day of the week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Day {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// What becomes of a schedule that fires while the job's last run is not over. The words are those
/// of Temporal's schedules. <https://docs.temporal.io/schedule#overlap-policy>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Overlap {
    /// It is left out, and the ledger says so.
    #[default]
    Skip,
    /// It is begun once the last run is over; of several, the latest.
    BufferOne,
}
