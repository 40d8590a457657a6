//! An EVENT from the columns of `information_schema.EVENTS`.

use aurora_sql::Account;
use jiff::civil::DateTime;
use jobs::policy::Name;

use super::{Event, EventZone, Interval, Schedule, SqlMode, Status};

/// The columns an [`Event`] is read from, in the order in which [`Event::read`] takes them.
pub const COLUMNS: [&str; 19] = [
    "EVENT_SCHEMA",
    "EVENT_NAME",
    "DEFINER",
    "TIME_ZONE",
    "EVENT_DEFINITION",
    "EVENT_TYPE",
    "EXECUTE_AT",
    "INTERVAL_VALUE",
    "INTERVAL_FIELD",
    "SQL_MODE",
    "STARTS",
    "ENDS",
    "STATUS",
    "ON_COMPLETION",
    "CREATED",
    "LAST_ALTERED",
    "LAST_EXECUTED",
    "EVENT_COMMENT",
    "ORIGINATOR",
];

/// A column that is not what MySQL documents.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{column} of information_schema.EVENTS: expected {expected}, got {got:?}")]
pub struct Unreadable {
    /// Which.
    pub column: &'static str,
    /// What is to be there.
    pub expected: &'static str,
    /// What is there.
    pub got: Option<String>,
}

/// One row.
struct Row<'a> {
    values: &'a [Option<String>; COLUMNS.len()],
}

impl Row<'_> {
    fn maybe(&self, column: &str) -> Option<&str> {
        let at = COLUMNS.iter().position(|name| *name == column)?;
        self.values[at].as_deref()
    }

    /// What `read` makes of a column that must be there.
    fn read<T>(
        &self,
        column: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Unreadable> {
        let got = self.maybe(column);
        let value = got.and_then(read);
        value.ok_or_else(|| self.unreadable(column, expected))
    }

    fn unreadable(&self, column: &'static str, expected: &'static str) -> Unreadable {
        let got = self.maybe(column).map(str::to_owned);
        Unreadable {
            column,
            expected,
            got,
        }
    }

    fn text(&self, column: &'static str) -> Result<String, Unreadable> {
        self.read(column, "a text", |text| Some(text.to_owned()))
    }

    fn time(&self, column: &'static str) -> Result<DateTime, Unreadable> {
        self.read(column, "a time such as 2026-11-22 03:00:00", time)
    }

    fn time_or_null(&self, column: &'static str) -> Result<Option<DateTime>, Unreadable> {
        let there = self.maybe(column).is_some();
        there.then(|| self.time(column)).transpose()
    }
}

impl Event {
    /// The EVENT in one row of `information_schema.EVENTS`: the values of [`COLUMNS`] as texts,
    /// what `SHOW CREATE EVENT` shows of it (its column `Create Event`), and `@@system_time_zone`,
    /// which a zone `SYSTEM` stands for.
    ///
    /// # Errors
    /// The first column that is not what MySQL documents, or names a zone that is not known.
    pub fn read(
        values: &[Option<String>; COLUMNS.len()],
        shown: &str,
        system_zone: &str,
    ) -> Result<Self, Unreadable> {
        let mut event = Self::timed(values, system_zone)?;
        let body = event.body_in(shown).filter(|body| !body.trim().is_empty());
        let body = body.map(str::to_owned);
        event.body = body.ok_or_else(|| Unreadable {
            column: "Create Event",
            expected: "what SHOW CREATE EVENT shows of the same EVENT, which may just have been altered",
            got: Some(shown.to_owned()),
        })?;
        Ok(event)
    }

    /// The same for whoever asks only when it fires: without its body, which is empty.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn timed(
        values: &[Option<String>; COLUMNS.len()],
        system_zone: &str,
    ) -> Result<Self, Unreadable> {
        let row = Row { values };
        let zone = "an offset, or a zone of the IANA database (for SYSTEM: in @@system_time_zone)";
        Ok(Self {
            schema: row.read("EVENT_SCHEMA", "a name", Name::new)?,
            name: row.read("EVENT_NAME", "a name", Name::new)?,
            definer: row.read("DEFINER", "user@host", account)?,
            zone: row.read("TIME_ZONE", zone, |said| EventZone::read(said, system_zone))?,
            schedule: schedule(&row)?,
            status: row.read(
                "STATUS",
                "ENABLED, DISABLED or REPLICA_SIDE_DISABLED",
                status,
            )?,
            preserved: row.read("ON_COMPLETION", "PRESERVE or NOT PRESERVE", preserved)?,
            sql_mode: SqlMode::of(&row.text("SQL_MODE")?),
            body: String::new(),
            comment: row.text("EVENT_COMMENT")?,
            created: row.time("CREATED")?,
            last_altered: row.time("LAST_ALTERED")?,
            last_executed: row.time_or_null("LAST_EXECUTED")?,
            originator: row.read("ORIGINATOR", "a number", |id| id.parse().ok())?,
        })
    }
}

fn schedule(row: &Row) -> Result<Schedule, Unreadable> {
    match row.maybe("EVENT_TYPE") {
        Some("ONE TIME") => Ok(Schedule::At(row.time("EXECUTE_AT")?)),
        Some("RECURRING") => {
            let field = row.text("INTERVAL_FIELD")?;
            let expected = "an interval of INTERVAL_FIELD, of at most 2147483647 seconds or months";
            let read = |value: &str| Interval::read(value, &field);
            Ok(Schedule::Every {
                interval: row.read("INTERVAL_VALUE", expected, read)?,
                starts: row.time("STARTS")?,
                ends: row.time_or_null("ENDS")?,
            })
        }
        _ => Err(row.unreadable("EVENT_TYPE", "ONE TIME or RECURRING")),
    }
}

