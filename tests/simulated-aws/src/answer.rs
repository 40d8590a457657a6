//! What AWS answers, in the call's own protocol.

use std::fmt;

use serde_json::{Value, json};

use crate::{Call, Protocol, Service, cbor, xml};

/// An answer on the wire. Its `Debug` leaves the body out: it may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body's type.
    pub content_type: &'static str,
    /// Further headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// The error's code, if it is one.
    pub code: Option<String>,
}

/// An error as AWS answers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code by which SDKs know it: `DBClusterNotFoundFault`.
    pub code: String,
    /// The sentence.
    pub message: String,
}

impl Refusal {
    /// An error of this status and code.
    #[must_use]
    pub fn new(status: u16, code: &str, message: impl Into<String>) -> Self {
        Self {
            status,
            code: code.into(),
            message: message.into(),
        }
    }

    /// An error that says nothing of why it is given.
    #[must_use]
    pub fn odd(code: &str, status: u16) -> Self {
        Self::new(status, code, "It is refused for a reason of AWS's own.")
    }

    /// A parameter that the service does not take.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterValue", message)
    }

    /// A parameter that is missing.
    #[must_use]
    pub fn missing(member: &str) -> Self {
        let message = format!("The request must contain the parameter {member}.");
        Self::new(400, "MissingParameter", message)
    }

    /// An operation that this simulation does not have. It is loud: nothing may pass for tested
    /// because it was answered by nobody.
    #[must_use]
    pub fn unknown_operation(call: &Call) -> Self {
        let message = format!("{} is not simulated", call.action());
        Self::new(400, "InvalidAction", message)
    }
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            status, code, body, ..
        } = self;
        let code = code.as_deref().unwrap_or("without an error");
        write!(f, "{status} {code}, {} bytes", body.len())
    }
}

impl Answer {
    /// The answer to `call`.
    #[must_use]
    pub fn of(call: &Call, result: Result<Value, Refusal>, request_id: &str) -> Self {
        let (status, code) = match &result {
            Ok(_) => (200, None),
            Err(refusal) => (refusal.status, Some(refusal.code.clone())),
        };
        let (content_type, mut headers, body) = match call.protocol {
            Protocol::Query => ("text/xml", vec![], query(call, &result, request_id)),
            Protocol::Json => {
                let body = json_body(result, "__type");
                ("application/x-amz-json-1.1", vec![], body)
            }
            Protocol::Cbor => ("application/cbor", cbor_headers(&result), cbor_body(result)),
            Protocol::Rest => {
                let kind = code.iter().map(|code| ("x-amzn-errortype", code.clone()));
                let body = json_body(result, "Code");
                ("application/json", kind.collect(), body)
            }
        };
        headers.push(("x-amzn-requestid", request_id.to_owned()));
        Self {
            status,
            content_type,
            headers,
            body,
            code,
        }
    }
}

fn query(call: &Call, result: &Result<Value, Refusal>, request_id: &str) -> Vec<u8> {
    let mut out = String::with_capacity(512);
    match result {
        Ok(value) => {
            let space = match call.service {
                Service::Sns => "http://sns.amazonaws.com/doc/2010-03-31/",
                _ => "http://rds.amazonaws.com/doc/2014-10-31/",
            };
            let name = &call.operation;
            out.extend(["<", name, "Response xmlns=\"", space, "\">"]);
            xml::element(&mut out, &format!("{name}Result"), |out| {
                xml::write(out, value);
            });
            let meta = json!({"ResponseMetadata": {"RequestId": request_id}});
            xml::write(&mut out, &meta);
            out.extend(["</", name, "Response>"]);
        }
        Err(Refusal {
            status,
            code,
            message,
        }) => {
            let side = if *status < 500 { "Sender" } else { "Receiver" };
            let error = json!({"Type": side, "Code": code, "Message": message});
            let response = json!({"Error": error, "RequestId": request_id});
            xml::element(&mut out, "ErrorResponse", |out| xml::write(out, &response));
        }
    }
    out.into_bytes()
}

fn json_body(result: Result<Value, Refusal>, code_member: &str) -> Vec<u8> {
    let body = result.unwrap_or_else(|Refusal { code, message, .. }| {
        json!({code_member: code, "message": message, "Message": message})
    });
    body.to_string().into_bytes()
}

/// Errors travel under the codes they had in the query protocol.
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>
fn cbor_headers(result: &Result<Value, Refusal>) -> Vec<(&'static str, String)> {
    let mut headers = vec![("smithy-protocol", "rpc-v2-cbor".to_owned())];
    if let Err(Refusal { status, code, .. }) = result {
        let side = if *status < 500 { "Sender" } else { "Receiver" };
        headers.push(("x-amzn-query-error", format!("{code};{side}")));
    }
    headers
}

/// Shapes of `CloudWatch`'s errors whose codes in the query protocol are other words.
const SHAPES: [(&str, &str); 6] = [
    ("InternalServiceError", "InternalServiceFault"),
    ("InvalidFormat", "InvalidFormatFault"),
    (
        "InvalidParameterCombination",
        "InvalidParameterCombinationException",
    ),
    ("InvalidParameterValue", "InvalidParameterValueException"),
    ("LimitExceeded", "LimitExceededFault"),
    ("MissingParameter", "MissingRequiredParameterException"),
];

fn cbor_body(result: Result<Value, Refusal>) -> Vec<u8> {
    let body = result.unwrap_or_else(|Refusal { code, message, .. }| {
        let shape = SHAPES.iter().find(|(of, _)| *of == code);
        let shape = shape.map_or(code.as_str(), |(_, shape)| shape);
        json!({"__type": format!("com.amazonaws.cloudwatch#{shape}"), "message": message})
    });
    cbor::write(&body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_in_cbor_carry_their_shapes_names() {
        let model = include_str!("../data/cloudwatch-errors.json");
        let model: Value = serde_json::from_str(model).unwrap();
        let operations = model["operations"].as_object().unwrap();
        for error in operations
            .values()
            .flat_map(|errors| errors.as_array().unwrap())
        {
            let code = error["code"].as_str().unwrap();
            let body = cbor::read(&cbor_body(Err(Refusal::new(400, code, "")))).unwrap();
            let shape = error["shape"].as_str().unwrap();
            assert_eq!(body["__type"], format!("com.amazonaws.cloudwatch#{shape}"));
        }
    }
}
