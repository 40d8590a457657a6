//! Which statements a job may run, and how.

use super::tokens::{Token, tokens};

/// How a statement is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// In one transaction with the ledger's note of it.
    Noted,
    /// It commits by itself.
    ByItself,
}

/// Why a statement is not run, with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum NotRun {
    #[error("statement.sql: there is no statement in it")]
    Nothing,
    #[error(
        "statement.sql: expected one statement, got several; make a procedure of them, and a job that \
         calls it"
    )]
    Several,
    #[error(
        "statement.sql: a procedure is called by a job with `call`, which knows when it is lost"
    )]
    Call,
    #[error(
        "statement.sql: expected a statement that begins with {ALL}; got {0}, which a job does not run"
    )]
    Verb(String),
    #[error(
        "statement.sql: {0} takes or gives back locks by which two runs are kept apart; leave it out, \
         one job never runs twice at the same time"
    )]
    Locks(String),
    #[error("statement.sql: schema nightshift is the ledger, which jobs do not change")]
    Ledger,
    #[error(
        "statement.sql: ? and user variables of prepared statements have no value here; write the value"
    )]
    Placeholder,
}

/// None of these commits by itself.
/// <https://dev.mysql.com/doc/refman/8.0/en/implicit-commit.html>
const NOTED: [&str; 5] = ["INSERT", "REPLACE", "UPDATE", "DELETE", "WITH"];
const BY_ITSELF: [&str; 9] = [
    "SELECT", "DO", "TRUNCATE", "OPTIMIZE", "ANALYZE", "ALTER", "CREATE", "DROP", "RENAME",
];
const ALL: &str = "INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, \
                   ALTER, CREATE, DROP or RENAME";
const LOCKS: [&str; 3] = ["GET_LOCK", "RELEASE_LOCK", "RELEASE_ALL_LOCKS"];

/// How `sql` is run.
pub(super) fn way(sql: &str) -> Result<Way, NotRun> {
    let mut tokens = tokens(sql);
    while tokens.last() == Some(&Token::Sign(';')) {
        tokens.pop();
    }
    let way = by_verb(&tokens)?;
    if tokens.contains(&Token::Sign(';')) {
        return Err(NotRun::Several);
    }
    if tokens.contains(&Token::Sign('?')) {
        return Err(NotRun::Placeholder);
    }
    let lock = tokens
        .iter()
        .find_map(|token| LOCKS.into_iter().find(|lock| is(token, lock)));
    match lock {
        Some(lock) => Err(NotRun::Locks(lock.to_owned())),
        None if changes_ledger(&tokens) => Err(NotRun::Ledger),
        None => Ok(way),
    }
}

fn by_verb(tokens: &[Token]) -> Result<Way, NotRun> {
    // A query may stand in brackets.
    let verb = tokens.iter().find(|token| **token != Token::Sign('('));
    match verb {
        None => Err(NotRun::Nothing),
        Some(Token::Word(verb)) if NOTED.contains(&verb.as_str()) => Ok(Way::Noted),
        Some(Token::Word(verb)) if BY_ITSELF.contains(&verb.as_str()) => Ok(Way::ByItself),
        Some(Token::Word(verb)) if verb == "CALL" => Err(NotRun::Call),
        Some(Token::Word(verb)) => Err(NotRun::Verb(verb.clone())),
        Some(Token::Quoted(_) | Token::Text) => Err(NotRun::Verb("a text".to_owned())),
        Some(Token::Sign(sign)) => Err(NotRun::Verb(sign.to_string())),
    }
}

/// What is changed is named before the first `SELECT`; what is read behind it may be the ledger.
fn changes_ledger(tokens: &[Token]) -> bool {
    let changed = tokens.iter().take_while(|token| !is(token, "SELECT"));
    changed.into_iter().any(|token| is(token, "NIGHTSHIFT"))
}

fn is(token: &Token, name: &str) -> bool {
    match token {
        Token::Word(word) => word == name,
        Token::Quoted(quoted) => quoted.eq_ignore_ascii_case(name),
        Token::Text | Token::Sign(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_commit_by_itself_is_noted_with_its_effect() {
        for sql in [
            "INSERT INTO hourly SELECT COUNT(*) FROM orders",
            "  -- the week\n replace into t values (1);",
            "WITH old AS (SELECT 1) DELETE FROM t",
            "UPDATE t SET note = 'COMMIT; SET x'",
            "/*!50000 DELETE */ FROM t",
            "INSERT INTO report SELECT * FROM nightshift.event_execution_log",
        ] {
            assert_eq!(way(sql), Ok(Way::Noted), "{sql}");
        }
        for sql in [
            "OPTIMIZE TABLE t",
            "(SELECT 1)",
            "alter table t force ; ;",
            "DO SLEEP(1)",
        ] {
            assert_eq!(way(sql), Ok(Way::ByItself), "{sql}");
        }
    }

    #[test]
    fn what_would_break_the_sessions_promises_is_refused() {
        for (sql, refused) in [
            ("", NotRun::Nothing),
            (" -- nothing", NotRun::Nothing),
            ("DELETE FROM a; DELETE FROM b", NotRun::Several),
            ("DELETE FROM a; COMMIT", NotRun::Several),
            ("CALL p()", NotRun::Call),
            ("SET autocommit = 0", NotRun::Verb("SET".to_owned())),
            ("/*! SET */ x = 1", NotRun::Verb("SET".to_owned())),
            ("USE other", NotRun::Verb("USE".to_owned())),
            ("LOCK TABLES t WRITE", NotRun::Verb("LOCK".to_owned())),
            ("START TRANSACTION", NotRun::Verb("START".to_owned())),
            ("BEGIN", NotRun::Verb("BEGIN".to_owned())),
            ("COMMIT", NotRun::Verb("COMMIT".to_owned())),
            ("XA START 'x'", NotRun::Verb("XA".to_owned())),
            ("KILL 1", NotRun::Verb("KILL".to_owned())),
            ("'x'", NotRun::Verb("a text".to_owned())),
            (
                "DO release_all_locks()",
                NotRun::Locks("RELEASE_ALL_LOCKS".to_owned()),
            ),
            (
                "INSERT INTO t SELECT GET_LOCK /* x */ ('a', 1)",
                NotRun::Locks("GET_LOCK".to_owned()),
            ),
            ("DELETE FROM nightshift.job_run", NotRun::Ledger),
            ("DROP DATABASE `Nightshift`", NotRun::Ledger),
            ("DELETE FROM t WHERE id = ?", NotRun::Placeholder),
        ] {
            assert_eq!(way(sql), Err(refused), "{sql}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_do() {
        let refused = |sql| way(sql).unwrap_err().to_string();
        insta::assert_snapshot!(refused("SET x = 1"), @"statement.sql: expected a statement that begins with INSERT, REPLACE, UPDATE, DELETE, WITH, SELECT, DO, TRUNCATE, OPTIMIZE, ANALYZE, ALTER, CREATE, DROP or RENAME; got SET, which a job does not run");
        insta::assert_snapshot!(refused("DO 1; DO 2"), @"statement.sql: expected one statement, got several; make a procedure of them, and a job that calls it");
    }
}
