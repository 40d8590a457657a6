//! How far a run of a job has come, told while it is at work.

use std::convert::Infallible;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::paper::{Ink, Paper};
use super::servers::Servers;

/// Between two looks into the ledger.
const PAUSE: Duration = Duration::from_millis(900);

/// Tells, again and again, what the ledger says of the job's run.
pub async fn watch(paper: &Paper, indent: usize, servers: &Servers, job: &str) -> Infallible {
    let mut last = look(servers, job).await;
    loop {
        let since = Instant::now();
        sleep(PAUSE).await;
        let now = look(servers, job).await;
        if let Some(now) = &now {
            let before = last.as_ref().map_or(0, |last| last.rows);
            let rate = per_second(now.rows.saturating_sub(before), since.elapsed());
            if now.rows > before {
                paper.text(indent, Some(Ink::Blue), &now.said(rate));
            }
        }
        last = now;
    }
}

/// What the ledger says of a run that is not over.
struct Seen {
    rows: u64,
    /// About how many there were when it began.
    of: Option<u64>,
    steps: u64,
}

async fn look(servers: &Servers, job: &str) -> Option<Seen> {
    let [writer, _] = servers.both();
    let run = format!(
        "SELECT rows_gone, IFNULL(place->>'$.estimate', ''), steps FROM nightshift.job_run \
         WHERE job = '{job}' AND state = 'running'"
    );
    let rows = writer.root(&run).await;
    let [rows, of, steps] = &rows.first()?[..] else {
        return None;
    };
    Some(Seen {
        rows: rows.parse().ok()?,
        of: of.parse().ok(),
        steps: steps.parse().ok()?,
    })
}

impl Seen {
    fn said(&self, rate: u64) -> String {
        let Self { rows, of, steps } = self;
        let rows_gone = super::application::thousands(*rows);
        let part = of.filter(|of| of >= rows).map_or_else(String::new, |of| {
            let percent = rows * 100 / of.max(1);
            format!(
                " of about {} ({percent} %)",
                super::application::thousands(of)
            )
        });
        let rate = super::application::thousands(rate);
        format!("at work: {rows_gone}{part} rows gone in {steps} steps, {rate} a second now")
    }
}

fn per_second(rows: u64, time: Duration) -> u64 {
    let milliseconds = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
    rows.saturating_mul(1_000) / milliseconds.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_with_its_share_and_its_rate() {
        let seen = |of| Seen {
            rows: 62_500,
            of,
            steps: 130,
        };
        let rate = per_second(12_400, Duration::from_millis(900));
        assert_eq!(
            seen(Some(180_000)).said(rate),
            "at work: 62,500 of about 180,000 (34 %) rows gone in 130 steps, 13,777 a second now"
        );
        assert_eq!(
            seen(Some(10)).said(0),
            "at work: 62,500 rows gone in 130 steps, 0 a second now"
        );
    }
}
