//! There is nothing to want of report-failure: every record is mailed.

use aurora_model::Span;
use handler::{Mode, PolicyError};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// No policy at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        None
    }

    /// An old failure is still news. SQS keeps the records of a dead-letter queue as long.
    fn expire_after(&self) -> Span {
        Span::hours(14 * 24)
    }

    fn absent() -> Option<Value> {
        Some(json!({}))
    }

    fn check(&self) -> Result<(), PolicyError> {
        Ok(())
    }
}
