//! A history as people read it, a line for each step.

use std::fmt::Write as _;

use simulated_aws::{Call, Effect, Record};

use crate::{
    history::History,
    script::Script,
    step::{Step, What},
};

/// All steps, one line each.
#[must_use]
pub fn of(history: &History) -> String {
    let mut lines = beginning(&history.script);
    for step in &history.steps {
        if let Some(said) = said(history, &step.what) {
            lines += &line(step, &said);
        }
    }
    lines
}

fn line(step: &Step, said: &str) -> String {
    format!("{}  {said}\n", step.at.strftime("%d %H:%M:%S%.3f"))
}

fn beginning(script: &Script) -> String {
    let mut lines = format!("begins {}, calm from {}\n", script.begins, script.calm);
    let mut put = |line: String| lines.push_str(&line);
    for cluster in &script.clusters {
        let tags: Vec<_> = cluster
            .tags
            .iter()
            .take(4)
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        put(format!(
            "cluster {} {} [{}]\n",
            cluster.id,
            cluster.status,
            tags.join(" ")
        ));
    }
    for snapshot in &script.snapshots {
        let tags: Vec<_> = snapshot
            .tags
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let (id, kind, status) = (&snapshot.id, &snapshot.kind, &snapshot.status);
        put(format!(
            "snapshot {id} of {}, {kind}, {status}, {} [{}]\n",
            snapshot.cluster,
            snapshot.created,
            tags.join(" ")
        ));
    }
    for function in ["take-snapshot", "prune-snapshots"] {
        put(format!(
            "policy of {function}: {}\n",
            script.policy(function)
        ));
    }
    put(format!(
        "quota {}, {:?}\n{:?}\n",
        script.quota, script.lambda, script.weather
    ));
    lines
}

fn said(history: &History, what: &What) -> Option<String> {
    Some(match what {
        What::Delivered { chain } => {
            let of = &history.chains[*chain];
            format!(
                "{} gets event {chain} of {}: {}",
                of.function,
                of.time,
                cause(&of.payload)
            )
        }
        What::Throttled { chain } => format!(
            "event {chain} waits: {} is busy",
            history.chains[*chain].function
        ),
        What::Began { run } => format!(
            "{} begins, for event {}",
            name(history, *run),
            history.runs[*run].chain
        ),
        What::Called(record) => called(history, record),
        What::Answered(_) => return None,
        What::Changed { by, effects } => format!("{by}: {}", list(effects)),
        What::Ended { run, ending } => format!("{} ends: {ending}", name(history, *run)),
        What::GivenUp { chain } => format!("Lambda gives event {chain} up"),
        What::DeadLetter { chain } => format!("event {chain} lies in the dead-letter queue"),
        What::Over => "over".into(),
    })
}

fn cause(payload: &serde_json::Value) -> String {
    let event = &payload["event"];
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    if payload.get("requestContext").is_some() {
        return "a failure record".into();
    }
    if event.get("schedule_arn").is_some() {
        return if payload["tick"] == true {
            "a tick".into()
        } else {
            "a schedule".into()
        };
    }
    format!(
        "{} {}",
        text(&event["detail-type"]),
        text(&event["detail"]["SourceIdentifier"])
    )
}

fn name(history: &History, run: usize) -> String {
    format!("{}#{run}", history.chain_of(run).function)
}

fn called(history: &History, record: &Record) -> String {
    let who = usize::try_from(record.who)
        .ok()
        .filter(|run| *run < history.runs.len());
    let who = who.map_or_else(|| "somebody".into(), |run| name(history, run));
    let mut said = format!("{who} [{}] {}", record.number, asked(&record.call));
    if let Some(fault) = &record.fault {
        let _ = write!(said, " -> {fault}");
    } else if let Some((status, Some(code))) = &record.answer {
        let _ = write!(said, " -> {status} {code}");
    }
    if !record.effects.is_empty() {
        let _ = write!(said, ": {}", list(&record.effects));
    }
    said
}

fn asked(call: &Call) -> String {
    let of = [
        "DBClusterSnapshotIdentifier",
        "DBClusterIdentifier",
        "Marker",
        "Subject",
    ];
    let said = of.iter().find_map(|member| call.text(member));
    format!("{} {}", call.operation, said.unwrap_or_default())
        .trim_end()
        .to_owned()
}

fn list(effects: &[Effect]) -> String {
    effects.iter().map(effect).collect::<Vec<_>>().join("; ")
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::SnapshotCreated(snapshot) => format!("{} is begun", snapshot.id),
        Effect::SnapshotChanged { snapshot, from } => {
            format!("{}: {from} -> {}", snapshot.id, snapshot.status)
        }
        Effect::SnapshotDeleted(snapshot) => format!("{} is deleted", snapshot.id),
        Effect::ClusterChanged { cluster, from } => {
            format!("{}: {from} -> {}", cluster.id, cluster.status)
        }
        Effect::InstanceCreated(instance) => format!("{} is begun", instance.id),
        Effect::InstanceChanged { instance, from } => {
            format!("{}: {from} -> {}", instance.id, instance.status)
        }
        Effect::InstanceDeleted(instance) => format!("{} is deleted", instance.id),
        Effect::Event(event) => format!("event {} of {}", event.id, event.source),
        Effect::Published(message) => {
            format!("a mail: {}", message.subject.as_deref().unwrap_or_default())
        }
        other => format!("{other:?}"),
    }
}