/// Hosts have no `@`; users may.
fn account(text: &str) -> Option<Account> {
    let (user, host) = text.rsplit_once('@')?;
    let (user, host) = (user.to_owned(), host.to_owned());
    Some(Account { user, host })
}

fn time(text: &str) -> Option<DateTime> {
    text.parse().ok()
}

fn status(text: &str) -> Option<Status> {
    match text {
        "ENABLED" => Some(Status::Enabled),
        "DISABLED" => Some(Status::Disabled),
        // The second since MySQL 8.0.26 in statements, since 8.2 in this column.
        "SLAVESIDE_DISABLED" | "REPLICA_SIDE_DISABLED" => Some(Status::ReplicaSideDisabled),
        _ => None,
    }
}

fn preserved(text: &str) -> Option<bool> {
    match text {
        "PRESERVE" => Some(true),
        "NOT PRESERVE" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHOWN: &str = "CREATE DEFINER=`a@b`@`%` EVENT `cleanup` ON SCHEDULE EVERY '1:30' HOUR_MINUTE \
        STARTS '2026-01-31 02:00:00' ON COMPLETION NOT PRESERVE DISABLE ON SLAVE DO DELETE FROM t";

    fn values(changes: &[(&str, Option<&str>)]) -> [Option<String>; COLUMNS.len()] {
        COLUMNS.map(|column| {
            let usual = match column {
                "EVENT_SCHEMA" => Some("app"),
                "EVENT_NAME" => Some("cleanup"),
                "DEFINER" => Some("a@b@%"),
                "TIME_ZONE" => Some("SYSTEM"),
                "EVENT_DEFINITION" => Some("DELETE FROM t"),
                "EVENT_TYPE" => Some("RECURRING"),
                "INTERVAL_VALUE" => Some("'1:30'"),
                "INTERVAL_FIELD" => Some("HOUR_MINUTE"),
                "STATUS" => Some("SLAVESIDE_DISABLED"),
                "ON_COMPLETION" => Some("NOT PRESERVE"),
                "SQL_MODE" | "EVENT_COMMENT" => Some(""),
                "ORIGINATOR" => Some("7"),
                "STARTS" | "CREATED" | "LAST_ALTERED" => Some("2026-01-31 02:00:00"),
                _ => None,
            };
            let instead = changes.iter().find(|(name, _)| *name == column);
            instead.map_or(usual, |change| change.1).map(str::to_owned)
        })
    }

    fn error(column: &str, value: Option<&str>) -> String {
        let read = Event::read(&values(&[(column, value)]), SHOWN, "UTC");
        read.unwrap_err().to_string()
    }

    #[test]
    fn an_event_is_read_from_its_columns() {
        let event = Event::read(&values(&[]), SHOWN, "UTC").unwrap();
        assert_eq!(event.full_name(), "app.cleanup");
        assert_eq!(
            (event.definer.user.as_str(), event.definer.host.as_str()),
            ("a@b", "%")
        );
        assert_eq!(event.status, Status::ReplicaSideDisabled);
        assert!(event.zone.is_utc() && !event.preserved && event.originator == 7);
    }

    #[test]
    fn what_is_shown_of_another_event_is_an_error() {
        for shown in [
            SHOWN.replace("1:30", "1:31"),
            SHOWN.replace("DELETE FROM t", " "),
        ] {
            let error = Event::read(&values(&[]), &shown, "UTC").unwrap_err();
            assert_eq!((error.column, error.got), ("Create Event", Some(shown)));
        }
    }

    #[test]
    fn who_asks_only_when_it_fires_gets_no_body() {
        let timed = Event::timed(&values(&[]), "UTC").unwrap();
        let whole = Event::read(&values(&[]), SHOWN, "UTC").unwrap();
        assert_eq!(whole.body, "DELETE FROM t");
        let body = String::new();
        assert_eq!(timed, Event { body, ..whole });
    }

    #[test]
    fn what_is_not_as_documented_is_an_error_that_names_the_column() {
        insta::assert_snapshot!(error("STATUS", Some("ASLEEP")), @r#"STATUS of information_schema.EVENTS: expected ENABLED, DISABLED or REPLICA_SIDE_DISABLED, got Some("ASLEEP")"#);
        insta::assert_snapshot!(error("TIME_ZONE", Some("Mars/Base")), @r#"TIME_ZONE of information_schema.EVENTS: expected an offset, or a zone of the IANA database (for SYSTEM: in @@system_time_zone), got Some("Mars/Base")"#);
        insta::assert_snapshot!(error("STARTS", None), @"STARTS of information_schema.EVENTS: expected a time such as 2026-11-22 03:00:00, got None");
        insta::assert_snapshot!(error("INTERVAL_VALUE", Some("0")), @r#"INTERVAL_VALUE of information_schema.EVENTS: expected an interval of INTERVAL_FIELD, of at most 2147483647 seconds or months, got Some("0")"#);
        insta::assert_snapshot!(error("EVENT_TYPE", Some("DAILY")), @r#"EVENT_TYPE of information_schema.EVENTS: expected ONE TIME or RECURRING, got Some("DAILY")"#);
    }
}
