//! What a role allows more widely than AWS would let it be allowed.

use crate::policy::{Condition, Effect, Statement};
use crate::reference::{AccessLevel, Action, Reference, ResourceType, Supply};
use crate::role::Role;

/// What is too wide, too narrow to be of use, or says nothing, one sentence each.
///
/// An action is named in full. What changes something, or reads more than names, is limited to a
/// resource type if the action knows one; and it is not allowed on every resource of a type unless a
/// condition narrows it, for what only reads at least to those that have a tag. What only AWS uses
/// in the function's name, and the function's own code is denied, may be as wide as AWS asks for it.
#[must_use]
pub fn of(role: &Role) -> Vec<String> {
    let statements = role.policy().statements().iter().zip(role.origins());
    let allowing = statements.filter(|(statement, _)| statement.effect() == Effect::Allow);
    let findings = allowing.flat_map(|(statement, origin)| {
        let findings = of_statement(role, statement, origin.by == "lambda");
        findings
            .into_iter()
            .map(move |finding| (statement.sid(), finding))
    });
    let sentence = |(sid, finding)| format!("{}: {sid}: {finding}", role.function());
    findings.map(sentence).collect()
}

fn of_statement(role: &Role, statement: &Statement, for_lambda: bool) -> Vec<String> {
    let (Some(actions), Some(resources)) = (statement.actions(), statement.resources()) else {
        return vec!["NotAction and NotResource allow what nobody has listed".to_owned()];
    };
    let mut findings = Vec::new();
    for written in actions {
        if written.contains(['*', '?']) {
            findings.push(format!("{written} has a wildcard; name the actions"));
            continue;
        }
        let Some(action) = Reference::aws().named(written) else {
            findings.push(format!(
                "{written} is not in service-authorization.json; add it"
            ));
            continue;
        };
        let narrowed = narrows(action, statement.conditions());
        let kept = |resource: &&&str| role.is_kept_from_the_code(action.lower(), resource);
        let open = resources.iter().filter(|resource| !kept(resource));
        findings.extend(open.filter_map(|resource| {
            let lambdas = for_lambda && *resource == "*";
            let only_lambda =
                || format!("{written} on * is used by Lambda only; deny it to the code");
            wide(action, resource, narrowed).or_else(|| lambdas.then(only_lambda))
        }));
        let of_condition = |condition| of_condition(action, condition);
        findings.extend(statement.conditions().iter().filter_map(of_condition));
    }
    findings
}

/// Whether a condition leaves some resources out.
fn narrows(action: &Action, conditions: &[Condition]) -> bool {
    let narrow = |condition: &Condition| {
        condition.asks_for_a_value() || !action.writes() && condition.asks_for_the_key()
    };
    conditions.iter().any(narrow)
}

/// Why a resource is too wide for an action.
fn wide(action: &Action, resource: &str, narrowed: bool) -> Option<String> {
    let name = action.name();
    let types: Vec<&str> = action.resource_types().map(|kind| kind.name()).collect();
    if types.is_empty() {
        let never = format!("{name} knows no resources; it is allowed on * or not at all");
        return (resource != "*").then_some(never);
    }
    if action.level() == AccessLevel::List {
        return None;
    }
    if action.reading().is_some_and(|reading| reading.everything) {
        let little = format!("{name} on {resource} does not tell everything; allow it on *");
        return (resource != "*").then_some(little);
    }
    if resource == "*" {
        let types = types.join(", ");
        return Some(format!(
            "{name} is allowed on *, and could be limited to {types}"
        ));
    }
    let of_type = |kind: &ResourceType| match width(kind, resource) {
        Width::Elsewhere | Width::Narrow => None,
        Width::Wide => Some(format!(
            "{name} on {resource} is wider than {}",
            kind.form().written()
        )),
        Width::Every if narrowed => None,
        Width::Every => {
            let kind = kind.name();
            Some(format!(
                "{name} is allowed on every {kind}, and no condition narrows it"
            ))
        }
    };
    action.resource_types().find_map(|kind| of_type(kind))
}

/// How a resource in a policy compares with a resource type.
#[derive(Debug, PartialEq, Eq)]
enum Width {
    /// No resource of the type fits it.
    Elsewhere,
    /// It names some resources of the type.
    Narrow,
    /// It names every resource of the type, in one region and account.
    Every,
    /// It reaches over the type, the account or the region.
    Wide,
}

fn width(kind: &ResourceType, resource: &str) -> Width {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let [_, partition, service, region, account, name] = parts[..] else {
        return Width::Wide;
    };
    if service != kind.form().service() {
        return Width::Elsewhere;
    }
    let is_wild = |text: &str| text.contains(['*', '?']);
    let fixed = name.split(['*', '?']).next().unwrap_or_default();
    let Some(rest) = name.strip_prefix(kind.form().kind()) else {
        let reaches = is_wild(name) && kind.form().kind().starts_with(fixed);
        return if reaches {
            Width::Wide
        } else {
            Width::Elsewhere
        };
    };
    if [partition, region, account].into_iter().any(is_wild) {
        Width::Wide
    } else if rest.chars().all(|c| "*?:/".contains(c)) {
        Width::Every
    } else {
        Width::Narrow
    }
}

/// Why a condition says nothing, or not what it seems to say.
fn of_condition(action: &Action, condition: &Condition) -> Option<String> {
    let (key, name) = (condition.key().written(), action.name());
    match action.supplies(condition.key()) {
        Supply::Never => Some(format!("AWS knows no {key} in a call of {name}")),
        Supply::NotHere => Some(format!(
            "what {key} is in a call of {name} is not known here"
        )),
        Supply::Supplied { .. } if condition.is_about_presence() => None,
        Supply::Supplied { multivalued } if multivalued != condition.compares_a_set() => {
            let needs = if multivalued {
                "needs"
            } else {
                "must not have"
            };
            Some(format!(
                "{} {key} {needs} ForAllValues or ForAnyValue",
                condition.operator()
            ))
        }
        Supply::Supplied { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_is_as_wide_as_what_it_reaches() {
        let delete = Reference::aws()
            .named("rds:DeleteDBClusterSnapshot")
            .unwrap();
        let kind = &delete.required()[0];
        for (resource, expected) in [
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:*",
                Width::Every,
            ),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:*-nightly-*",
                Width::Narrow,
            ),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster:*",
                Width::Elsewhere,
            ),
            ("arn:aws:sns:eu-central-1:123456789012:*", Width::Elsewhere),
            (
                "arn:aws:rds:*:123456789012:cluster-snapshot:orders",
                Width::Wide,
            ),
            (
                "arn:aws:rds:eu-central-1:*:cluster-snapshot:orders",
                Width::Wide,
            ),
            ("arn:aws:rds:eu-central-1:123456789012:*", Width::Wide),
            (
                "arn:aws:rds:eu-central-1:123456789012:cluster*",
                Width::Wide,
            ),
            ("*", Width::Wide),
        ] {
            assert_eq!(width(kind, resource), expected, "{resource}");
        }
    }
}
