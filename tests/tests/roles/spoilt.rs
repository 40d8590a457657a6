//! The check itself is checked: a role with a permission less, one more, or one that is too wide
//! does not pass.

use serde_json::{Value, json};

use crate::check::problems;
use crate::keys;
use crate::recorded::Recorded;

/// Spoils each permission of a function's roles in each way, and asserts that it is noticed.
pub(crate) fn is_noticed(printed: &str, function: &str, recorded: &Recorded) {
    let roles: Value = serde_json::from_str(printed).unwrap();
    for (at, role) in roles.as_array().unwrap().iter().enumerate() {
        if role["function"] != function {
            continue;
        }
        let statements = role["statements"].as_array().unwrap();
        for (number, statement) in statements.iter().enumerate() {
            for spoil in spoils(&statement["iam"], statements) {
                let mut spoilt = roles.clone();
                (spoil.by)(&mut spoilt[at]["statements"][number]["iam"]);
                let problems = problems(&spoilt.to_string(), function, recorded);
                let noticed = problems.iter().any(|problem| problem.contains(&spoil.said));
                let iam = &spoilt[at]["statements"][number]["iam"];
                assert!(noticed, "{function}: {iam:#} is not noticed: {problems:#?}");
            }
        }
    }
}

/// A way to spoil a statement, and what is to be said then.
struct Spoil {
    by: Box<dyn Fn(&mut Value)>,
    said: String,
}

impl Spoil {
    fn new(said: impl Into<String>, by: impl Fn(&mut Value) + 'static) -> Self {
        let (by, said) = (Box::new(by), said.into());
        Self { by, said }
    }
}

fn spoils(iam: &Value, all: &[Value]) -> Vec<Spoil> {
    if iam["Effect"] == "Deny" {
        return spoils_of_deny(iam, &actions(all, "Allow"));
    }
    let (actions, resources) = (list(&iam["Action"]), list(&iam["Resource"]));
    let mut spoils: Vec<Spoil> = actions.iter().map(without).collect();
    spoils.push(Spoil::new("which nothing has used", |iam| {
        let mut actions = list(&iam["Action"]);
        actions.push("rds:RebootDBInstance".into());
        iam["Action"] = actions.into();
    }));
    spoils.push(Spoil::new("has a wildcard", |iam| {
        iam["Action"] = "rds:*".into();
    }));
    // A listing may be of everything.
    let lists = actions
        .iter()
        .all(|action| action.as_str().unwrap().contains(":Describe"));
    let denied = self::actions(all, "Deny");
    let kept = actions.iter().all(|action| denied.contains(action));
    if !lists && !kept && resources != [json!("*")] {
        let said = "is allowed on *, and could be limited to";
        spoils.push(Spoil::new(said, |iam| iam["Resource"] = "*".into()));
    }
    if !iam["Condition"].is_null() && every(&resources[0]) {
        let said = "and no condition narrows it";
        spoils.push(Spoil::new(said, |iam| {
            drop(iam.as_object_mut().unwrap().remove("Condition"));
        }));
    }
    for operator in keys::OPERATORS {
        if iam["Condition"][operator]["aws:TagKeys"].is_array() {
            let said = "no call has the tag any-other";
            spoils.push(Spoil::new(said, move |iam| {
                let keys = &mut iam["Condition"][operator]["aws:TagKeys"];
                keys.as_array_mut().unwrap().push("any-other".into());
            }));
        }
    }
    spoils
}

/// What the function's code is not denied any more is too wide; what is denied to everybody is
/// denied to Lambda.
fn spoils_of_deny(iam: &Value, allowed: &[Value]) -> Vec<Spoil> {
    let denied = list(&iam["Action"]).into_iter();
    let both = denied.filter(|action| allowed.contains(action));
    let mut spoils: Vec<Spoil> = both
        .map(|action| {
            let said = format!("{} on ", action.as_str().unwrap());
            Spoil::new(said, without(&action).by)
        })
        .collect();
    assert!(!spoils.is_empty(), "{iam:#} denies what nothing allows");
    spoils.push(Spoil::new("denies it", |iam| {
        drop(iam.as_object_mut().unwrap().remove("Condition"));
    }));
    spoils
}

/// The actions of all statements that allow, or of all that deny.
fn actions(all: &[Value], effect: &str) -> Vec<Value> {
    let iam = all.iter().map(|statement| &statement["iam"]);
    let with_effect = iam.filter(|iam| iam["Effect"] == effect);
    with_effect.flat_map(|iam| list(&iam["Action"])).collect()
}

/// The same statement about something else than this action, so that it is missing.
fn without(action: &Value) -> Spoil {
    let action = action.clone();
    let said = format!("may not {}", action.as_str().unwrap());
    Spoil::new(said, move |iam| {
        let mut left = list(&iam["Action"]);
        left.retain(|each| *each != action);
        left.push("iam:CreateServiceLinkedRole".into());
        iam["Action"] = left.into();
    })
}

fn list(value: &Value) -> Vec<Value> {
    value
        .as_array()
        .cloned()
        .unwrap_or_else(|| vec![value.clone()])
}

/// Whether it names every resource of a type.
fn every(resource: &Value) -> bool {
    resource.as_str().unwrap().ends_with(":*")
}
