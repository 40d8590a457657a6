//! The tags that a role lets its function set are those that the function sets.

use nightshift_tests::proxy::Call;
use serde_json::Value;

use crate::recorded::Recorded;

/// The operators under which a role names the keys of all tags of a request.
pub(crate) const OPERATORS: [&str; 2] = ["ForAllValues:StringEquals", "ForAllValues:StringLike"];

/// What rotate-secret notes in visits of its doctor that are not recorded here: that it has discarded an old
/// password, and what needs a person.
const ELSEWHERE: [&str; 2] = ["nightshift:retired-before", "nightshift:found"];

/// Each key of a tag that a role of the function names and no call has, one sentence each.
pub(crate) fn unused(printed: &str, function: &str, recorded: &Recorded) -> Vec<String> {
    let roles: Value = serde_json::from_str(printed).unwrap_or_default();
    let roles = roles.as_array().into_iter().flatten();
    let statements = roles.filter(|role| role["function"] == function);
    let statements = statements.filter_map(|role| role["statements"].as_array());
    let unused = |statement: &Value| of(&statement["iam"], &recorded.with_inbox);
    statements.flatten().flat_map(unused).collect()
}

fn of(iam: &Value, calls: &[Call]) -> Vec<String> {
    let actions = list(&iam["Action"]);
    let calls = calls.iter().filter(|call| {
        let action = format!("{}:{}", call.service, call.action);
        actions.contains(&action)
    });
    let set: Vec<String> = calls.flat_map(keys).collect();
    let named = OPERATORS
        .iter()
        .flat_map(|it| list(&iam["Condition"][it]["aws:TagKeys"]));
    let named = named.filter(|key| !ELSEWHERE.contains(&key.as_str()));
    let unused = named.filter(|pattern| !set.iter().any(|key| fits(pattern, key)));
    unused
        .map(|key| format!("{}: no call has the tag {key}", iam["Sid"]))
        .collect()
}

/// The keys of the tags that a call sets or takes away, in a form or in JSON.
fn keys(call: &Call) -> Vec<String> {
    let form = call.params.iter().filter(|(name, _)| {
        name.starts_with("TagKeys.") || name.starts_with("Tags.") && name.ends_with(".Key")
    });
    let mut keys: Vec<String> = form.map(|(_, key)| key.clone()).collect();
    for name in ["Tags", "TagKeys"] {
        let json = call.params.get(name).map_or("[]", String::as_str);
        let tags: Vec<Value> = serde_json::from_str(json).unwrap_or_default();
        let key = |tag: &Value| tag["Key"].as_str().or(tag.as_str()).map(str::to_owned);
        keys.extend(tags.iter().filter_map(key));
    }
    keys
}

fn fits(pattern: &str, key: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => key.starts_with(beginning),
        None => key == pattern,
    }
}

fn list(value: &Value) -> Vec<String> {
    let one = value.as_str().map(str::to_owned).into_iter();
    let several = value.as_array().into_iter().flatten();
    let several = several.filter_map(|it| it.as_str().map(str::to_owned));
    one.chain(several).collect()
}
