//! One API call, read off an HTTP request.

use std::{borrow::Cow, fmt, io::Read};

use flate2::read::GzDecoder;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Refusal, cbor, model::Model, wire};

/// The services there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// Aurora.
    Rds,
    /// Notifications.
    Sns,
    /// Secrets.
    SecretsManager,
    /// Metrics and alarms.
    CloudWatch,
    /// Schedules.
    Scheduler,
}

impl Service {
    /// As IAM names it: `rds`.
    #[must_use]
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::Rds => "rds",
            Self::Sns => "sns",
            Self::SecretsManager => "secretsmanager",
            Self::CloudWatch => "cloudwatch",
            Self::Scheduler => "scheduler",
        }
    }

    /// By the name under which a signature is made.
    fn signed(name: &str) -> Option<Self> {
        Some(match name {
            "rds" => Self::Rds,
            "sns" => Self::Sns,
            "secretsmanager" => Self::SecretsManager,
            "monitoring" => Self::CloudWatch,
            "scheduler" => Self::Scheduler,
            _ => return None,
        })
    }
}

/// How a call is written. <https://smithy.io/2.0/aws/protocols/index.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `Action=…` in a form, answers in XML: RDS, SNS.
    Query,
    /// `X-Amz-Target` and JSON: Secrets Manager.
    Json,
    /// `/service/…/operation/…` and CBOR: `CloudWatch`.
    Cbor,
    /// Method, path and JSON: Scheduler.
    Rest,
}

/// Members that nobody may see by accident.
const SENSITIVE: [&str; 2] = ["SecretBinary", "SecretString"];

/// One API call. Its `Debug` hides secret values; [`Call::shown`] is its input without them.
#[derive(Clone, PartialEq)]
pub struct Call {
    /// The service.
    pub service: Service,
    /// The operation: `DescribeDBClusters`. Where a REST path is none's, the method and the path.
    pub operation: String,
    /// The input's members, wherever the request has them. Of [`Protocol::Query`] all leaves are
    /// texts.
    pub input: Value,
    /// How it was written.
    pub protocol: Protocol,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.action(), self.shown())
    }
}

/// A request that is no call of a service there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable(pub String);

impl Call {
    /// Reads a call off a request: its path with query, its headers by name, its body.
    ///
    /// # Errors
    /// When it is signed for no service there is, or its body makes no sense.
    pub fn read<'a>(
        method: &str,
        path: &str,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
    ) -> Result<Self, Unreadable> {
        let service = signed_for(header("authorization").unwrap_or_default())?;
        let body = &unpacked(header("content-encoding"), body)?[..];
        let (protocol, operation, input) = if let Some(target) = header("x-amz-target") {
            let operation = target.rsplit('.').next().unwrap_or(target);
            (Protocol::Json, operation.to_owned(), json(body)?)
        } else if let Some((_, operation)) = path.split_once("/operation/") {
            (Protocol::Cbor, operation.to_owned(), cbor::read(body)?)
        } else if service == Service::Scheduler {
            let (operation, input) = rest(service, method, path, &json(body)?);
            (Protocol::Rest, operation, input)
        } else {
            let input = wire::form(body);
            let operation = input["Action"].as_str().unwrap_or_default().to_owned();
            (Protocol::Query, operation, input)
        };
        Ok(Self {
            service,
            operation,
            input,
            protocol,
        })
    }

    /// A member that is a text and not empty.
    #[must_use]
    pub fn text(&self, member: &str) -> Option<&str> {
        self.input
            .get(member)?
            .as_str()
            .filter(|text| !text.is_empty())
    }

    /// The input for people to read: secret values are left out.
    #[must_use]
    pub fn shown(&self) -> Value {
        let mut shown = self.input.clone();
        for member in SENSITIVE {
            if let Some(value) = shown.get_mut(member) {
                *value = Value::from("hidden");
            }
        }
        shown
    }

    /// Refuses the members that are `missing` here, by operation.
    ///
    /// # Errors
    /// When the call has one of them.
    pub(crate) fn simulated(&self, missing: &[(&str, &str)]) -> Result<(), Refusal> {
        let has = |(operation, member): &&(&str, &str)| {
            *operation == self.operation && self.input.get(member).is_some_and(|it| !it.is_null())
        };
        missing.iter().find(has).map_or(Ok(()), |(_, member)| {
            let message = format!("{} with {member} is not simulated", self.action());
            Err(Refusal::new(400, "InvalidAction", message))
        })
    }

    /// The members as a form writes them: `DBClusterIdentifier`, `Tags.Tag.1.Key`.
    #[must_use]
    pub fn flat(&self) -> BTreeMap<String, String> {
        let mut fields = BTreeMap::new();
        flatten(&self.input, String::new(), &mut fields);
        fields
    }

    /// The operation as IAM names it: `rds:DescribeDBClusters`.
    #[must_use]
    pub fn action(&self) -> String {
        format!("{}:{}", self.service.prefix(), self.operation)
    }
}

fn rest(service: Service, method: &str, path: &str, body: &Value) -> (String, Value) {
    let routed = Model::of(service).and_then(|model| model.routed(method, path, body));
    match routed {
        Some((operation, input)) => (operation.to_owned(), input),
        None => (format!("{method} {path}"), body.clone()),
    }
}

/// SDKs compress the larger ones of some requests.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-compression.html>
fn unpacked<'a>(encoding: Option<&str>, body: &'a [u8]) -> Result<Cow<'a, [u8]>, Unreadable> {
    match encoding {
        Some("gzip") => {
            let mut plain = Vec::new();
            let read = GzDecoder::new(body).read_to_end(&mut plain);
            read.map_err(|error| Unreadable(format!("the body: {error}")))?;
            Ok(Cow::Owned(plain))
        }
        _ => Ok(Cow::Borrowed(body)),
    }
}

fn json(body: &[u8]) -> Result<Value, Unreadable> {
    if body.is_empty() {
        return Ok(Value::Null);
    }
    serde_json::from_slice(body).map_err(|error| Unreadable(format!("the body: {error}")))
}

/// The signature's scope names the service: `Credential=AK/20261121/eu-central-1/rds/aws4_request`.
fn signed_for(authorization: &str) -> Result<Service, Unreadable> {
    let scope = authorization
        .split_once("Credential=")
        .map(|(_, rest)| rest);
    let name = scope.and_then(|scope| scope.split(',').next()?.split('/').nth(3));
    name.and_then(Service::signed)
        .ok_or_else(|| Unreadable(format!("signed for {}", name.unwrap_or("no service"))))
}

fn flatten(value: &Value, name: String, fields: &mut BTreeMap<String, String>) {
    let join = |part: &str| {
        if name.is_empty() {
            part.to_owned()
        } else {
            format!("{name}.{part}")
        }
    };
    match value {
        Value::Object(members) => {
            for (part, member) in members {
                flatten(member, join(part), fields);
            }
        }
        Value::Array(items) => {
            for (number, item) in items.iter().enumerate() {
                flatten(item, join(&(number + 1).to_string()), fields);
            }
        }
        Value::Null => {}
        Value::String(text) => {
            fields.insert(name, text.clone());
        }
        other => {
            fields.insert(name, other.to_string());
        }
    }
}
