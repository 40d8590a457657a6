//! What calls the sequences are made of, for each service over a handful of names so that they
//! meet.

pub mod cloudwatch;
pub mod rds;
pub mod scheduler;
pub mod sns_and_secrets;

use fastrand::Rng;

/// One of them.
fn any<'a>(rng: &mut Rng, of: &[&'a str]) -> &'a str {
    of[rng.usize(..of.len())]
}

/// Now and then one of them.
fn seldom<'a>(rng: &mut Rng, one_in: u32, of: &[&'a str]) -> Option<&'a str> {
    (rng.u32(..one_in) == 0).then(|| any(rng, of))
}
