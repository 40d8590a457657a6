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
        ("run-job", _) => of_job(field("job"), field("cluster")),
        ("import-events", _) => of_events(field("action"), field("cluster")),
        ("scale-readers", _) => {
            format!(
                ", to see how many readers are wanted{}",
                on(field("cluster"))
            )
        }
        ("remedy-alarm", Cause::Alarm(_)) => {
            ", to find out what is the matter and to do what its policy allows; the alarm may ring still"
                .into()
        }
        ("remedy-alarm", _) => ", to see whether an alarm rings and what is the matter".into(),
        (crate::NAME, _) => ", to tell you of it".into(),
        _ => String::new(),
    }
}

fn of_job(job: Option<&Value>, cluster: Option<&Value>) -> String {
    match job.and_then(Value::as_str) {
        Some(job) => format!(", to run the job {job}{}", on(cluster)),
        None => format!(", to run a job{}", on(cluster)),
    }
}

/// An action is an object with its name as the one field.
fn of_events(action: Option<&Value>, cluster: Option<&Value>) -> String {
    let mut actions = action.and_then(Value::as_object).into_iter().flatten();
    let (name, action) = actions.next().unzip();
    let event = action.and_then(|action| action.get("event")?.as_str());
    let event = event.map_or_else(|| "an EVENT".into(), |event| format!("the EVENT {event}"));
    let what = match name.map(String::as_str) {
        Some("cut-over") => format!("to hand {event} over to its job"),
        Some("roll-back") => format!("to hand {event} back from its job"),
        Some("status") => "to say who runs each EVENT".into(),
        _ => "to look at the EVENTs".into(),
    };
    format!(", {what}{}", on(cluster))
}

fn on(cluster: Option<&Value>) -> String {
    let named = cluster.and_then(Value::as_str);
    named.map_or_else(String::new, |cluster| format!(" on the cluster {cluster}"))
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
