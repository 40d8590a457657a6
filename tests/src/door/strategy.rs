//! The strategies, and the accounts each begins with.

use std::fmt;

/// A strategy of rotation, and who does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Two passwords, set by the user itself. It has one account: `USER()` is all that a user
    /// without further rights can alter.
    DualOwn,
    /// Two passwords, set by a superuser on every account of the user.
    DualSuperuser,
    /// Two users by turns.
    Alternating,
    /// The same, where each has one account. It is the match for functions that know of no others.
    AlternatingOne,
    /// One user, one password, set by the user itself, which has one account.
    SingleOwn,
    /// One user, one password, set by a superuser on every account of the user.
    SingleSuperuser,
}

impl Strategy {
    /// All that are played unless one is named.
    pub const ALL: [Self; 5] = [
        Self::DualOwn,
        Self::DualSuperuser,
        Self::Alternating,
        Self::SingleOwn,
        Self::SingleSuperuser,
    ];

    /// The strategy of this name: as it is shown.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let more = [Self::AlternatingOne];
        Self::ALL
            .into_iter()
            .chain(more)
            .find(|strategy| strategy.to_string() == name)
    }

    /// As a policy and the tag `nightshift:rotation` have it.
    #[must_use]
    pub const fn in_policy(self) -> &'static str {
        match self {
            Self::DualOwn | Self::DualSuperuser => "dual-password",
            Self::Alternating | Self::AlternatingOne => "alternating-users",
            Self::SingleOwn | Self::SingleSuperuser => "single-user",
        }
    }

    /// Whether the secret names a superuser's.
    #[must_use]
    pub const fn has_superuser(self) -> bool {
        !matches!(self, Self::DualOwn | Self::SingleOwn)
    }

    /// Whether the strategy promises that `AWSCURRENT` opens the door at every moment.
    #[must_use]
    pub const fn never_refuses(self) -> bool {
        !matches!(self, Self::SingleOwn | Self::SingleSuperuser)
    }

    /// Where the accounts of `app` are for. 127.0.0.1 is more specific than `%`, so that a login
    /// from there never takes the account of the others.
    /// <https://dev.mysql.com/doc/refman/8.4/en/connection-access.html>
    pub(super) const fn hosts(self) -> &'static [&'static str] {
        match self {
            Self::DualOwn | Self::SingleOwn | Self::AlternatingOne => &["%"],
            _ => &["%", "127.0.0.1"],
        }
    }
}

impl fmt::Display for Strategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DualOwn => "dual-password-own",
            Self::DualSuperuser => "dual-password",
            Self::Alternating => "alternating-users",
            Self::AlternatingOne => "alternating-users-one-account",
            Self::SingleOwn => "single-user-own",
            Self::SingleSuperuser => "single-user",
        })
    }
}
