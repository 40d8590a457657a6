//! The name of a job.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, de};

/// 1 to 48 lower-case letters, digits and single hyphens, beginning with a letter: it names the
/// job's rows in the ledger, its lock and its schedules. MySQL and Scheduler take 64 characters, of
/// which some are put before and after it.
/// <https://dev.mysql.com/doc/refman/8.0/en/locking-functions.html#function_get-lock>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct JobName(String);

const EXPECTED: &str =
    "a job name of 1 to 48 lower-case letters, digits and single hyphens, beginning with a letter";
const PATTERN: &str = "^[a-z][a-z0-9]*(-[a-z0-9]+)*$";

impl JobName {
    /// The most characters of a name.
    pub const LIMIT: usize = 48;

    /// The job of this name, if it is a valid one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        let known = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let ends = name.starts_with(|c: char| c.is_ascii_lowercase()) && !name.ends_with('-');
        let valid = name.bytes().all(known) && ends && !name.contains("--");
        (valid && name.len() <= Self::LIMIT).then(|| Self(name.into()))
    }

    /// The name itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for JobName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Self::new(&name)
            .ok_or_else(|| de::Error::custom(format_args!("expected {EXPECTED}, got {name:?}")))
    }
}

impl JsonSchema for JobName {
    fn schema_name() -> Cow<'static, str> {
        "JobName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": EXPECTED, "minLength": 1, "maxLength": Self::LIMIT, "pattern": PATTERN
        })
    }
}
