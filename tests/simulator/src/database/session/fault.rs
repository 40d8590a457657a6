//! What befalls a statement on its way.

use std::time::Duration;

use aurora_sql::SqlError;
use jiff::Timestamp;

use super::World;
use crate::dice::Dice;

/// What happens on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It does not arrive.
    CutBefore,
    /// It arrives; the answer does not.
    CutAfter,
    /// It takes too long, and is ended: before it took effect.
    EndedBefore,
    /// The same, but just too late to keep it from taking effect.
    EndedAfter,
    /// Somebody else holds a lock of the server on the account tables.
    Contended,
}

impl Fault {
    pub(super) const fn said(self) -> &'static str {
        match self {
            Self::CutBefore => "cut before it arrived",
            Self::CutAfter => "cut before the answer",
            Self::EndedBefore => "too slow, ended before it took effect",
            Self::EndedAfter => "too slow, took effect and was ended",
            Self::Contended => "waited for a lock in vain",
        }
    }

    pub(super) const fn arrives(self) -> bool {
        matches!(self, Self::CutAfter | Self::EndedAfter)
    }

    pub(super) fn told(self, what: &str) -> SqlError {
        let what = what.to_owned();
        match self {
            Self::CutBefore | Self::CutAfter => SqlError::Lost { what },
            Self::EndedBefore | Self::EndedAfter => SqlError::TimedOut { what, ended: true },
            Self::Contended => SqlError::Locked { code: 1205 },
        }
    }
}

impl World {
    pub(super) fn befalls(&mut self, now: Timestamp, changes: bool) -> Option<Fault> {
        if now > self.calm {
            return None;
        }
        let weather = self.weather.clone();
        let mut happens = |chance: u8| chance > 0 && self.rng.u8(0..100) < chance;
        let (cut, slow, contended) = (
            happens(weather.cut),
            happens(weather.slow),
            changes && happens(weather.contended),
        );
        let late = self.rng.bool();
        match (cut, slow, contended) {
            (true, ..) if late => Some(Fault::CutAfter),
            (true, ..) => Some(Fault::CutBefore),
            (_, true, _) if late => Some(Fault::EndedAfter),
            (_, true, _) => Some(Fault::EndedBefore),
            (.., true) => Some(Fault::Contended),
            _ => None,
        }
    }

    /// Whether a reader's own endpoint is not reached at `now`; applications may reach it.
    pub(super) fn away(&self, host: &str, now: Timestamp) -> bool {
        let of_reader = host
            .split_once('.')
            .is_some_and(|(_, rest)| !rest.starts_with("cluster-"));
        let span = format!("{host} {}", now.as_second() / 120);
        let often = u32::from(self.weather.away);
        of_reader && now <= self.calm && Dice::of(self.seed, &span).chance(often)
    }

    /// How far the readers of `cluster` are behind at `now`, in milliseconds.
    pub(super) fn lag(&self, cluster: &str, now: Timestamp) -> u32 {
        let span = format!("lag of {cluster} {}", now.as_second() / 20);
        let mut dice = Dice::of(self.seed, &span);
        if now <= self.calm && dice.chance(u32::from(self.weather.busy)) {
            return *dice.pick(&[1_500, 5_000, 30_000]);
        }
        *dice.pick(&[0, 20, 200])
    }

    pub(super) fn takes(&mut self) -> Duration {
        Duration::from_millis(self.rng.u64(1..=15))
    }
}
