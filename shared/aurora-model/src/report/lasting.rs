//! What a report tells that the next one will tell again.

use std::collections::BTreeSet;

use super::{Report, Row, Verdict};
use crate::{Outcome, name::number};

impl Report {
    /// What needs a person or failed for good, each as a number that the next run has again while nothing changes:
    /// counts, times and names with a digit are left out of it, and so is the order of its words. So a function knows
    /// by a tag what the team has been told.
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

    /// Whether the team should get a mail even if it knew of all that is lasting.
    #[must_use]
    pub fn worth_a_mail_besides(&self) -> bool {
        let mut rest = self.clone();
        rest.rows.retain(|row| lasting(row).is_none());
        rest.worth_a_mail()
    }

    /// Whether the run left open what becomes of something: it waits, was busy or not begun, or failed in a way that
    /// a retry may cure. What such a run does not tell of need not be over.
    #[must_use]
    pub fn leaves_something_open(&self) -> bool {
        self.rows.iter().any(open)
    }
}

const fn open(row: &Row) -> bool {
    match (&row.outcome, row.verdict) {
        (Some(Outcome::Failed { retry, .. }), _) => *retry,
        (Some(Outcome::Busy { .. } | Outcome::Left { .. }), _) => true,
        (None, verdict) => matches!(verdict, Verdict::Wait),
        (Some(_), _) => false,
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
    Some(number(&format!("{what}: {}", gist(why, &row.subject))))
}

/// The words, each once and in the order of the alphabet: where a reader may be is listed by how many are there.
fn gist(why: &str, subject: &str) -> String {
    let why = why.replace(subject, "");
    let bare = |word: &'_ str| {
        word.trim_matches(|it: char| !it.is_alphanumeric())
            .to_owned()
    };
    let words = why.split_whitespace().map(bare);
    let words: BTreeSet<String> = words
        .filter(|it| !it.contains(|it: char| it.is_ascii_digit()))
        .collect();
    Vec::from_iter(words).join(" ")
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
        // After midnight, a time of yesterday has its date.
        assert_eq!(
            alert("orders", "the alarm stands since 22:05, but it is full"),
            alert(
                "orders",
                "the alarm stands since 2026-11-22 22:05, but it is full"
            )
        );
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
        let (west, east) = ("db.r7g.large in eu-west-1a", "db.r7g.large in eu-west-1b");
        assert_eq!(
            failed("orders-ra1", &format!("none of: {west} and {east}"), false),
            failed("orders-ra1", &format!("none of: {east} and {west}"), false)
        );
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
