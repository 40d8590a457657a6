//! A name of a schema, table, column or routine, as a policy has it.

use std::{borrow::Cow, fmt};

use aurora_sql::Identifier;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A name of MySQL's, without quotes: 1 to 64 characters.
/// <https://dev.mysql.com/doc/refman/8.0/en/identifiers.html>
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Identifier);

impl Name {
    /// The name, if it can be one.
    #[must_use]
    pub fn new(name: &str) -> Option<Self> {
        Identifier::new(name).ok().map(Self)
    }

    /// The schema and the table in `schema.table`; of a `table` alone, the schema is `schema`.
    /// `None` where one of them can be no name, or there are more than two.
    #[must_use]
    pub fn qualified(text: &str, schema: &Self) -> Option<(Self, Self)> {
        let Some((other, name)) = text.split_once('.') else {
            return Some((schema.clone(), Self::new(text)?));
        };
        let name = Some(name).filter(|name| !name.contains('.'))?;
        Some((Self::new(other)?, Self::new(name)?))
    }

    /// As a statement takes it.
    #[must_use]
    pub const fn identifier(&self) -> &Identifier {
        &self.0
    }

    /// Without quotes.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.name()
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Identifier::new(&*name).map(Self).map_err(|error| {
            de::Error::custom(format_args!(
                "expected a name of MySQL's, got {name:?}: {error}"
            ))
        })
    }
}

impl JsonSchema for Name {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": "a name of MySQL's, without quotes",
            "minLength": 1, "maxLength": Identifier::LIMIT
        })
    }
}
