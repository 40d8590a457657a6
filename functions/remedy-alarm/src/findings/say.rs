//! Words for what a server was doing. Every text from a server stands on one line and is cut, so that a
//! finding stays a sentence whatever somebody has called a table.

use aurora_model::{
    Span,
    words::{clip, moment},
};
use jiff::{SignedDuration, Timestamp};

use crate::database::{
    Ending,
    look::{Look, Session, Statement},
};

/// A user, a host, a table: MySQL's own names have up to 64 characters, a host's name up to 255.
const NAME_CHARS: usize = 80;
/// What is locked: a schema, a table and an index.
const OBJECT_CHARS: usize = 200;
/// A digest in a sentence.
const DIGEST_CHARS: usize = 120;

/// A name, as it may stand in a sentence.
pub(crate) fn name(text: &str) -> String {
    match clip(text, NAME_CHARS) {
        empty if empty.is_empty() => "(no name)".into(),
        name => name,
    }
}

/// What is locked.
pub(crate) fn object(text: &str) -> String {
    match clip(text, OBJECT_CHARS) {
        empty if empty.is_empty() => "something without a name".into(),
        object => object,
    }
}

/// A statement's text with `?` for its literals.
pub(crate) fn digest(text: &str) -> String {
    match clip(text, DIGEST_CHARS) {
        empty if empty.is_empty() => "(no text)".into(),
        digest => digest,
    }
}

/// The digest of a statement; `None` where the server has none.
pub(crate) fn text(statement: &Statement) -> Option<String> {
    let text = statement.digest.as_deref().filter(|it| !it.is_empty());
    text.map(digest)
}

/// `app from 10.0.0.5 (orders-api, connection 4711)`.
pub(crate) fn who(session: &Session) -> String {
    let id = session.id;
    let Some(user) = session.user.as_deref() else {
        return format!("a thread of the server itself ({})", session.thread);
    };
    let program = session.program.as_deref().filter(|it| !it.is_empty());
    let program = program.map(|it| format!("{}, ", name(it)));
    format!(
        "{} ({}connection {id})",
        account(user, session.host.as_deref()),
        program.unwrap_or_default()
    )
}

/// `app from 10.0.0.5`.
pub(crate) fn account(user: &str, host: Option<&str>) -> String {
    let host = host.filter(|host| !host.is_empty());
    let from = host.map(|host| format!(" from {}", name(host)));
    format!("{}{}", name(user), from.unwrap_or_default())
}

/// `12m`.
pub(crate) fn age(seconds: u64) -> String {
    span(seconds).roughly()
}

fn span(seconds: u64) -> Span {
    Span::of(SignedDuration::from_secs(
        i64::try_from(seconds).unwrap_or(i64::MAX),
    ))
}

/// `12m, since 2026-11-21 02:48 UTC`.
pub(crate) fn since(seconds: u64, now: Timestamp) -> String {
    let began = now.checked_sub(span(seconds).duration());
    let began = began.map(|began| format!(", since {}", moment(began)));
    format!("{}{}", age(seconds), began.unwrap_or_default())
}

/// Whole seconds; 0 for what is no number.
pub(crate) fn whole(seconds: f64) -> u64 {
    let duration = SignedDuration::try_from_secs_f64(seconds);
    let seconds = duration.map_or(0, |duration| duration.as_secs());
    u64::try_from(seconds).unwrap_or(0)
}

/// Whole microseconds; 0 for what is no number.
pub(crate) fn micros(seconds: f64) -> u64 {
    let duration = SignedDuration::try_from_secs_f64(seconds);
    let micros = duration.map_or(0, |duration| duration.as_micros());
    u64::try_from(micros.max(0)).unwrap_or(u64::MAX)
}

/// `240 ms`, `12m`: a length of time by its microseconds.
pub(crate) fn short(micros: u64) -> String {
    match micros {
        ..1_000 => format!("{micros} µs"),
        1_000..10_000_000 => format!("{} ms", grouped(micros / 1_000)),
        _ => age(micros / 1_000_000),
    }
}

/// `1,200,000`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// `1 row`, `1,200 rows`.
pub(crate) fn counted(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(number))
}

/// `12.3 GiB`.
pub(crate) fn bytes(bytes: f64) -> String {
    let units = ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB"];
    let mut size = bytes;
    let mut unit = units[0];
    for larger in &units[1..] {
        if size.abs() < 1024.0 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    format!("{} {unit}", plain(size))
}

/// The same of a whole number.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn size(bytes: u64) -> String {
    self::bytes(bytes as f64)
}

/// A number with three digits or so, and never long.
pub(crate) fn plain(number: f64) -> String {
    let size = number.abs();
    if !number.is_finite() {
        return "no number".into();
    }
    if size >= 1e15 {
        return format!("{number:.2e}");
    }
    let decimals = match size {
        _ if size >= 100.0 => 0,
        _ if size >= 10.0 => 1,
        _ if size >= 1.0 => 2,
        _ => 4,
    };
    let text = format!("{number:.decimals$}");
    let short = text.trim_end_matches('0').trim_end_matches('.');
    match text.contains('.').then_some(short) {
        Some("-0" | "") => "0".into(),
        Some(short) => short.into(),
        None => text,
    }
}

/// The statement that ends a connection, or what it executes.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/mysql-stored-proc-ending.html>
/// <https://dev.mysql.com/doc/refman/8.0/en/kill.html>
pub(crate) fn kill(look: &Look, id: u64, ending: Ending) -> String {
    match (look.aurora, ending) {
        (true, Ending::Connection) => format!("CALL mysql.rds_kill({id});"),
        (true, Ending::Statement) => format!("CALL mysql.rds_kill_query({id});"),
        (false, Ending::Connection) => format!("KILL {id};"),
        (false, Ending::Statement) => format!("KILL QUERY {id};"),
    }
}
