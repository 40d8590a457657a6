//! An EVENT, as plain data.

mod interval;
mod read;
mod spell;
mod zone;

use aurora_sql::Account;
use jiff::civil::DateTime;
use jobs::policy::Name;

pub(crate) use self::spell::quoted;
pub use self::{
    interval::{Interval, Length, Unit},
    read::{COLUMNS, Unreadable},
    spell::Spelling,
    zone::EventZone,
};

/// An EVENT as `information_schema.EVENTS` shows it. All its times are those of its own zone, but
/// for `created` and `last_altered`, which the server shows in the zone of the session that asks.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-events-table.html>
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The schema it belongs to: what its body finds tables in.
    pub schema: Name,
    /// Its name.
    pub name: Name,
    /// The account with whose rights it runs.
    pub definer: Account,
    /// The zone of its schedule, and of the session it runs in.
    pub zone: EventZone,
    /// When it fires.
    pub schedule: Schedule,
    /// Whether it fires.
    pub status: Status,
    /// Whether it is kept once it can fire no more.
    pub preserved: bool,
    /// The `sql_mode` it runs with.
    pub sql_mode: SqlMode,
    /// What it does: the text behind `DO`.
    pub body: String,
    /// What its author noted.
    pub comment: String,
    /// When it was made.
    pub created: DateTime,
    /// When it was changed last.
    pub last_altered: DateTime,
    /// When it began to run last. The server keeps it for an EVENT that failed as well.
    pub last_executed: Option<DateTime>,
    /// The server it was made on, by its `server_id`.
    pub originator: u64,
}

impl Event {
    /// As `replaces_event` of a job names it: `schema.name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }
}

/// When an EVENT fires.
/// <https://dev.mysql.com/doc/refman/8.0/en/create-event.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// Once.
    At(DateTime),
    /// Again and again.
    Every {
        /// How far its firings are apart.
        interval: Interval,
        /// The first; the server fills it in where nobody said one.
        starts: DateTime,
        /// It does not fire after this.
        ends: Option<DateTime>,
    },
}

/// Whether an EVENT fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It fires, where the server's `event_scheduler` is on.
    Enabled,
    /// It does not.
    Disabled,
    /// It does not, because this server had it by replication and another is to run it. Such an
    /// EVENT stays so when the replica is promoted.
    /// <https://dev.mysql.com/doc/refman/8.0/en/replication-features-invoked.html>
    ReplicaSideDisabled,
}

/// How MySQL reads SQL: the flags of a `sql_mode`, by their names.
/// <https://dev.mysql.com/doc/refman/8.0/en/sql-mode.html>
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SqlMode(Vec<String>);

impl SqlMode {
    /// What the sessions of `run-job` have: MySQL's default.
    pub const OURS: [&str; 6] = [
        "ONLY_FULL_GROUP_BY",
        "STRICT_TRANS_TABLES",
        "NO_ZERO_IN_DATE",
        "NO_ZERO_DATE",
        "ERROR_FOR_DIVISION_BY_ZERO",
        "NO_ENGINE_SUBSTITUTION",
    ];

    /// The flags in a list such as `ANSI_QUOTES,STRICT_TRANS_TABLES`.
    #[must_use]
    pub fn of(list: &str) -> Self {
        let flags = list.split(',').map(|flag| flag.trim().to_uppercase());
        Self(flags.filter(|flag| !flag.is_empty()).collect())
    }

    /// Whether it has this flag.
    #[must_use]
    pub fn has(&self, flag: &str) -> bool {
        self.0.iter().any(|own| own == flag)
    }

    /// The flags that it has and `run-job` has not, and those that `run-job` has and it has not.
    #[must_use]
    pub fn beside_ours(&self) -> (Vec<&str>, Vec<&'static str>) {
        let own = self.0.iter().map(String::as_str);
        let more = own.filter(|flag| !Self::OURS.contains(flag)).collect();
        let less = Self::OURS.into_iter().filter(|flag| !self.has(flag));
        (more, less.collect())
    }
}

impl std::fmt::Display for SqlMode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join(","))
    }
}

/// An EVENT for tests.
#[cfg(test)]
pub(crate) fn sample() -> Event {
    let time = DateTime::constant(2026, 1, 1, 2, 0, 0, 0);
    let day = Interval::new(1, Unit::Day).unwrap();
    Event {
        schema: Name::new("app").unwrap(),
        name: Name::new("cleanup_old_logs").unwrap(),
        definer: Account {
            user: "admin".into(),
            host: "%".into(),
        },
        zone: EventZone::read("SYSTEM", "UTC").unwrap(),
        schedule: Schedule::Every {
            interval: day,
            starts: time,
            ends: None,
        },
        status: Status::Enabled,
        preserved: false,
        sql_mode: SqlMode::of(&SqlMode::OURS.join(",")),
        body: "DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY".into(),
        comment: String::new(),
        created: time,
        last_altered: time,
        last_executed: None,
        originator: 1,
    }
}
