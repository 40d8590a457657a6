//! What a report tells that the next one will tell again.

use std::collections::BTreeSet;

use super::{Report, Row, Verdict};
use crate::{Outcome, name::number};

impl Report {
    /// What needs a person or failed for good, each as a number that the next run has again while nothing changes:
    /// counts and times are left out of it. So a function knows by a tag what the team has been told.
    ///
    /// What failed in the same way is the same, whatever it was done to: what is tried anew may have another name.
    #[must_use]
    pub fn lasting(&self) -> BTreeSet<u32> {
        self.rows.iter().filter_map(lasting).collect()
    }

    /// Of these, what failed for good.
    #[must_use]
    pub fn failures(&self) -> BTreeSet<u32> {
        let alert = |row: &&Row| row.verdict == Verdict::Alert;
        let rows = self.rows.iter().filter(|row| !alert(row));
        rows.filter_map(lasting).collect()
    }
}

fn lasting(row: &Row) -> Option<u32> {
    let (what, why) = match (&row.outcome, row.verdict) {
        (
            Some(Outcome::Failed {
                detail,
                retry: false,
            }),
            _,
        ) => (row.action.unwrap_or_default(), detail),
        (_, Verdict::Alert) => (&*row.subject, &row.reason),
        _ => return None,
    };
    let why = why.replace(&row.subject, "");
    let why: String = why.chars().filter(|it| !it.is_ascii_digit()).collect();
    Some(number(&format!("{what}: {why}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Choice, Decision, Plan, plan::Action, report::TriggerRef};

    struct Create;

    impl Action for Create {
        fn verb(&self) -> &'static str {
            "create"
        }
    }

    fn of(
        subject: &str,
        choice: Choice<Create>,
        reason: &str,
        outcome: Option<Outcome>,
    ) -> BTreeSet<u32> {
        let mut plan = Plan::empty();
        let decision = Decision::new("orders", subject, choice, reason);
        plan.decisions.push(decision);
        let trigger = TriggerRef {
            kind: super::super::TICK,
            id: "1".into(),
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let outcomes = outcome.into_iter().collect();
        Report::new("scale-readers", "apply", trigger, plan, outcomes).lasting()
    }

    fn alert(subject: &str, reason: &str) -> BTreeSet<u32> {
        of(subject, Choice::Alert, reason, None)
    }

    fn failed(subject: &str, detail: &str, retry: bool) -> BTreeSet<u32> {
        let detail = detail.into();
        let outcome = Outcome::Failed { detail, retry };
        of(subject, Choice::Act(Create), "CPU is high", Some(outcome))
    }

    #[test]
    fn the_same_an_hour_later_is_the_same_and_something_else_is_not() {
        let limit = alert("orders", "6 changes since 03:05; flap_limit is 6");
        assert_eq!(limit.len(), 1);
        assert_eq!(
            limit,
            alert("orders", "7 changes since 04:10; flap_limit is 6")
        );
        assert_ne!(limit, alert("orders", "6 readers would cost 900"));
        assert_ne!(
            alert("orders-2", "it is failed"),
            alert("orders-3", "it is failed")
        );
        let quota = "CreateDBInstance of orders-ra1: refused with InstanceQuotaExceeded";
        let other = "CreateDBInstance of orders-rb2: refused with InstanceQuotaExceeded";
        assert_eq!(
            failed("orders-ra1", quota, false),
            failed("orders-rb2", other, false)
        );
        assert_ne!(failed("orders-ra1", quota, false), limit);
    }

    #[test]
    fn what_passes_by_itself_is_not_lasting() {
        let none = BTreeSet::new();
        assert_eq!(failed("orders-ra1", "throttled", true), none);
        assert_eq!(of("orders-2", Choice::Keep, "it serves", None), none);
        assert_eq!(
            of("orders-2", Choice::Act(Create), "CPU", Some(Outcome::Done)),
            none
        );
    }
}
