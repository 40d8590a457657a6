//! Telling from an HTTP request which AWS call it is.

use std::collections::BTreeMap;

use hyper::header::HeaderValue;
use serde_json::Value;

use crate::http::{Answer, Request};

/// How an AWS service is spoken to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// `Action=…` in a form, answers in XML: RDS, SNS.
    Query,
    /// `X-Amz-Target` and JSON: SQS, EventBridge, Secrets Manager.
    Json,
    /// `/service/…/operation/…` and CBOR: CloudWatch.
    Cbor,
    /// Method and path: Lambda, Scheduler.
    Rest,
}

/// An AWS call, read off a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The service as IAM names it: `rds`, `sns`.
    pub service: String,
    /// The action: `DescribeDBClusters`.
    pub action: String,
    /// A form's fields, or the outermost fields of a JSON body.
    pub params: BTreeMap<String, String>,
    /// How it was spoken.
    pub protocol: Protocol,
}

impl Identity {
    /// Reads the call off a request. What it can't tell is `unknown`.
    #[must_use]
    pub fn of(request: &Request) -> Self {
        let (protocol, action, params) = if let Some(target) = header(request, "x-amz-target") {
            let action = target.rsplit('.').next().unwrap_or(target);
            (Protocol::Json, action.to_owned(), json(&request.body))
        } else if let Some((_, action)) = request.path.split_once("/operation/") {
            (Protocol::Cbor, action.to_owned(), BTreeMap::new())
        } else {
            let params = form(&String::from_utf8_lossy(&request.body));
            if let Some(action) = params.get("Action").cloned() {
                (Protocol::Query, action, params)
            } else {
                let action = format!("{} {}", request.method, request.path);
                (Protocol::Rest, action, json(&request.body))
            }
        };
        Self {
            service: service(request).unwrap_or("unknown").to_owned(),
            action,
            params,
            protocol,
        }
    }

    /// The error answer AWS would give, in the call's own protocol.
    #[must_use]
    pub fn error(&self, status: u16, code: &str, message: &str) -> Answer {
        match self.protocol {
            Protocol::Query => {
                let side = if status < 500 { "Sender" } else { "Receiver" };
                let body = format!(
                    "<ErrorResponse><Error><Type>{side}</Type><Code>{}</Code>\
                     <Message>{}</Message></Error>\
                     <RequestId>00000000-0000-4000-8000-000000000000</RequestId></ErrorResponse>",
                    xml(code),
                    xml(message)
                );
                Answer::new(status, "text/xml", body)
            }
            Protocol::Cbor => cbor(status, code, message),
            Protocol::Json | Protocol::Rest => {
                let body = serde_json::json!({"__type": code, "message": message});
                Answer::new(status, "application/x-amz-json-1.1", body.to_string())
            }
        }
    }
}

/// <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>
fn cbor(status: u16, code: &str, message: &str) -> Answer {
    let mut body = Vec::new();
    let error = BTreeMap::from([("__type", code), ("message", message)]);
    ciborium::into_writer(&error, &mut body).expect("writing into memory cannot fail");
    let mut answer = Answer::new(status, "application/cbor", body);
    let protocol = HeaderValue::from_static("rpc-v2-cbor");
    answer.headers.insert("smithy-protocol", protocol);
    answer
}

/// The signature's scope names the service: `…/eu-central-1/rds/aws4_request`.
fn service(request: &Request) -> Option<&str> {
    let (_, scope) = header(request, "authorization")?.split_once("Credential=")?;
    let service = scope.split(',').next()?.split('/').nth(3)?;
    Some(match service {
        "monitoring" => "cloudwatch",
        other => other,
    })
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers.get(name)?.to_str().ok()
}

/// The fields of a form.
#[must_use]
pub fn form(body: &str) -> BTreeMap<String, String> {
    body.split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

/// A form of the given fields.
#[must_use]
pub fn to_form(fields: &[(&str, &str)]) -> String {
    let fields: Vec<_> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    fields.join("&")
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        bytes.push(match (first, tail) {
            (b'+', _) => b' ',
            (b'%', [high, low, tail @ ..]) => {
                let digits = [*high, *low];
                let code = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                if code.is_some() {
                    rest = tail;
                }
                code.unwrap_or(b'%')
            }
            _ => *first,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn encode(text: &str) -> String {
    use std::fmt::Write;
    text.bytes().fold(String::new(), |mut out, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
        out
    })
}

fn json(body: &[u8]) -> BTreeMap<String, String> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(body) else {
        return BTreeMap::new();
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    fields.into_iter().map(|(k, v)| (k, text(v))).collect()
}

fn xml(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use hyper::Method;

    use super::*;

    const RDS: &str = "AWS4-HMAC-SHA256 Credential=AK/20261121/eu-central-1/rds/aws4_request, \
                       SignedHeaders=host, Signature=0";

    #[test]
    fn a_query_call_is_its_action_and_its_fields() {
        let body = "Action=CreateDBClusterSnapshot&Version=2014-10-31\
                    &DBClusterIdentifier=a&Tags.Tag.1.Key=nightshift%3Aschedule";
        let request = Request::new(Method::POST, "/", body).header("authorization", RDS);
        let call = Identity::of(&request);
        assert_eq!(
            (&*call.service, &*call.action),
            ("rds", "CreateDBClusterSnapshot")
        );
        assert_eq!(call.params["Tags.Tag.1.Key"], "nightshift:schedule");
        assert_eq!(call.protocol, Protocol::Query);
    }

    #[test]
    fn json_cbor_and_rest_calls_are_told_apart() {
        let json = Request::new(Method::POST, "/", r#"{"QueueUrl":"u","Max":10}"#)
            .header("x-amz-target", "AmazonSQS.ReceiveMessage");
        assert_eq!(Identity::of(&json).action, "ReceiveMessage");
        assert_eq!(Identity::of(&json).params["Max"], "10");

        let path = "/service/GraniteServiceVersion20100801/operation/PutMetricData";
        let cbor = Identity::of(&Request::new(Method::POST, path, ""));
        assert_eq!(
            (&*cbor.action, cbor.protocol),
            ("PutMetricData", Protocol::Cbor)
        );

        let rest = Identity::of(&Request::new(Method::GET, "/schedules", ""));
        assert_eq!(
            (&*rest.action, rest.protocol),
            ("GET /schedules", Protocol::Rest)
        );
        assert_eq!(rest.service, "unknown");
    }

    #[test]
    fn a_form_survives_the_round_trip() {
        let sent = to_form(&[("Subject", "100 % & more + ä")]);
        assert_eq!(form(&sent)["Subject"], "100 % & more + ä");
        assert_eq!(decode("50%"), "50%");
    }
}
