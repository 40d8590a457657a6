//! The JSON of a database secret.

use std::ops::Range;

use serde_json::Value;

use crate::{Secret, fields::Fields, spelling::Spelling};

/// The engines whose passwords are rotated as MySQL rotates them.
const ENGINES: [&str; 3] = ["mysql", "aurora-mysql", "aurora"];
/// Engines people also keep secrets of: these names may be shown, any other text may not.
const OTHERS: [&str; 9] = [
    "aurora-postgresql",
    "db2",
    "docdb",
    "mariadb",
    "mongo",
    "oracle",
    "postgres",
    "redshift",
    "sqlserver",
];
/// Where MySQL listens unless the secret says otherwise.
const PORT: u16 = 3306;

/// What somebody logs in to a database with: the JSON of a database secret, in the shape that
/// AWS's rotation functions take.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html>
///
/// It has no `Debug`. The whole text and the password are each a [`Secret`], overwritten when they
/// are dropped; the text is parsed in place. Two things are not overwritten: the names of the
/// fields and the values other than the password, and the room in which the JSON parser puts a
/// password together that is spelt with `\` escapes.
pub struct Credential {
    text: Secret,
    username_at: Range<usize>,
    password_at: Range<usize>,
    engine: String,
    host: String,
    port: u16,
    username: String,
    password: Secret,
    dbname: Option<String>,
    masterarn: Option<String>,
    db_cluster_identifier: Option<String>,
}

/// A secret that is not one of a database. It names the field and the remedy and shows no value,
/// except an engine that is one of RDS's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// It is not a JSON object.
    #[error(
        "the secret is not a JSON object; store it as {{\"engine\": \"mysql\", \"host\": …, \"username\": …, \"password\": …}}"
    )]
    NotAnObject,
    /// A field it must have is not there, or is null.
    #[error("the secret has no \"{field}\"; add it to the secret's JSON")]
    Missing {
        /// The field.
        field: &'static str,
    },
    /// A field it must have is the empty text.
    #[error("the secret's \"{field}\" is empty; fill it in the secret's JSON")]
    Empty {
        /// The field.
        field: &'static str,
    },
    /// A field is there twice, and readers disagree on which one counts.
    #[error("the secret has \"{field}\" more than once; leave one of them in the secret's JSON")]
    Repeated {
        /// The field.
        field: &'static str,
    },
    /// A field is a number, a list or an object where it should be text.
    #[error("the secret's \"{field}\" is not a text; put it in quotes in the secret's JSON")]
    NotText {
        /// The field.
        field: &'static str,
    },
    /// The engine is not one of MySQL's.
    #[error("the secret's \"engine\" is {}; only \"mysql\", \"aurora-mysql\" and \"aurora\" can be rotated here", .engine.unwrap_or("none that is known"))]
    Engine {
        /// Which it is, if it is one of RDS's.
        engine: Option<&'static str>,
    },
    /// The port is not one.
    #[error(
        "the secret's \"port\" is not a number from 1 to 65535; correct it, or leave it out for 3306"
    )]
    Port,
}

impl Credential {
    /// Reads the content of a secret's version.
    ///
    /// Fields it does not know are left alone. An optional field that is null or empty is one
    /// that is not there.
    ///
    /// # Errors
    /// When a field is missing or is not what it should be; see [`CredentialError`].
    pub fn parse(content: &Secret) -> Result<Self, CredentialError> {
        let text = content.expose();
        let fields = Fields::of(text).ok_or(CredentialError::NotAnObject)?;
        Ok(Self {
            text: content.copy(),
            username_at: place(&fields, "username", text)?,
            password_at: place(&fields, "password", text)?,
            engine: engine(required(&fields, "engine")?)?,
            host: required(&fields, "host")?,
            port: port(&fields)?,
            username: required(&fields, "username")?,
            password: Secret::new(required(&fields, "password")?),
            dbname: optional(&fields, "dbname")?,
            masterarn: optional(&fields, "masterarn")?,
            db_cluster_identifier: optional(&fields, "dbClusterIdentifier")?,
        })
    }

