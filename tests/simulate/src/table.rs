//! Which errors the functions have met.

use std::fmt::Write as _;

use simulated_aws::{Service, modelled};
use simulator::search::Tally;

/// What the functions call.
const CALLED: [(Service, &str); 16] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBClusterSnapshots"),
    (Service::Rds, "CreateDBClusterSnapshot"),
    (Service::Rds, "DeleteDBClusterSnapshot"),
    (Service::Rds, "DescribeAccountAttributes"),
    (Service::Rds, "DescribeEvents"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::SecretsManager, "ListSecrets"),
    (Service::SecretsManager, "DescribeSecret"),
    (Service::SecretsManager, "ListSecretVersionIds"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::SecretsManager, "GetRandomPassword"),
    (Service::SecretsManager, "PutSecretValue"),
    (Service::SecretsManager, "UpdateSecretVersionStage"),
    (Service::SecretsManager, "TagResource"),
    (Service::Sns, "Publish"),
];

/// For each operation: how often it was answered what, and which modelled errors it never gave.
pub fn of(tally: &Tally) -> String {
    let mut text = String::from("what each operation answered:\n");
    for (service, operation) in CALLED {
        let answers = tally.answers.iter().filter(|((of, _), _)| of == operation);
        let answers: Vec<String> = answers
            .map(|((_, code), count)| format!("{code} {count}"))
            .collect();
        let never = modelled(service, operation).iter().filter(|error| {
            !tally
                .answers
                .contains_key(&(operation.to_owned(), error.code.clone()))
        });
        let never: Vec<&str> = never.map(|error| error.code.as_str()).collect();
        let _ = write!(text, "  {operation}: {}", answers.join(", "));
        if !never.is_empty() {
            let _ = write!(text, "; never {}", never.join(", "));
        }
        text.push('\n');
    }
    text
}
