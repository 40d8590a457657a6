//! A history as people read it, a line for each step.

use std::fmt::Write as _;

use simulated_aws::{Call, Effect, Record};

use crate::{
    activity::Told,
    database::Query,
    history::History,
    script::{Database, Jobs, ROTATES, Remedies, Script},
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
    for line in script.database.iter().flat_map(databases) {
        put(line + "\n");
    }
    for line in script.remedies.iter().flat_map(remedies) {
        put(line + "\n");
    }
    for line in script.jobs.iter().flat_map(jobs) {
        put(line + "\n");
    }
    let of_rotations = script.database.as_ref().map(|_| ROTATES);
    let of_snapshots = ["take-snapshot", "prune-snapshots"];
    let of_snapshots = of_snapshots
        .into_iter()
        .filter(|_| of_rotations.is_none() && script.jobs.is_none() && script.remedies.is_none());
    for function in of_snapshots.chain(of_rotations) {
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

fn remedies(remedies: &Remedies) -> Vec<String> {
    let policies = remedies.plans.iter().flat_map(|plan| &plan.policies);
    let policies = policies.map(|(since, policy)| format!("policy from {since}: {policy}"));
    let clients = remedies.plans.iter().flat_map(|plan| &plan.clients);
    let clients = clients.map(|it| {
        let (user, program) = (it.user.unwrap_or("nobody"), it.program.unwrap_or("nothing"));
        format!(
            "client {user} ({program}) of {}: {:?}",
            it.instance, it.habit
        )
    });
    let (most, startled) = (remedies.max_connections, remedies.startled);
    let servers = format!(
        "{most} connections, {startled} % startled, {:?}",
        remedies.weather
    );
    policies.chain(clients).chain([servers]).collect()
}

fn jobs(jobs: &Jobs) -> Vec<String> {
    let policies = jobs.jobs.iter();
    let policies =
        policies.map(|job| format!("job {} of {}: {}", job.name, job.cluster, job.policy));
    let stores = jobs.stores.iter().flat_map(|(cluster, store)| {
        let tables = store.tables.iter().map(move |(name, table)| {
            let (rows, parts) = (table.rows.len(), table.parts.len());
            format!("table {name} of {cluster}: {rows} rows, {parts} partitions")
        });
        let ledger = store.ledger.is_some();
        let events = &store.events;
        let (may, there) = (store.may_create, ledger);
        tables.chain([format!(
            "ledger of {cluster}: there {there}, may be made {may}; EVENTs {events:?}"
        )])
    });
    policies
        .chain(stores)
        .chain([format!("{:?}", jobs.weather)])
        .collect()
}

fn databases(database: &Database) -> Vec<String> {
    let servers = database.servers.iter().map(|it| {
        let dual = if it.dual { "" } else { "no " };
        format!(
            "servers of {}: {dual}dual passwords, lags {:?} ms",
            it.cluster, it.lags
        )
    });
    let accounts = database.accounts.iter().map(|it| {
        let (account, cluster) = (&it.account, &it.cluster);
        let locked = if it.locked { ", locked" } else { "" };
        let (primary, secondary) = (&it.primary, it.secondary.as_deref().unwrap_or("none"));
        format!(
            "account {account} of {cluster}: {primary}, {secondary}, {}{locked} {:?} {:?}",
            it.plugin, it.options, it.grants
        )
    });
    let secrets = database.secrets.iter().map(|it| {
        let versions = it.versions.iter().map(|version| {
            let dropped = if version.dropped { " taken off" } else { "" };
            format!(
                "{} {} h ago {}{dropped}",
                version.password, version.age_hours, version.label
            )
        });
        let versions: Vec<String> = versions.collect();
        let every = it
            .every_hours
            .map_or_else(|| "never".into(), |hours| format!("each {hours} h"));
        format!(
            "secret {}, {}, by {}, rotated {every}: {}",
            it.name,
            it.tag,
            it.superuser.as_deref().unwrap_or("itself"),
            versions.join(", ")
        )
    });
    let weather = format!("{:?}", database.weather);
    servers
        .chain(accounts)
        .chain(secrets)
        .chain([weather])
        .collect()
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
        What::Asked(query) => asked_of(history, query),
        What::Glanced(run, seen) => {
            let (run, count) = (name(history, *run), seen.sessions.len());
            format!("{run} on {}: looks at {count} sessions", seen.instance)
        }
        What::Told(told) => told_to_end(history, told),
        What::CaughtUp { instance } => format!("{instance} knows of it"),
        What::ByHand(said) => format!("somebody {said}"),
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
    if let Some(step) = payload["Step"].as_str() {
        let token = text(&payload["ClientRequestToken"]);
        return format!(
            "{step} of {} to {}",
            text(&payload["SecretId"]),
            short(&token)
        );
    }
    if payload.get("requestContext").is_some() {
        return "a failure record".into();
    }
    if event["schedule_arn"] == "by-hand" {
        return format!("by hand, {}", payload["policy"]["action"]);
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

fn told_to_end(history: &History, told: &Told) -> String {
    let (run, what) = (name(history, told.who), format!("{:?}", told.ending));
    let fault = told
        .fault
        .map(|fault| format!(" -> {fault}"))
        .unwrap_or_default();
    let victim = told.victim.as_ref().map(ToString::to_string);
    let victim = victim.unwrap_or_else(|| "nobody".into());
    format!(
        "{run} on {}: ends {what} of {}{fault}: {victim}",
        told.instance, told.id
    )
}

fn asked_of(history: &History, query: &Query) -> String {
    let Query {
        instance,
        said,
        fault,
        changed,
        told,
        ..
    } = query;
    let mut line = format!("{} on {instance}: {said}", name(history, query.who));
    if let Some(fault) = fault {
        let _ = write!(
            line,
            " -> {fault}{}",
            if *changed { ", and it took effect" } else { "" }
        );
    } else if let Err(error) = told {
        let _ = write!(line, " -> {error}");
    }
    line
}

fn asked(call: &Call) -> String {
    let of = [
        "DBClusterSnapshotIdentifier",
        "DBClusterIdentifier",
        "Marker",
        "Subject",
        "VersionStage",
        "VersionId",
        "SecretId",
        "Name",
    ];
    let said = of.iter().find_map(|member| call.text(member));
    let state = call.text("State").unwrap_or_default();
    format!("{} {} {state}", call.operation, said.unwrap_or_default())
        .trim_end()
        .to_owned()
}

fn list(effects: &[Effect]) -> String {
    effects.iter().map(effect).collect::<Vec<_>>().join("; ")
}

/// A version's id is long, and begins or ends with what tells it apart.
fn short(id: &str) -> &str {
    id.get(..13).unwrap_or(id)
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::LabelMoved {
            label, from, to, ..
        } => {
            let name = |id: &Option<String>| id.as_deref().map_or("none", short).to_owned();
            format!("{label}: {} -> {}", name(from), name(to))
        }
        Effect::Rotation(invocation) => format!("{} is called", invocation.step.name()),
        Effect::WriterChanged { cluster, from } => {
            let writer = cluster.members.first().map_or("nobody", String::as_str);
            format!("{writer} is the writer instead of {from}")
        }
        Effect::Other { operation, subject } => {
            format!(
                "{operation} of {}",
                subject.rsplit(':').next().unwrap_or(subject)
            )
        }
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
