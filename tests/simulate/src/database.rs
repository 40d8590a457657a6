//! rotate-secret's idea of a database over the simulator's servers.

use std::{collections::BTreeSet, time::Duration};

use aurora_sql::{Account, SqlError};
use rotate_secret::database::{
    Access, Change, Database, Definition, Endpoint, Entry, Grant, Held, Login, Server, Session,
};
use secrets::Secret;
use simulator::database::{self, Databases, LOCK, Password, Patience, Statement};

/// The simulator's servers.
pub struct Simulated(pub Databases);

impl Database for Simulated {
    type Session = Connected;

    async fn open(
        &self,
        to: &Endpoint,
        login: Login<'_>,
        access: &Access,
    ) -> Result<Connected, SqlError> {
        let password = self.0.password(login.password.expose());
        let patience = |limit| Patience {
            limit,
            until: access.until,
        };
        let connecting = patience(access.connect);
        let session = self
            .0
            .open(&to.host, login.user, password, connecting)
            .await?;
        Ok(Connected {
            session,
            databases: self.0.clone(),
            patience: patience(access.statement),
        })
    }
}

/// A login on one of them.
pub struct Connected {
    session: database::Session,
    databases: Databases,
    patience: Patience,
}

impl Connected {
    fn number(&self, secret: &Secret) -> Password {
        self.databases.password(secret.expose())
    }
}

impl Session for Connected {
    async fn server(&mut self) -> Result<Server, SqlError> {
        let (writable, dual_passwords, me) = self.session.server(self.patience).await?;
        let version = if dual_passwords { "8.0.39" } else { "5.7.44" };
        Ok(Server {
            version: version.into(),
            writable,
            dual_passwords,
            encrypted: true,
            me,
        })
    }

    async fn lock(&mut self, name: &str, wait: Duration) -> Result<bool, SqlError> {
        self.session.lock(name, wait, self.patience).await
    }

    async fn entries(
        &mut self,
        user: &str,
        candidates: &[&Secret],
    ) -> Result<Vec<Entry>, SqlError> {
        let candidates: Vec<Password> = candidates.iter().map(|it| self.number(it)).collect();
        let held = |password: Password| {
            let found = candidates
                .iter()
                .position(|candidate| *candidate == password);
            found.map_or(Held::Unknown, Held::Candidate)
        };
        let entries = self.session.entries(user, self.patience).await?;
        let entry = |(account, entry): (Account, database::Entry)| Entry {
            account,
            primary: held(entry.primary),
            secondary: entry.secondary.map(held),
            locked: entry.locked,
            plugin: entry.plugin,
        };
        Ok(entries.into_iter().map(entry).collect())
    }

    async fn definition(&mut self, account: &Account) -> Result<Definition, SqlError> {
        let entry = self.session.account(account, self.patience).await?;
        let mut options = entry.options;
        options.insert(LOCK[usize::from(!entry.locked)].to_owned());
        Ok(Definition {
            account: account.clone(),
            options,
            plugin: entry.plugin,
            default_roles: entry.default_roles,
            grants: entry.grants.iter().map(|grant| read(grant)).collect(),
        })
    }

    async fn change(&mut self, change: &Change<'_>) -> Result<(), SqlError> {
        let (what, statement) = self.statement(change);
        self.session.change(what, statement, self.patience).await
    }

    async fn close(self) {
        self.session.close();
    }
}

impl Connected {
    fn statement(&self, change: &Change<'_>) -> (&'static str, Statement) {
        let number = |secret: &Secret| self.number(secret);
        match *change {
            Change::SetPassword {
                accounts,
                password,
                retain,
            } => {
                let (accounts, to) = (accounts.to_vec(), number(password));
                let set = Statement::SetPassword {
                    accounts,
                    to,
                    retain,
                };
                ("setting the password", set)
            }
            Change::SetOwnPassword {
                password,
                instead_of,
                retain,
            } => {
                let (to, instead_of) = (number(password), instead_of.map(number));
                let set = Statement::SetOwnPassword {
                    to,
                    instead_of,
                    retain,
                };
                ("setting the login's own password", set)
            }
            Change::DiscardOld { accounts } => {
                let accounts = accounts.to_vec();
                (
                    "discarding the old password",
                    Statement::Discard { accounts },
                )
            }
            Change::DiscardOwnOld => ("discarding the old password", Statement::DiscardOwn),
            Change::Create {
                account,
                like,
                password,
            } => {
                let create = Statement::Create {
                    account: account.clone(),
                    options: like.options.clone(),
                    password: number(password),
                };
                ("creating the account", create)
            }
            _ => defining(change),
        }
    }
}

fn defining(change: &Change<'_>) -> (&'static str, Statement) {
    match *change {
        Change::SetOptions { account, like } => {
            let (account, options) = (account.clone(), like.options.clone());
            let set = Statement::SetOptions { account, options };
            ("setting the account's options", set)
        }
        Change::SetDefaultRoles { account, roles } => {
            let (account, roles): (_, BTreeSet<Account>) = (account.clone(), roles.clone());
            let set = Statement::SetDefaultRoles { account, roles };
            ("setting the default roles", set)
        }
        Change::Grant { to, grant } => {
            let (to, grant) = (to.clone(), written(grant));
            ("granting", Statement::Grant { to, grant })
        }
        Change::Revoke { from, grant } => {
            let (from, grant) = (from.clone(), written(grant));
            ("revoking", Statement::Revoke { from, grant })
        }
        Change::Drop { account } | Change::Create { account, .. } => {
            let account = account.clone();
            ("dropping the account", Statement::Drop { account })
        }
        Change::SetPassword { .. }
        | Change::SetOwnPassword { .. }
        | Change::DiscardOld { .. }
        | Change::DiscardOwnOld => ("discarding the old password", Statement::DiscardOwn),
    }
}

/// The servers know privileges only, none of them to be handed on.
fn read(grant: &str) -> Grant {
    let (privilege, on) = grant.split_once(" ON ").unwrap_or((grant, "*.*"));
    Grant::Privilege {
        privilege: privilege.into(),
        on: on.into(),
        grantable: false,
    }
}

fn written(grant: &Grant) -> String {
    match grant {
        Grant::Privilege { privilege, on, .. } => format!("{privilege} ON {on}"),
        Grant::Restriction { privilege, on } => format!("no {privilege} ON {on}"),
        Grant::Role { role, .. } => format!("the role {role}"),
        Grant::Proxy { on, .. } => format!("PROXY ON {on}"),
    }
}
