//! Choices that a seed makes.

use std::hash::Hasher;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};

/// Choices that a seed makes. The same seed and name give the same choices.
#[derive(Clone, Debug)]
pub struct Dice(Rng);

impl Dice {
    /// Dice of their own for the part of a script called `part`: what one part draws does not
    /// shift what another one gets.
    #[must_use]
    pub fn of(seed: u64, part: &str) -> Self {
        Self(Rng::with_seed(mixed(seed, part)))
    }

    /// A seed for somebody else's dice.
    pub fn seed(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u32) -> bool {
        self.0.u32(0..100) < percent
    }

    /// A number between these two, both included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.i64(least..=most.max(least))
    }

    /// A count between these two, both included.
    pub fn count(&mut self, least: usize, most: usize) -> usize {
        self.0.usize(least..=most.max(least))
    }

    /// One of `options`.
    ///
    /// # Panics
    /// When there is none.
    pub fn pick<'a, T>(&mut self, options: &'a [T]) -> &'a T {
        &options[self.0.usize(..options.len())]
    }

    /// So many seconds, between these two.
    pub fn seconds(&mut self, least: i64, most: i64) -> SignedDuration {
        SignedDuration::from_secs(self.between(least, most))
    }

    /// A moment between these two.
    pub fn moment(&mut self, from: Timestamp, to: Timestamp) -> Timestamp {
        from + self.seconds(0, to.duration_since(from).as_secs())
    }
}

/// FNV-1a of both, as the standard library's hasher may change.
fn mixed(seed: u64, part: &str) -> u64 {
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    let mut hash = Fnv(0xcbf2_9ce4_8422_2325);
    hash.write(&seed.to_le_bytes());
    hash.write(part.as_bytes());
    hash.finish()
}
