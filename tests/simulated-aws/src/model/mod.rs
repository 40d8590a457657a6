//! What the services' own API models demand of an input: types, lengths, ranges, patterns, lists
//! of values, and what is required.
//!
//! `data/*-shapes.json` are written by `data/shapes.py`. Inputs of the query protocol are texts
//! all through and are checked by hand; the models of SNS and RDS hardly demand anything.

mod rest;
mod shape;

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;
use serde_json::Value;

use shape::Shape;

use crate::{Call, Service};

static CLOUD_WATCH: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("../../data/cloudwatch-shapes.json")));
static SCHEDULER: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("../../data/scheduler-shapes.json")));
static SECRETS_MANAGER: LazyLock<Model> =
    LazyLock::new(|| Model::read(include_str!("../../data/secretsmanager-shapes.json")));

/// A service's model, as far as its operations are simulated.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Model {
    operations: BTreeMap<String, Operation>,
    shapes: BTreeMap<String, Shape>,
}

#[derive(Debug, Deserialize)]
struct Operation {
    http: String,
    input: String,
}

/// What is wrong with an input, as AWS says it. It never repeats a value: it may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Violation {
    /// The sentence.
    pub why: String,
    /// Whether something is missing that is required.
    pub missing: bool,
}

impl Model {
    /// The model of a service, if its inputs are checked here.
    pub(crate) fn of(service: Service) -> Option<&'static Self> {
        match service {
            Service::CloudWatch => Some(&CLOUD_WATCH),
            Service::Scheduler => Some(&SCHEDULER),
            Service::SecretsManager => Some(&SECRETS_MANAGER),
            Service::Rds | Service::Sns => None,
        }
    }

    // The tests read every model: an empty one cannot get past them.
    fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_default()
    }

    /// Holds a call's input against its operation's model.
    ///
    /// # Errors
    /// The first thing that is wrong with it.
    pub(crate) fn check(&self, call: &Call) -> Result<(), Violation> {
        let Some(operation) = self.operations.get(&call.operation) else {
            return Ok(());
        };
        let empty = Value::Object(serde_json::Map::new());
        let input = if call.input.is_null() {
            &empty
        } else {
            &call.input
        };
        self.fits(&operation.input, input, "input")
    }

    fn fits(&self, shape: &str, value: &Value, path: &str) -> Result<(), Violation> {
        // Every shape that is named is there: a test looks.
        let Some(shape) = self.shapes.get(shape) else {
            return Ok(());
        };
        shape.demands(value).map_err(|demand| {
            let what = format!("Value at '{path}' failed to satisfy constraint: {demand}");
            Violation {
                why: format!("1 validation error detected: {what}"),
                missing: value.is_null(),
            }
        })?;
        for (shape, value, step) in shape.inside(value) {
            self.fits(shape, value, &joined(path, &step))?;
        }
        Ok(())
    }
}

fn joined(path: &str, step: &str) -> String {
    if path == "input" {
        return step.to_owned();
    }
    format!("{path}.{step}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Protocol;

    fn checked(service: Service, operation: &str, input: Value) -> Result<(), Violation> {
        let call = Call {
            service,
            operation: operation.to_owned(),
            input,
            protocol: Protocol::Json,
        };
        Model::of(service).unwrap().check(&call)
    }

    #[test]
    fn every_model_is_read_with_all_its_operations_and_shapes() {
        for (service, operations) in [
            (Service::CloudWatch, 9),
            (Service::Scheduler, 5),
            (Service::SecretsManager, 14),
        ] {
            let model = Model::of(service).unwrap();
            assert_eq!(model.operations.len(), operations, "{service:?}");
            for operation in model.operations.values() {
                assert!(model.shapes.contains_key(&operation.input));
            }
            for shape in model.shapes.values() {
                for inner in shape.names() {
                    assert!(model.shapes.contains_key(inner), "{inner}");
                }
            }
        }
    }

    #[test]
    fn what_the_model_demands_is_demanded() {
        let secret = |input| checked(Service::SecretsManager, "PutSecretValue", input);
        let token = "t".repeat(32);
        let good = json!({"SecretId": "s", "ClientRequestToken": token, "SecretString": null});
        assert_eq!(secret(good), Ok(()));
        for (bad, why) in [
            (
                Value::Null,
                "'secretId' failed to satisfy constraint: Member must not be null",
            ),
            (json!({"SecretId": ""}), "'secretId'"),
            (
                json!({"SecretId": "s".repeat(2049)}),
                "length less than or equal to 2048",
            ),
            (
                json!({"SecretId": 1}),
                "'secretId' failed to satisfy constraint: Member must be",
            ),
            (
                json!({"SecretId": "s", "ClientRequestToken": "t"}),
                "'clientRequestToken'",
            ),
            (
                json!({"SecretId": "s", "VersionStages": []}),
                "'versionStages'",
            ),
            (
                json!({"SecretId": "s", "VersionStages": ["a", ""]}),
                "'versionStages.2.member'",
            ),
            (
                json!({"SecretId": "s", "RotationToken": "ä".repeat(40)}),
                "regular expression",
            ),
            (
                json!({"SecretId": "s", "SecretBinary": ""}),
                "'secretBinary'",
            ),
        ] {
            let Violation { why: said, missing } = secret(bad).unwrap_err();
            assert!(said.contains(why), "{said}");
            assert_eq!(missing, said.contains("null"));
        }
        let list = |input| checked(Service::SecretsManager, "ListSecrets", input);
        assert_eq!(list(json!({"MaxResults": 100})), Ok(()));
        for bad in [
            json!({"MaxResults": 0}),
            json!({"MaxResults": 101}),
            json!({"MaxResults": 1.5}),
            json!({"SortOrder": "up"}),
            json!({"Filters": [{"Key": "colour", "Values": ["red"]}]}),
        ] {
            list(bad.clone()).expect_err(&bad.to_string());
        }
    }

    #[test]
    fn a_violation_does_not_repeat_the_value() {
        let secret = "hunter2".repeat(10_000);
        let input = json!({"Name": "s", "SecretString": secret});
        let violation = checked(Service::SecretsManager, "CreateSecret", input).unwrap_err();
        let said = violation.why;
        assert!(
            said.contains("'secretString'") && !said.contains("hunter2"),
            "{said}"
        );
    }
}
