//! What RDS's events and CloudTrail's records about snapshots mean.

use aurora_model::{
    Choice, Decision, Measure, Plan, Snapshot, SnapshotStatus, Span, tags, words::moment,
};
use handler::trigger::{ApiCall, RdsEvent};
use jiff::Timestamp;
use serde_json::Value;

use crate::{Policy, plan::Create};

/// The name of the metric that says how long a snapshot took.
pub const SNAPSHOT_SECONDS: &str = "SnapshotSeconds";

/// What an RDS event about a snapshot means, given the snapshot as it is now.
#[must_use]
pub fn event(
    policy: &Policy,
    event: &RdsEvent,
    snapshot: Option<&Snapshot>,
    time: Timestamp,
) -> (Plan<Create>, Option<Measure>) {
    let id = &event.source_id;
    let Some(snapshot) = snapshot else {
        let reason = format!(
            "RDS says {:?}, and the snapshot is gone; CloudTrail knows who deleted it",
            event.message
        );
        return (only(Decision::new(id, id, Choice::Leave, reason)), None);
    };
    let decide =
        |choice, reason: String| only(Decision::new(&snapshot.cluster, id, choice, reason));
    if !snapshot.managed_for(policy.schedule.as_str()) {
        return (
            decide(
                Choice::Leave,
                format!("not a {} snapshot of Nightshift", policy.schedule),
            ),
            None,
        );
    }
    match &snapshot.status {
        SnapshotStatus::Failed => {
            let reason = format!(
                "RDS could not make it: {}. The next tick tries again under another name",
                event.message
            );
            (decide(Choice::Alert, reason), None)
        }
        SnapshotStatus::Available => {
            let took = snapshot.created.map(|created| time.duration_since(created));
            let measure = took.map(|took| Measure {
                name: SNAPSHOT_SECONDS,
                seconds: took.as_secs().max(0),
            });
            let said = took.map_or_else(String::new, |took| {
                format!(" after {}", Span::of(took).roughly())
            });
            (decide(Choice::Keep, format!("available{said}")), measure)
        }
        other => (decide(Choice::Keep, format!("{other}")), None),
    }
}

/// What a call to `DeleteDBClusterSnapshot` means that somebody other than Nightshift made.
#[must_use]
pub fn deletion(policy: &Policy, call: &ApiCall, time: Timestamp) -> Plan<Create> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let id = text(&call.request["dBClusterSnapshotIdentifier"]).unwrap_or_default();
    let cluster = text(&call.response["dBClusterIdentifier"]).unwrap_or_else(|| id.clone());
    let decide = |choice, reason: String| only(Decision::new(&cluster, &id, choice, reason));
    if let Some(code) = &call.error_code {
        return decide(
            Choice::Leave,
            format!("{} tried to delete it and RDS refused: {code}", call.caller),
        );
    }
    if by_prune_snapshots(&call.caller) {
        return decide(
            Choice::Leave,
            "prune-snapshots deleted it, and has told why".into(),
        );
    }
    if !managed(policy, &id, &call.response) {
        return decide(
            Choice::Leave,
            format!("not a {} snapshot of Nightshift", policy.schedule),
        );
    }
    let reason = format!(
        "{} deleted it at {}. It cannot be brought back; if that was not meant, see who may call \
         DeleteDBClusterSnapshot",
        call.caller,
        moment(time)
    );
    decide(Choice::Alert, reason)
}

/// Lambda names the session of a function's role after the function.
fn by_prune_snapshots(caller: &str) -> bool {
    caller
        .rsplit('/')
        .next()
        .is_some_and(|session| session.ends_with("prune-snapshots"))
}

/// By its tags where CloudTrail has them, else by its name.
fn managed(policy: &Policy, id: &str, response: &Value) -> bool {
    let tag = |key: &str| {
        let tags = response["tagList"].as_array()?;
        tags.iter().find(|tag| tag["key"] == key)?["value"].as_str()
    };
    match tag(tags::MANAGED_BY) {
        Some(by) => by == tags::NIGHTSHIFT && tag(tags::SCHEDULE) == Some(policy.schedule.as_str()),
        None => named_like_ours(policy, id),
    }
}

fn named_like_ours(policy: &Policy, id: &str) -> bool {
    let date = id
        .rsplit_once(&format!("-{}-", policy.schedule))
        .map(|(_, date)| date);
    date.and_then(|date| date.get(..8))
        .is_some_and(|day| day.bytes().all(|b| b.is_ascii_digit()))
}

fn only(decision: Decision<Create>) -> Plan<Create> {
    Plan {
        decisions: vec![decision],
        ..Plan::empty()
    }
}
