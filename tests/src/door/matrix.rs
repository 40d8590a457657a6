//! All cases of one strategy.

use super::case::{Case, Moment, Resume, Runs, Side};
use crate::mysql::Cut;

/// What an undisturbed rotation sends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Messages to the writer.
    pub writer: usize,
    /// Messages to the replica.
    pub reader: usize,
    /// API calls.
    pub calls: usize,
}

impl Count {
    /// The larger of each.
    #[must_use]
    pub fn max(self, other: Self) -> Self {
        Self {
            writer: self.writer.max(other.writer),
            reader: self.reader.max(other.reader),
            calls: self.calls.max(other.calls),
        }
    }
}

/// All cases of one strategy, in an order that changes the kind of death least.
#[derive(Clone, Debug)]
pub struct Matrix(Vec<Case>);

const CUTS: [Cut; 2] = [Cut::BeforeForwarding, Cut::AfterForwarding];
/// Who dies of two.
const DYING: [Runs; 2] = [Runs::TwoDying, Runs::TwoOneDying];
const RESUMES: [Resume; 2] = [Resume::SameStep, Resume::NewRotation];

/// So much more than an undisturbed rotation sends one that follows a disturbed one, which has more
/// to look at. Without it the last calls of those would never be died at.
const SPARE: usize = 3;

/// So far apart are the deaths of rotations that the doctor comes to one after the other.
const STRIDE: usize = 7;

/// Undisturbed rotations with two execution environments at once.
const TWICE: usize = 4;

impl Matrix {
    /// The whole matrix: every message and every call and a few beyond the last, before and after,
    /// both ways to go on; and two environments at once, undisturbed and killed at each message and
    /// each call that either of them sends.
    #[must_use]
    pub fn of(count: Count) -> Self {
        let alone = moments(count).into_iter().flat_map(|moment| {
            RESUMES.map(|resume| Case {
                moment,
                resume,
                runs: Runs::One,
            })
        });
        let undisturbed = Case {
            moment: Moment::Never,
            resume: Resume::SameStep,
            runs: Runs::TwoDying,
        };
        let twice = twice(count)
            .into_iter()
            .enumerate()
            .map(|(i, moment)| Case {
                moment,
                resume: RESUMES[i / 2 % 2],
                runs: DYING[i / 4 % 2],
            });
        let undisturbed = std::iter::repeat_n(undisturbed, TWICE);
        Self(alone.chain(undisturbed).chain(twice).collect())
    }

    /// With these as well: the doctor, who sends so much, comes to a rotation that was given up, and
    /// dies at each message and each call, before and after. Each time the rotation has died at
    /// another moment.
    #[must_use]
    pub fn with_doctor(mut self, rotation: Count, doctor: Count) -> Self {
        let given_up = moments(rotation);
        let doctored = moments(doctor).into_iter().enumerate();
        self.0.extend(doctored.map(|(i, moment)| Case {
            moment: given_up[(STRIDE * i + i / given_up.len()) % given_up.len()],
            resume: Resume::Doctor(moment),
            runs: Runs::One,
        }));
        self
    }

    /// Those whose description has these words.
    #[must_use]
    pub fn only(mut self, words: &str) -> Self {
        self.0.retain(|case| case.to_string().contains(words));
        self
    }

    /// At most `most` of them, evenly spread, and always the same ones: the matrix is cut into so
    /// many parts, and of each part comes the case that so much per cent of it come before.
    #[must_use]
    pub fn sample(self, most: usize, percent: usize) -> Self {
        let all = self.0.len();
        if all <= most {
            return self;
        }
        let chosen = (0..most).map(|part| self.0[(100 * part + percent) * all / (100 * most)]);
        Self(chosen.collect())
    }

    /// The cases.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.0
    }
}

fn moments(count: Count) -> Vec<Moment> {
    let message = |side, n, cut| Moment::Message { side, n, cut };
    let mut moments = vec![];
    for cut in CUTS {
        moments.extend((1..=count.writer + SPARE).map(|n| message(Side::Writer, n, cut)));
        moments.extend((1..=count.reader + SPARE).map(|n| message(Side::Reader, n, cut)));
        moments.extend((1..=count.calls + SPARE).map(|n| Moment::Call { n, cut }));
    }
    moments
}

/// Two environments send about twice as much as one. How far the other has got at that moment is
/// chance, so that each moment comes once: before and after by turns, as are the ways to go on and
/// who dies.
fn twice(count: Count) -> Vec<Moment> {
    let each = |most: usize| (1..=2 * most).zip(CUTS.into_iter().cycle());
    let message = |side| move |(n, cut)| Moment::Message { side, n, cut };
    let writer = each(count.writer).map(message(Side::Writer));
    let reader = each(count.reader).map(message(Side::Reader));
    let calls = each(count.calls).map(|(n, cut)| Moment::Call { n, cut });
    writer.chain(reader).chain(calls).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COUNT: Count = Count {
        writer: 3,
        reader: 2,
        calls: 4,
    };

    #[test]
    fn every_message_and_call_is_died_at_before_and_after_with_both_ways_to_go_on() {
        let matrix = Matrix::of(COUNT);
        let alone: Vec<_> = matrix
            .cases()
            .iter()
            .filter(|case| case.runs == Runs::One)
            .collect();
        assert_eq!(alone.len(), (3 + 2 + 4 + 3 * SPARE) * 2 * 2);
        let last = Moment::Message {
            side: Side::Reader,
            n: 2,
            cut: Cut::AfterForwarding,
        };
        let resumes = alone.iter().filter(|case| case.moment == last).count();
        assert_eq!(resumes, 2);
        assert_eq!(matrix.cases().len() - alone.len(), TWICE + 2 * (3 + 2 + 4));
    }

    #[test]
    fn a_sample_is_spread_over_all_kinds() {
        let sample = Matrix::of(COUNT).sample(18, 50);
        assert_eq!(sample.cases().len(), 18);
        let calls = |case: &&Case| matches!(case.moment, Moment::Call { .. });
        let kinds = [
            sample.cases().iter().filter(calls).count(),
            sample
                .cases()
                .iter()
                .filter(|case| case.runs != Runs::One)
                .count(),
        ];
        assert!(kinds.iter().all(|kind| *kind > 1), "{sample:?}");
    }

    #[test]
    fn a_small_matrix_is_its_own_sample() {
        let all = Matrix::of(COUNT);
        assert_eq!(all.clone().sample(1000, 50).cases(), all.cases());
    }
}
