//! Checks that only one server, and only one session, does the work.

use super::{
    super::{
        lex::{Kind, Token},
        reader::{Reader, is_word},
    },
    Found, log,
};

const WRITER: &str = "The check that this server is the writer is left out: run-job finds the \
                      cluster's writer by itself, and checks it again after each lost connection.";

/// The condition of an `IF`: each part asks whether this server may write, or for a lock.
pub(super) fn guards(tokens: &[Token<'_>], found: &mut Found<'_, '_>) -> Option<()> {
    let mut reader = Reader::new(tokens);
    loop {
        part(&mut reader, found)?;
        if !(reader.words("AND") || reader.symbol("&&")) {
            return reader.is_over().then_some(());
        }
    }
}

fn part(reader: &mut Reader<'_, '_>, found: &mut Found<'_, '_>) -> Option<()> {
    if reader.attempt(|reader| guard(reader, found)).is_some() {
        return Some(());
    }
    reader.symbol("(").then_some(())?;
    part(reader, found)?;
    reader.symbol(")").then_some(())
}

fn guard(reader: &mut Reader<'_, '_>, found: &mut Found<'_, '_>) -> Option<()> {
    let not = reader.words("NOT") || reader.symbol("!");
    if let Some(lock) = reader.attempt(lock) {
        let taken = !not && (!reader.symbol("=") || reader.whole()? == 1);
        found.leave_out(&lock_is_left_out(&lock));
        return taken.then_some(());
    }
    if reader.attempt(read_only).is_some() {
        found.leave_out(WRITER);
        return (not || is_off(reader)).then_some(());
    }
    let name = log::variable(reader, &found.variables)?;
    if found.read_only.contains(&name) {
        return (not || is_off(reader)).then_some(());
    }
    let taken = !not && (!reader.symbol("=") || reader.whole()? == 1);
    (found.locked.contains(&name) && taken).then_some(())
}

/// `= 0`, `= 'OFF'`, `= FALSE`.
fn is_off(reader: &mut Reader<'_, '_>) -> bool {
    let off = |token: &Token<'_>| {
        let text = matches!(token.kind, Kind::Text | Kind::Number);
        (text && ["0", "OFF"].contains(&&*token.value)) || is_word(token, "FALSE")
    };
    reader.symbol("=") && reader.next().is_some_and(off)
}

/// `@@innodb_read_only`, `(SELECT @@global.read_only)`.
fn read_only(reader: &mut Reader<'_, '_>) -> Option<()> {
    if reader.symbol("(") {
        reader.words("SELECT").then_some(())?;
        setting(reader)?;
        return reader.symbol(")").then_some(());
    }
    setting(reader)
}

fn setting(reader: &mut Reader<'_, '_>) -> Option<()> {
    reader.symbol("@@").then_some(())?;
    let scoped = |reader: &mut Reader<'_, '_>| {
        let scope = reader.words("GLOBAL") || reader.words("SESSION");
        (scope && reader.symbol(".")).then_some(())
    };
    reader.attempt(scoped);
    let names = ["innodb_read_only", "read_only", "super_read_only"];
    names.iter().any(|name| reader.words(name)).then_some(())
}

/// `GET_LOCK('name', 0)`: the lock's name.
fn lock(reader: &mut Reader<'_, '_>) -> Option<String> {
    (reader.words("GET_LOCK") && reader.symbol("(")).then_some(())?;
    let name = reader.next().filter(|token| token.kind == Kind::Text)?;
    let comma = reader.symbol(",");
    reader.symbol("-");
    let wait = comma && reader.whole().is_some();
    (wait && reader.symbol(")")).then(|| name.value.clone().into_owned())
}

fn lock_is_left_out(name: &str) -> String {
    format!(
        "GET_LOCK('{name}') is left out: run-job has a lock of its own for each job, and the ledger \
         keeps two runs apart even where a lock is lost. Others that take this lock are no longer \
         kept out."
    )
}

/// `SET v = @@read_only`, `SELECT @@read_only INTO v`, and the same with `GET_LOCK`.
pub(super) fn asked(statement: &[Token<'_>], found: &mut Found<'_, '_>) -> Option<()> {
    let mut reader = Reader::new(statement);
    if reader.words("SET") {
        let name = log::variable(&mut reader, &found.variables)?;
        (reader.symbol("=") || reader.symbol(":=")).then_some(())?;
        let known = answer(&mut reader, found)?;
        known.push(name);
    } else {
        reader.words("SELECT").then_some(())?;
        let variables = found.variables.clone();
        let known = answer(&mut reader, found)?;
        let name = reader
            .words("INTO")
            .then(|| log::variable(&mut reader, &variables))??;
        known.push(name);
    }
    reader.is_over().then_some(())
}

/// What is asked, and where the names of variables with its answer are kept.
fn answer<'f>(
    reader: &mut Reader<'_, '_>,
    found: &'f mut Found<'_, '_>,
) -> Option<&'f mut Vec<String>> {
    if reader.attempt(read_only).is_some() {
        found.leave_out(WRITER);
        return Some(&mut found.read_only);
    }
    let lock = lock(reader)?;
    found.leave_out(&lock_is_left_out(&lock));
    Some(&mut found.locked)
}

/// `DO RELEASE_LOCK('name')`, `SELECT RELEASE_LOCK('name')`.
pub(super) fn release(statement: &[Token<'_>]) -> Option<()> {
    let mut reader = Reader::new(statement);
    let asked = reader.words("DO") || reader.words("SELECT");
    (asked && reader.words("RELEASE_LOCK") && reader.symbol("(")).then_some(())?;
    reader.next().filter(|token| token.kind == Kind::Text)?;
    (reader.symbol(")") && reader.is_over()).then_some(())
}
