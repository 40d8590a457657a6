//! How far the replica was behind: the age of the oldest transaction that it did not have. Two
//! servers are looked at twenty times a second, so that age is known within bounds.

use crate::watch::Position;

/// How far behind, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Behind {
    /// When, in seconds of the run.
    pub at: f64,
    /// At least so far.
    pub least: f64,
    /// At most so far: what lies between is the time between two looks.
    pub most: f64,
}

impl Behind {
    /// The worst of several.
    pub fn worst(all: impl Iterator<Item = Self>) -> Self {
        all.max_by(|a, b| a.least.total_cmp(&b.least))
            .unwrap_or_default()
    }
}

/// For each look at the replica, how far it was behind the writer.
pub fn lags(writer: &[Position], replica: &[Position]) -> Vec<Behind> {
    replica.iter().map(|there| behind(writer, *there)).collect()
}

fn behind(writer: &[Position], there: Position) -> Behind {
    let at = there.answered;
    // The first look that saw what the replica did not have, and the last that did not see it.
    let missing = writer.partition_point(|here| here.number <= there.number);
    let seen = writer.get(missing).filter(|here| here.answered <= at);
    let (Some(seen), Some(before)) = (seen, missing.checked_sub(1).and_then(|it| writer.get(it)))
    else {
        return Behind {
            at,
            ..Behind::default()
        };
    };
    Behind {
        at,
        least: (there.asked - seen.answered).max(0.0),
        most: at - before.asked,
    }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these are exact")]
mod tests {
    use super::*;

    fn looks(every: f64, numbers: &[u64]) -> Vec<Position> {
        let look = |(count, &number): (u32, &u64)| {
            let asked = f64::from(count) * every;
            Position {
                asked,
                answered: asked + 0.01,
                number,
            }
        };
        (0..).zip(numbers).map(look).collect()
    }

    #[test]
    fn a_replica_that_has_everything_is_not_behind() {
        let behind = lags(&looks(1.0, &[5, 6, 7]), &looks(1.0, &[5, 6, 7]));
        assert!(behind.iter().all(|it| it.most == 0.0), "{behind:?}");
    }

    #[test]
    fn it_is_behind_by_the_age_of_the_oldest_transaction_it_lacks() {
        // Transaction 6 was committed between the first and the second look, at 0 s and at 1 s.
        let writer = looks(1.0, &[5, 6, 6, 6, 6]);
        let replica = looks(1.0, &[5, 5, 5, 5, 6]);
        let worst = Behind::worst(lags(&writer, &replica).into_iter());
        assert!((worst.least - 1.99).abs() < 1e-9, "{worst:?}");
        assert!((worst.most - 3.01).abs() < 1e-9, "{worst:?}");
        assert_eq!(lags(&writer, &replica)[4].most, 0.0);
    }

    #[test]
    fn what_was_committed_after_the_look_does_not_count() {
        let writer = [
            Position {
                asked: 0.0,
                answered: 0.01,
                number: 5,
            },
            Position {
                asked: 9.0,
                answered: 9.01,
                number: 6,
            },
        ];
        assert_eq!(lags(&writer, &looks(1.0, &[5, 5]))[1].most, 0.0);
        assert_eq!(lags(&[], &looks(1.0, &[5])).len(), 1);
    }
}
