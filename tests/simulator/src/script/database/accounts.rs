//! Users with their accounts and secrets, and what befell them before the beginning.

use std::collections::BTreeSet;

use aurora_sql::Account;

use super::{RotationPolicy, SecretPlan, Server, VersionPlan};
use crate::dice::Dice;

/// An account at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfAccount {
    /// The cluster.
    pub cluster: String,
    /// Which.
    pub account: Account,
    /// Its password.
    pub primary: String,
    /// The one beside it.
    pub secondary: Option<String>,
    /// Whether it is locked.
    pub locked: bool,
    /// Its plugin.
    pub plugin: &'static str,
    /// The clauses of `SHOW CREATE USER`.
    pub options: BTreeSet<String>,
    /// What it may do.
    pub grants: Vec<&'static str>,
}

/// What befell a user before the beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Past {
    /// Nothing.
    Plain,
    /// It was rotated; the old password still opens the door.
    Rotated,
    /// A rotation set its password and was given up; its label was taken off.
    Abandoned,
    /// A rotation set its password and is stuck.
    Stuck,
    /// A rotation is stuck that had not set its password.
    StuckEarly,
    /// A rotation of a user with one password is stuck between the password and the label: only
    /// what is pending opens the door.
    Ahead,
    /// Somebody gave it another password and kept the current one beside it.
    Altered,
    /// Somebody gave it another password: the current one does not open the door.
    Shut,
}

const PASTS: [Past; 14] = [
    Past::Plain,
    Past::Plain,
    Past::Plain,
    Past::Plain,
    Past::Rotated,
    Past::Rotated,
    Past::Abandoned,
    Past::Abandoned,
    Past::Stuck,
    Past::Stuck,
    Past::StuckEarly,
    Past::Ahead,
    Past::Altered,
    Past::Shut,
];
const RIGHTS: [&str; 3] = [
    "SELECT ON `shop`.*",
    "INSERT ON `shop`.*",
    "EXECUTE ON `shop`.*",
];
/// What a superuser may, who changes users.
const SUPERUSER: [&str; 2] = ["CREATE USER ON *.*", "SELECT ON *.*"];

pub(super) fn of_cluster(
    dice: &mut Dice,
    server: &Server,
    policy: &RotationPolicy,
    accounts: &mut Vec<OfAccount>,
    secrets: &mut Vec<SecretPlan>,
) {
    let superuser = superuser(dice, server, accounts, secrets);
    let users = dice.count(1, 2);
    for number in 0..users {
        let user = format!("app{number}");
        let strategy = *dice.pick(&[
            "dual-password",
            "dual-password",
            "dual-password",
            "alternating-users",
            "single-user",
        ]);
        let by_superuser = strategy == "alternating-users"
            || policy.fallback == "alternating-users"
            || dice.chance(60);
        let mut user = User {
            dice: &mut *dice,
            server,
            name: user,
            strategy,
            superuser: by_superuser.then(|| superuser.clone()),
            single: match strategy {
                "dual-password" => !server.dual && policy.fallback == "single-user",
                named => named == "single-user",
            },
        };
        let (secret, of_user) = user.made();
        accounts.extend(of_user);
        secrets.push(secret);
    }
}

fn superuser(
    dice: &mut Dice,
    server: &Server,
    accounts: &mut Vec<OfAccount>,
    secrets: &mut Vec<SecretPlan>,
) -> String {
    let (name, password) = (format!("{}/admin", short(server)), secret_text(dice));
    let lacks = dice.chance(6);
    accounts.push(OfAccount {
        cluster: server.cluster.clone(),
        account: account("admin", "%"),
        primary: password.clone(),
        secondary: None,
        locked: false,
        plugin: "caching_sha2_password",
        options: BTreeSet::new(),
        grants: SUPERUSER[..if lacks { 1 } else { 2 }].to_vec(),
    });
    secrets.push(SecretPlan {
        name: name.clone(),
        cluster: server.cluster.clone(),
        user: "admin".into(),
        tag: "superuser",
        superuser: None,
        versions: vec![VersionPlan {
            password,
            user: "admin".into(),
            label: "AWSCURRENT",
            age_hours: 100,
            dropped: false,
        }],
        every_hours: None,
    });
    name
}

/// The clusters' names differ at their ends.
fn short(server: &Server) -> &str {
    &server.cluster[server.cluster.len().saturating_sub(12)..]
}

