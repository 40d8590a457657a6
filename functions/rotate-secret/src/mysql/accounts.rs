//! What a server says of accounts.

use std::collections::BTreeSet;

use aurora_sql::{Account, Row, Session, SqlError, Statement, stored::Stored};
use secrets::Secret;

use super::{
    definition::{self, Beside},
    grants,
    tokens::Unread,
    version::Version,
};
use crate::database::{Definition, Entry, Held};

/// The accounts of `user`, sorted, and which of `candidates` opens them. The name is compared byte
/// by byte; the column's collation would ignore spaces at the end.
/// <https://dev.mysql.com/doc/refman/8.0/en/grant-tables.html#grant-tables-user-db>
pub(super) async fn entries(
    session: &mut Session,
    version: Version,
    user: &str,
    candidates: &[&Secret],
) -> Result<Vec<Entry>, SqlError> {
    let attributes = if version.has_dual_passwords() {
        "User_attributes"
    } else {
        "NULL"
    };
    let statement = Statement::new(
        "reading mysql.user",
        "SELECT user, host, account_locked, plugin, authentication_string, ",
    )
    .sql(attributes)
    .sql(" FROM mysql.user WHERE CAST(user AS BINARY) = CAST(? AS BINARY)")
    .bind(user);
    let rows = session.query(&statement).await?;
    let entries = rows.iter().map(|row| entry(row, candidates));
    let mut entries = entries.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by(|one, other| one.account.cmp(&other.account));
    Ok(entries)
}

fn entry(row: &Row, candidates: &[&Secret]) -> Result<Entry, SqlError> {
    let plugin = row.required_text(3)?;
    let string = row.bytes(4)?.unwrap_or_default();
    let attributes = row.text(5)?.unwrap_or_default();
    let secondary = Stored::secondary(&plugin, &attributes);
    let account = Account {
        user: row.required_text(0)?,
        host: row.required_text(1)?,
    };
    Ok(Entry {
        account,
        primary: held(&Stored::of(&plugin, &string), candidates),
        secondary: secondary.map(|stored| held(&stored, candidates)),
        locked: row.required_text(2)? == "Y",
        plugin,
    })
}

fn held(stored: &Stored, candidates: &[&Secret]) -> Held {
    let found = candidates.iter().position(|candidate| stored.is(candidate));
    found.map_or(Held::Unknown, Held::Candidate)
}

/// What `account` is apart from its passwords.
pub(super) async fn definition(
    session: &mut Session,
    account: &Account,
) -> Result<Definition, SqlError> {
    let beside = beside(session, account).await?;
    let show = Statement::new("reading the account", "SHOW CREATE USER ").account(account);
    let shown = Secret::new(only(session, &show).await?.required_text(0)?);
    let clauses = definition::read(shown.expose(), account, &beside)?;
    Ok(Definition {
        account: account.clone(),
        options: clauses.options,
        plugin: clauses.plugin,
        default_roles: clauses.default_roles,
        grants: grants_of(session, account).await?,
    })
}

async fn grants_of(
    session: &mut Session,
    account: &Account,
) -> Result<BTreeSet<crate::database::Grant>, SqlError> {
    let show = Statement::new("reading the account's grants", "SHOW GRANTS FOR ").account(account);
    let mut all = BTreeSet::new();
    for row in session.query(&show).await? {
        all.extend(grants::read(&row.required_text(0)?, account)?);
    }
    Ok(all)
}

async fn beside(session: &mut Session, account: &Account) -> Result<Beside, SqlError> {
    let statement = Statement::new(
        "reading mysql.user",
        "SELECT password_lifetime, x509_subject, x509_issuer, ssl_cipher FROM mysql.user \
         WHERE CAST(user AS BINARY) = CAST(? AS BINARY) AND CAST(host AS BINARY) = CAST(? AS BINARY)",
    )
    .bind(account.user.as_str())
    .bind(account.host.as_str());
    let row = only(session, &statement).await?;
    let lifetime = row.integer(0)?.map(u16::try_from).transpose();
    Ok(Beside {
        lifetime: lifetime
            .map_err(|_| odd("a lifetime of a password that is no number of days"))?,
        subject: row.required_text(1)?,
        issuer: row.required_text(2)?,
        cipher: row.required_text(3)?,
    })
}

/// The row that there must be.
async fn only(session: &mut Session, statement: &Statement) -> Result<Row, SqlError> {
    let rows = session.query(statement).await?;
    let row = rows.into_iter().next();
    row.ok_or_else(|| odd("no such account").into())
}

fn odd(what: &str) -> Unread {
    Unread {
        statement: "mysql.user",
        what: what.to_owned(),
    }
}
