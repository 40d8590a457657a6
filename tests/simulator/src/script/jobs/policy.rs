//! One job, drawn.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{JobKind, JobPlan, SCHEMA, children, parts, table};
use crate::{dice::Dice, store::Store};

pub(super) fn job(
    dice: &mut Dice,
    cluster: &str,
    number: usize,
    begins: Timestamp,
    store: &mut Store,
) -> JobPlan {
    whole(dice, (cluster, number), begins, store, false)
}

/// A purge that takes the place of an EVENT, which is enabled.
pub(super) fn of_event(
    dice: &mut Dice,
    cluster: &str,
    number: usize,
    begins: Timestamp,
    store: &mut Store,
) -> JobPlan {
    whole(dice, (cluster, number), begins, store, true)
}

fn whole(
    dice: &mut Dice,
    (cluster, number): (&str, usize),
    begins: Timestamp,
    store: &mut Store,
    replaces: bool,
) -> JobPlan {
    let most = *dice.pick(&[3_u32, 7, 20]);
    let kind = if replaces { 0 } else { dice.between(0, 9) };
    let (kind, said) = match kind {
        0..=3 => purge(dice, number, begins, store),
        4..=5 => archive(dice, number, begins, store),
        6..=7 => partitions(dice, number, begins, store),
        _ => work(dice),
    };
    // The long clusters' names differ at their ends.
    let end: String = cluster
        .chars()
        .skip(cluster.chars().count().saturating_sub(20))
        .collect();
    let name = format!("job-{number}-{}", end.trim_matches('-'));
    let event = (replaces || dice.chance(15)).then(|| format!("{SCHEMA}.event_{number}"));
    if let Some(event) = &event {
        let enabled = replaces || dice.chance(30);
        store.events.insert(event.clone(), enabled);
    }
    let hours = dice
        .chance(20)
        .then(|| *dice.pick(&[(1, 3), (22, 3), (0, 24)]));
    let catch_up_hours = *dice.pick(&[1, 6, 6]);
    let mut policy = json!({
        "job": name, "cluster": cluster, "secret": format!("job-login-{cluster}"),
        "database": SCHEMA,
        "catch_up": format!("{catch_up_hours}h"), "expire_after": "12h",
        "overlap": *dice.pick(&["skip", "buffer_one"]),
        "pause_after": *dice.pick(&[0, 1, 3]),
        "chunk": {"first": 2, "most": most, "target_ms": *dice.pick(&[20, 200]), "nice_ratio": *dice.pick(&[0.0, 0.3, 5.0])},
        "throttle": throttle(dice),
    });
    if let (Some(policy), Value::Object(said)) = (policy.as_object_mut(), said) {
        policy.extend(said);
    }
    if let Some(event) = &event {
        policy["replaces_event"] = json!(event);
    }
    if let Some((from, to)) = hours {
        policy["windows"] = json!([{"from": format!("{from:02}:00"), "to": format!("{to:02}:00")}]);
    }
    JobPlan {
        name,
        cluster: cluster.to_owned(),
        kind,
        most,
        event,
        hours,
        catch_up_hours,
        policy,
    }
}

fn throttle(dice: &mut Dice) -> Value {
    let critical = if dice.chance(50) {
        json!(20_000)
    } else {
        Value::Null
    };
    json!({
        "replica_lag": {"soft_ms": 1_000, "critical_ms": critical},
        "history_list_length": null, "threads_running": null, "lock_waits": null,
        "every_ms": *dice.pick(&[200, 2_000]), "patience": *dice.pick(&["10s", "2m"]),
    })
}

fn purge(dice: &mut Dice, number: usize, begins: Timestamp, store: &mut Store) -> (JobKind, Value) {
    let name = format!("logs_{number}");
    let (days, marked) = (*dice.pick(&[1, 30, 55]), dice.chance(30));
    let rows = table(dice, begins, 60);
    let child = dice.chance(30).then(|| format!("lines_{number}"));
    let mut said = rows_of(&name, days, marked);
    if let Some(child) = &child {
        let belongs = *dice.pick(&[1, 3, 12]);
        store
            .tables
            .insert(child.clone(), children(dice, &rows, belongs));
        said["children"] = json!([{"table": child, "columns": ["parent"], "references": ["id"]}]);
    }
    store.tables.insert(name.clone(), rows);
    let kind = JobKind::Purge {
        table: name,
        days,
        marked,
        child,
        into: None,
    };
    (kind, json!({"purge": said}))
}

fn archive(
    dice: &mut Dice,
    number: usize,
    begins: Timestamp,
    store: &mut Store,
) -> (JobKind, Value) {
    let name = format!("orders_{number}");
    let into = format!("{name}_archive");
    let days = *dice.pick(&[1, 30, 55]);
    store.tables.insert(name.clone(), table(dice, begins, 40));
    store.table_mut(&into);
    let mut said = rows_of(&name, days, false);
    said["into"] = json!(into);
    let kind = JobKind::Purge {
        table: name,
        days,
        marked: false,
        child: None,
        into: Some(into),
    };
    (kind, json!({"archive": said}))
}

fn rows_of(table: &str, days: i64, marked: bool) -> Value {
    let mut said = json!({"table": table, "column": "at", "older_than": format!("{days}d")});
    if marked {
        said["and"] = json!({"column": "marked", "operator": "=", "value": 1});
    }
    said
}

fn partitions(
    dice: &mut Dice,
    number: usize,
    begins: Timestamp,
    store: &mut Store,
) -> (JobKind, Value) {
    let name = format!("events_{number}");
    let (days, ahead) = (*dice.pick(&[7, 30]), *dice.pick(&[1, 3]));
    let exchange = dice.chance(40);
    let mut rows = table(dice, begins, 40);
    rows.parts = parts(dice, begins);
    store.tables.insert(name.clone(), rows);
    let mut said = json!({
        "table": name, "every": "1d", "ahead": ahead, "keep": format!("{days}d"), "max_drops": 100,
    });
    if exchange {
        said["past"] = json!({"exchange-into": SCHEMA});
    }
    let kind = JobKind::Partitions {
        table: name,
        days,
        ahead,
        exchange,
    };
    (kind, json!({"partitions": said}))
}

fn work(dice: &mut Dice) -> (JobKind, Value) {
    let (takes, budget) = (*dice.pick(&[0, 5, 60]), *dice.pick(&[30, 120]));
    let (noted, again) = (dice.chance(50), dice.chance(30));
    let lost = if again { "again" } else { "report" };
    let said = if noted {
        json!({"statement": {
            "sql": format!("INSERT INTO hourly_{takes} SELECT 1"), "budget": format!("{budget}s"), "lost": lost,
        }})
    } else {
        json!({"call": {"procedure": format!("tidy_{takes}"), "budget": format!("{budget}s"), "lost": lost}})
    };
    let kind = JobKind::Work {
        takes,
        budget,
        noted,
        again,
    };
    (kind, said)
}
