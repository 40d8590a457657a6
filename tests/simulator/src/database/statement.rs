//! What changes accounts.

use std::{collections::BTreeSet, fmt};

use aurora_sql::Account;

use super::{Accounts, Entry, Password};

/// A statement that changes accounts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Statement {
    /// `ALTER USER … IDENTIFIED BY … [RETAIN CURRENT PASSWORD]`
    SetPassword {
        /// Whose.
        accounts: Vec<Account>,
        /// To what.
        to: Password,
        /// Whether the primary one stays as the second.
        retain: bool,
    },
    /// `ALTER USER USER() IDENTIFIED BY … [REPLACE …] [RETAIN CURRENT PASSWORD]`
    SetOwnPassword {
        /// To what.
        to: Password,
        /// What the primary one must be.
        instead_of: Option<Password>,
        /// Whether the primary one stays as the second.
        retain: bool,
    },
    /// `ALTER USER … DISCARD OLD PASSWORD`
    Discard {
        /// Whose.
        accounts: Vec<Account>,
    },
    /// `ALTER USER USER() DISCARD OLD PASSWORD`
    DiscardOwn,
    /// `CREATE USER …`
    Create {
        /// Which.
        account: Account,
        /// With which options.
        options: BTreeSet<String>,
        /// Its password.
        password: Password,
    },
    /// `ALTER USER …` of the options.
    SetOptions {
        /// Whose.
        account: Account,
        /// To which.
        options: BTreeSet<String>,
    },
    /// `ALTER USER … DEFAULT ROLE …`
    SetDefaultRoles {
        /// Whose.
        account: Account,
        /// Which.
        roles: BTreeSet<Account>,
    },
    /// `GRANT …`
    Grant {
        /// To whom.
        to: Account,
        /// What.
        grant: String,
    },
    /// `REVOKE …`
    Revoke {
        /// From whom.
        from: Account,
        /// What.
        grant: String,
    },
    /// `DROP USER …`
    Drop {
        /// Which.
        account: Account,
    },
    /// `ALTER USER … ACCOUNT LOCK` or `UNLOCK`
    Lock {
        /// Whose.
        account: Account,
        /// Whether it is locked from now on.
        locked: bool,
    },
}

/// A refusal by its number, with the right that is missing, if one is.
/// <https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 1227: a right is missing.
    Right(&'static str),
    /// Any other.
    Code(u16),
}

/// 1396: the account is not there, or is there already.
const CANNOT_USER: Refusal = Refusal::Code(1396);
/// 1064: a server before 8.0.14 does not know the words.
const SYNTAX: Refusal = Refusal::Code(1064);
/// 1141: there is no such grant.
const NO_GRANT: Refusal = Refusal::Code(1141);
/// 3891: the password to be replaced is not the primary one.
const NOT_PRIMARY: Refusal = Refusal::Code(3891);

/// The words by which `SHOW CREATE USER` says that an account is locked, and that it is not.
pub const LOCK: [&str; 2] = ["ACCOUNT LOCK", "ACCOUNT UNLOCK"];

impl Statement {
    /// What the accounts are after it was carried out for the account `me`: all of it, or nothing.
    /// Without `dual`, the server knows no second passwords. A person may do anything.
    ///
    /// # Errors
    /// What the server says.
    pub fn after(
        &self,
        accounts: &Accounts,
        me: Option<&Account>,
        dual: bool,
    ) -> Result<Accounts, Refusal> {
        if self.needs_dual() && !dual {
            return Err(SYNTAX);
        }
        if let Some(me) = me {
            self.allowed(accounts.get(me).ok_or(CANNOT_USER)?)?;
        }
        let mut after = accounts.clone();
        self.change(&mut after, me)?;
        Ok(after)
    }

    fn needs_dual(&self) -> bool {
        matches!(
            self,
            Self::SetPassword { retain: true, .. }
                | Self::SetOwnPassword { retain: true, .. }
                | Self::Discard { .. }
                | Self::DiscardOwn
        )
    }

    fn allowed(&self, me: &Entry) -> Result<(), Refusal> {
        let own = ["APPLICATION_PASSWORD_ADMIN", "CREATE USER"];
        match self {
            Self::SetOwnPassword { retain: false, .. } => Ok(()),
            Self::SetOwnPassword { .. } | Self::DiscardOwn if me.may(&own) => Ok(()),
            Self::SetOwnPassword { .. } | Self::DiscardOwn => Err(Refusal::Right(own[0])),
            _ if me.may(&own[1..]) => Ok(()),
            _ => Err(Refusal::Right(own[1])),
        }
    }

