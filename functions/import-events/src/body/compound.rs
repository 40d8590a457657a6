//! A body of several statements that comes down to one.
//!
//! Teams write around an EVENT's work what `run-job` does by itself: a log of runs, an error
//! handler, a check that this server is the writer, a lock. Each of these is known by its whole
//! form; anything else, and the body does not come down to one statement.

mod guard;
mod log;

use super::{
    lex::Token,
    reader::{Reader, is_symbol, is_word},
};

/// A body's one statement.
pub(super) struct Reduced<'a, 't> {
    /// Its pieces; there is at least one.
    pub(super) statement: &'t [Token<'a>],
    /// What was around it and why run-job does that better, a sentence each.
    pub(super) left_out: Vec<String>,
}

/// What was found in a body so far.
#[derive(Default)]
struct Found<'a, 't> {
    works: Vec<&'t [Token<'a>]>,
    /// Names of local variables.
    variables: Vec<&'t str>,
    /// Those that hold whether this server is read-only, and those that hold a lock's answer.
    read_only: Vec<String>,
    locked: Vec<String>,
    left_out: Vec<String>,
}

/// The one statement that a body comes down to.
pub(super) fn reduce<'a, 't>(tokens: &'t [Token<'a>]) -> Option<Reduced<'a, 't>> {
    let mut reader = Reader::new(tokens);
    let mut found = Found::default();
    item(&mut reader, &mut found)?;
    reader.symbol(";");
    let [statement] = found.works[..] else {
        return None;
    };
    // A statement that has a variable in it needs what is around it.
    let alone = tokens.len() - statement.len() <= 1;
    let uses = statement.iter().any(|token| {
        let name = |name: &&str| token.value.eq_ignore_ascii_case(name);
        found.variables.iter().any(name) || (!alone && is_symbol(token, "@"))
    });
    let left_out = found.left_out;
    (reader.is_over() && !statement.is_empty() && !uses).then_some(Reduced {
        statement,
        left_out,
    })
}

/// Statements up to `END`, `ELSE` or the like, each with its semicolon.
fn items<'a, 't>(reader: &mut Reader<'a, 't>, found: &mut Found<'a, 't>) -> Option<()> {
    while !reader
        .peek()
        .is_some_and(|next| is_word(next, "END") || is_word(next, "ELSE"))
    {
        item(reader, found)?;
        reader.symbol(";").then_some(())?;
    }
    Some(())
}

fn item<'a, 't>(reader: &mut Reader<'a, 't>, found: &mut Found<'a, 't>) -> Option<()> {
    if reader.words("BEGIN") {
        items(reader, found)?;
        return reader.words("END").then_some(());
    }
    if reader.words("IF") {
        return condition(reader, found);
    }
    let statement = reader.until(|token| is_symbol(token, ";"));
    if statement
        .first()
        .is_some_and(|first| is_word(first, "DECLARE"))
    {
        return declaration(reader, statement, found);
    }
    if aside(statement, found).is_none() {
        found.works.push(statement);
    }
    Some(())
}

/// `IF guard THEN … ELSE log END IF`.
fn condition<'a, 't>(reader: &mut Reader<'a, 't>, found: &mut Found<'a, 't>) -> Option<()> {
    let guards = reader.until(|token| is_word(token, "THEN"));
    guard::guards(guards, found)?;
    reader.words("THEN").then_some(())?;
    items(reader, found)?;
    if reader.words("ELSE") {
        let before = found.works.len();
        items(reader, found)?;
        (found.works.len() == before).then_some(())?;
    }
    reader.words("END IF").then_some(())
}

/// `DECLARE name type DEFAULT value`, or a handler.
fn declaration<'a, 't>(
    reader: &mut Reader<'a, 't>,
    statement: &'t [Token<'a>],
    found: &mut Found<'a, 't>,
) -> Option<()> {
    let mut inner = Reader::new(statement);
    inner.words("DECLARE").then_some(())?;
    if inner.words("EXIT HANDLER FOR") || inner.words("CONTINUE HANDLER FOR") {
        return handler(reader, inner, found);
    }
    loop {
        found.variables.push(inner.name()?);
        if !inner.symbol(",") {
            break;
        }
    }
    log::harmless(inner.rest()).then_some(())
}

/// A handler of errors that only logs: its statements may be `BEGIN … END`, which goes on behind
/// the first semicolon.
fn handler<'a, 't>(
    reader: &mut Reader<'a, 't>,
    mut inner: Reader<'a, 't>,
    found: &mut Found<'a, 't>,
) -> Option<()> {
    loop {
        let known = ["SQLEXCEPTION", "SQLWARNING", "NOT FOUND"];
        known
            .iter()
            .any(|condition| inner.words(condition))
            .then_some(())?;
        if !inner.symbol(",") {
            break;
        }
    }
    let block = inner.words("BEGIN");
    only_logs(inner.rest(), found)?;
    while block && !ends(reader) {
        reader.symbol(";").then_some(())?;
        only_logs(reader.until(|token| is_symbol(token, ";")), found)?;
    }
    found.leave_out(
        "The error handler is left out: run-job ends a failed run as failed, with its error in the \
         ledger and in the mail, and pauses the job after several.",
    );
    Some(())
}

/// Whether a block is over: `; END`, which is then behind.
fn ends(reader: &mut Reader<'_, '_>) -> bool {
    let over = reader.attempt(|reader| (reader.symbol(";") && reader.words("END")).then_some(()));
    over.is_some()
}

/// One statement of a handler.
fn only_logs<'a, 't>(statement: &'t [Token<'a>], found: &mut Found<'a, 't>) -> Option<()> {
    let mut reader = Reader::new(statement);
    if reader.words("DECLARE") {
        found.variables.push(reader.name()?);
        return log::harmless(reader.rest()).then_some(());
    }
    if reader.words("ROLLBACK") || reader.words("RESIGNAL") {
        return reader.is_over().then_some(());
    }
    log::diagnostics(statement).or_else(|| aside(statement, found))
}

/// A statement beside the work: a log, a lock, the bounds of a transaction, a variable of these.
fn aside<'a, 't>(statement: &'t [Token<'a>], found: &mut Found<'a, 't>) -> Option<()> {
    let mut reader = Reader::new(statement);
    if reader.words("START TRANSACTION") || reader.words("COMMIT") {
        reader.is_over().then_some(())?;
        found.leave_out(
            "START TRANSACTION and COMMIT are left out: run-job commits its work together with the \
             ledger's note of it.",
        );
        return Some(());
    }
    if let Some(table) = log::insert(statement) {
        found.leave_out(&format!(
            "The log in {table} is left out: run-job writes each run into \
             nightshift.event_execution_log, which has the same columns."
        ));
        return Some(());
    }
    guard::release(statement)
        .or_else(|| guard::asked(statement, found))
        .or_else(|| log::set(statement, &found.variables))
}

impl Found<'_, '_> {
    /// Each sentence once.
    fn leave_out(&mut self, why: &str) {
        if !self.left_out.iter().any(|said| said == why) {
            self.left_out.push(why.to_owned());
        }
    }
}
