//! Whose password is set where a user has one password.
//!
//! | account | decision |
//! |---|---|
//! | its password is a version of the secret | set |
//! | its password is none, and the policy does not say `overwrite_unknown` | refuse, for all accounts |
//! | no password opens it | left as it is; where that is so of all, refuse |

use aurora_sql::Account;

use super::Seen;

/// The accounts to be set, or why none is.
///
/// # Errors
/// The reason, as a sentence that says what to do.
pub fn single(seen: &[Seen], overwrite_unknown: bool) -> Result<Vec<Account>, String> {
    let open = || seen.iter().filter(|one| one.shut().is_none());
    if let Some(one) = open().find(|one| one.primary.is_none() && !overwrite_unknown) {
        return Err(format!(
            "the password of {} is no version of this secret, so somebody set it by hand: put it into the secret, or allow overwrite_unknown",
            one.account
        ));
    }
    let accounts: Vec<Account> = open().map(|one| one.account.clone()).collect();
    match seen.first() {
        _ if !accounts.is_empty() => Ok(accounts),
        Some(one) => Err(format!(
            "the account {} {}: no password would open it",
            one.account,
            one.shut().unwrap_or_default()
        )),
        None => Err("the user has no account: correct the secret's username".into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decide::{Role, Secondary};

    fn seen(host: &str, primary: Option<Role>, locked: bool) -> Seen {
        Seen {
            account: Account {
                user: "app".into(),
                host: host.into(),
            },
            primary,
            secondary: Secondary::None,
            locked,
            passwordless: None,
        }
    }

    fn hosts(seen: &[Seen], overwrite_unknown: bool) -> Result<String, String> {
        let accounts = single(seen, overwrite_unknown)?;
        let hosts: Vec<_> = accounts.into_iter().map(|account| account.host).collect();
        Ok(hosts.join(" "))
    }

    #[test]
    fn every_account_is_set_that_has_a_version_of_the_secret() {
        let ours = [
            seen("%", Some(Role::Current), false),
            seen("10.%", Some(Role::Older), false),
            seen("old", None, true),
        ];
        assert_eq!(hosts(&ours, false).as_deref(), Ok("% 10.%"));
    }

    #[test]
    fn a_password_that_was_set_by_hand_holds_all_back_unless_the_policy_allows_it() {
        let mixed = [
            seen("%", Some(Role::Current), false),
            seen("10.%", None, false),
        ];
        let said = hosts(&mixed, false).unwrap_err();
        assert_eq!(
            said,
            "the password of 'app'@'10.%' is no version of this secret, so somebody set it by hand: put it into the secret, or allow overwrite_unknown"
        );
        assert_eq!(hosts(&mixed, true).as_deref(), Ok("% 10.%"));
    }

    #[test]
    fn where_no_password_opens_any_account_none_is_set() {
        let locked = [seen("%", Some(Role::Current), true)];
        let said = hosts(&locked, true).unwrap_err();
        assert_eq!(
            said,
            "the account 'app'@'%' is locked: no password would open it"
        );
        assert!(hosts(&[], true).is_err());
    }
}
