//! The decision about an old password as a sentence.

use aurora_model::words::moment;

use super::{Choice, Why};

impl Choice {
    /// Why. The account itself is not named.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Keep { until } => {
                format!("the old password opens the door beside the current one until {}", moment(*until))
            }
            Self::Discard => "its grace is over: the old password no longer opens the door, the current one does".into(),
            Self::ReassertThenDiscard => "its grace is over, and the current password is only the secondary one: it is set in place of the primary first, then its second copy is discarded; it opens the door all the while, the old one no longer".into(),
            Self::Leave { why } => why.reason(),
        }
    }
}

impl Why {
    /// In words.
    #[must_use]
    pub fn reason(&self) -> String {
        match self {
            Self::Shut(why) => format!("the account {why}: left as it is"),
            Self::NothingRetained => "there is no old password of this secret to discard".into(),
            Self::Unfinished => "a version is pending and not current: nothing is discarded while a rotation is unfinished".into(),
            Self::CurrentShut => "the current password does not open the door: no other is taken away".into(),
            Self::Unknown => "one of its passwords is no version of this secret: somebody set it by hand, and it stays unless the policy allows overwrite_unknown".into(),
            Self::MoveUnknown => "nobody knows when AWSCURRENT moved, so nobody knows when the grace of the old password ends".into(),
        }
    }
}
