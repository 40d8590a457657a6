//! The figures as a table, in Markdown.

use crate::{
    claims::Claim,
    contender::Contender,
    figures::{Figures, median, whole},
    output::Results,
    run::Run,
};

const HEAD: &str = "\
| | rows/s | with the replica | application p50 / p99 / max, ms | update of an old row, max | errors 1205, 1213 (not begun) | replica lag, max | caught up after | history list, max | last tenth / first |
|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|
";

/// A line for each contender; of several rounds the medians.
pub fn table(results: &Results) -> String {
    let mut seen: Vec<Contender> = vec![];
    let mut table = HEAD.to_owned();
    for (run, _) in &results.runs {
        let contender = run.turn.contender;
        if !seen.contains(&contender) {
            seen.push(contender);
            let rounds: Vec<_> = results.of(contender).collect();
            table += &row(contender, &rounds);
        }
    }
    table
}

/// The claims, as a list.
pub fn claims(claims: &[Claim]) -> String {
    let line = |claim: &Claim| format!("- {}: **{}**\n", claim.text, claim.verdict);
    claims.iter().map(line).collect::<Vec<_>>().concat()
}

fn row(contender: Contender, rounds: &[(&Run, &Figures)]) -> String {
    if let Some(why) = rounds.iter().find_map(|(run, _)| run.failed.as_ref()) {
        return format!("| {} | failed: {} ||||||||\n", contender.name(), brief(why));
    }
    let times = match (rounds, rounds[0].0.turn.cap) {
        ([_], None) => String::new(),
        ([_], Some(cap)) => format!(" (first {} s)", cap.as_secs()),
        (several, _) => format!(" ({} rounds)", several.len()),
    };
    let strong = if contender.is_ours() { "**" } else { "" };
    let cells = cells(rounds).join(" | ");
    format!(
        "| {strong}{}{strong}{times} | {cells} |\n",
        contender.name()
    )
}

fn cells(rounds: &[(&Run, &Figures)]) -> [String; 9] {
    let figures: Vec<&Figures> = rounds.iter().map(|(_, figures)| *figures).collect();
    let middle = |of: &dyn Fn(&Figures) -> f64| median(figures.iter().map(|it| of(it)));
    let sum = |of: &dyn Fn(&Figures) -> u64| figures.iter().map(|it| of(it)).sum::<u64>();
    let felt = [middle(&|it| it.felt.p50), middle(&|it| it.felt.p99)];
    let whole_runs = rounds.iter().filter(|(run, _)| run.turn.cap.is_none());
    let tenths = whole_runs.filter_map(|(_, it)| it.tenths);
    let through = middle(&|it| it.through.unwrap_or_default());
    [
        some(middle(&|it| it.rate)),
        some(through),
        format!(
            "{:.1} / {:.1} / {}",
            felt[0],
            felt[1],
            rounded(middle(&|it| it.felt.max))
        ),
        format!("{} ms", rounded(middle(&|it| it.felt.old_max))),
        format!(
            "{}, {} ({})",
            sum(&|it| it.felt.lock_waits),
            sum(&|it| it.felt.deadlocks),
            sum(&|it| it.felt.not_begun)
        ),
        format!("{:.1} s", middle(&|it| it.lag.least)),
        caught_up(&figures),
        rounded(middle(&|it| whole(it.history))),
        match median(tenths) {
            0.0 => "–".to_owned(),
            share => format!("{:.0} %", share * 100.0),
        },
    ]
}

/// Rows per second, where there were any.
fn some(rate: f64) -> String {
    if rate > 0.0 {
        rounded(rate)
    } else {
        "–".to_owned()
    }
}

fn caught_up(figures: &[&Figures]) -> String {
    let times: Option<Vec<f64>> = figures.iter().map(|it| it.catch_up).collect();
    times.map_or("never".to_owned(), |times| {
        format!("{:.1} s", median(times.into_iter()))
    })
}

/// One run, for the person who watches.
pub fn line(run: &Run) -> String {
    if let Some(why) = &run.failed {
        return format!("failed: {why}");
    }
    let figures = Figures::of(run);
    format!(
        "{} rows in {:.0} s, {} rows/s, p99 {:.1} ms, {} errors, lag {:.1} s",
        thousands(figures.rows),
        figures.seconds,
        rounded(figures.rate),
        figures.felt.p99,
        figures.felt.errors(),
        figures.lag.least
    )
}

/// The first line, short enough for a table, and without what would end a cell.
fn brief(why: &str) -> String {
    let line = why.lines().next().unwrap_or_default();
    line.chars()
        .take(120)
        .map(|it| if it == '|' { '/' } else { it })
        .collect()
}

fn rounded(value: f64) -> String {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "small, not negative"
    )]
    thousands(value.max(0.0).round() as u64)
}

/// With commas.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_numbers_have_commas() {
        assert_eq!(
            [0, 999, 1_000, 1_234_567].map(thousands).join(" "),
            "0 999 1,000 1,234,567"
        );
    }

    #[test]
    fn an_error_does_not_break_the_table() {
        assert_eq!(brief("no | such\nthing"), "no / such");
    }
}
