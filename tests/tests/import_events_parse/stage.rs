//! A server with time zones, and a session of its administrator.

use std::fmt::Write as _;

use import_events::event::{COLUMNS, Event, Spelling};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Mysql;

/// The zones of the database that the server is given.
pub const ZONES: [&str; 4] = [
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/St_Johns",
];

/// A server and a session on it that may do everything.
pub struct Stage {
    pub conn: Conn,
    pub spelling: Spelling,
    // Gone with the stage.
    _server: Mysql,
}

impl Stage {
    pub async fn set() -> Self {
        let server = Mysql::start().await;
        server
            .root("CREATE USER admin@'%' IDENTIFIED BY 'x'; GRANT ALL ON *.* TO admin@'%' WITH GRANT OPTION")
            .await;
        let mut conn = server.login("admin", "x").await.expect("admin logs in");
        let version: Option<String> = conn.query_first("SELECT VERSION()").await.unwrap();
        let eight = version.is_some_and(|version| version.starts_with("8.0"));
        let spelling = if eight {
            Spelling::Slave
        } else {
            Spelling::Replica
        };
        let mut stage = Self {
            conn,
            spelling,
            _server: server,
        };
        for zone in ZONES {
            stage.known_zone(zone).await;
        }
        stage
    }

    pub async fn run(&mut self, sql: &str) {
        let done = self.conn.query_drop(sql).await;
        done.unwrap_or_else(|error| panic!("{error}: {sql}"));
    }

    /// The rows of a query, as texts.
    pub async fn rows(&mut self, sql: &str) -> Vec<Vec<Option<String>>> {
        let rows: Result<Vec<mysql_async::Row>, _> = self.conn.query(sql).await;
        let rows = rows.unwrap_or_else(|error| panic!("{error}: {sql}"));
        let text = |row: mysql_async::Row| {
            row.unwrap()
                .into_iter()
                .map(mysql_async::from_value)
                .collect()
        };
        rows.into_iter().map(text).collect()
    }

    /// Gives the server a zone: an offset in seconds, and others from some moment on.
    pub async fn zone(&mut self, name: &str, offset: i64, changes: &[(i64, i64)]) {
        // A zone has the first at its beginning, and 20 at most.
        let mut offsets = vec![offset];
        offsets.extend(changes.iter().map(|(_, offset)| *offset));
        let kind = |offset: i64| offsets.iter().position(|known| *known == offset).unwrap();
        let mut sql = format!(
            "INSERT INTO mysql.time_zone (Use_leap_seconds) VALUES ('N'); SET @id = LAST_INSERT_ID(); \
             INSERT INTO mysql.time_zone_name VALUES ('{name}', @id)"
        );
        for offset in &offsets {
            let kind = kind(*offset);
            let _ = write!(
                sql,
                "; INSERT IGNORE INTO mysql.time_zone_transition_type VALUES (@id, {kind}, {offset}, 0, '')"
            );
        }
        for (at, offset) in changes {
            let kind = kind(*offset);
            let _ = write!(
                sql,
                "; INSERT INTO mysql.time_zone_transition VALUES (@id, {at}, {kind})"
            );
        }
        self.run(&sql).await;
    }

    /// Gives the server a zone of the IANA database, as it is from 2020 to 2045.
    async fn known_zone(&mut self, name: &str) {
        let zone = TimeZone::get(name).expect(name);
        let from: Timestamp = "2020-01-01T00:00:00Z".parse().unwrap();
        let until: Timestamp = "2045-01-01T00:00:00Z".parse().unwrap();
        let changes = zone
            .following(from)
            .take_while(|change| change.timestamp() < until);
        let changes: Vec<_> = changes
            .map(|change| {
                (
                    change.timestamp().as_second(),
                    i64::from(change.offset().seconds()),
                )
            })
            .collect();
        let offset = i64::from(zone.to_offset(from).seconds());
        self.zone(name, offset, &changes).await;
    }

    /// Makes an EVENT as its author did: in its schema, zone and `sql_mode`.
    pub async fn make(&mut self, event: &Event) {
        let session = format!(
            "SET SESSION time_zone = '{}', sql_mode = '{}'",
            event.zone.said(),
            event.sql_mode
        );
        self.run(&session).await;
        let schema = event.schema.as_str().replace('`', "``");
        self.run(&format!("USE `{schema}`")).await;
        self.run(&event.spelled(self.spelling)).await;
    }

    /// All EVENTs, as the function reads them.
    pub async fn events(&mut self) -> Vec<Event> {
        let sql = format!(
            "SELECT {} FROM information_schema.EVENTS",
            COLUMNS.join(", ")
        );
        let mut events = Vec::new();
        for row in self.rows(&sql).await {
            let name = |at: usize| format!("`{}`", row[at].clone().unwrap().replace('`', "``"));
            let shown = format!("SHOW CREATE EVENT {}.{}", name(0), name(1));
            let shown = self.rows(&shown).await[0][3].clone().expect("a statement");
            let values = row.try_into().expect("as many as columns");
            let event = Event::read(&values, &shown, "UTC");
            events.push(event.unwrap_or_else(|error| panic!("{error}")));
        }
        events
    }
}

/// A local time as SQL writes it.
pub fn sql(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
