//! One statement that stays one.

use jobs::policy::{Call, Lost, Name, Sql};

use super::{
    Kind, Work, differences,
    lex::Token,
    literal::literal,
    reader::{Reader, is_symbol, is_word, text},
};
use crate::event::Event;

/// How long work may take: as long as a job's may.
pub(super) const BUDGET: aurora_model::Span = aurora_model::Span::seconds(14 * 60);

/// What a statement begins with that does work by itself.
const VERBS: [&str; 14] = [
    "INSERT", "REPLACE", "UPDATE", "DELETE", "WITH", "CALL", "TRUNCATE", "ANALYZE", "OPTIMIZE",
    "ALTER", "CREATE", "DROP", "RENAME", "FLUSH",
];

/// Words that say the time in the session's zone, or make a moment of such a time or the reverse.
const ZONED: [&str; 19] = [
    "NOW",
    "SYSDATE",
    "CURRENT_TIMESTAMP",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "CURDATE",
    "CURRENT_DATE",
    "CURTIME",
    "CURRENT_TIME",
    "UNIX_TIMESTAMP",
    "FROM_UNIXTIME",
    "CONVERT_TZ",
    "time_zone",
    "DATE_FORMAT",
    "DAYOFWEEK",
    "WEEKDAY",
    "HOUR",
    "DAY",
    "DATE",
];

/// Those of them that say the time.
const CLOCKS: &[&str] = ZONED.split_at(9).0;

/// `CALL procedure(1, 'a')`, where all arguments are values.
pub(super) fn call(statement: &[Token<'_>], event: &Event) -> Option<Work> {
    let mut reader = Reader::new(statement);
    let path = reader.words("CALL").then(|| reader.path())??;
    let (schema, procedure) = match path[..] {
        [procedure] => (event.schema.clone(), procedure),
        [schema, procedure] => (Name::new(schema)?, procedure),
        _ => return None,
    };
    let arguments = arguments(&mut reader)?;
    // What the procedure makes of the time depends on the session's clock.
    if !reader.is_over() || !event.zone.is_utc() {
        return None;
    }
    let needed = format!("EXECUTE on {schema}.{procedure}");
    let call = Call {
        procedure: Name::new(procedure)?,
        arguments,
        budget: BUDGET,
        lost: Lost::Report,
    };
    let differences = vec![differences::rights(event, &needed), budget()];
    Some(Work {
        kind: Kind::Call(call),
        database: schema,
        differences,
    })
}

fn arguments(reader: &mut Reader<'_, '_>) -> Option<Vec<serde_json::Value>> {
    let mut arguments = Vec::new();
    if !reader.symbol("(") || reader.symbol(")") {
        return Some(arguments);
    }
    loop {
        arguments.push(literal(reader)?);
        if !reader.symbol(",") {
            return reader.symbol(")").then_some(arguments);
        }
    }
}

/// Any one statement that means the same in a session of `run-job`. One that does not, because of
/// its zone or its `sql_mode`, becomes a procedure, which brings its own.
pub(super) fn statement(statement: &[Token<'_>], event: &Event) -> Option<Work> {
    let known = VERBS.iter().any(|verb| is_word(&statement[0], verb));
    let several = statement.iter().any(|token| is_symbol(token, ";"));
    // CREATE PROCEDURE and the like have statements of their own.
    let routine = ["PROCEDURE", "FUNCTION", "TRIGGER", "EVENT", "BEGIN"].iter();
    let mut routine =
        routine.flat_map(|word| statement.iter().map(move |token| is_word(token, word)));
    let (more, _) = event.sql_mode.beside_ours();
    let routine = routine.any(|found| found) && !is_word(&statement[0], "CALL");
    if !known || several || routine || !more.is_empty() || is_zoned(statement, event) {
        return None;
    }
    let verb = statement[0].source.to_uppercase();
    let sql = Sql {
        sql: text(statement, &event.body).to_owned(),
        budget: BUDGET,
        lost: Lost::Report,
    };
    let right = differences::rights(event, &format!("the rights for this {verb}"));
    let mut told = vec![right, budget()];
    told.extend(says_now(statement).then(late));
    told.extend(commits_by_itself(&verb));
    told.extend(differences::stricter(event));
    told.extend(differences::zone(event));
    Some(Work {
        kind: Kind::Statement(sql),
        database: event.schema.clone(),
        differences: told,
    })
}

fn is_zoned(statement: &[Token<'_>], event: &Event) -> bool {
    let zoned = |token: &Token<'_>| ZONED.iter().any(|word| is_word(token, word));
    // What a procedure does with the time is not to be seen here.
    let calls = is_word(&statement[0], "CALL");
    !event.zone.is_utc() && (calls || statement.iter().any(zoned))
}

fn says_now(statement: &[Token<'_>]) -> bool {
    let clock = |token: &Token<'_>| CLOCKS.iter().any(|word| is_word(token, word));
    statement.iter().any(clock)
}

fn late() -> String {
    "Its NOW() is the time at which it runs: a run that begins late, after a throttle or a retry, sees \
     a later one."
        .into()
}

/// The EVENT could have run for hours.
pub(super) fn budget() -> String {
    format!(
        "It is ended on the server after {BUDGET} (budget), the most that a function's time allows; \
         nobody ended the EVENT. What takes longer must be divided first."
    )
}

/// The rest runs in one transaction with the ledger's note.
fn commits_by_itself(verb: &str) -> Option<String> {
    let within = ["INSERT", "REPLACE", "UPDATE", "DELETE", "WITH"].contains(&verb);
    (!within).then(|| {
        format!(
            "A {verb} commits by itself: where its end is not known, the run has failed and a person \
             looks (lost: report)."
        )
    })
}
