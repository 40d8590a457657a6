//! Where a server listens, as a policy has it.

use std::{borrow::Cow, fmt};

use aurora_sql::Endpoint;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The server's port where the policy names none.
const PORT: u16 = 3306;

/// A server: `host:port`, or `host` alone for port 3306. The host is a name or an IPv4 address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address(Endpoint);

impl Address {
    /// The address, if it can be one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let (host, port) = match text.split_once(':') {
            Some((host, port)) => (host, port.parse().ok().filter(|port| *port > 0)?),
            None => (text, PORT),
        };
        let in_a_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
        let host = Some(host).filter(|host| !host.is_empty() && host.chars().all(in_a_name))?;
        let host = host.to_owned();
        Some(Self(Endpoint { host, port }))
    }

    /// As a session takes it.
    #[must_use]
    pub const fn endpoint(&self) -> &Endpoint {
        &self.0
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Address {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Address {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::new(&text).ok_or_else(|| {
            de::Error::custom(format_args!(
                "expected host:port such as replica.example.com:3306, got {text:?}"
            ))
        })
    }
}

impl JsonSchema for Address {
    fn schema_name() -> Cow<'static, str> {
        "Address".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string", "description": "a server, as host:port",
            "pattern": "^[A-Za-z0-9._-]+(:[0-9]{1,5})?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_a_host_and_a_port() {
        let said = |text| Address::new(text).map(|address| address.to_string());
        assert_eq!(
            said("db.example.com").as_deref(),
            Some("db.example.com:3306")
        );
        assert_eq!(said("10.0.0.7:3307").as_deref(), Some("10.0.0.7:3307"));
        for wrong in [
            "",
            ":3306",
            "db:",
            "db:0",
            "db:70000",
            "db:x",
            "d b:3306",
            "::1",
            "mysql://db",
        ] {
            assert_eq!(said(wrong), None, "{wrong}");
        }
    }
}
