//! One measure of one contender over time.

use std::fmt::Write;

use super::{scale::Scale, text};
use crate::{
    figures::{Figures, p99s, rates},
    json::{STRETCH, thinned},
    output::Results,
    run::Run,
    table::thousands,
};

/// What is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Rows per second.
    Rate,
    /// The replica's lag.
    Lag,
    /// The application's 99th percentile.
    P99,
}

impl Measure {
    /// All of them, as columns from the left.
    pub const ALL: [Self; 3] = [Self::Rate, Self::Lag, Self::P99];

    /// The column's heading.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rate => "rows per second",
            Self::Lag => "replica lag, seconds",
            Self::P99 => "application's p99, ms",
        }
    }

    /// The scale of all rows. Lags and times differ by powers of ten; what is beyond an end is drawn
    /// there, and its figure stands beside it.
    pub fn scale(self, results: &Results) -> Scale {
        match self {
            Self::Rate => {
                let rates = results.runs.iter().flat_map(|(run, _)| self.points(run));
                Scale::linear(rates.map(|(_, rate)| rate).fold(1.0, f64::max))
            }
            Self::Lag => Scale::Decades(0.1, 1_000.0),
            Self::P99 => Scale::Decades(10.0, 10_000.0),
        }
    }

    /// What stands above the line.
    pub const fn figure(self, figures: &Figures) -> f64 {
        match self {
            Self::Rate => figures.rate,
            Self::Lag => figures.lag.least,
            Self::P99 => figures.felt.p99,
        }
    }

    /// The same in words.
    pub fn tell(self, value: f64) -> String {
        match self {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a rate"
            )]
            Self::Rate => format!("{}/s", thousands(value.max(0.0).round() as u64)),
            Self::Lag => format!("max {value:.1} s"),
            Self::P99 => format!("{value:.1} ms"),
        }
    }

    /// The points over time.
    pub fn points(self, run: &Run) -> Vec<(f64, f64)> {
        match self {
            Self::Rate => rates(&run.seen.states, 2.0),
            Self::Lag => thinned(run),
            Self::P99 => p99s(&run.operations, run.caught_up.unwrap_or(run.ended), STRETCH),
        }
    }
}

/// Where it is drawn, and on what scales.
pub struct Cell {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
    pub time: Scale,
    pub scale: Scale,
    pub began: f64,
    pub ended: f64,
}

impl Cell {
    /// The line, what is below it, the marks, and where the contender ended.
    pub fn draw(&self, measure: Measure, points: &[(f64, f64)], figure: &str) -> String {
        let mut drawn = self.marks(measure);
        let points: Vec<(f64, f64)> = points
            .iter()
            .filter(|(at, _)| *at >= self.began)
            .map(|(at, value)| (self.x(*at), self.y(*value)))
            .collect();
        let line: Vec<String> = points
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        if let (Some(first), Some(last)) = (points.first(), points.last()) {
            let (line, base) = (line.join(" "), self.top + self.height);
            let (from, to) = (first.0, last.0);
            let _ = writeln!(
                drawn,
                "<polygon class=\"area\" points=\"{from:.1},{base:.1} {line} {to:.1},{base:.1}\"/>\n\
                 <polyline class=\"line\" points=\"{line}\"/>"
            );
        }
        let (end, base) = (self.x(self.ended), self.top + self.height);
        let _ = writeln!(drawn, "<path class=\"end\" d=\"M{end:.1},{base:.1}v-5\"/>");
        drawn
            + &text(
                self.left + self.width - 52.0,
                self.top + 12.0,
                "soft",
                figure,
            )
    }

    fn marks(&self, measure: Measure) -> String {
        let mut marks = String::new();
        let all = self.scale.marks();
        for mark in [all.first(), all.last()].into_iter().flatten() {
            let y = self.y(*mark);
            let _ = writeln!(
                marks,
                "<path class=\"rule\" d=\"M{:.1},{y:.1}h{:.1}\"/>",
                self.left, self.width
            );
            marks += &text(self.left - 6.0, y + 4.0, "soft right", &short(*mark));
        }
        if measure == Measure::Lag {
            let y = self.y(1.0);
            let _ = writeln!(
                marks,
                "<path class=\"limit\" d=\"M{:.1},{y:.1}h{:.1}\"/>",
                self.left, self.width
            );
        }
        marks
    }

    fn x(&self, at: f64) -> f64 {
        self.left + self.time.place(at - self.began) * self.width
    }

    fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - self.scale.place(value)) * self.height
    }
}

/// A mark, in few characters.
fn short(value: f64) -> String {
    if value >= 1_000.0 {
        format!("{}k", value / 1_000.0)
    } else {
        value.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_before_the_contender_began_is_not_drawn() {
        let cell = Cell {
            left: 100.0,
            top: 10.0,
            width: 50.0,
            height: 20.0,
            time: Scale::Linear(10.0),
            scale: Scale::Linear(4.0),
            began: 5.0,
            ended: 10.0,
        };
        let drawn = cell.draw(Measure::Rate, &[(0.0, 9.0), (5.0, 2.0), (15.0, 4.0)], "x");
        assert!(
            drawn.contains("<polyline class=\"line\" points=\"100.0,20.0 150.0,10.0\"/>"),
            "{drawn}"
        );
        assert!(drawn.contains("d=\"M125.0,30.0v-5\""), "{drawn}");
    }

    #[test]
    fn marks_are_short() {
        assert_eq!([0.1, 100.0, 25_000.0].map(short).join(" "), "0.1 100 25k");
    }
}
