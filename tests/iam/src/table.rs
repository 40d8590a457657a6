//! The roles as a table that a person reads.

use std::fmt::Write;

use crate::policy::{Effect, PolicyError, Statement};
use crate::reference::Reference;
use crate::role::{Origin, Roles, RolesError};

/// Where the table begins in a text.
pub const BEGIN: &str = "<!-- roles:begin -->\n";
/// Where it ends.
pub const END: &str = "<!-- roles:end -->";

/// The table of these functions' roles, in Markdown: a row for each statement.
///
/// # Errors
/// When a function has no role, or a statement is not understood.
pub fn markdown<'a>(
    roles: &Roles,
    functions: impl IntoIterator<Item = &'a str>,
) -> Result<String, RolesError> {
    let mut table = String::from(
        "| function | access | action | on | only if | what for |\n|---|---|---|---|---|---|\n",
    );
    for function in functions {
        let (policy, origins) = roles.statements(function)?;
        for (statement, origin) in policy.statements().iter().zip(&origins) {
            let row = row(function, statement, origin);
            // Writing into a String cannot fail.
            let _ = writeln!(table, "| {} |", row.join(" | "));
        }
    }
    Ok(table)
}

/// The text with the table in it replaced.
///
/// # Errors
/// When it has no place for one.
pub fn replaced(text: &str, table: &str) -> Result<String, PolicyError> {
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| {
        let (_, after) = rest.split_once(END)?;
        Some((before, after))
    });
    let missing = || PolicyError::new("the text", format!("{} … {END} is missing", BEGIN.trim()));
    let (before, after) = parts.ok_or_else(missing)?;
    Ok(format!("{before}{BEGIN}{table}{END}{after}"))
}

fn row(function: &str, statement: &Statement, origin: &Origin) -> [String; 6] {
    let actions = statement.actions().unwrap_or_default();
    let known = actions.iter().map(|action| Reference::aws().named(action));
    let known: Vec<_> = known.flatten().collect();
    let mut access: Vec<String> = known
        .iter()
        .map(|action| format!("{:?}", action.level()))
        .collect();
    access.dedup();
    if statement.effect() == Effect::Deny {
        access = vec!["denied".to_owned()];
    }
    let names = actions.iter().map(|action| code(action));
    let resources = origin.written.resources.iter();
    [
        function.to_owned(),
        access.join(", "),
        listed(names),
        listed(resources.map(|resource| code(short(resource)))),
        condition(origin),
        purpose(statement, origin),
    ]
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn listed(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}

/// Of an ARN in the stack's own account and region what follows them; of a parameter its name.
fn short(written: &str) -> &str {
    let own = written.strip_prefix("arn:${AWS::Partition}:");
    let own = own.and_then(|rest| rest.split_once(":${AWS::Region}:${AWS::AccountId}:"));
    if let Some((_service, resource)) = own {
        return resource;
    }
    let parameter = written
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'));
    let parameter = parameter.filter(|name| !name.contains('{'));
    parameter.map_or(written, |name| name.strip_suffix(".Arn").unwrap_or(name))
}

fn condition(origin: &Origin) -> String {
    let operators = origin.written.conditions.iter();
    let conditions = operators.flat_map(|(operator, keys)| {
        keys.iter().map(move |(key, values)| {
            let operator = if operator == "StringEquals" {
                "="
            } else {
                operator
            };
            if operator == "Null" {
                let there = if values == &["false"] {
                    "there"
                } else {
                    "not there"
                };
                return format!("{} is {there}", code(key));
            }
            let values = values.iter().map(|value| code(short(value)));
            format!(
                "{} {operator} {}",
                code(key),
                values.collect::<Vec<_>>().join(" or ")
            )
        })
    });
    conditions.collect::<Vec<_>>().join(" and ")
}

/// The `Sid` as words, who uses it if not the function's code, and when it is deployed.
fn purpose(statement: &Statement, origin: &Origin) -> String {
    let user = match &*origin.by {
        "function" => "",
        "rds" => "; RDS asks for it",
        _ if statement.effect() == Effect::Deny => "",
        "sns" => "; SNS asks for it",
        "secretsmanager" => "; Secrets Manager asks for it",
        "lambda" => "; Lambda does it",
        _ => "; a service asks for it",
    };
    let when = match origin.when.strip_prefix("not ") {
        None if origin.when == "always" => String::new(),
        None => format!("; with `{}`", origin.when),
        Some(when) => format!("; without `{when}`"),
    };
    format!("{}{user}{when}", words(statement.sid()))
}

/// `ReadClustersAndSnapshots` as `read clusters and snapshots`.
fn words(sid: &str) -> String {
    let mut words = String::new();
    for letter in sid.chars() {
        if letter.is_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.extend(letter.to_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_of_the_stack_is_short_and_a_parameter_is_its_name() {
        let own = "arn:${AWS::Partition}:rds:${AWS::Region}:${AWS::AccountId}:cluster:*";
        for (written, expected) in [
            (own, "cluster:*"),
            ("${InboxTopicArn}", "InboxTopicArn"),
            ("${FailureQueue.Arn}", "FailureQueue"),
            ("*", "*"),
            (
                "arn:aws:sns:eu-central-1:123456789012:x",
                "arn:aws:sns:eu-central-1:123456789012:x",
            ),
        ] {
            assert_eq!(short(written), expected);
        }
    }

    #[test]
    fn only_what_is_between_the_markers_is_replaced() {
        let text = format!("before\n{BEGIN}old\n{END}\nafter\n");
        let expected = format!("before\n{BEGIN}new\n{END}\nafter\n");
        assert_eq!(replaced(&text, "new\n"), Ok(expected));
        assert!(replaced("no markers", "new\n").is_err());
    }
}
