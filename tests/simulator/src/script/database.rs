//! The databases, the secrets of their users, and how these are rotated.

mod accounts;
mod acts;
mod policy;

use aurora_sql::Account;
use jiff::Timestamp;

pub use self::{accounts::OfAccount, policy::RotationPolicy};
use crate::{
    dice::Dice,
    script::{Act, Cluster},
};

pub(super) use acts::of as acts;

/// The databases, the secrets of their users, and how these are rotated.
#[derive(Clone, Debug, PartialEq)]
pub struct Database {
    /// The servers.
    pub servers: Vec<Server>,
    /// Their accounts.
    pub accounts: Vec<OfAccount>,
    /// The secrets, superusers' first.
    pub secrets: Vec<SecretPlan>,
    /// What the team wants.
    pub policy: RotationPolicy,
    /// What the servers and the way to them are like, until calm comes.
    pub weather: DatabaseWeather,
}

/// The servers of a cluster.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// The cluster.
    pub cluster: String,
    /// Whether they know dual passwords.
    pub dual: bool,
    /// How far each instance is behind while it is a reader, in milliseconds.
    pub lags: Vec<i64>,
}

/// What happens on the way to the servers, in percent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DatabaseWeather {
    /// How often a connection is cut.
    pub cut: u8,
    /// How often something takes too long.
    pub slow: u8,
    /// How often the account tables are locked for too long.
    pub contended: u8,
    /// How often the way from the function to a reader is closed, for two minutes at a time.
    pub away: u8,
    /// How often the readers are far behind the writer, for half a minute at a time.
    pub busy: u8,
    /// How long a server keeps a session whose owner is gone, at most, in seconds.
    pub lingers: i64,
}

/// A secret at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretPlan {
    /// Its name.
    pub name: String,
    /// The cluster it is for.
    pub cluster: String,
    /// Its user.
    pub user: String,
    /// The value of its [`TAG`].
    pub tag: &'static str,
    /// The name of the secret of the superuser who changes its user, if one does.
    pub superuser: Option<String>,
    /// Its versions, the oldest first.
    pub versions: Vec<VersionPlan>,
    /// Every how many hours it is rotated; never if not.
    pub every_hours: Option<i64>,
}

impl SecretPlan {
    /// The number of the version that a rotation left in `AWSPENDING`, if one did.
    #[must_use]
    pub fn stuck(&self) -> Option<usize> {
        let left = |it: &VersionPlan| it.label == "AWSPENDING" && !it.dropped;
        self.versions.iter().position(left)
    }
}

/// The tag that says how a secret is rotated.
pub const TAG: &str = "nightshift:rotation";

/// A version of a secret at the beginning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionPlan {
    /// The password.
    pub password: String,
    /// For which user.
    pub user: String,
    /// `AWSCURRENT` or `AWSPENDING`, which it was given and may have lost since.
    pub label: &'static str,
    /// How long before the beginning, in hours.
    pub age_hours: i64,
    /// Whether the label was taken off again by hand.
    pub dropped: bool,
}

impl Database {
    pub(super) fn of(seed: u64, clusters: &[Cluster]) -> Self {
        let mut dice = Dice::of(seed, "database");
        let policy = RotationPolicy::of(&mut dice);
        let servers: Vec<Server> = clusters.iter().map(|it| server(&mut dice, it)).collect();
        let (mut accounts, mut secrets) = (Vec::new(), Vec::new());
        for server in &servers {
            accounts::of_cluster(&mut dice, server, &policy, &mut accounts, &mut secrets);
        }
        Self {
            weather: DatabaseWeather {
                away: away(seed),
                ..weather(&mut dice)
            },
            servers,
            accounts,
            secrets,
            policy,
        }
    }

    /// The secrets that are rotated.
    pub fn rotated(&self) -> impl Iterator<Item = &SecretPlan> {
        self.secrets
            .iter()
            .filter(|secret| secret.tag != "superuser")
    }

    /// The secret called `name`.
    #[must_use]
    pub fn secret(&self, name: &str) -> Option<&SecretPlan> {
        self.secrets.iter().find(|secret| secret.name == name)
    }

    /// The server of `cluster`.
    #[must_use]
    pub fn server(&self, cluster: &str) -> Option<&Server> {
        self.servers.iter().find(|server| server.cluster == cluster)
    }
}

pub(super) fn server(dice: &mut Dice, cluster: &Cluster) -> Server {
    let lag = |dice: &mut Dice| *dice.pick(&[0, 20, 100, 900, 4_000, 9_000]);
    Server {
        cluster: cluster.id.clone(),
        dual: dice.chance(85),
        lags: cluster.instances().map(|_| lag(dice)).collect(),
    }
}

fn away(seed: u64) -> u8 {
    let mut dice = Dice::of(seed, "away");
    if dice.chance(25) {
        *dice.pick(&[10, 40])
    } else {
        0
    }
}

pub(super) fn weather(dice: &mut Dice) -> DatabaseWeather {
    let mut some = |chance, options: &[u8]| {
        if dice.chance(chance) {
            *dice.pick(options)
        } else {
            0
        }
    };
    DatabaseWeather {
        cut: some(50, &[1, 5, 20]),
        slow: some(20, &[1, 5]),
        contended: some(20, &[2, 10]),
        away: 0,
        busy: 0,
        lingers: *dice.pick(&[1, 10, 60]),
    }
}

/// What a person does to databases and secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ByHand {
    /// Gives an account a new password, which the secret may get as well.
    Alter {
        /// The cluster.
        cluster: String,
        /// Whose.
        account: Account,
        /// The password.
        password: String,
        /// Whether with RETAIN CURRENT PASSWORD.
        retain: bool,
        /// The secret that gets it.
        secret: Option<String>,
    },
    /// Drops an account.
    Drop {
        /// The cluster.
        cluster: String,
        /// Which.
        account: Account,
    },
    /// Locks an account, or unlocks it.
    Lock {
        /// The cluster.
        cluster: String,
        /// Which.
        account: Account,
        /// Whether it is locked from then on.
        locked: bool,
    },
    /// Gives or takes a right.
    Right {
        /// The cluster.
        cluster: String,
        /// Whose.
        account: Account,
        /// Which.
        right: &'static str,
        /// Whether it is given.
        given: bool,
    },
    /// Puts another password into a secret, and not into the database.
    Put {
        /// The secret.
        secret: String,
        /// The password.
        password: String,
    },
    /// Takes AWSPENDING off.
    RemovePending {
        /// The secret.
        secret: String,
    },
    /// Begins a rotation.
    Rotate {
        /// The secret.
        secret: String,
        /// The new version's id.
        token: String,
    },
    /// Makes a reader the writer.
    Failover {
        /// The cluster.
        cluster: String,
    },
}

/// A span in which nothing is calm.
pub(super) type Rough = (Timestamp, Timestamp);

pub(super) fn act(at: Timestamp, deed: ByHand) -> Act {
    Act {
        at,
        deed: crate::script::Deed::ByHand(deed),
    }
}
