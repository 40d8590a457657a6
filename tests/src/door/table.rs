//! The result, for people.

use std::fmt;

use super::matrix::Count;
use super::played::Totals;
use super::strategy::Strategy;

/// A line for each strategy.
#[derive(Clone, Debug, Default)]
pub struct Table(pub Vec<(Strategy, Count, Totals)>);

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<18} {:>8} {:>5} {:>6} {:>10} {:>9} {:>8}  {:<25} {:>7}",
            "strategy",
            "messages",
            "calls",
            "cases",
            "not killed",
            "tried",
            "refused",
            "refused for (max, median)",
            "seconds"
        )?;
        for (strategy, count, totals) in &self.0 {
            let window = totals.window().map_or_else(
                || "-".to_owned(),
                |(longest, median)| {
                    format!("{} ms, {} ms", longest.as_millis(), median.as_millis())
                },
            );
            writeln!(
                f,
                "{:<18} {:>8} {:>5} {:>6} {:>10} {:>9} {:>8}  {:<25} {:>7}",
                strategy.to_string(),
                count.writer + count.reader,
                count.calls,
                totals.cases,
                totals.missed,
                totals.tried,
                totals.refused,
                window,
                totals.took.as_secs()
            )?;
        }
        for (strategy, _, totals) in &self.0 {
            for (kind, [cases, tried, refused]) in &totals.kinds {
                write!(
                    f,
                    "\n{strategy}, {kind}: {cases} cases, {refused} of {tried} logins refused"
                )?;
            }
            let deaths = totals.deaths.iter();
            let deaths: Vec<_> = deaths.map(|(at, times)| format!("{at} {times}")).collect();
            writeln!(f, "\n{strategy}, killed in: {}", deaths.join("; "))?;
        }
        Ok(())
    }
}
