//! `SHOW GRANTS`, taken apart and put together again.
//!
//! A grant is what the server shows, cut into the smallest parts: a privilege on two columns is two
//! grants. `USAGE` is one only where it comes `WITH GRANT OPTION`.
//!
//! MySQL keeps that option once for all static privileges on an object, and for each dynamic
//! privilege, role and proxy by itself. Taking a static privilege leaves it; the option alone is
//! given and taken as the privilege `GRANT OPTION`.
//! <https://dev.mysql.com/doc/refman/8.0/en/grant.html>

mod read;
#[cfg(test)]
mod tests;

use aurora_sql::{Account, Statement};

use crate::database::Grant;

pub(crate) use read::read;

/// A part of a statement.
#[derive(Clone, Copy)]
enum Part<'a> {
    Sql(&'a str),
    Account(&'a Account),
}

/// The statement that gives `grant` to `to`.
pub(crate) fn grant(grant: &Grant, to: &Account) -> Statement {
    put("granting", granting(grant, to))
}

/// The statement that takes `grant` from `from`.
pub(crate) fn revoke(grant: &Grant, from: &Account) -> Statement {
    put("revoking", revoking(grant, from))
}

fn put(what: &'static str, parts: Vec<Part<'_>>) -> Statement {
    let add = |statement: Statement, part| match part {
        Part::Sql(sql) => statement.spelled(sql),
        Part::Account(account) => statement.account(account),
    };
    parts.into_iter().fold(Statement::new(what, ""), add)
}

fn granting<'a>(grant: &'a Grant, to: &'a Account) -> Vec<Part<'a>> {
    match grant {
        // `GRANT GRANT OPTION ON *.*` would give it to each dynamic privilege as well.
        Grant::Privilege { privilege, on, .. } if privilege == "GRANT OPTION" => {
            given("USAGE", on, to, WITH_GRANT_OPTION)
        }
        Grant::Privilege {
            privilege,
            on,
            grantable,
        } => given(privilege, on, to, option(*grantable, WITH_GRANT_OPTION)),
        Grant::Role { role, admin } => {
            let end = option(*admin, " WITH ADMIN OPTION");
            let (role, to) = (Part::Account(role), Part::Account(to));
            vec![
                Part::Sql("GRANT "),
                role,
                Part::Sql(" TO "),
                to,
                Part::Sql(end),
            ]
        }
        Grant::Proxy { on, grantable } => {
            let end = Part::Sql(option(*grantable, WITH_GRANT_OPTION));
            let (on, to) = (Part::Account(on), Part::Account(to));
            vec![Part::Sql("GRANT PROXY ON "), on, Part::Sql(" TO "), to, end]
        }
        Grant::Restriction { privilege, on } => taken(privilege, on, to),
    }
}

fn revoking<'a>(grant: &'a Grant, from: &'a Account) -> Vec<Part<'a>> {
    match grant {
        Grant::Privilege { privilege, on, .. } => taken(privilege, on, from),
        Grant::Role { role, .. } => {
            let (role, from) = (Part::Account(role), Part::Account(from));
            vec![Part::Sql("REVOKE "), role, Part::Sql(" FROM "), from]
        }
        Grant::Proxy { on, .. } => {
            let (on, from) = (Part::Account(on), Part::Account(from));
            vec![Part::Sql("REVOKE PROXY ON "), on, Part::Sql(" FROM "), from]
        }
        // It only ends the restriction: nothing is granted on the schema itself.
        // <https://dev.mysql.com/doc/refman/8.0/en/partial-revokes.html>
        Grant::Restriction { privilege, on } => given(privilege, on, from, ""),
    }
}

const WITH_GRANT_OPTION: &str = " WITH GRANT OPTION";

const fn option(wanted: bool, words: &'static str) -> &'static str {
    if wanted { words } else { "" }
}

fn given<'a>(privilege: &'a str, on: &'a str, to: &'a Account, end: &'a str) -> Vec<Part<'a>> {
    let mut parts = changed(["GRANT ", privilege, " ON ", on, " TO "], to);
    parts.push(Part::Sql(end));
    parts
}

fn taken<'a>(privilege: &'a str, on: &'a str, from: &'a Account) -> Vec<Part<'a>> {
    changed(["REVOKE ", privilege, " ON ", on, " FROM "], from)
}

fn changed<'a>(sql: [&'a str; 5], account: &'a Account) -> Vec<Part<'a>> {
    let mut parts: Vec<_> = sql.into_iter().map(Part::Sql).collect();
    parts.push(Part::Account(account));
    parts
}
