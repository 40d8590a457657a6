//! What ails a secret, and what cures it.
//!
//! A repair is made only where it can shut no door: what it takes away was seen not to be needed,
//! and what it makes current was seen to open every instance. Everything else is a person's step.

mod doors;
mod schedule;

use std::fmt;

use aurora_model::Span;
use aurora_sql::Account;
use jiff::Timestamp;

use super::{Seen, discard};

pub use doors::Doors;

/// How a secret is rotated: the value of its tag `nightshift:rotation`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// `dual-password`
    DualPassword,
    /// `alternating-users`
    AlternatingUsers,
    /// `single-user`
    SingleUser,
    /// `superuser`: it is read, and rotated by somebody else if at all.
    Superuser,
}

/// A version of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// When it was created.
    pub created: Timestamp,
}

/// Everything the doctor looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// The secret's name.
    pub name: String,
    /// The user of its current version.
    pub user: String,
    /// Its strategy.
    pub strategy: Strategy,
    /// Whether Secrets Manager rotates it.
    pub rotation_enabled: bool,
    /// How often, where it is a number of days rather than a cron expression.
    pub interval: Option<Span>,
    /// On or before when it is to be rotated next.
    pub next: Option<Timestamp>,
    /// The version staged AWSCURRENT.
    pub current: Option<Version>,
    /// The version staged AWSPENDING; it may be the current one.
    pub pending: Option<Version>,
    /// The version staged AWSPREVIOUS.
    pub previous: Option<Version>,
    /// When AWSCURRENT moved last.
    pub moved: Option<Timestamp>,
    /// The host of its current version.
    pub host: String,
    /// Whether that is an endpoint of the cluster, or accepted by the policy.
    pub host_in_cluster: bool,
    /// What was seen at the door of each instance; empty where nobody knocked.
    pub instances: Vec<Instance>,
    /// The accounts of the user, where they are visible.
    pub accounts: Option<Vec<Seen>>,
    /// The rights its strategy needs and its user, or that of `masterarn`, lacks.
    pub rights_missing: Vec<String>,
}

/// What was seen at the door of one instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Its identifier or endpoint.
    pub name: String,
    /// Whether it is the writer.
    pub writer: bool,
    /// With the current version.
    pub current: Door,
    /// With the pending version.
    pub pending: Door,
    /// With the previous version.
    pub previous: Door,
}

/// What became of a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Door {
    /// It succeeded.
    Opens,
    /// The credential was refused.
    Shut,
    /// Nothing is known of the credential: in words.
    Unknown(String),
    /// There is no such version, or nobody tried.
    NotTried,
}

/// What the policy says about repairs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rules {
    /// The time.
    pub now: Timestamp,
    /// How long an old password stays.
    pub grace: Span,
    /// How long a rotation may take before it counts as stuck.
    pub stuck_after: Span,
    /// Whether passwords that are no version of the secret may be killed.
    pub overwrite_unknown: bool,
}

/// What may ail a secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its host is none of the cluster.
    HostNotInCluster,
    /// The current credential does not log in.
    CurrentShut,
    /// The current credential logs in nowhere, another of its versions everywhere.
    DatabaseAhead,
    /// A rotation was given up half way.
    PendingLeftOver,
    /// It should have been rotated.
    Overdue,
    /// An old password opens the door longer than it may.
    OldPastGrace,
    /// The next rotation would fail.
    RightsMissing,
}

impl State {
    /// As reports and metrics have it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::HostNotInCluster => "host-not-in-cluster",
            Self::CurrentShut => "current-shut",
            Self::DatabaseAhead => "database-ahead",
            Self::PendingLeftOver => "pending-left-over",
            Self::Overdue => "overdue",
            Self::OldPastGrace => "old-past-grace",
            Self::RightsMissing => "rights-missing",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A cure that shuts no door.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// Remove AWSPENDING from this version.
    GiveUpPending {
        /// The version's id.
        version: String,
    },
    /// Move AWSCURRENT.
    MoveCurrent {
        /// From the version of this id.
        from: String,
        /// To the version of this id.
        to: String,
    },
    /// `DISCARD OLD PASSWORD`, as [`discard::discard`] decides again when the lock is held.
    Discard {
        /// Where the current password is the primary one.
        accounts: Vec<Account>,
        /// Where it is made so first.
        reassert: Vec<Account>,
    },
    /// The same by the user itself, as [`discard::own`] has it.
    DiscardOwn,
}

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// By the doctor, in mode `apply`.
    Repair(Repair),
    /// By a person: the step, as a sentence.
    Person(String),
}

