//! What AWS decides for itself, and a seed decides here.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

/// A chance in percent; `Percent(0)` never, `Percent(100)` always.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Percent(pub u8);

/// The choices AWS makes for itself. [`Whim::plain`] makes none that surprise; a seed sets the
/// fields to make it as whimsical as AWS is on its worst day.
#[derive(Clone, Debug)]
pub struct Whim {
    /// Where all further choices come from.
    pub rng: Rng,
    /// No page holds more than this, whatever the caller asks for.
    pub largest_page: usize,
    /// How often a listing shows a moment ago, and how long ago at most.
    pub stale: Percent,
    /// How long after a change a listing may still not show it.
    pub stale_up_to: SignedDuration,
    /// How long a snapshot takes, from and to.
    pub snapshot_takes: (SignedDuration, SignedDuration),
    /// How often a snapshot ends as `failed`.
    pub snapshot_fails: Percent,
    /// How often a cluster shows `backing-up` while a snapshot of it is taken.
    pub backing_up: Percent,
    /// How often the deletion of a snapshot that is being copied is accepted and breaks the copy,
    /// as AWS documents it, instead of being refused.
    pub copies_broken: Percent,
    /// How long an instance takes to be created or deleted, from and to.
    pub instance_takes: (SignedDuration, SignedDuration),
    /// How often the creation of an instance begins well and ends in a state of failure.
    pub instance_fails: Percent,
    /// How often the creation of an instance meets `InsufficientDBInstanceCapacity`.
    pub no_capacity: Percent,
    /// How often an event is never emitted.
    pub events_lost: Percent,
    /// How often an event is emitted twice.
    pub events_twice: Percent,
    /// How late an event may be.
    pub events_late: SignedDuration,
}

impl Whim {
    /// No surprises: full pages, fresh listings, everything succeeds within minutes, every event
    /// comes once and at once.
    #[must_use]
    pub fn plain(seed: u64) -> Self {
        let minutes = SignedDuration::from_mins;
        Self {
            rng: Rng::with_seed(seed),
            largest_page: 100,
            stale: Percent(0),
            stale_up_to: SignedDuration::ZERO,
            snapshot_takes: (minutes(2), minutes(6)),
            snapshot_fails: Percent(0),
            backing_up: Percent(0),
            copies_broken: Percent(0),
            instance_takes: (minutes(5), minutes(12)),
            instance_fails: Percent(0),
            no_capacity: Percent(0),
            events_lost: Percent(0),
            events_twice: Percent(0),
            events_late: SignedDuration::ZERO,
        }
    }

    /// Whether something of this chance happens now.
    pub fn happens(&mut self, chance: Percent) -> bool {
        chance.0 > 0 && self.rng.u8(0..100) < chance.0
    }

    /// A length of time between these two, both included.
    pub fn between(&mut self, (least, most): (SignedDuration, SignedDuration)) -> SignedDuration {
        let (least, most) = (least.as_secs(), most.as_secs());
        SignedDuration::from_secs(self.rng.i64(least..=most.max(least)))
    }

    /// The moment a listing made at `now` shows.
    pub fn shows(&mut self, now: Timestamp) -> Timestamp {
        if !self.happens(self.stale) {
            return now;
        }
        now - self.between((SignedDuration::ZERO, self.stale_up_to))
    }
}
