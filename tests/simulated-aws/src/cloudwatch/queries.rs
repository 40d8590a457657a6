//! The queries of a call or of an alarm.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricDataQuery.html>

use serde_json::Value;

use super::invalid;
use crate::Refusal;

/// How many a call may have.
const MOST: usize = 500;

/// One query of a call.
#[derive(Debug)]
pub(super) struct Query<'a> {
    /// Its name within the call.
    pub id: &'a str,
    /// What it is to be called.
    pub label: Option<&'a str>,
    /// None for an expression.
    pub metric: Option<&'a Value>,
    /// Whether its points are in the answer.
    pub returned: bool,
}

/// Reads the queries of `GetMetricData` or of an alarm.
pub(super) fn read(queries: &Value) -> Result<Vec<Query<'_>>, Refusal> {
    let queries = queries.as_array().map_or(&[][..], Vec::as_slice);
    if queries.is_empty() || queries.len() > MOST {
        return Err(invalid(
            "A call must have from 1 to 500 metric data queries.",
        ));
    }
    let mut read: Vec<Query<'_>> = Vec::with_capacity(queries.len());
    for query in queries {
        let query = one(query)?;
        if read.iter().any(|other| other.id == query.id) {
            return Err(invalid(format!("The id {} is not unique.", query.id)));
        }
        read.push(query);
    }
    Ok(read)
}

fn one(query: &Value) -> Result<Query<'_>, Refusal> {
    let id = query["Id"].as_str().unwrap_or_default();
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) || !id.chars().all(fits) {
        return Err(invalid(format!("The id {id} is not valid.")));
    }
    let metric = Some(&query["MetricStat"]).filter(|metric| !metric.is_null());
    if metric.is_some() != query["Expression"].is_null() {
        return Err(invalid(
            "A query must have either MetricStat or Expression.",
        ));
    }
    Ok(Query {
        id,
        label: query["Label"].as_str(),
        metric,
        returned: query["ReturnData"].as_bool() != Some(false),
    })
}
