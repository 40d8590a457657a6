//! The mails of the night: who is told what, and how often. Their wording may change; what they
//! ask for, by whom they are and what they must name may not.

use super::{Check, Night};
use crate::mail::Mail;
use crate::night::import::JOB;
use crate::night::jobs;
use crate::night::past::{BILLING, ORDERS};
use crate::night::secret::SECRET;
use crate::night::trouble::REPORTS;

/// A mail that must come.
pub(super) struct Wanted {
    /// What it asks for, and who sends it: how its subject begins.
    start: &'static str,
    /// What must stand in its subject.
    fact: String,
    /// What must stand in its text.
    names: &'static str,
    /// The attribute `outcome`, by which subscriptions filter.
    outcome: &'static str,
}

impl Wanted {
    fn is(&self, mail: &Mail) -> bool {
        mail.subject.starts_with(self.start)
            && mail.subject.contains(&self.fact)
            && mail.subject.len() < 100
            && mail.email().contains(self.names)
            && mail.attributes.get("outcome").map(String::as_str) == Some(self.outcome)
    }

    fn said(&self) -> String {
        let Self {
            start,
            fact,
            names,
            outcome,
        } = self;
        format!("{start} ... {fact} ({names}, {outcome})")
    }
}

impl Night<'_> {
    /// Exactly these mails, in this order.
    pub(super) fn mails(&self, wanted: &[Wanted]) -> Check {
        let mails = self.told.iter().flat_map(|told| &told.woken.mails);
        let found: Vec<&Mail> = mails.collect();
        let same = found.len() == wanted.len()
            && wanted
                .iter()
                .zip(&found)
                .all(|(wanted, found)| wanted.is(found));
        let fault = || {
            let wanted: Vec<String> = wanted.iter().map(Wanted::said).collect();
            let found: Vec<&str> = found.iter().map(|mail| &*mail.subject).collect();
            format!(
                "expected {}; found {}",
                wanted.join(" | "),
                found.join(" | ")
            )
        };
        Check {
            text: format!(
                "the team got exactly the {} mails that this night is worth, each with its subject",
                wanted.len()
            ),
            fault: (!same).then(fault),
        }
    }

    pub(super) fn mails_applied(&self, deletions: usize) -> Vec<Wanted> {
        let over = handed_over("[OK] import-events: ", "disabled 1, enabled 1", "success");
        let night = vec![
            scaled("created 1"),
            wanted(
                "[LOOK] take-snapshot: ",
                "created 1, 1 waiting",
                BILLING,
                "partial",
            ),
            wanted("[LOOK] take-snapshot: ", "1 waiting", BILLING, "partial"),
            wanted("[LOOK] take-snapshot: ", "created 1", BILLING, "success"),
            trouble("ended 1"),
            well_again(),
            ran(jobs::ROTATE),
            wanted(
                "[OK] rotate-secret: ",
                &format!("rotated {SECRET}"),
                ORDERS,
                "success",
            ),
            wanted(
                "[ACT] take-snapshot: ",
                BILLING,
                super::super::world::PERSON,
                "needs-person",
            ),
            ran(JOB),
            wanted(
                "[OK] prune-snapshots: ",
                &format!("deleted {deletions}"),
                ORDERS,
                "success",
            ),
            scaled("drained 1"),
            self.refusal(),
            scaled("deleted 1"),
            ran(jobs::PURGE),
            failure(),
            wanted("[OK] rotate-secret: ", "retired", SECRET, "success"),
        ];
        over.into_iter().chain(night).collect()
    }

    pub(super) fn mails_planned(&self, deletions: usize) -> Vec<Wanted> {
        let over = handed_over("[PLAN] import-events: ", "would disable 1", "planned");
        let night = vec![
            wanted(
                "[LOOK] take-snapshot: ",
                "would create 1, 1 waiting",
                BILLING,
                "planned",
            ),
            trouble("would end 1"),
            well_again(),
            would_run(jobs::ROTATE),
            wanted(
                "[PLAN] prune-snapshots: ",
                &format!("would delete {deletions}"),
                ORDERS,
                "planned",
            ),
            self.refusal(),
            would_run(jobs::PURGE),
            failure(),
        ];
        over.into_iter().chain(night).collect()
    }

    fn refusal(&self) -> Wanted {
        let refused = super::acted(self.due("billing-prune-snapshots"), "delete", "refused");
        let refused = refused.map_or(0, |subjects| subjects.len());
        let fact = format!("refused to delete {refused}");
        wanted(
            "[DECIDE] prune-snapshots: ",
            &fact,
            "To lift it: ",
            "refused",
        )
    }
}

fn wanted(start: &'static str, fact: &str, names: &'static str, outcome: &'static str) -> Wanted {
    Wanted {
        start,
        fact: fact.to_owned(),
        names,
        outcome,
    }
}

/// Of an EVENT that changes hands: what it becomes, what its job would do, and the cut-over.
fn handed_over(start: &'static str, fact: &str, outcome: &'static str) -> [Wanted; 3] {
    [
        wanted(
            "[PLAN] import-events: ",
            "would import 1",
            ORDERS,
            "planned",
        ),
        wanted("[PLAN] run-job: ", JOB, "is still enabled", "planned"),
        wanted(start, fact, JOB, outcome),
    ]
}

/// One mail for the whole run of a job, however many invocations it took.
fn ran(job: &str) -> Wanted {
    wanted("[OK] run-job: ", &format!("ran {job}"), ORDERS, "success")
}

fn scaled(fact: &str) -> Wanted {
    wanted("[OK] scale-readers: ", fact, BILLING, "success")
}

/// The case file, which names the culprit.
fn trouble(fact: &str) -> Wanted {
    wanted("[ACT] remedy-alarm: ", fact, REPORTS, "needs-person")
}

fn well_again() -> Wanted {
    wanted("[OK] remedy-alarm: ", "over after 8m", ORDERS, "nothing")
}

fn would_run(job: &str) -> Wanted {
    let fact = format!("would run {job}");
    wanted("[PLAN] run-job: ", &fact, ORDERS, "planned")
}

fn failure() -> Wanted {
    wanted(
        "[ACT] ",
        "monthly-prune-snapshots",
        "policy.keep.montly",
        "failed",
    )
}