    fn change(&self, accounts: &mut Accounts, me: Option<&Account>) -> Result<(), Refusal> {
        match self {
            Self::SetPassword {
                accounts: whose,
                to,
                retain,
            } => whose
                .iter()
                .try_for_each(|account| set(accounts, account, *to, *retain)),
            Self::SetOwnPassword {
                to,
                instead_of,
                retain,
            } => {
                let me = me.ok_or(CANNOT_USER)?;
                let primary = entry(accounts, me)?.primary;
                if instead_of.is_some_and(|old| old != primary) {
                    return Err(NOT_PRIMARY);
                }
                set(accounts, me, *to, *retain)
            }
            Self::Discard { accounts: whose } => whose
                .iter()
                .try_for_each(|account| discard(accounts, account)),
            Self::DiscardOwn => discard(accounts, me.ok_or(CANNOT_USER)?),
            _ => self.define(accounts),
        }
    }

    fn define(&self, accounts: &mut Accounts) -> Result<(), Refusal> {
        match self {
            Self::Create {
                account,
                options,
                password,
            } => {
                if accounts.contains_key(account) {
                    return Err(CANNOT_USER);
                }
                let mut new = Entry::new(*password, &[]);
                set_options(&mut new, options);
                accounts.insert(account.clone(), new);
            }
            Self::SetOptions { account, options } => {
                set_options(entry(accounts, account)?, options);
            }
            Self::SetDefaultRoles { account, roles } => {
                entry(accounts, account)?.default_roles.clone_from(roles);
            }
            Self::Grant { to, grant } => {
                entry(accounts, to)?.grants.insert(grant.clone());
            }
            Self::Revoke { from, grant } => {
                let had = entry(accounts, from)?.grants.remove(grant);
                return had.then_some(()).ok_or(NO_GRANT);
            }
            Self::Drop { account } => {
                accounts.remove(account).ok_or(CANNOT_USER)?;
            }
            Self::Lock { account, locked } => entry(accounts, account)?.locked = *locked,
            _ => {}
        }
        Ok(())
    }
}

fn entry<'a>(accounts: &'a mut Accounts, account: &Account) -> Result<&'a mut Entry, Refusal> {
    accounts.get_mut(account).ok_or(CANNOT_USER)
}

/// Measured on MySQL 9.7: with RETAIN the primary one becomes the second and what was second is
/// gone; without, the primary one is replaced and the second stays.
fn set(
    accounts: &mut Accounts,
    account: &Account,
    to: Password,
    retain: bool,
) -> Result<(), Refusal> {
    let entry = entry(accounts, account)?;
    if retain {
        entry.secondary = Some(entry.primary);
    }
    entry.primary = to;
    Ok(())
}

fn discard(accounts: &mut Accounts, account: &Account) -> Result<(), Refusal> {
    entry(accounts, account)?.secondary = None;
    Ok(())
}

fn set_options(entry: &mut Entry, options: &BTreeSet<String>) {
    entry.locked = options.contains(LOCK[0]);
    let others = options
        .iter()
        .filter(|option| !LOCK.contains(&option.as_str()));
    entry.options = others.cloned().collect();
}

struct Names<'a>(&'a [Account]);

impl fmt::Display for Names<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&names.join(", "))
    }
}

impl fmt::Display for Statement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = |retain: &bool| if *retain { " RETAIN" } else { "" };
        match self {
            Self::SetPassword {
                accounts,
                to,
                retain,
            } => write!(f, "ALTER USER {} BY {to}{}", Names(accounts), kept(retain)),
            Self::SetOwnPassword {
                to,
                instead_of,
                retain,
            } => {
                write!(f, "ALTER USER USER() BY {to}")?;
                if let Some(old) = instead_of {
                    write!(f, " REPLACE {old}")?;
                }
                f.write_str(kept(retain))
            }
            Self::Discard { accounts } => write!(f, "ALTER USER {} DISCARD OLD", Names(accounts)),
            Self::DiscardOwn => f.write_str("ALTER USER USER() DISCARD OLD"),
            Self::Create {
                account, password, ..
            } => write!(f, "CREATE USER {account} BY {password}"),
            Self::SetOptions { account, options } => {
                write!(f, "ALTER USER {account} {options:?}")
            }
            Self::SetDefaultRoles { account, .. } => write!(f, "ALTER USER {account} DEFAULT ROLE"),
            Self::Grant { to, grant } => write!(f, "GRANT {grant} TO {to}"),
            Self::Revoke { from, grant } => write!(f, "REVOKE {grant} FROM {from}"),
            Self::Drop { account } => write!(f, "DROP USER {account}"),
            Self::Lock { account, locked } => {
                let to = LOCK[usize::from(!locked)];
                write!(f, "ALTER USER {account} {to}")
            }
        }
    }
}
