//! The picture: a row for each contender, a column for each measure, all on the same scales, so that
//! rows can be compared by eye. Drawn as text, with colours for light and dark pages.

mod cell;
mod scale;

use std::fmt::Write;

use self::{
    cell::{Cell, Measure},
    scale::Scale,
};
use crate::{contender::Contender, figures::median, output::Results, run::Run};

/// Units of the picture. A page shows it about 1000 wide.
const WIDTH: f64 = 1000.0;
const NAMES: f64 = 200.0;
const TOP: f64 = 84.0;
const ROW: f64 = 60.0;
const BOTTOM: f64 = 40.0;
/// Between two columns; a column's marks stand there.
const GAP: f64 = 44.0;

/// Plain rules, since not every program that shows an SVG knows variables.
const STYLE: &str = "\
text { font: 12px system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #1f2328 }
.title { font-size: 16px; font-weight: 600 } .soft { fill: #59636e; font-size: 11px } .right { text-anchor: end }
.page { fill: #ffffff } .rule { stroke: #d1d9e0 } .limit { stroke: #59636e; stroke-dasharray: 3 3 }
.line { stroke: #6e7781; stroke-width: 1.5; fill: none; stroke-linejoin: round } .area { fill: #6e7781; opacity: .15 } .end { stroke: #1f2328 }
.ours .line { stroke: #0969da } .ours .area, .name.ours { fill: #0969da } .name.ours { font-weight: 600 }
.theirs .line { stroke: #bc4c00 } .theirs .area, .name.theirs { fill: #bc4c00 }
@media (prefers-color-scheme: dark) {
text { fill: #f0f6fc } .soft { fill: #9198a1 } .page { fill: #0d1117 } .rule { stroke: #3d444d } .limit { stroke: #9198a1 } .end { stroke: #f0f6fc }
.line { stroke: #9198a1 } .area { fill: #9198a1 }
.ours .line { stroke: #4493f8 } .ours .area, .name.ours { fill: #4493f8 } .theirs .line { stroke: #f0883e } .theirs .area, .name.theirs { fill: #f0883e }
}
";

/// The picture, as an SVG document.
pub fn draw(results: &Results) -> String {
    let shown = shown(results);
    let longest = shown.iter().map(|run| length(run)).fold(1.0, f64::max);
    let height = TOP + ROW * rows(shown.len()) + BOTTOM;
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         aria-label=\"A purge by several means: rows per second, replica lag, the application's p99\">\n\
         <style>{STYLE}</style>\n<rect class=\"page\" width=\"{WIDTH}\" height=\"{height}\" rx=\"6\"/>\n"
    );
    picture += &text(16.0, 28.0, "title", "A purge, by several means");
    picture += &text(16.0, 46.0, "soft", &results.about.told);
    let time = Scale::linear(longest);
    for (number, run) in shown.iter().enumerate() {
        picture += &row(results, run, TOP + ROW * rows(number), time);
    }
    for measure in Measure::ALL {
        picture += &column(measure, height, time, &shown);
    }
    picture + "</svg>\n"
}

/// The first round of each contender that did not fail.
fn shown(results: &Results) -> Vec<&Run> {
    let runs = results.runs.iter().map(|(run, _)| run);
    runs.filter(|run| run.turn.round == 1 && run.failed.is_none())
        .collect()
}

/// From the contender's start until the replica had caught up.
fn length(run: &Run) -> f64 {
    run.caught_up.unwrap_or(run.ended) - run.began
}

#[expect(clippy::cast_precision_loss, reason = "a dozen rows")]
const fn rows(number: usize) -> f64 {
    number as f64
}

fn row(results: &Results, run: &Run, top: f64, time: Scale) -> String {
    let contender = run.turn.contender;
    let class = class(contender);
    let mut row = text(16.0, top + 31.0, &format!("name {class}"), contender.name());
    for measure in Measure::ALL {
        let all = results
            .of(contender)
            .map(|(_, figures)| measure.figure(figures));
        let cell = Cell {
            left: left(measure),
            top: top + 6.0,
            width: width(),
            height: ROW - 18.0,
            time,
            scale: measure.scale(results),
            began: run.began,
            ended: run.ended,
        };
        let drawn = cell.draw(measure, &measure.points(run), &measure.tell(median(all)));
        let _ = write!(row, "<g class=\"{class}\">\n{drawn}</g>\n");
    }
    row
}

const fn class(contender: Contender) -> &'static str {
    match contender {
        Contender::Ours { .. } => "ours",
        Contender::Archiver { .. } | Contender::RowByRow => "theirs",
        _ => "other",
    }
}

/// A column's heading, and the time below it.
fn column(measure: Measure, height: f64, time: Scale, shown: &[&Run]) -> String {
    let left = left(measure);
    let mut column = text(left, TOP - 12.0, "", measure.name());
    let bottom = height - BOTTOM;
    for mark in time.marks().into_iter().filter(|_| !shown.is_empty()) {
        let x = left + time.place(mark) * width();
        column += &text(x - 4.0, bottom + 16.0, "soft", &mark.to_string());
    }
    column + &text(left, bottom + 31.0, "soft", "seconds from its start")
}

fn width() -> f64 {
    (WIDTH - NAMES - 16.0) / 3.0 - GAP
}

fn left(measure: Measure) -> f64 {
    NAMES + GAP + rows(measure as usize) * (width() + GAP)
}

/// One line of text, by the left end of its base line.
pub fn text(x: f64, y: f64, class: &str, words: &str) -> String {
    let words = words
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    format!("<text x=\"{x:.1}\" y=\"{y:.1}\" class=\"{class}\">{words}</text>\n")
}

#[cfg(test)]
mod tests;
