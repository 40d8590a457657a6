//! From a value to its place along an axis, 0 to 1.

/// An axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// From 0 to a value, evenly.
    Linear(f64),
    /// From a value to another, each decade as long as the next.
    Decades(f64, f64),
}

impl Scale {
    /// From 0 to this value or a little beyond.
    pub fn linear(most: f64) -> Self {
        Self::Linear(most.max(f64::MIN_POSITIVE))
    }

    /// Where a value is; what is beyond an end is at the end.
    pub fn place(self, value: f64) -> f64 {
        let place = match self {
            Self::Linear(most) => value / most,
            Self::Decades(from, to) => (value.max(from) / from).log10() / (to / from).log10(),
        };
        place.clamp(0.0, 1.0)
    }

    /// The values to mark: round ones, a few.
    pub fn marks(self) -> Vec<f64> {
        match self {
            Self::Linear(most) => {
                let step = step(most);
                let mut marks = vec![0.0];
                while marks.last().is_some_and(|last| last + step <= most) {
                    marks.push(marks.last().copied().unwrap_or_default() + step);
                }
                marks
            }
            Self::Decades(from, to) => {
                let mut marks = vec![from];
                while marks.last().is_some_and(|last| last * 10.0 <= to * 1.001) {
                    marks.push(marks.last().copied().unwrap_or(to) * 10.0);
                }
                marks
            }
        }
    }
}

/// The roundest step that makes at most five of the whole.
fn step(most: f64) -> f64 {
    let decade = 10_f64.powf((most / 5.0).log10().floor());
    let steps = [1.0, 2.0, 5.0].map(|it| it * decade);
    steps
        .into_iter()
        .find(|it| it * 5.0 >= most)
        .unwrap_or(10.0 * decade)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(marks: &[f64]) -> String {
        marks
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn marks_are_round() {
        assert_eq!(told(&Scale::linear(300.0).marks()), "0 100 200 300");
        assert_eq!(
            told(&Scale::linear(24_000.0).marks()),
            "0 5000 10000 15000 20000"
        );
        assert_eq!(told(&Scale::Decades(1.0, 1000.0).marks()), "1 10 100 1000");
    }

    #[test]
    fn values_beyond_an_end_are_at_the_end() {
        assert_eq!(
            told(&[-1.0, 5.0, 20.0].map(|it| Scale::Linear(10.0).place(it))),
            "0 0.5 1"
        );
        let decades = Scale::Decades(1.0, 100.0);
        assert_eq!(
            told(&[0.0, 10.0, 1e9].map(|it| decades.place(it))),
            "0 0.5 1"
        );
    }
}
