//! The service authorization reference that is kept here agrees with the copy in cfn-lint, which
//! is another reading of the same pages, and a newer one with each version.

use std::collections::BTreeSet;
use std::process::Command;

use iam_evaluation::{Action, Reference, Roles};
use nightshift_tests::repo;
use serde_json::Value;

use crate::printed;

/// cfn-lint's copy: by service its actions, in lower case, and its resource types.
fn copy() -> Value {
    let script = "import cfnlint.data.AdditionalSpecs as specs, importlib.resources as resources; \
                  print(resources.files(specs).joinpath('Policies.json').read_text())";
    let output = Command::new(repo::python())
        .args(["-c", script])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_slice(&output.stdout).unwrap()
}

fn names(list: &Value) -> BTreeSet<String> {
    let names = list.as_array().into_iter().flatten();
    names
        .map(|name| name.as_str().unwrap().to_lowercase())
        .collect()
}

fn lower<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.map(str::to_lowercase).collect()
}

#[test]
fn reference_agrees_with_cfn_lint() {
    let copy = copy();
    for action in Reference::aws().actions() {
        let (service, operation) = action.lower().split_once(':').unwrap();
        let theirs = &copy[service]["Actions"][operation];
        assert!(theirs.is_object(), "{} is not in the copy", action.name());
        let types = lower(action.resource_types().map(|kind| kind.name()));
        if types != names(&theirs["Resources"]) {
            assert!(
                !action.is_confirmed(),
                "{}: {types:?}, there {theirs}",
                action.name()
            );
            continue;
        }
        types_agree(action, &copy[service]["Resources"]);
    }
}

fn types_agree(action: &Action, theirs: &Value) {
    for kind in action.resource_types() {
        let theirs = &theirs[kind.name().to_lowercase()];
        let keys = lower(kind.condition_keys().iter().map(String::as_str));
        assert_eq!(keys, names(&theirs["ConditionKeys"]), "{}", kind.name());
        let forms = theirs["ARNFormats"].as_array().unwrap();
        let form = kind.form().written();
        let fixed = |form: &str| {
            form.splitn(6, ':').take(5).collect::<Vec<_>>().join(":") + ":" + kind.form().kind()
        };
        let known = forms
            .iter()
            .any(|known| known.as_str().unwrap().starts_with(&fixed(form)));
        assert!(known, "{form} is none of {forms:?}");
    }
}

/// A role with another such action rests on a guess: find out, or name it here.
#[test]
fn what_the_templates_allow_is_documented_but_for_six_actions() {
    let roles = Roles::parse(&printed()).unwrap();
    let roles = roles
        .functions()
        .map(|function| roles.role(function).unwrap());
    let mut doubtful = BTreeSet::new();
    for role in roles {
        for statement in role.policy().statements() {
            let about = |action: &&Action| statement.has_action(action.lower());
            let actions = Reference::aws().actions().filter(about);
            let unconfirmed = actions.filter(|action| !action.is_confirmed());
            doubtful.extend(unconfirmed.map(Action::name));
        }
    }
    let known = [
        "cloudwatch:DescribeAlarms",
        "cloudwatch:GetMetricData",
        "rds:CreateDBInstance",
        "rds:DeleteDBClusterSnapshot",
        "rds:DescribeDBClusterEndpoints",
        "rds:DescribeDBClusterSnapshots",
    ];
    assert_eq!(doubtful, BTreeSet::from(known));
}
