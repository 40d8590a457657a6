//! A metric's last hours as one line of blocks.

use std::collections::BTreeMap;

use aurora_model::{
    AlarmMetric, Section,
    words::{clip, moment},
};
use jiff::Timestamp;

use super::section;
use crate::{
    findings::{Scene, say},
    observation::Chart,
};

/// So many columns fit into one line on a phone.
const COLUMNS: i64 = 36;
const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const NO_DATA: char = '·';
const NAME_CHARS: usize = 60;
/// A metric comes this many seconds late, or by so many steps.
const LATE: i64 = 180;
const LATE_STEPS: i64 = 2;

/// One for each metric.
pub(super) fn sections(scene: Scene<'_>) -> Vec<Section> {
    let charts = scene.seen.charts.iter();
    let mut sections: Vec<Section> = charts.map(|chart| drawn(scene, chart)).collect();
    sections.sort_by(|one, other| (&one.title, &one.lines).cmp(&(&other.title, &other.lines)));
    let rows = scene.rows();
    sections.truncate(rows);
    sections
}

fn drawn(scene: Scene<'_>, chart: &Chart) -> Section {
    let name = say::name(&chart.metric.name);
    let title = format!(
        "{name}{}, the last {}",
        of(&chart.metric),
        scene.policy.history
    );
    let Some(grid) = Grid::of(scene, chart) else {
        return section(title, vec!["There is no data.".into()]);
    };
    let lines = vec![grid.line(chart), grid.axis(), grid.numbers(chart)];
    section(title, lines)
}

/// ` of orders-2`: by the dimensions' values.
fn of(metric: &AlarmMetric) -> String {
    let values = metric.dimensions.values();
    let mut values: Vec<String> = values
        .take(3)
        .map(|value| clip(value, NAME_CHARS))
        .collect();
    values.retain(|value| !value.is_empty());
    if values.is_empty() {
        return String::new();
    }
    format!(" of {}", values.join(", "))
}

/// The chart's data by column.
struct Grid {
    from: i64,
    to: i64,
    /// A column's length in seconds.
    width: i64,
    columns: BTreeMap<i64, f64>,
    /// Whether a low value is the bad one.
    low: bool,
    lowest: f64,
    highest: f64,
    last: (i64, f64),
}

/// The values between two seconds, which are numbers.
fn points(chart: &Chart, from: i64, to: i64) -> Vec<(i64, f64)> {
    let points = chart.points.iter();
    let points = points.map(|(at, value)| (at.as_second(), *value));
    let shown = |(at, value): &(i64, f64)| (from..=to).contains(at) && value.is_finite();
    points.filter(shown).collect()
}

impl Grid {
    /// `None` where there is no data in the time that is shown.
    fn of(scene: Scene<'_>, chart: &Chart) -> Option<Self> {
        let step = chart.step.duration().as_secs().max(1);
        let now = scene.now.as_second();
        let from = now.saturating_sub(scene.policy.history.duration().as_secs());
        let from = from.div_euclid(step) * step;
        let points = points(chart, from, now);
        let later = |one: &&(i64, f64), other: &&(i64, f64)| {
            one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
        };
        let last = *points.iter().max_by(later)?;
        let to = end(last.0, step, now).max(from + 1);
        let steps = parts(to - from, step);
        let mut grid = Self {
            from,
            to,
            width: parts(steps, COLUMNS).max(1) * step,
            columns: BTreeMap::new(),
            low: low_is_bad(&chart.metric.name),
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            last,
        };
        for (at, value) in points {
            grid.add(at, value);
        }
        Some(grid)
    }

    fn add(&mut self, at: i64, value: f64) {
        let low = self.low;
        let column = self.columns.entry((at - self.from) / self.width);
        let worst = |kept: &mut f64| {
            *kept = if low {
                kept.min(value)
            } else {
                kept.max(value)
            }
        };
        column.and_modify(worst).or_insert(value);
        self.lowest = self.lowest.min(value);
        self.highest = self.highest.max(value);
    }

    fn width_in_columns(&self) -> i64 {
        parts(self.to - self.from, self.width).max(1)
    }

    /// The blocks, drawn between the lowest and the highest of the values and the threshold.
    fn line(&self, chart: &Chart) -> String {
        let threshold = chart.threshold.filter(|it| it.is_finite());
        let lowest = threshold.map_or(self.lowest, |it| it.min(self.lowest));
        let highest = threshold.map_or(self.highest, |it| it.max(self.highest));
        let block = |column| match self.columns.get(&column) {
            Some(value) => block(*value, lowest, highest),
            None => NO_DATA,
        };
        (0..self.width_in_columns()).map(block).collect()
    }

    fn axis(&self) -> String {
        let at = |second| {
            Timestamp::from_second(second)
                .map(moment)
                .unwrap_or_default()
        };
        let (from, to) = (at(self.from), at(self.to));
        let which = if self.low { "lowest" } else { "highest" };
        let width = say::age(u64::try_from(self.width).unwrap_or(0));
        let missing =
            (0..self.width_in_columns()).any(|column| !self.columns.contains_key(&column));
        let missing = if missing {
            "; · where there is no data"
        } else {
            ""
        };
        format!("from {from} to {to}, each block the {which} of {width}{missing}")
    }

    fn numbers(&self, chart: &Chart) -> String {
        let value = |value| self::value(&chart.metric.name, value);
        let at = Timestamp::from_second(self.last.0).map(moment);
        let threshold = chart
            .threshold
            .map(|it| format!("; threshold {}", value(it)));
        format!(
            "lowest {}, highest {}, last {} at {}{}",
            value(self.lowest),
            value(self.highest),
            value(self.last.1),
            at.unwrap_or_default(),
            threshold.unwrap_or_default(),
        )
    }
}

/// Where the chart ends: after the last value, or now where no value has come for long.
fn end(last: i64, step: i64, now: i64) -> i64 {
    let end = last.saturating_add(step).min(now);
    let fresh = now - end <= LATE.max(step.saturating_mul(LATE_STEPS));
    if fresh { end } else { now }
}

/// How many parts of `size` it takes for `whole`.
const fn parts(whole: i64, size: i64) -> i64 {
    (whole + size - 1) / size
}

fn block(value: f64, lowest: f64, highest: f64) -> char {
    let eighth = (highest - lowest) / 8.0;
    let reached = (1..8_u8).filter(|it| value >= lowest + eighth * f64::from(*it));
    let level = if highest > lowest { reached.count() } else { 0 };
    BLOCKS[level.min(BLOCKS.len() - 1)]
}

/// Whether the metric is of something that runs out.
fn low_is_bad(name: &str) -> bool {
    name.starts_with("Free") || name.ends_with("HitRatio") || name.ends_with("Balance")
}

/// A value with its unit, as far as the metric's name tells it.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.AuroraMonitoring.Metrics.html>
fn value(name: &str, value: f64) -> String {
    match name {
        "CPUUtilization" | "BufferCacheHitRatio" => format!("{} %", say::plain(value)),
        "ReadLatency" | "WriteLatency" => format!("{} ms", say::plain(value * 1_000.0)),
        "AuroraBinlogReplicaLag" | "LongestTransactionSeconds" => {
            format!("{} s", say::plain(value))
        }
        _ if name.starts_with("AuroraReplicaLag") || name.ends_with("Latency") => {
            format!("{} ms", say::plain(value))
        }
        "FreeableMemory" | "SwapUsage" | "FreeLocalStorage" | "VolumeBytesUsed" => {
            say::bytes(value)
        }
        _ => say::plain(value),
    }
}
