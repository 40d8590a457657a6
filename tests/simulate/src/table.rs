//! Which errors the functions have met.

use std::fmt::Write as _;

use simulated_aws::{Service, modelled};
use simulator::search::Tally;

/// What the functions call.
const CALLED: [(Service, &str); 22] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBClusterSnapshots"),
    (Service::Rds, "CreateDBClusterSnapshot"),
    (Service::Rds, "DeleteDBClusterSnapshot"),
    (Service::Rds, "DescribeAccountAttributes"),
    (Service::Rds, "DescribeEvents"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::Rds, "AddTagsToResource"),
    (Service::CloudWatch, "DescribeAlarms"),
    (Service::CloudWatch, "GetMetricData"),
    (Service::SecretsManager, "ListSecrets"),
    (Service::SecretsManager, "DescribeSecret"),
    (Service::SecretsManager, "ListSecretVersionIds"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::SecretsManager, "GetRandomPassword"),
    (Service::SecretsManager, "PutSecretValue"),
    (Service::SecretsManager, "UpdateSecretVersionStage"),
    (Service::SecretsManager, "TagResource"),
    (Service::Scheduler, "GetSchedule"),
    (Service::Scheduler, "ListSchedules"),
    (Service::Scheduler, "UpdateSchedule"),
    (Service::Sns, "Publish"),
];

/// So many seeds of each function, and each error that the models have should have come.
const ENOUGH: u64 = 300;

/// For each operation: how often it was answered what, and which modelled errors it never gave.
pub fn of(tally: &Tally) -> String {
    let mut text = String::from("what each operation answered:\n");
    for (service, operation) in CALLED {
        let answers = tally.answers.iter().filter(|((of, _), _)| of == operation);
        let answers: Vec<String> = answers
            .map(|((_, code), count)| format!("{code} {count}"))
            .collect();
        let _ = write!(text, "  {operation}: {}", answers.join(", "));
        let never: Vec<&str> = never(tally, service, operation).collect();
        if !never.is_empty() {
            let _ = write!(text, "; never {}", never.join(", "));
        }
        text.push('\n');
    }
    text
}

fn never<'a>(
    tally: &'a Tally,
    service: Service,
    operation: &'a str,
) -> impl Iterator<Item = &'static str> + 'a {
    let given = |code: &str| {
        let answer = (operation.to_owned(), code.to_owned());
        tally.answers.contains_key(&answer)
    };
    let errors = modelled(service, operation).iter();
    errors
        .map(|error| error.code.as_str())
        .filter(move |code| !given(code))
}

/// The modelled errors that were never met, as `ListSecrets InternalServiceError`, where each
/// function was tried `scripts` times or more. A shorter search need not have met them all.
pub fn missing(tally: &Tally, scripts: u64) -> Vec<String> {
    if scripts < ENOUGH {
        return vec![];
    }
    let of_each = CALLED.iter().flat_map(|(service, operation)| {
        let codes = never(tally, *service, operation);
        codes.map(move |code| format!("{operation} {code}"))
    });
    of_each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_never_came_is_missed_in_a_long_search_only() {
        let mut tally = Tally::default();
        for (service, operation) in CALLED {
            for error in modelled(service, operation) {
                let answer = (operation.to_owned(), error.code.clone());
                tally.answers.insert(answer, 1);
            }
        }
        assert_eq!(missing(&tally, ENOUGH), Vec::<String>::new());
        let put = ("PutSecretValue".to_owned(), "EncryptionFailure".to_owned());
        tally.answers.remove(&put);
        assert_eq!(
            missing(&tally, ENOUGH),
            ["PutSecretValue EncryptionFailure"]
        );
        assert_eq!(missing(&tally, ENOUGH - 1), Vec::<String>::new());
    }
}
