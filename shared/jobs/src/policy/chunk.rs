//! How large a step is.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How large a step of a purge or an archive is: one transaction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Chunk {
    /// How long a step should take, in milliseconds: from 1 to 60,000. Steps grow and
    /// shrink towards it.
    pub target_ms: u32,
    /// The rows of the first step: from 1 to `most`.
    pub first: u32,
    /// The most rows a step takes away, whatever its time: from 1 to 100,000.
    pub most: u32,
    /// How long to rest after a step, as a multiple of the time it took: from 0 to 100.
    pub nice_ratio: f64,
}

impl Default for Chunk {
    fn default() -> Self {
        Self {
            target_ms: 200,
            first: 100,
            most: 200,
            nice_ratio: 0.3,
        }
    }
}