/// One thing that ails a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub state: State,
    /// What was seen, as a sentence without the secret's name.
    pub sentence: String,
    /// What cures it.
    pub remedy: Remedy,
}

/// What ails the secret, the most urgent first; at most one finding of each state.
#[must_use]
pub fn examine(seen: &Observation, rules: &Rules) -> Vec<Finding> {
    let checks = [
        host(seen),
        doors::examine(seen, rules),
        schedule::left_over(seen, rules),
        schedule::overdue(seen, rules),
        old(seen, rules),
        rights(seen),
    ];
    checks.into_iter().flatten().collect()
}

impl Observation {
    /// The version that is pending and not current.
    #[must_use]
    pub fn unfinished(&self) -> Option<&Version> {
        let current = self.current.as_ref().map(|version| &version.id);
        let pending = self.pending.as_ref();
        pending.filter(|version| Some(&version.id) != current)
    }

    fn rotated_by_us(&self) -> bool {
        self.strategy != Strategy::Superuser
    }
}

fn host(seen: &Observation) -> Option<Finding> {
    let Observation {
        host,
        host_in_cluster,
        ..
    } = seen;
    (!host_in_cluster).then(|| Finding {
        state: State::HostNotInCluster,
        sentence: format!(
            "its host {host} is no endpoint of the cluster: no password is sent there"
        ),
        remedy: Remedy::Person(
            "correct the secret's host, or name it in the policy's accept_hosts".into(),
        ),
    })
}

fn rights(seen: &Observation) -> Option<Finding> {
    let missing = seen.rights_missing.join(", ");
    (!missing.is_empty()).then(|| Finding {
        state: State::RightsMissing,
        sentence: format!("the next rotation would fail: {missing} missing"),
        remedy: Remedy::Person(format!(
            "grant {missing} to the user that changes the password, or name another secret in masterarn"
        )),
    })
}

fn old(seen: &Observation, rules: &Rules) -> Option<Finding> {
    if seen.strategy != Strategy::DualPassword {
        return None;
    }
    let standing = discard::Standing {
        unfinished: seen.unfinished().is_some(),
        moved: seen.moved,
        grace: rules.grace,
        now: rules.now,
        overwrite_unknown: rules.overwrite_unknown,
    };
    let repair = match &seen.accounts {
        Some(accounts) => of_accounts(accounts, &standing)?,
        None => of_oneself(seen, &standing)?,
    };
    let moved = seen.moved?;
    let since = Span::of(rules.now.duration_since(moved)).roughly();
    Some(Finding {
        state: State::OldPastGrace,
        sentence: format!(
            "AWSCURRENT moved {since} ago, the grace of {} is over, and an old password still opens the door",
            rules.grace
        ),
        remedy: Remedy::Repair(repair),
    })
}

fn of_accounts(accounts: &[Seen], standing: &discard::Standing) -> Option<Repair> {
    let these = |choice: &discard::Choice| {
        let decided = accounts
            .iter()
            .filter(|one| discard::discard(one, standing) == *choice);
        let mut accounts: Vec<_> = decided.map(|one| one.account.clone()).collect();
        accounts.sort();
        accounts
    };
    let accounts = these(&discard::Choice::Discard);
    let reassert = these(&discard::Choice::ReassertThenDiscard);
    let any = !accounts.is_empty() || !reassert.is_empty();
    any.then_some(Repair::Discard { accounts, reassert })
}

fn of_oneself(seen: &Observation, standing: &discard::Standing) -> Option<Repair> {
    let writer = seen.instances.iter().find(|instance| instance.writer)?;
    let decided = discard::own(writer.sight(), standing);
    matches!(decided, discard::Own::Try(_)).then_some(Repair::DiscardOwn)
}

#[cfg(test)]
mod tests;
