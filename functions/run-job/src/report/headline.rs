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

#[cfg(test)]
mod tests {
    use aurora_model::{Choice, Decision, Plan, plan::Action, report::TriggerRef};
    use jiff::Timestamp;
    use serde_json::json;

    use super::*;

    struct Verb(&'static str);

    impl Action for Verb {
        fn verb(&self) -> &'static str {
            self.0
        }
    }

    fn said(rows: Vec<(Choice<Verb>, Option<Outcome>)>) -> String {
        let job = json!({"job": "tidy", "cluster": "orders", "secret": "s", "database": "shop"});
        let job: Job = serde_json::from_value(job).unwrap();
        let trigger = TriggerRef {
            kind: "schedule",
            id: "x".into(),
            time: Timestamp::UNIX_EPOCH,
        };
        let (choices, outcomes): (Vec<_>, Vec<_>) = rows.into_iter().unzip();
        let decision = |choice| Decision::new("orders", "tidy", choice, "");
        let plan = Plan {
            decisions: choices.into_iter().map(decision).collect(),
            ..Plan::empty()
        };
        let outcomes = outcomes.into_iter().flatten().collect();
        headline(
            &Report::new("run-job", "apply", trigger, plan, outcomes),
            &job,
        )
    }

    #[test]
    fn the_headline_names_the_job_and_how_it_went() {
        let act = |verb, outcome| (Choice::Act(Verb(verb)), Some(outcome));
        let text = String::new;
        let failed = |retry| Outcome::Failed {
            detail: text(),
            retry,
        };
        let left = Outcome::Left { detail: text() };
        for (rows, headline) in [
            (vec![act("run", Outcome::Done)], "orders: ran tidy"),
            (vec![act("run", failed(false))], "orders: tidy FAILED"),
            (
                vec![act("skip", failed(true))],
                "orders: could not skip tidy",
            ),
            (vec![act("run", Outcome::Planned)], "orders: would run tidy"),
            (
                vec![act("skip", Outcome::Done), act("run", left)],
                "orders: tidy goes on later, skipped tidy",
            ),
            (vec![(Choice::Alert, None)], "orders: tidy needs a person"),
            (vec![(Choice::Wait, None)], "orders: tidy waits"),
            (vec![(Choice::Keep, None)], "orders: nothing to do for tidy"),
        ] {
            assert_eq!(said(rows), headline);
        }
    }
}
