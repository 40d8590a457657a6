//! The operations there are: what each takes, and how each may refuse.

mod table;

use serde_json::Value;

use crate::{Call, Refusal};
use table::{OPERATIONS, Operation};

/// The refusals that every operation may give.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/CommonErrors.html>
const COMMON: [&str; 5] = [
    "InvalidAction",
    "InvalidParameterCombination",
    "InvalidParameterValue",
    "MissingParameter",
    "ValidationError",
];

/// What every call of the query protocol has.
const ENVELOPE: [&str; 2] = ["Action", "Version"];

fn find(name: &str) -> Option<&'static Operation> {
    let found = OPERATIONS.binary_search_by(|operation| operation.name.cmp(name));
    found.ok().map(|place| &OPERATIONS[place])
}

/// Refuses operations that are not here, and members that mean nothing here: nothing may pass for
/// tested that was ignored.
pub(crate) fn simulated(call: &Call) -> Result<(), Refusal> {
    let operation = find(&call.operation).ok_or_else(|| Refusal::unknown_operation(call))?;
    let members = call.input.as_object().into_iter().flatten();
    let strange = |name: &str, value: &Value| {
        !value.is_null() && !ENVELOPE.contains(&name) && !operation.takes.contains(&name)
    };
    let mut strange = members.filter(|(name, value)| strange(name, value));
    strange.next().map_or(Ok(()), |(member, _)| {
        let message = format!("{} with {member} is not simulated", call.action());
        Err(Refusal::new(400, "InvalidAction", message))
    })
}

/// Whether `operation` may refuse so.
pub(crate) fn expects(operation: &str, refusal: &Refusal) -> bool {
    let code = refusal.code.as_str();
    let modelled = |operation: &Operation| operation.may.iter().any(|may| may.wire().0 == code);
    COMMON.contains(&code) || find(operation).is_some_and(modelled)
}

/// The modelled refusals of this simulation: operation, code and HTTP status. Of the many errors
/// that the API model names for an operation these are the ones that can come.
pub fn modelled_refusals() -> impl Iterator<Item = (&'static str, &'static str, u16)> {
    OPERATIONS.iter().flat_map(|operation| {
        let wire = operation.may.iter().map(|code| code.wire());
        wire.map(|(code, status)| (operation.name, code, status))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_in_the_order_of_their_names() {
        assert!(OPERATIONS.is_sorted_by_key(|operation| operation.name));
    }

    #[test]
    fn every_refusal_is_in_the_api_model_of_its_operation_with_its_status() {
        let model = include_str!("../../data/rds-errors.json");
        let model: Value = serde_json::from_str(model).unwrap();
        for (operation, code, status) in modelled_refusals() {
            let errors = model["operations"][operation].as_array();
            let errors = errors.unwrap_or_else(|| panic!("{operation} is not in the model"));
            let same = |error: &Value| error["code"] == code && error["status"] == status;
            assert!(errors.iter().any(same), "{operation}: {code} {status}");
        }
    }
}
