//! EVENTs of the simulator's store as a server shows them.

use aurora_sql::Account;
use import_events::{
    database::{Found, Status},
    event::COLUMNS,
};
use simulator::{
    script::USER,
    store::{Made, Store},
};

const CREATED: &str = "2020-01-01 03:00:00";

/// Every EVENT.
pub(super) fn all(store: &Store) -> Vec<Found> {
    let names = store.events.keys();
    names.filter_map(|name| one(store, name)).collect()
}

/// This one.
pub(super) fn one(store: &Store, event: &str) -> Option<Found> {
    let enabled = *store.events.get(event)?;
    let (schema, name) = event.split_once('.')?;
    let status = if enabled {
        Status::Enabled
    } else {
        Status::Disabled
    };
    let made = store.made.get(event);
    let last = made.and_then(|made| made.last);
    let last = last.map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let columns = COLUMNS.map(|column| {
        let text = match column {
            "EVENT_SCHEMA" => schema.to_owned(),
            "EVENT_NAME" => name.to_owned(),
            "DEFINER" => definer().to_string(),
            "TIME_ZONE" => "SYSTEM".to_owned(),
            "EVENT_DEFINITION" => made.map(body).unwrap_or_default(),
            "EVENT_TYPE" => "RECURRING".to_owned(),
            "INTERVAL_VALUE" | "ORIGINATOR" => "1".to_owned(),
            "INTERVAL_FIELD" => "DAY".to_owned(),
            "SQL_MODE" => "STRICT_TRANS_TABLES".to_owned(),
            "STARTS" | "CREATED" | "LAST_ALTERED" => CREATED.to_owned(),
            "STATUS" if enabled => "ENABLED".to_owned(),
            "STATUS" => "DISABLED".to_owned(),
            "ON_COMPLETION" => "NOT PRESERVE".to_owned(),
            "LAST_EXECUTED" => return last.clone(),
            "EVENT_COMMENT" => String::new(),
            _ => return None,
        };
        Some(text)
    });
    Some(Found {
        schema: schema.to_owned(),
        name: name.to_owned(),
        status,
        definer: definer(),
        charset: "utf8mb4".into(),
        collation: "utf8mb4_0900_ai_ci".into(),
        last_executed: last,
        over: Some(false),
        until: None,
        passes_away: true,
        columns,
    })
}

/// Whose the EVENTs are.
pub(super) fn definer() -> Account {
    Account {
        user: USER.to_owned(),
        host: "%".to_owned(),
    }
}

fn body(made: &Made) -> String {
    let Made { table, days, .. } = made;
    let mark = if made.marked { " AND marked = 1" } else { "" };
    format!("DELETE FROM {table} WHERE at < NOW() - INTERVAL {days} DAY{mark}")
}

/// As `SHOW CREATE EVENT` has it.
pub(super) fn statement(event: &Found) -> String {
    let status = if event.on() { "ENABLE" } else { "DISABLE" };
    let (name, user) = (&event.name, &event.definer.user);
    let at = COLUMNS.iter().position(|it| *it == "EVENT_DEFINITION");
    let body = at.and_then(|at| event.columns[at].clone());
    format!(
        "CREATE DEFINER=`{user}`@`%` EVENT `{name}` ON SCHEDULE EVERY 1 DAY STARTS '{CREATED}' \
         ON COMPLETION NOT PRESERVE {status} DO {}",
        body.unwrap_or_default()
    )
}
