//! Every change as one statement.

use aurora_sql::{Account, Statement};
use secrets::Secret;

use super::{definition, each, grants, version::Version};
use crate::database::Change;

/// The statement that carries `change` out on a server of this version.
/// <https://dev.mysql.com/doc/refman/8.0/en/alter-user.html>
pub(crate) fn statement(change: &Change<'_>, server: Version) -> Statement {
    match *change {
        Change::SetPassword {
            accounts,
            password,
            retain,
        } => set_password(accounts, password, retain),
        Change::SetOwnPassword {
            password,
            instead_of,
            retain,
        } => set_own_password(password, instead_of, retain),
        Change::DiscardOld { accounts } => discard_old(accounts),
        Change::DiscardOwnOld => Statement::new(
            "discarding the old password",
            "ALTER USER USER() DISCARD OLD PASSWORD",
        ),
        Change::Create {
            account,
            like,
            password,
        } => definition::create(account, like, password),
        Change::SetOptions { account, like } => definition::set_options(account, like, server),
        Change::SetDefaultRoles { account, roles } => definition::set_default_roles(account, roles),
        Change::Grant { to, grant } => grants::grant(grant, to),
        Change::Revoke { from, grant } => grants::revoke(grant, from),
        Change::Drop { account } => {
            Statement::new("dropping the account", "DROP USER ").account(account)
        }
    }
}

/// One statement, so that it takes effect for all accounts or for none.
fn set_password(accounts: &[Account], password: &Secret, retain: bool) -> Statement {
    let alter = Statement::new("setting the password", "ALTER USER ");
    each(alter, accounts, |statement, account| {
        let statement = statement.account(account).sql(" IDENTIFIED BY ");
        retained(statement.literal(password), retain)
    })
}

/// `USER()` is the account of the session, whatever host it is known by.
fn set_own_password(password: &Secret, instead_of: Option<&Secret>, retain: bool) -> Statement {
    let sql = "ALTER USER USER() IDENTIFIED BY ";
    let statement = Statement::new("setting the login's own password", sql).literal(password);
    let statement = match instead_of {
        Some(old) => statement.sql(" REPLACE ").literal(old),
        None => statement,
    };
    retained(statement, retain)
}

fn retained(statement: Statement, retain: bool) -> Statement {
    statement.sql(if retain {
        " RETAIN CURRENT PASSWORD"
    } else {
        ""
    })
}

fn discard_old(accounts: &[Account]) -> Statement {
    let alter = Statement::new("discarding the old password", "ALTER USER ");
    each(alter, accounts, |statement, account| {
        statement.account(account).sql(" DISCARD OLD PASSWORD")
    })
}
