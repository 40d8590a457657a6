//! `Filters`: several must all hold, of one's values any.

use serde_json::Value;

use crate::{Call, Place, Refusal, rds::input};

/// No filter takes more values.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html>
const MOST_VALUES: usize = 100;

/// The filters of a call.
#[derive(Debug)]
pub(crate) struct Filters(Vec<(String, Vec<String>)>);

impl Filters {
    /// The call's filters, of which RDS knows those of `known` for this operation. Values that
    /// are ARNs of this account become identifiers.
    pub(crate) fn of(call: &Call, place: &Place, known: &[&str]) -> Result<Self, Refusal> {
        let filters = input::list(&call.input, "Filters", "Filter");
        let read = |filter| read(filter, place, known);
        filters.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Whether something whose `name` is `value` passes.
    pub(crate) fn pass(&self, name: &str, value: &str) -> bool {
        let mut of_name = self.0.iter().filter(|(filter, _)| filter == name);
        of_name.all(|(_, values)| values.iter().any(|one| one.eq_ignore_ascii_case(value)))
    }

    /// The same with a value that is made only if it is asked for.
    pub(crate) fn pass_with(&self, name: &str, value: impl FnOnce() -> String) -> bool {
        let asked = self.0.iter().any(|(filter, _)| filter == name);
        !asked || self.pass(name, &value())
    }
}

fn read(filter: &Value, place: &Place, known: &[&str]) -> Result<(String, Vec<String>), Refusal> {
    let name = filter.get("Name").and_then(Value::as_str);
    let name = name.filter(|name| !name.is_empty());
    let name = name.ok_or_else(|| Refusal::missing("Filters.Filter.Name"))?;
    if !known.contains(&name) {
        let message = format!("Unrecognized filter name: {name}");
        return Err(Refusal::invalid(message));
    }
    let values: Vec<_> = input::texts(filter, "Values", "Value").collect();
    if values.is_empty() || values.len() > MOST_VALUES {
        let message = format!("The filter {name} must have from 1 to {MOST_VALUES} values.");
        return Err(Refusal::invalid(message));
    }
    let kind = match name {
        "db-cluster-id" => "cluster",
        "db-instance-id" => "db",
        "db-cluster-endpoint-id" => "cluster-endpoint",
        _ => "cluster-snapshot",
    };
    let values = values
        .into_iter()
        .map(|value| input::bare(value, place, kind));
    Ok((name.to_owned(), values.collect()))
}
