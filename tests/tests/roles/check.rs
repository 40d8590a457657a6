//! What is wrong with a function's roles, given what it called.

use std::collections::BTreeMap;

use iam_evaluation::{Coverage, Denied, RecordedCall, Role, Roles, RolesError, Used, excess};
use nightshift_tests::proxy::Call;

use crate::keys;
use crate::recorded::Recorded;
use crate::remedies;

/// The key of the secrets, where one is deployed: `SecretsKeyArns` in `tests/infra/roles.py`.
const SECRETS_KEY: &str =
    "arn:aws:kms:eu-central-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321";

/// Everything that is missing, unused, too wide or said wrongly, in any deployment of the
/// function's template, one sentence each.
pub(crate) fn problems(printed: &str, function: &str, recorded: &Recorded) -> Vec<String> {
    match both(printed, function) {
        Ok(roles) => {
            let problems = roles.iter().flat_map(|roles| of(roles, recorded));
            let unused = keys::unused(printed, function, recorded);
            problems.chain(unused).collect()
        }
        Err(error) => vec![error.to_string()],
    }
}

/// The function's role, and that of its schedules, in each deployment.
fn both(printed: &str, function: &str) -> Result<[Vec<Role>; 2], RolesError> {
    let roles = Roles::parse(printed)?;
    let own = roles.deployments(function)?.into_iter();
    let own = own.map(|role| {
        if role.has("HasSecretsKeys") {
            role.with_secrets_key(SECRETS_KEY)
        } else {
            role
        }
    });
    Ok([own.collect(), roles.schedules(function)?])
}

/// The problems of one role, each with the deployments in which it is one.
fn of(roles: &[Role], recorded: &Recorded) -> Vec<String> {
    let mut problems: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for role in roles {
        for problem in in_deployment(role, recorded) {
            problems.entry(problem).or_default().push(role.deployed());
        }
    }
    let told = problems.into_iter().map(|(problem, mut deployments)| {
        deployments.dedup();
        if deployments.len() == roles.len() {
            problem
        } else {
            format!("{problem} (where {})", deployments.join("; where "))
        }
    });
    told.collect()
}

fn in_deployment(role: &Role, recorded: &Recorded) -> Vec<String> {
    let mut problems = excess::of(role);
    let mut coverage = Coverage::of(role);
    let mut denials = Vec::new();
    for judged in judged(role, recorded) {
        match judged {
            Ok(used) => coverage.add(&used),
            Err(denied) => denials.push(denied.to_string()),
        }
    }
    // Of a call that is denied, the permissions it would have used are not told.
    if denials.is_empty() {
        problems.extend(coverage.unused());
        problems.extend(coverage.misattributed());
    }
    problems.extend(denials);
    problems.sort();
    problems.dedup();
    problems
}

/// What is asked of the role: by the function's calls in this deployment, and by AWS itself.
fn judged(role: &Role, recorded: &Recorded) -> Vec<Result<Used, Denied>> {
    let calls: &[Call] = match role.inbox() {
        _ if role.is_of_schedules() => &[],
        Some(_) => &recorded.with_inbox,
        None => &recorded.without_inbox,
    };
    let calls = calls.iter().filter(|call| made_by(role, call));
    let of_function = calls.map(|call| {
        role.judge(&RecordedCall {
            service: &call.service,
            operation: &call.action,
            params: &call.params,
            place: role.place(),
            tags_of: &|arn| recorded.tags_of(arn),
        })
    });
    of_function.chain(role.judge_services()).collect()
}

/// Whether the function makes this call where it is deployed like this: instances have Enhanced
/// Monitoring, custom endpoints are changed, and a secret is read that the role is not about by a tag,
/// only where the deployment names them.
fn made_by(role: &Role, call: &Call) -> bool {
    let secret = call.params.get("SecretId").map(String::as_str);
    let named = match secret {
        Some(remedies::LOOKS) => role.has("HasDatabaseSecret"),
        Some(remedies::ENDS) => role.has("HasRemedySecret"),
        _ => true,
    };
    let monitored = call.params.contains_key("MonitoringRoleArn");
    let endpoint = call.action == "ModifyDBClusterEndpoint";
    named
        && (!monitored || role.has("HasMonitoringRole"))
        && (!endpoint || role.has("HasCustomEndpoints"))
}
