//! Statements that only note what happened.

use super::super::{
    lex::{Kind, Token},
    reader::{Reader, is_symbol, is_word},
};

/// The columns of a log of runs. It has the first two at least.
const COLUMNS: [&str; 16] = [
    "event_name",
    "status",
    "id",
    "executed_at",
    "error_message",
    "execution_time_ms",
    "run_at",
    "started_at",
    "start_time",
    "finished_at",
    "ended_at",
    "end_time",
    "duration_ms",
    "rows_affected",
    "message",
    "created_at",
];

/// Functions that change nothing.
const FUNCTIONS: [&str; 25] = [
    "NOW",
    "SYSDATE",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "CURDATE",
    "UTC_TIMESTAMP",
    "UNIX_TIMESTAMP",
    "TIMESTAMPDIFF",
    "TIMEDIFF",
    "MICROSECOND",
    "ROW_COUNT",
    "CONCAT",
    "LEFT",
    "SUBSTRING",
    "ROUND",
    "FLOOR",
    "CEIL",
    "IFNULL",
    "COALESCE",
    "VARCHAR",
    "CHAR",
    "DATETIME",
    "TIMESTAMP",
    "DECIMAL",
];

/// Types that `DECLARE` gives with a length.
const TYPES: [&str; 6] = ["INT", "BIGINT", "SMALLINT", "TINYINT", "DOUBLE", "TIME"];

/// Whether these pieces, an expression or a type, change nothing and ask nobody.
pub(super) fn harmless(tokens: &[Token<'_>]) -> bool {
    let known = |token: &Token<'_>| {
        let mut all = FUNCTIONS.iter().chain(&TYPES);
        all.any(|word| is_word(token, word))
    };
    let calls = tokens.windows(2).all(|pair| {
        let called = is_symbol(&pair[1], "(") && matches!(pair[0].kind, Kind::Word | Kind::Name);
        !called || known(&pair[0])
    });
    let asks = tokens
        .iter()
        .any(|token| is_word(token, "SELECT") || is_symbol(token, ":="));
    calls && !asks
}

/// `INSERT INTO event_execution_log (event_name, …) VALUES (…)`: the table's name.
pub(super) fn insert(statement: &[Token<'_>]) -> Option<String> {
    let mut reader = Reader::new(statement);
    let path = reader.words("INSERT INTO").then(|| reader.path())??;
    let mut columns = Vec::new();
    let mut open = reader.symbol("(");
    while open {
        columns.push(reader.name()?.to_ascii_lowercase());
        open = reader.symbol(",");
    }
    let values = reader.symbol(")") && (reader.words("VALUES") || reader.words("VALUE"));
    let row = values.then(|| reader.rest())?;
    let known = columns
        .iter()
        .all(|column| COLUMNS.contains(&column.as_str()));
    let log = COLUMNS[..2]
        .iter()
        .all(|needed| columns.iter().any(|column| column == needed));
    let one = row.first().is_some_and(|first| is_symbol(first, "(")) && is_one(row);
    (known && log && one && harmless(row)).then(|| path.join("."))
}

/// Whether a list in brackets is all there is: `(1, 2)`, not `(1), (2)`.
fn is_one(row: &[Token<'_>]) -> bool {
    let inner = row.get(1..).unwrap_or_default();
    let mut reader = Reader::new(inner);
    reader.until(|token| is_symbol(token, ")"));
    reader.symbol(")") && reader.is_over()
}

/// `SET started = NOW(3)`, for a variable of the body or of the session. A setting of the server is
/// none: the work may depend on it.
pub(super) fn set(statement: &[Token<'_>], variables: &[&str]) -> Option<()> {
    let mut reader = Reader::new(statement);
    reader.words("SET").then_some(())?;
    variable(&mut reader, variables)?;
    let value = (reader.symbol("=") || reader.symbol(":=")).then(|| reader.rest())?;
    // `SET a = 1, sql_mode = ''` sets another.
    let more = value.iter().any(|token| is_symbol(token, "="));
    (!value.is_empty() && !more && harmless(value)).then_some(())
}

/// One of these variables, or one of the session, by its name with the `@`.
pub(super) fn variable(reader: &mut Reader<'_, '_>, variables: &[&str]) -> Option<String> {
    let session = reader.symbol("@");
    let name = reader.name()?;
    let local = variables
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    if session {
        return Some(format!("@{}", name.to_lowercase()));
    }
    local.then(|| name.to_lowercase())
}

/// `GET DIAGNOSTICS CONDITION 1 message = MESSAGE_TEXT`.
pub(super) fn diagnostics(statement: &[Token<'_>]) -> Option<()> {
    let mut reader = Reader::new(statement);
    let get = reader.words("GET DIAGNOSTICS")
        || reader.words("GET CURRENT DIAGNOSTICS")
        || reader.words("GET STACKED DIAGNOSTICS");
    (get && harmless(reader.rest())).then_some(())
}
