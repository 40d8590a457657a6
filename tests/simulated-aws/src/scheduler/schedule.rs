//! A schedule, and what is demanded of it.
//! <https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html>

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde_json::{Map, Value, json};

use super::invalid;
use crate::{
    Call, Refusal,
    expression::Expression,
    stamp::{moment, seconds},
};

/// A schedule.
#[derive(Clone, Debug, PartialEq)]
pub struct Schedule {
    /// Its name.
    pub name: String,
    /// Its group's name.
    pub group: String,
    /// Its ARN.
    pub arn: String,
    /// Its configuration, as it was put, with AWS's defaults.
    pub configuration: Map<String, Value>,
    /// When it was created.
    pub created: Timestamp,
    /// When it was last put.
    pub modified: Timestamp,
    /// When it is due next, apart from its flexible window.
    pub due: Option<Timestamp>,
    /// The token and the input of the request that put it.
    pub(super) request: (Option<String>, Value),
}

/// Members that are no part of a schedule's configuration.
const ASIDE: [&str; 3] = ["ClientToken", "GroupName", "Name"];

/// The configuration a call brings, with AWS's defaults, if it makes sense.
pub(super) fn configuration(call: &Call, now: Timestamp) -> Result<Map<String, Value>, Refusal> {
    let mut members = call.input.as_object().cloned().unwrap_or_default();
    members.retain(|name, member| !member.is_null() && !ASIDE.contains(&name.as_str()));
    for (name, default) in [
        ("ScheduleExpressionTimezone", "UTC"),
        ("State", "ENABLED"),
        ("ActionAfterCompletion", "NONE"),
    ] {
        members.entry(name).or_insert_with(|| json!(default));
    }
    if let Some(Value::Object(target)) = members.get_mut("Target") {
        let default = json!({"MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185});
        target.entry("RetryPolicy").or_insert(default);
    }
    expression(&members)?;
    window(&members["FlexibleTimeWindow"])?;
    dates(&members, now)?;
    target(&members["Target"])?;
    Ok(members)
}

fn text<'a>(members: &'a Map<String, Value>, name: &str) -> &'a str {
    members
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// The expression of a configuration and its time zone.
pub(super) fn expression(members: &Map<String, Value>) -> Result<(Expression, TimeZone), Refusal> {
    let given = text(members, "ScheduleExpression");
    let expression = Expression::parse(given);
    let expression =
        expression.ok_or_else(|| invalid(format!("Invalid Schedule Expression {given}.")))?;
    let zone = text(members, "ScheduleExpressionTimezone");
    let zone = TimeZone::get(zone)
        .map_err(|_| invalid(format!("Invalid ScheduleExpressionTimezone {zone}.")))?;
    Ok((expression, zone))
}

fn window(window: &Value) -> Result<(), Refusal> {
    let minutes = !window["MaximumWindowInMinutes"].is_null();
    match (window["Mode"].as_str(), minutes) {
        (Some("FLEXIBLE"), true) | (Some("OFF"), false) => Ok(()),
        _ => Err(invalid(
            "MaximumWindowInMinutes goes with a FLEXIBLE time window alone.",
        )),
    }
}

fn dates(members: &Map<String, Value>, now: Timestamp) -> Result<(), Refusal> {
    let date = |name: &str| members.get(name).and_then(moment);
    let (start, end) = (date("StartDate"), date("EndDate"));
    let why = match (start, end) {
        (Some(start), _) if now.duration_since(start) > SignedDuration::from_mins(5) => {
            "The StartDate you specify cannot be earlier than 5 minutes ago."
        }
        (_, Some(end)) if end <= now => "The EndDate you specify must be in the future.",
        (Some(start), Some(end)) if end <= start => "EndDate must come after StartDate.",
        _ => return Ok(()),
    };
    Err(invalid(why))
}

fn target(target: &Value) -> Result<(), Refusal> {
    let arn = target["Arn"].as_str().unwrap_or_default();
    if !arn.starts_with("arn:") || arn.split(':').count() < 6 {
        return Err(invalid(format!(
            "Provided Arn is not in correct format: {arn}"
        )));
    }
    let takes_json = ["lambda", "states", "events"].iter();
    let mut takes_json = takes_json.map(|service| format!("arn:aws:{service}:"));
    let input = target["Input"].as_str();
    let bad = input.is_some_and(|input| serde_json::from_str::<Value>(input).is_err());
    if bad && takes_json.any(|prefix| arn.starts_with(&prefix)) {
        return Err(invalid("Target Input must be well-formed JSON."));
    }
    Ok(())
}

impl Schedule {
    /// When it is due first after `after`; never while it is turned off.
    pub(super) fn next(&self, after: Timestamp) -> Option<Timestamp> {
        if text(&self.configuration, "State") == "DISABLED" {
            return None;
        }
        let date = |name: &str| self.configuration.get(name).and_then(moment);
        let (expression, zone) = expression(&self.configuration).ok()?;
        let just_before = |start: Timestamp| start - SignedDuration::from_millis(1);
        let after = date("StartDate").map_or(after, |start| after.max(just_before(start)));
        let start = date("StartDate").unwrap_or(self.created);
        let next = expression.next(after, start, &zone)?;
        date("EndDate")
            .is_none_or(|end| next <= end)
            .then_some(next)
    }

    /// Whether it is deleted once it is over.
    pub(super) fn passes_away(&self) -> bool {
        text(&self.configuration, "ActionAfterCompletion") == "DELETE"
    }

    /// As `GetSchedule` answers it.
    pub(super) fn shown(&self) -> Value {
        let mut shown = self.configuration.clone();
        for (name, value) in [
            ("Name", json!(self.name)),
            ("GroupName", json!(self.group)),
            ("Arn", json!(self.arn)),
            ("CreationDate", seconds(self.created)),
            ("LastModificationDate", seconds(self.modified)),
        ] {
            shown.insert(name.to_owned(), value);
        }
        Value::Object(shown)
    }

    /// As `ListSchedules` answers it.
    pub(super) fn summary(&self) -> Value {
        let shown = self.shown();
        json!({
            "Arn": shown["Arn"],
            "Name": shown["Name"],
            "GroupName": shown["GroupName"],
            "State": shown["State"],
            "CreationDate": shown["CreationDate"],
            "LastModificationDate": shown["LastModificationDate"],
            "Target": {"Arn": shown["Target"]["Arn"]},
        })
    }
}
