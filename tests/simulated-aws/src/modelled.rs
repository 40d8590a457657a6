//! Which errors each operation's API model has: read off botocore's service models, see
//! `data/extract.py`.

use std::{collections::BTreeMap, sync::LazyLock};

use serde_json::Value;

use crate::Service;

/// An error of an operation's model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Modelled {
    /// The code by which SDKs know it.
    pub code: String,
    /// Its HTTP status.
    pub status: u16,
}

type Operations = BTreeMap<String, Vec<Modelled>>;

static SERVICES: LazyLock<BTreeMap<Service, Operations>> = LazyLock::new(|| {
    let files = [
        (Service::Rds, include_str!("../data/rds-errors.json")),
        (Service::Sns, include_str!("../data/sns-errors.json")),
        (
            Service::SecretsManager,
            include_str!("../data/secretsmanager-errors.json"),
        ),
        (
            Service::CloudWatch,
            include_str!("../data/cloudwatch-errors.json"),
        ),
        (
            Service::Scheduler,
            include_str!("../data/scheduler-errors.json"),
        ),
    ];
    files
        .into_iter()
        .map(|(service, text)| (service, operations(text)))
        .collect()
});

fn operations(text: &str) -> Operations {
    #[expect(clippy::expect_used, reason = "the file is part of the binary")]
    let file: Value = serde_json::from_str(text).expect("extract.py writes JSON");
    let operations = file["operations"].as_object().into_iter().flatten();
    operations
        .map(|(name, errors)| (name.clone(), errors_of(errors)))
        .collect()
}

fn errors_of(errors: &Value) -> Vec<Modelled> {
    let errors = errors.as_array().into_iter().flatten();
    let error = |error: &Value| {
        let status = u16::try_from(error["status"].as_u64()?).ok()?;
        Some(Modelled {
            code: error["code"].as_str()?.into(),
            status,
        })
    };
    errors.filter_map(error).collect()
}

/// The errors that the model of `operation` has; none for an operation that is not simulated.
#[must_use]
pub fn modelled(service: Service, operation: &str) -> &'static [Modelled] {
    let operations = SERVICES.get(&service);
    operations
        .and_then(|operations| operations.get(operation))
        .map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_publish_can_be_refused_for_the_topics_key() {
        let errors = modelled(Service::Sns, "Publish");
        assert!(
            errors
                .iter()
                .any(|error| error.code == "KMSAccessDenied" && error.status == 400),
            "{errors:?}"
        );
        assert!(modelled(Service::Sns, "PublishMuch").is_empty());
    }
}
