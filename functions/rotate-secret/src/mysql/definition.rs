//! `SHOW CREATE USER`, taken apart and put together again.
//!
//! What is carried over to a clone are the clauses behind the authentication, with these exceptions:
//! - that a password has expired (`PASSWORD EXPIRE`), which is true of the password and not of the
//!   account: the lifetime that stands behind it is carried over instead;
//! - the comment and the attributes, which are notes that people and tools keep about one account,
//!   and which MySQL lets one add to but never empty again.
//!
//! <https://dev.mysql.com/doc/refman/8.0/en/show-create-user.html>

mod read;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aurora_sql::{Account, Statement};
use secrets::Secret;

use super::{
    each,
    tokens::{Token, Tokens},
    version::Version,
};
use crate::database::Definition;

pub(crate) use read::{Beside, read};

/// The limits that follow one `WITH`. 0 is none.
/// <https://dev.mysql.com/doc/refman/8.0/en/user-resources.html>
const LIMITS: [&str; 4] = [
    "WITH MAX_QUERIES_PER_HOUR",
    "WITH MAX_UPDATES_PER_HOUR",
    "WITH MAX_CONNECTIONS_PER_HOUR",
    "WITH MAX_USER_CONNECTIONS",
];

/// The options about failed logins. 0 is off.
/// <https://dev.mysql.com/doc/refman/8.0/en/password-management.html#failed-login-tracking>
const FAILED_LOGINS: [&str; 2] = ["FAILED_LOGIN_ATTEMPTS", "PASSWORD_LOCK_TIME"];

/// The statement that makes `account` with the options of `like` and this password.
pub(crate) fn create(account: &Account, like: &Definition, password: &Secret) -> Statement {
    let statement = Statement::new("creating the account", "CREATE USER ")
        .account(account)
        .sql(" IDENTIFIED WITH ")
        .string(&like.plugin)
        .sql(" BY ")
        .literal(password);
    put(statement, &like.options)
}

/// The statement that makes the options of `account` those of `like`. What a server does not show
/// because it is off is named all the same, so that it is turned off.
pub(crate) fn set_options(account: &Account, like: &Definition, server: Version) -> Statement {
    let statement = Statement::new("setting the account's options", "ALTER USER ").account(account);
    put(statement, &with_what_is_off(&like.options, server))
}

/// The statement that sets which roles are active when `account` logs in.
/// <https://dev.mysql.com/doc/refman/8.0/en/alter-user.html#alter-user-role>
pub(crate) fn set_default_roles(account: &Account, roles: &BTreeSet<Account>) -> Statement {
    let statement = Statement::new("setting the default roles", "ALTER USER ")
        .account(account)
        .sql(" DEFAULT ROLE ");
    if roles.is_empty() {
        return statement.sql("NONE");
    }
    each(statement, roles, Statement::account)
}

fn with_what_is_off(shown: &BTreeSet<String>, server: Version) -> BTreeSet<String> {
    let known = if server.counts_failed_logins() {
        FAILED_LOGINS.as_slice()
    } else {
        &[]
    };
    let is_shown = |name: &str| shown.iter().any(|option| option.starts_with(name));
    let off = LIMITS.iter().chain(known).filter(|name| !is_shown(name));
    let off = off.map(|name| format!("{name} 0"));
    off.chain(shown.iter().cloned()).collect()
}

/// The options in the order of MySQL's grammar: `REQUIRE`, the limits, and the others.
fn put(mut statement: Statement, options: &BTreeSet<String>) -> Statement {
    let (limits, others): (Vec<_>, Vec<_>) = options
        .iter()
        .partition(|option| option.starts_with("WITH "));
    let (require, others): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|option| option.starts_with("REQUIRE "));
    for option in require {
        statement = clause(statement, option);
    }
    if !limits.is_empty() {
        statement = statement.sql(" WITH");
    }
    for limit in limits {
        statement = clause(statement, limit.trim_start_matches("WITH "));
    }
    others
        .into_iter()
        .fold(statement, |statement, option| clause(statement, option))
}

/// One option. Its words are words, and what is in quotes is quoted anew.
fn clause(mut statement: Statement, option: &str) -> Statement {
    let mut tokens = Tokens::new(option);
    loop {
        statement = match tokens.next() {
            Token::Word(word) => statement.sql(" ").spelled(word),
            Token::Quoted(quoted) => statement.sql(" ").string(&quoted.text()),
            Token::Symbol(_) | Token::Unclosed | Token::End => return statement,
        };
    }
}
