//! What becomes of schedules that meet.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
