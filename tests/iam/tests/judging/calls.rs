//! What a role allows of calls, and what they used of it.

use iam_evaluation::{Coverage, Roles, excess};
use serde_json::{Value, json};

use crate::{TOPIC, allow, create, delete, made, publish, role, roles, statement, statements};

#[test]
fn what_the_role_is_for_is_allowed_and_every_permission_is_used() {
    let role = role(&statements());
    let mut coverage = Coverage::of(&role);
    assert_eq!(
        coverage.unused().len(),
        7 + 2 + 2,
        "{:?}",
        coverage.unused()
    );
    for call in [create("nightshift"), delete("ours-1"), publish(TOPIC)] {
        coverage.add(&call.by(&role).unwrap());
    }
    for used in role.judge_services() {
        coverage.add(&used.unwrap());
    }
    assert_eq!(coverage.unused(), [""; 0]);
    assert_eq!(coverage.misattributed(), [""; 0]);
    assert_eq!(excess::of(&role), [""; 0]);
}

#[test]
fn what_another_run_used_counts_too() {
    let role = role(&statements());
    let mut halves = [Coverage::of(&role), Coverage::of(&role)];
    halves[0].add(&create("nightshift").by(&role).unwrap());
    halves[1].add(&delete("ours-1").by(&role).unwrap());
    let [mut first, second] = halves;
    first.merge(&second);
    assert_eq!(first.unused().len(), 2 + 2 + 2, "{:?}", first.unused());
}

#[test]
fn a_denial_says_which_function_action_and_resource_and_which_statement_came_nearest() {
    let role = role(&statements());
    for (call, said) in [
        (
            create("someone"),
            "f may not rds:CreateDBClusterSnapshot on arn:aws:rds:eu-central-1:123456789012:cluster:orders: the \
             nearest statement, Create, asks for StringEquals aws:RequestTag/nightshift:managed-by: nightshift",
        ),
        (
            delete("theirs-1"),
            "f may not rds:DeleteDBClusterSnapshot on \
             arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:theirs-1: the nearest statement, Delete, asks \
             for StringEquals aws:ResourceTag/nightshift:managed-by: nightshift",
        ),
        (
            publish("arn:aws:sns:eu-central-1:123456789012:other"),
            "f may not sns:Publish on arn:aws:sns:eu-central-1:123456789012:other: the nearest statement, Publish, is \
             about arn:aws:sns:eu-central-1:123456789012:inbox",
        ),
        (
            made("rds", "DescribeEvents", &[]),
            "f may not rds:DescribeEvents on *: no statement has this action",
        ),
        (
            made("rds", "StopDBCluster", &[]),
            "f: rds:StopDBCluster: not in service-authorization.json and calls.json: add what AWS documents",
        ),
    ] {
        let denied = call.by(&role).unwrap_err();
        assert_eq!(denied.to_string(), said);
        assert!(!denied.is_of_absent_resource());
    }
}

#[test]
fn deleting_what_is_gone_is_told_apart_from_deleting_what_is_not_ours() {
    let denied = delete("gone-1").by(&role(&statements())).unwrap_err();
    assert!(denied.is_of_absent_resource(), "{denied}");
}

#[test]
fn a_create_with_tags_needs_the_permission_to_tag() {
    let mut without = statements();
    without.remove(1);
    let denied = create("nightshift")
        .by(&role(&without))
        .unwrap_err()
        .to_string();
    let said = "rds:AddTagsToResource on arn:aws:rds:eu-central-1:123456789012:cluster-snapshot:new (asked by rds)";
    assert!(denied.contains(said), "{denied}");
}

#[test]
fn each_deployment_has_the_statements_of_its_conditions() {
    let roles = roles(&statements());
    assert_eq!(roles.functions().collect::<Vec<_>>(), ["f"]);
    let roles = roles.deployments("f").unwrap();
    let counts: Vec<usize> = roles
        .iter()
        .map(|role| role.policy().statements().len())
        .collect();
    assert_eq!(counts, [5, 6, 7]);
    assert_eq!(roles[0].inbox(), None);
    assert_eq!(roles[1].inbox(), Some(TOPIC));
    assert_eq!(roles[1].deployed(), "HasInbox and not HasKey");
}

#[test]
fn what_two_statements_allow_is_needed_in_neither() {
    let mut twice = statements();
    let resource = json!("arn:aws:sns:eu-central-1:123456789012:in*");
    let again = allow("Again", &json!("sns:Publish"), &resource, &Value::Null);
    twice.push(statement("function", "always", &again));
    let role = role(&twice);
    let mut elsewhere = Coverage::of(&role);
    elsewhere.add(&publish(TOPIC).by(&role).unwrap());
    let mut coverage = Coverage::of(&role);
    coverage.merge(&elsewhere);
    coverage.merge(&elsewhere);
    let unused = coverage.unused();
    for sid in ["Publish", "Again"] {
        let why = "which something else in the role allows too";
        let sentence = format!("f: {sid} allows sns:Publish, {why}");
        assert!(unused.contains(&sentence), "{unused:?}");
    }
}

#[test]
fn a_statement_used_by_another_than_is_said_is_found() {
    let mut wrong = statements();
    wrong[1]["by"] = "function".into();
    let role = role(&wrong);
    let mut coverage = Coverage::of(&role);
    coverage.add(&create("nightshift").by(&role).unwrap());
    assert_eq!(
        coverage.misattributed(),
        ["f: Tag is said to be used by function, and is used by rds"]
    );
}

#[test]
fn a_condition_on_what_is_not_known_here_is_an_error() {
    let role = |effect: &str, action: &str, key: &str| {
        let condition = json!({"StringEquals": {(key): "x"}});
        let mut iam = allow("S", &json!(action), &json!("*"), &condition);
        iam["Effect"] = effect.into();
        roles(&[statement("function", "always", &iam)]).role("f")
    };
    for (effect, action, key, known) in [
        (
            "Allow",
            "rds:DeleteDBClusterSnapshot",
            "aws:ResourceTag/team",
            true,
        ),
        (
            "Allow",
            "rds:DeleteDBClusterSnapshot",
            "aws:SourceVpce",
            false,
        ),
        // A parameter of the one call, and nothing of the other.
        ("Allow", "rds:CreateDBInstance", "rds:DatabaseClass", true),
        ("Allow", "rds:RebootDBInstance", "rds:DatabaseClass", false),
        ("Deny", "rds:Reboot*", "rds:DatabaseClass", false),
        ("Deny", "*", "aws:SourceVpce", false),
    ] {
        match role(effect, action, key) {
            Ok(_) => assert!(known, "{key} with {action}"),
            Err(error) => assert!(!known && error.to_string().contains(key), "{error}"),
        }
    }
}

#[test]
fn a_function_without_a_role_and_a_text_that_is_none_are_errors() {
    assert!(
        roles(&statements())
            .role("other")
            .unwrap_err()
            .to_string()
            .contains("other")
    );
    assert!(Roles::parse("{}").is_err());
}
