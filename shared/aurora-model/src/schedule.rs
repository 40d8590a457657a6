//! The name of a schedule: the team's word for one rhythm of snapshots, such as `nightly`.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter: it becomes
/// part of snapshot names, so RDS's rules for these hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScheduleName(String);

const EXPECTED: &str = "a schedule name of 1 to 20 lower-case letters, digits and single hyphens, beginning with a letter";
const PATTERN: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";
/// Longer names would leave too little of a cluster's name in its snapshots' names.
pub const MAX_LEN: usize = 20;

impl ScheduleName {
    /// The schedule of this name, if it is a valid one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let letters = name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let ends = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
        let valid = letters && ends && !name.contains("--") && name.len() <= MAX_LEN;
        valid.then(|| Self(name.into()))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ScheduleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ScheduleName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::new(&name)
            .ok_or_else(|| de::Error::custom(format_args!("expected {EXPECTED}, got {name:?}")))
    }
}

impl JsonSchema for ScheduleName {
    fn schema_name() -> Cow<'static, str> {
        "ScheduleName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": EXPECTED, "minLength": 1, "maxLength": MAX_LEN, "pattern": PATTERN
        })
    }
}
