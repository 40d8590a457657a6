//! An EVENT as it was found, before anything is made of it.

use aurora_sql::Account;
use jiff::Timestamp;

/// Whether an EVENT fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It does.
    Enabled,
    /// It does not.
    Disabled,
    /// It does not, because it came by replication: `SLAVESIDE_DISABLED`, from MySQL 8.2 on
    /// `REPLICA_SIDE_DISABLED`.
    ReplicaSide,
}

/// An EVENT as it was found. All texts are the server's.
/// <https://dev.mysql.com/doc/refman/8.0/en/information-schema-events-table.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether it fires.
    pub status: Status,
    /// With whose rights.
    pub definer: Account,
    /// The character set of the client that made it.
    pub charset: String,
    /// The collation of the connection that made it.
    pub collation: String,
    /// When it was begun last, as the server writes it in the EVENT's zone.
    pub last_executed: Option<String>,
    /// Whether it fires no more: it was for one moment that is over, or has ended. `None` where the
    /// server does not know the zone.
    pub over: Option<bool>,
    /// When it is for one moment only, or when it ends.
    pub until: Option<Timestamp>,
    /// Whether it is dropped once it fires no more.
    pub passes_away: bool,
    /// The columns of `information_schema.EVENTS` that [`Event::read`](crate::event::Event::read)
    /// takes.
    pub columns: [Option<String>; crate::event::COLUMNS.len()],
}

/// What changes when an EVENT is enabled, disabled or executed; `ORIGINATOR` after a failover.
const PASSING: [&str; 4] = ["STATUS", "LAST_ALTERED", "LAST_EXECUTED", "ORIGINATOR"];

impl Found {
    /// `schema.name`.
    #[must_use]
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.schema, self.name)
    }

    /// Whether it is enabled.
    #[must_use]
    pub fn on(&self) -> bool {
        self.status == Status::Enabled
    }

    /// Whether it is disabled for good, whatever becomes of the replication.
    #[must_use]
    pub fn off(&self) -> bool {
        self.status == Status::Disabled
    }

    /// Its time zone, as the server says it.
    #[must_use]
    pub fn zone(&self) -> &str {
        let at = crate::event::COLUMNS
            .iter()
            .position(|it| *it == "TIME_ZONE");
        let zone = at.and_then(|at| self.columns[at].as_deref());
        zone.unwrap_or_default()
    }

    /// What is different from `other` in what must stay as it is, by the columns' names.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let columns = crate::event::COLUMNS.iter().copied().enumerate();
        let mut different: Vec<&'static str> = columns
            .filter(|(at, name)| !PASSING.contains(name) && self.columns[*at] != other.columns[*at])
            .map(|(_, name)| name)
            .collect();
        if self.charset != other.charset {
            different.push("CHARACTER_SET_CLIENT");
        }
        if self.collation != other.collation {
            different.push("COLLATION_CONNECTION");
        }
        different
    }

    /// Whether a statement about it can be written in the character set it was made in: all of them
    /// have ASCII in common.
    #[must_use]
    pub fn spellable(&self) -> bool {
        let texts = [
            &self.schema,
            &self.name,
            &self.definer.user,
            &self.definer.host,
        ];
        self.charset.starts_with("utf8") || texts.iter().all(|text| text.is_ascii())
    }
}