    /// The engine: `mysql`, `aurora-mysql` or `aurora`.
    #[must_use]
    pub fn engine(&self) -> &str {
        &self.engine
    }

    /// The host name or address of the server; never empty.
    #[must_use]
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The TCP port; 3306 unless the secret says otherwise.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The user name; never empty.
    #[must_use]
    pub fn username(&self) -> &str {
        &self.username
    }

    /// The password; never empty.
    #[must_use]
    pub const fn password(&self) -> &Secret {
        &self.password
    }

    /// The database that applications use.
    #[must_use]
    pub fn dbname(&self) -> Option<&str> {
        self.dbname.as_deref()
    }

    /// The ARN of the secret of a superuser, who sets this user's password.
    #[must_use]
    pub fn masterarn(&self) -> Option<&str> {
        self.masterarn.as_deref()
    }

    /// The cluster the user is of.
    #[must_use]
    pub fn db_cluster_identifier(&self) -> Option<&str> {
        self.db_cluster_identifier.as_deref()
    }

    /// The same JSON with another user name and password. Everything else is the same byte for
    /// byte: fields that are not known, their order, how numbers are spelt, blanks.
    #[must_use]
    pub fn with(&self, username: &str, password: &Secret) -> Secret {
        let username = (&self.username_at, username);
        let password = (&self.password_at, password.expose());
        let mut both = [username, password];
        both.sort_by_key(|(at, _)| at.start);
        Spelling::replaced(self.text.expose(), &both)
    }
}

/// How the value of `field` is spelt, if it is there and not null.
fn given<'a>(fields: &Fields<'a>, field: &'static str) -> Result<Option<&'a str>, CredentialError> {
    let mut values = fields.named(field);
    let value = values.next();
    if values.next().is_some() {
        return Err(CredentialError::Repeated { field });
    }
    Ok(value.filter(|value| *value != "null"))
}

fn text(value: &str, field: &'static str) -> Result<String, CredentialError> {
    serde_json::from_str(value).map_err(|_| CredentialError::NotText { field })
}

fn optional(fields: &Fields<'_>, field: &'static str) -> Result<Option<String>, CredentialError> {
    let value = given(fields, field)?.map(|value| text(value, field));
    Ok(value.transpose()?.filter(|value| !value.is_empty()))
}

fn required(fields: &Fields<'_>, field: &'static str) -> Result<String, CredentialError> {
    let value = given(fields, field)?.ok_or(CredentialError::Missing { field })?;
    let value = text(value, field)?;
    if value.is_empty() {
        return Err(CredentialError::Empty { field });
    }
    Ok(value)
}

fn engine(name: String) -> Result<String, CredentialError> {
    if ENGINES.contains(&name.as_str()) {
        return Ok(name);
    }
    let engine = OTHERS.into_iter().find(|other| *other == name);
    Err(CredentialError::Engine { engine })
}

/// A number, or the text of one: AWS's console writes text.
fn port(fields: &Fields<'_>) -> Result<u16, CredentialError> {
    let Some(value) = given(fields, "port")? else {
        return Ok(PORT);
    };
    let port = match serde_json::from_str(value) {
        Ok(Value::Number(number)) => number.as_u64().and_then(|port| u16::try_from(port).ok()),
        Ok(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    port.filter(|port| *port > 0).ok_or(CredentialError::Port)
}

/// Where in `whole` the value of `field` is spelt.
fn place(
    fields: &Fields<'_>,
    field: &'static str,
    whole: &str,
) -> Result<Range<usize>, CredentialError> {
    let value = given(fields, field)?.ok_or(CredentialError::Missing { field })?;
    let start = value.as_ptr().addr() - whole.as_ptr().addr();
    Ok(start..start + value.len())
}
