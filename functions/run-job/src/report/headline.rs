//! The headline: the cluster, the job, and how it went.

use aurora_model::{Outcome, Report, Row, report::Verdict};
use jobs::Job;

/// `orders: ran purge-access-logs`; of several things, each once, the gravest first.
pub(crate) fn headline(report: &Report, job: &Job) -> String {
    let mut said: Vec<String> = vec![];
    for row in &report.rows {
        let words = words(row, job.job.as_str());
        if !said.contains(&words) {
            said.push(words);
        }
    }
    format!("{}: {}", job.cluster, said.join(", "))
}

fn words(row: &Row, name: &str) -> String {
    let verb = row.action.unwrap_or("run");
    match (&row.outcome, row.verdict) {
        (Some(Outcome::Failed { retry: false, .. }), _) if verb == "run" => {
            format!("{name} FAILED")
        }
        (Some(Outcome::Failed { .. }), _) => format!("could not {verb} {name}"),
        (Some(Outcome::Done | Outcome::AlreadyDone), _) => {
            format!("{} {name}", aurora_model::words::past(verb))
        }
        (Some(Outcome::Planned), _) => format!("would {verb} {name}"),
        (Some(Outcome::Busy { .. } | Outcome::Left { .. }), _) => format!("{name} goes on later"),
        (Some(Outcome::Refused), _) => format!("refused to {verb} {name}"),
        (None, Verdict::Alert) => format!("{name} needs a person"),
        (None, Verdict::Wait) => format!("{name} waits"),
        (None, _) => format!("nothing to do for {name}"),
    }
}
