//! What a run was going to do, from its trigger and its policy.

use aurora_model::{
    ScheduleName, Selector,
    words::{count, list},
};
use handler::{Cause, Trigger};
use serde_json::Value;

use crate::function::Function;

/// More names than these are only counted.
const NAMES: usize = 5;

/// `, to take the nightly snapshots of …`; nothing where it is not known. The policy may be the
/// very thing that was wrong: what cannot be read of it is left out.
pub(crate) fn of(function: &Function, trigger: &Trigger, policy: Option<&Value>) -> String {
    let field = |name: &str| policy.and_then(|policy| policy.get(name));
    let schedule = field("schedule").and_then(Value::as_str);
    let selector =
        field("clusters").and_then(|clusters| serde_json::from_value(clusters.clone()).ok());
    let snapshots = schedule.map_or_else(|| "snapshots".into(), |name| format!("{name} snapshots"));
    let clusters = clusters(schedule, selector);
    match (function.name.as_str(), &trigger.cause) {
        ("take-snapshot", Cause::Schedule | Cause::Tick | Cause::Alarm(_)) => {
            format!(", to take the {snapshots} of {clusters}")
        }
        ("take-snapshot", _) => {
            ", to see whether a snapshot succeeded, failed or was deleted".into()
        }
        ("prune-snapshots", _) => {
            format!(", to delete the {snapshots} of {clusters} that no rule of its policy keeps")
        }
        ("rotate-secret", Cause::Rotation(step)) => format!(", for the step {}", step.step),
        ("rotate-secret", _) => {
            ", to look after the secrets it rotates and to mend what an earlier rotation left"
                .into()
        }
        (crate::NAME, _) => ", to tell you of it".into(),
        _ => String::new(),
    }
}

fn clusters(schedule: Option<&str>, selector: Option<Selector>) -> String {
    let by_schedule = || {
        schedule
            .and_then(ScheduleName::new)
            .map(|name| Selector::by_schedule(&name))
    };
    match selector.or_else(by_schedule) {
        Some(Selector::Ids(ids)) if ids.len() == 1 => format!("the cluster {}", list(&ids)),
        Some(Selector::Ids(ids)) if ids.len() <= NAMES => format!("the clusters {}", list(&ids)),
        Some(Selector::Ids(ids)) => {
            let rest = count(ids.len() - NAMES, "other");
            format!("the clusters {} and {rest}", ids[..NAMES].join(", "))
        }
        Some(Selector::Tag { key, value }) => format!("the clusters tagged {key}={value}"),
        None => "the clusters of its policy".into(),
    }
}
