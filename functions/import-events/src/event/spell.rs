//! An EVENT as SQL.

use std::fmt::Write as _;

use super::{Event, Schedule, Status};

/// The words that differ between versions of MySQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// `DISABLE ON SLAVE`: Aurora MySQL 3 and MySQL 8.0.
    Slave,
    /// `DISABLE ON REPLICA`: MySQL 8.4 and later.
    Replica,
}

impl Event {
    /// The statement that makes the EVENT, in the words of `SHOW CREATE EVENT`, for a session in
    /// the EVENT's schema, zone and `sql_mode`.
    /// <https://dev.mysql.com/doc/refman/8.0/en/show-create-event.html>
    #[must_use]
    pub fn spelled(&self, spelling: Spelling) -> String {
        let escapes = !self.sql_mode.has("NO_BACKSLASH_ESCAPES");
        self.head(spelling, escapes) + &self.body
    }

    /// The body in what `SHOW CREATE EVENT` shows. It is what follows all the rest, which is known.
    /// The column `EVENT_DEFINITION` is not to be trusted: it has `'it's'` for `'it''s'`.
    pub(super) fn body_in<'s>(&self, shown: &'s str) -> Option<&'s str> {
        let mut both = [Spelling::Slave, Spelling::Replica].into_iter();
        // It escapes a comment whatever the EVENT's own mode.
        let body = |spelling| shown.strip_prefix(&self.head(spelling, true));
        both.find_map(body)
    }

    /// All but the body.
    fn head(&self, spelling: Spelling, escapes: bool) -> String {
        let mut sql = format!(
            "CREATE DEFINER={}@{} EVENT {} ON SCHEDULE ",
            quoted(&self.definer.user),
            quoted(&self.definer.host),
            quoted(self.name.as_str())
        );
        sql.push_str(&schedule(&self.schedule));
        let kept = if self.preserved { "" } else { "NOT " };
        // A String takes all that is written to it.
        let _ = write!(
            sql,
            " ON COMPLETION {kept}PRESERVE {}",
            self.status(spelling)
        );
        if !self.comment.is_empty() {
            let _ = write!(sql, " COMMENT {}", literal(&self.comment, escapes));
        }
        sql + " DO "
    }

    const fn status(&self, spelling: Spelling) -> &'static str {
        match (self.status, spelling) {
            (Status::Enabled, _) => "ENABLE",
            (Status::Disabled, _) => "DISABLE",
            (Status::ReplicaSideDisabled, Spelling::Slave) => "DISABLE ON SLAVE",
            (Status::ReplicaSideDisabled, Spelling::Replica) => "DISABLE ON REPLICA",
        }
    }
}

fn schedule(schedule: &Schedule) -> String {
    let time = |time: jiff::civil::DateTime| time.strftime("'%Y-%m-%d %H:%M:%S'").to_string();
    match schedule {
        Schedule::At(at) => format!("AT {}", time(*at)),
        Schedule::Every {
            interval,
            starts,
            ends,
        } => {
            let ends = ends.map_or(String::new(), |ends| format!(" ENDS {}", time(ends)));
            format!("EVERY {interval} STARTS {}{ends}", time(*starts))
        }
    }
}

/// A name in backticks, as one that may be any text needs it.
pub(crate) fn quoted(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A text as the server writes it, whatever the session's `sql_mode`.
fn literal(text: &str, escapes: bool) -> String {
    let doubled = text.replace('\'', "''");
    if !escapes {
        return format!("'{doubled}'");
    }
    let mut literal = String::from("'");
    for character in doubled.chars() {
        match character {
            '\\' => literal.push_str("\\\\"),
            '\0' => literal.push_str("\\0"),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\u{1a}' => literal.push_str("\\Z"),
            other => literal.push(other),
        }
    }
    literal + "'"
}
