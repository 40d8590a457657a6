//! EVENTs of all kinds, from a seed.

use aurora_sql::Account;
use fastrand::Rng;
use import_events::event::{Event, EventZone, Interval, Schedule, SqlMode, Status, Unit};
use jiff::{Timestamp, civil::DateTime};
use jobs::policy::Name;

use crate::stage::ZONES;

/// Schemas whose names are names only in quotes, too.
pub const SCHEMAS: [&str; 3] = ["app", "we`ird; ä", "select"];

const PIECES: [&str; 12] = [
    "a", "`", "'", "\"", "\\", ";", " ", "--", "日本", "ß", "%", "END",
];

const MODES: [&str; 5] = [
    "",
    "NO_ENGINE_SUBSTITUTION",
    "PIPES_AS_CONCAT,ANSI_QUOTES",
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION",
    "ANSI_QUOTES,NO_BACKSLASH_ESCAPES",
];

const BODIES: [&str; 9] = [
    "DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY",
    "delete from t /* ; */ where `at` <= DATE_SUB(CURDATE(), INTERVAL 1 MONTH) limit 1000",
    "INSERT INTO hourly_stats SELECT COUNT(*), 'it''s' FROM access_logs",
    "CALL tidy(1, 'x', NULL)",
    "BEGIN\n  -- nothing\n  DELETE FROM t WHERE a = 1;\n  INSERT INTO event_execution_log (event_name, status) VALUES ('e', 'SUCCESS');\nEND",
    "IF (SELECT @@innodb_read_only) = 0 THEN DELETE FROM t WHERE a = 1; END IF",
    "BEGIN DECLARE v TEXT; DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN GET DIAGNOSTICS CONDITION 1 v = MESSAGE_TEXT; END; DELETE FROM t; END",
    "UPDATE t SET a = 'ü日' # why\n WHERE b = 2",
    "SET @x = 1",
];

/// An EVENT that fires in the next years, with a number in its name.
pub fn event(rng: &mut Rng, number: usize) -> Event {
    let name = format!("e{number}{}x", pieces(rng, 12));
    let zone = zone(rng);
    let status = [
        Status::Enabled,
        Status::Disabled,
        Status::ReplicaSideDisabled,
    ];
    let time = DateTime::constant(2026, 1, 1, 0, 0, 0, 0);
    Event {
        schema: Name::new(SCHEMAS[rng.usize(..SCHEMAS.len())]).unwrap(),
        name: Name::new(&name).unwrap(),
        definer: definer(rng),
        schedule: schedule(rng, &zone),
        zone,
        status: status[rng.usize(..3)],
        preserved: rng.bool(),
        sql_mode: SqlMode::of(MODES[rng.usize(..MODES.len())]),
        body: BODIES[rng.usize(..BODIES.len())].to_owned(),
        comment: if rng.bool() {
            format!("{}!", pieces(rng, 15))
        } else {
            String::new()
        },
        created: time,
        last_altered: time,
        last_executed: None,
        originator: 1,
    }
}

fn pieces(rng: &mut Rng, most: usize) -> String {
    let count = rng.usize(..most);
    (0..count)
        .map(|_| PIECES[rng.usize(..PIECES.len())])
        .collect()
}

fn definer(rng: &mut Rng) -> Account {
    let users = [("root", "127.0.0.1"), ("no`body", "%"), ("a@b", "10.0.%")];
    let (user, host) = users[rng.usize(..users.len())];
    Account {
        user: user.into(),
        host: host.into(),
    }
}

pub fn zone(rng: &mut Rng) -> EventZone {
    let offsets = ["SYSTEM", "+00:00", "+05:30", "-07:00"];
    let all: Vec<_> = offsets.into_iter().chain(ZONES).collect();
    EventZone::read(all[rng.usize(..all.len())], "UTC").unwrap()
}

fn schedule(rng: &mut Rng, zone: &EventZone) -> Schedule {
    let at = 1_800_000_000 + rng.i64(0..300_000_000);
    let local = |second: i64| zone.local(Timestamp::from_second(second).unwrap());
    if rng.usize(..5) == 0 {
        return Schedule::At(local(at));
    }
    let ends = rng
        .bool()
        .then(|| local(at + 86_400 + rng.i64(0..9_000_000)));
    Schedule::Every {
        interval: interval(rng),
        starts: local(at),
        ends,
    }
}

pub fn interval(rng: &mut Rng) -> Interval {
    let units: Vec<_> = Unit::all().collect();
    let unit = units[rng.usize(..units.len())];
    Interval::new(rng.u32(1..3_000), unit).expect("3,000 years are few months")
}