fn account(user: &str, host: &str) -> Account {
    Account {
        user: user.into(),
        host: host.into(),
    }
}

/// A text that occurs nowhere by accident.
fn secret_text(dice: &mut Dice) -> String {
    format!("PW{:016x}", dice.seed())
}

struct User<'a> {
    dice: &'a mut Dice,
    server: &'a Server,
    name: String,
    strategy: &'static str,
    superuser: Option<String>,
    /// Whether it has one password.
    single: bool,
}

impl User<'_> {
    fn past(&mut self) -> Past {
        let past = *self.dice.pick(&PASTS);
        let beside = self.server.dual && self.strategy == "dual-password";
        match past {
            Past::Stuck if self.single => Past::Ahead,
            Past::Rotated | Past::Abandoned | Past::Stuck | Past::Altered if !beside => Past::Plain,
            Past::Ahead if !self.single => Past::Plain,
            past => past,
        }
    }

    fn made(&mut self) -> (SecretPlan, Vec<OfAccount>) {
        let past = self.past();
        let (current, other) = (secret_text(self.dice), secret_text(self.dice));
        let passwords = match past {
            Past::Plain | Past::StuckEarly => (current.clone(), None),
            Past::Rotated => (current.clone(), Some(other.clone())),
            Past::Abandoned | Past::Stuck | Past::Altered => (other.clone(), Some(current.clone())),
            Past::Ahead | Past::Shut => (other.clone(), None),
        };
        let secret = SecretPlan {
            name: format!("{}/{}", short(self.server), self.name),
            cluster: self.server.cluster.clone(),
            user: self.name.clone(),
            tag: self.strategy,
            superuser: self.superuser.clone(),
            versions: self.versions(past, &current, &other),
            every_hours: (self.dice.chance(85)).then(|| *self.dice.pick(&[4, 6, 12, 24])),
        };
        (secret, self.accounts(&passwords))
    }

    fn versions(&mut self, past: Past, current: &str, other: &str) -> Vec<VersionPlan> {
        let age = *self.dice.pick(&[1, 3, 26, 80]);
        let version = |password: &str, label, age_hours, dropped| VersionPlan {
            password: password.into(),
            user: self.name.clone(),
            label,
            age_hours,
            dropped,
        };
        let now = version(current, "AWSCURRENT", age, false);
        match past {
            Past::Plain | Past::Altered | Past::Shut => vec![now],
            Past::Rotated => vec![version(other, "AWSCURRENT", age + 30, false), now],
            Past::Abandoned => vec![now, version(other, "AWSPENDING", age - 1, true)],
            Past::Stuck | Past::StuckEarly | Past::Ahead => {
                vec![now, version(other, "AWSPENDING", age - 1, false)]
            }
        }
    }

    fn accounts(&mut self, (primary, secondary): &(String, Option<String>)) -> Vec<OfAccount> {
        let own = self.superuser.is_none();
        let some: [&[&str]; 3] = [&["%"], &["%", "10.0.%"], &["%", "192.168.%"]];
        let hosts = if own { some[0] } else { self.dice.pick(&some) };
        let mut grants: Vec<_> = RIGHTS
            .into_iter()
            .filter(|_| self.dice.chance(70))
            .collect();
        if own && self.dice.chance(90) {
            grants.push("APPLICATION_PASSWORD_ADMIN ON *.*");
        }
        let attempts = self.dice.chance(25).then(|| self.dice.between(2, 5));
        let options: BTreeSet<String> = attempts
            .into_iter()
            .flat_map(|n| {
                [
                    format!("FAILED_LOGIN_ATTEMPTS {n}"),
                    "PASSWORD_LOCK_TIME UNBOUNDED".into(),
                ]
            })
            .collect();
        let made = |(number, host): (usize, &&str)| {
            // Beside an account that logs in, there may be one that does not.
            let odd = number > 0 && self.dice.chance(25);
            let plugin = if odd && self.dice.chance(50) {
                "auth_socket"
            } else {
                "caching_sha2_password"
            };
            OfAccount {
                cluster: self.server.cluster.clone(),
                account: account(&self.name, host),
                primary: primary.clone(),
                secondary: secondary.clone(),
                locked: odd && plugin != "auth_socket",
                plugin,
                options: options.clone(),
                grants: grants.clone(),
            }
        };
        hosts.iter().enumerate().map(made).collect()
    }
}
