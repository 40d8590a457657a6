//! Which operation a method and a path are, and what of its input is outside the body.
//! <https://smithy.io/2.0/spec/http-bindings.html>

use std::borrow::Cow;

use form_urlencoded::parse;
use serde_json::{Map, Value};

use super::{
    Model, Operation,
    shape::{Member, Shape},
};

impl Model {
    /// The operation behind `method` and `path`, and its whole input: the members of the body, of
    /// the path and of the query. None where no operation has that path.
    pub(crate) fn routed(&self, method: &str, path: &str, body: &Value) -> Option<(&str, Value)> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let asked = format!("{method} {path}");
        let mut routes = self.operations.iter();
        let (name, operation, labels) = routes.find_map(|(name, operation)| {
            Some((name, operation, labels(&operation.http, &asked)?))
        })?;
        let mut input = match body {
            Value::Object(fields) => fields.clone(),
            _ => Map::new(),
        };
        let texts = labels.into_iter().chain(parse(query.as_bytes()));
        for (outside, text) in texts {
            if let Some((member, value)) = self.outside(operation, &outside, text) {
                input.insert(member.to_owned(), value);
            }
        }
        Some((name, Value::Object(input)))
    }

    /// The member that is called `outside` in path or query, and its value.
    fn outside(
        &self,
        operation: &Operation,
        outside: &str,
        text: Cow<'_, str>,
    ) -> Option<(&str, Value)> {
        let Shape::Structure { members, .. } = self.shapes.get(&operation.input)? else {
            return None;
        };
        let mut members = members.iter();
        let (name, member) = members.find(|(_, member)| match member {
            Member::Path { uri: name, .. }
            | Member::Query {
                querystring: name, ..
            } => name == outside,
            Member::Body(_) => false,
        })?;
        let number = match self.shapes.get(member.shape())? {
            Shape::Integer { .. } => text.parse::<i64>().ok(),
            _ => None,
        };
        let text = || Value::String(text.into_owned());
        Some((name, number.map_or_else(text, Value::from)))
    }
}

/// What stands for the labels of `pattern` in `asked`: `GET /schedules/{Name}`.
fn labels<'a>(pattern: &'a str, asked: &'a str) -> Option<Vec<(Cow<'a, str>, Cow<'a, str>)>> {
    let (wanted, given): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), asked.split('/').collect());
    if wanted.len() != given.len() {
        return None;
    }
    let mut labels = Vec::new();
    for (wanted, given) in wanted.into_iter().zip(given) {
        let label = wanted
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'));
        match label {
            Some(label) => labels.push((Cow::Borrowed(label), decoded(given))),
            None if wanted == given => {}
            None => return None,
        }
    }
    Some(labels)
}

/// In a path, other than in a query, a plus sign is a plus sign.
fn decoded(segment: &str) -> Cow<'_, str> {
    let literal = segment
        .replace('+', "%2B")
        .replace('&', "%26")
        .replace('=', "%3D");
    let decoded = parse(literal.as_bytes()).next();
    decoded.map_or(Cow::Borrowed(segment), |(text, _)| {
        Cow::Owned(text.into_owned())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Service;

    fn routed(method: &str, path: &str, body: &Value) -> Option<(&'static str, Value)> {
        Model::of(Service::Scheduler)?.routed(method, path, body)
    }

    #[test]
    fn members_come_from_path_query_and_body() {
        assert_eq!(
            routed("PUT", "/schedules/a%20b+c", &json!({"State": "ENABLED"})),
            Some((
                "UpdateSchedule",
                json!({"State": "ENABLED", "Name": "a b+c"})
            ))
        );
        assert_eq!(
            routed("DELETE", "/schedules/a?groupName=g%2Fh&x=y", &Value::Null),
            Some(("DeleteSchedule", json!({"Name": "a", "GroupName": "g/h"})))
        );
        assert_eq!(
            routed(
                "GET",
                "/schedules?MaxResults=7&ScheduleGroup=7",
                &Value::Null
            ),
            Some(("ListSchedules", json!({"MaxResults": 7, "GroupName": "7"})))
        );
    }

    #[test]
    fn a_path_of_no_operation_has_none() {
        for (method, path) in [
            ("PATCH", "/schedules/a"),
            ("GET", "/tags/a"),
            ("GET", "/schedules/a/b"),
        ] {
            assert_eq!(routed(method, path, &Value::Null), None);
        }
    }
}
