//! The names of an EVENT and of a schedule, as a policy has them.

use std::{borrow::Cow, fmt};

use jobs::policy::Name;
use scheduler::ScheduleName;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

/// An EVENT, as `schema.name`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventName {
    /// The schema it belongs to; it has no `.` in its name.
    pub schema: Name,
    /// Its name.
    pub name: Name,
}

impl EventName {
    /// The EVENT that `text` names.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (schema, name) = text.split_once('.')?;
        Some(Self {
            schema: Name::new(schema)?,
            name: Name::new(name)?,
        })
    }

    /// Whether `text` names the same EVENT: names of EVENTs are the same in upper and lower case,
    /// those of schemas are not everywhere.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        Self::parse(text).is_some_and(|other| {
            let same = other.name.as_str().to_lowercase() == self.name.as_str().to_lowercase();
            same && other.schema == self.schema
        })
    }
}

impl fmt::Display for EventName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.schema, self.name)
    }
}

impl<'de> Deserialize<'de> for EventName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let unread = || {
            de::Error::custom(format_args!(
                "expected an EVENT as schema.name, got {text:?}"
            ))
        };
        Self::parse(&text).ok_or_else(unread)
    }
}

impl JsonSchema for EventName {
    fn schema_name() -> Cow<'static, str> {
        "EventName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": "an EVENT as schema.name, without quotes",
            "pattern": "^[^.]+\\..+$", "maxLength": 129
        })
    }
}

/// A schedule of EventBridge Scheduler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleRef(pub ScheduleName);

impl fmt::Display for ScheduleRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'de> Deserialize<'de> for ScheduleRef {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        let parsed = text.parse().map(Self);
        parsed.map_err(|error| de::Error::custom(format_args!("{error}, got {text:?}")))
    }
}

impl JsonSchema for ScheduleRef {
    fn schema_name() -> Cow<'static, str> {
        "ScheduleRef".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": "a schedule of EventBridge Scheduler, as name or group/name",
            "pattern": "^([0-9a-zA-Z_.-]{1,64}/)?[0-9a-zA-Z_.-]{1,64}$"
        })
    }
}
