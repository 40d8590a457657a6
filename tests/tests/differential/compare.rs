//! In what two answers differ, after what may differ is taken out.

use std::{collections::BTreeMap, fmt};

use serde_json::Value;

use crate::step::{Outcome, Step};

/// One difference between the answers to a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The step.
    pub step: Step,
    /// Where: `outcome`, or the path of a field; `[]` stands for any item of a list.
    pub at: String,
    /// What the simulator says there.
    pub simulated: String,
    /// What the third party says there.
    pub theirs: String,
}

impl Difference {
    /// Whether `other` is the same in another call of the operation.
    pub fn is_like(&self, other: &Self) -> bool {
        let what = |it: &Self| (it.step.operation, it.at.clone(), it.simulated.clone());
        what(self) == what(other) && self.theirs == other.theirs
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            step,
            at,
            simulated,
            theirs,
        } = self;
        write!(
            f,
            "{step}\n    {at}\n    the simulator: {simulated}\n    third party:   {theirs}"
        )
    }
}

/// What there is only on one side.
pub const NOTHING: &str = "(nothing)";

/// What only has to be there, as every side makes its own: identifiers that never come again,
/// the names of hosts, the zone an instance came to, the hour that maintenance may have.
const OPAQUE: [&str; 9] = [
    "address",
    "availability_zone",
    "db_cluster_resource_id",
    "dbi_resource_id",
    "hosted_zone_id",
    "message_id",
    "next_token",
    "preferred_maintenance_window",
    "reader_endpoint",
];
/// By what the items of lists are told apart.
const KEYS: [&str; 13] = [
    "db_cluster_snapshot_identifier",
    "db_instance_identifier",
    "db_cluster_identifier",
    "db_cluster_parameter_group_name",
    "db_parameter_group_name",
    "key",
    "alarm_name",
    "endpoint",
    "topic_arn",
    "version_id",
    "id",
    "name",
    "arn",
];

/// In what the answers to `step` differ. Of an answer only what the simulator gives is compared.
pub fn differences(step: &Step, simulated: &Outcome, theirs: &Outcome) -> Vec<Difference> {
    let mut found = Found {
        step,
        all: Vec::new(),
    };
    if simulated.kind() == theirs.kind() {
        found.compare("", &simulated.body, &theirs.body);
    } else {
        found.differ("outcome", simulated.kind(), theirs.kind());
    }
    found.all
}

struct Found<'a> {
    step: &'a Step,
    all: Vec<Difference>,
}

impl Found<'_> {
    fn differ(&mut self, at: &str, simulated: String, theirs: String) {
        let difference = Difference {
            step: self.step.clone(),
            at: at.to_owned(),
            simulated,
            theirs,
        };
        if !self.all.contains(&difference) {
            self.all.push(difference);
        }
    }

    fn compare(&mut self, at: &str, simulated: &Value, theirs: &Value) {
        match (simulated, theirs) {
            // The simulator does not have this field, or has no value for it.
            (Value::Null, _) => {}
            (Value::Object(ours), Value::Object(other)) => {
                for (name, field) in ours {
                    let path = if at.is_empty() {
                        name.clone()
                    } else {
                        format!("{at}.{name}")
                    };
                    self.compare(&path, field, other.get(name).unwrap_or(&Value::Null));
                }
            }
            // An empty list and none are the same in XML.
            (Value::Array(ours), Value::Null) => self.lists(at, ours, &[]),
            (Value::Array(ours), Value::Array(other)) => self.lists(at, ours, other),
            (_, Value::Null) => self.differ(at, told(simulated), NOTHING.to_owned()),
            _ if opaque(at) => {}
            _ if told(simulated) == told(theirs) || both_arns(at, simulated, theirs) => {}
            _ => self.differ(at, told(simulated), told(theirs)),
        }
    }

    /// Items with the same key are compared; the others are on one side only.
    fn lists(&mut self, at: &str, simulated: &[Value], theirs: &[Value]) {
        let at = format!("{at}[]");
        let (ours, other) = (by_key(simulated), by_key(theirs));
        for (key, item) in &ours {
            match other.get(key) {
                Some(same) => self.compare(&at, item, same),
                None => self.differ(&at, key.clone(), NOTHING.to_owned()),
            }
        }
        for key in other.keys().filter(|key| !ours.contains_key(*key)) {
            self.differ(&at, NOTHING.to_owned(), key.clone());
        }
    }
}

fn by_key(items: &[Value]) -> BTreeMap<String, &Value> {
    let key = |item: &Value| {
        let named = KEYS
            .iter()
            .find_map(|key| item.get(key)?.as_str().map(without_suffix));
        named.unwrap_or_else(|| told(item))
    };
    items.iter().map(|item| (key(item), item)).collect()
}

fn opaque(at: &str) -> bool {
    let last = at.rsplit('.').next().unwrap_or(at);
    OPAQUE.contains(&last) || at.ends_with("clusters[].endpoint") || at == "db_cluster.endpoint"
}

/// The ARN of a subscription ends in an identifier that never comes again; of a pending one there
/// is none.
fn both_arns(at: &str, simulated: &Value, theirs: &Value) -> bool {
    let arn = |value: &Value| value.as_str().is_some_and(|text| text.starts_with("arn:"));
    at.ends_with("subscription_arn") && arn(simulated) && arn(theirs)
}

fn told(value: &Value) -> String {
    match value {
        Value::String(text) => without_suffix(text),
        other => other.to_string(),
    }
}

/// The ARN of a secret ends in six characters that nobody can know.
fn without_suffix(text: &str) -> String {
    match text.rsplit_once('-') {
        Some((name, suffix)) if text.contains(":secret:") && suffix.len() == 6 => {
            format!("{name}-(suffix)")
        }
        _ => text.to_owned(),
    }
}
