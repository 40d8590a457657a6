//! What is done, in which order, and what is not.

use std::{cell::RefCell, time::Duration};

use aurora_model::{Breach, Rail};

use super::*;

/// An action that takes so many seconds.
#[derive(Clone, Copy)]
struct Delete(u64);

impl Action for Delete {
    fn verb(&self) -> &'static str {
        "delete"
    }
}

fn plan(actions: &[(&str, u64)]) -> Plan<Delete> {
    let decision = |(number, (cluster, seconds)): (usize, &(&str, u64))| {
        let choice = Choice::Act(Delete(*seconds));
        Decision::new(
            *cluster,
            format!("{cluster}-{number}"),
            choice,
            "no rule keeps it",
        )
    };
    let kept = Decision::new("orders", "orders-kept", Choice::Keep, "daily 1 of 7");
    let decisions = actions.iter().enumerate().map(decision);
    Plan {
        decisions: [kept].into_iter().chain(decisions).collect(),
        ..Plan::empty()
    }
}

/// Applies `plan` and says what was begun, with the outcomes.
async fn applied(
    plan: &Plan<Delete>,
    mode: Mode,
    seconds: u64,
    at_once: usize,
) -> (Vec<String>, Vec<Outcome>) {
    let begun = RefCell::new(Vec::new());
    let act = async |decision: &Decision<Delete>, action: &Delete| {
        begun.borrow_mut().push(decision.subject.clone());
        tokio::time::sleep(Duration::from_secs(action.0)).await;
        match decision.subject.as_str() {
            "orders-0" => Outcome::AlreadyDone,
            _ => Outcome::Done,
        }
    };
    let deadline = Deadline::in_(Duration::from_secs(seconds));
    let outcomes = apply(plan, mode, deadline, at_once, act).await;
    (begun.into_inner(), outcomes)
}

#[tokio::test(start_paused = true)]
async fn in_mode_plan_nothing_is_begun() {
    let plan = plan(&[("orders", 1), ("billing", 1)]);
    let (begun, outcomes) = applied(&plan, Mode::Plan, 60, 4).await;
    assert!(begun.is_empty());
    assert_eq!(outcomes, [Outcome::Planned, Outcome::Planned]);
}

#[tokio::test(start_paused = true)]
async fn what_a_rail_forbids_is_refused_and_the_rest_is_done() {
    let mut plan = plan(&[("orders", 1), ("billing", 1)]);
    plan.breaches.push(Breach {
        rail: Rail::MinKeep,
        cluster: Some("orders".into()),
        sentence: String::new(),
        lift: String::new(),
    });
    let (begun, outcomes) = applied(&plan, Mode::Apply, 60, 4).await;
    assert_eq!(begun, ["billing-1"]);
    assert_eq!(outcomes, [Outcome::Refused, Outcome::Done]);
    plan.breaches[0].cluster = None;
    for mode in [Mode::Apply, Mode::Plan] {
        let (begun, outcomes) = applied(&plan, mode, 60, 4).await;
        assert!(begun.is_empty());
        assert_eq!(outcomes, [Outcome::Refused, Outcome::Refused]);
    }
}

/// The slowest comes first, and its outcome still stands first.
#[tokio::test(start_paused = true)]
async fn outcomes_stand_in_the_order_of_the_actions() {
    let plan = plan(&[("orders", 9), ("billing", 1), ("search", 5)]);
    let (_, outcomes) = applied(&plan, Mode::Apply, 60, 3).await;
    assert_eq!(
        outcomes,
        [Outcome::AlreadyDone, Outcome::Done, Outcome::Done]
    );
}

#[tokio::test(start_paused = true)]
async fn no_more_are_under_way_than_allowed() {
    for (at_once, seconds) in [(1, 8), (2, 4), (4, 2), (9, 2)] {
        let began = tokio::time::Instant::now();
        applied(&plan(&[("a", 2); 4]), Mode::Apply, 60, at_once).await;
        assert_eq!(began.elapsed().as_secs(), seconds, "{at_once} at once");
    }
}

/// Of 20 seconds 15 are for acting: three actions fit, the fourth would begin with less than
/// two left.
#[tokio::test(start_paused = true)]
async fn what_no_longer_fits_is_left_whole() {
    let plan = plan(&[("a", 4), ("b", 4), ("c", 6), ("d", 1), ("e", 1)]);
    let (begun, outcomes) = applied(&plan, Mode::Apply, 20, 1).await;
    assert_eq!(begun, ["a-0", "b-1", "c-2"]);
    assert_eq!(outcomes[..3], [Outcome::Done, Outcome::Done, Outcome::Done]);
    assert!(
        outcomes[3..]
            .iter()
            .all(|outcome| matches!(outcome, Outcome::Left { .. }))
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_cut_off_is_for_a_retry_to_look_at() {
    let start = tokio::time::Instant::now();
    let (begun, outcomes) =
        applied(&plan(&[("a", 4), ("b", 100), ("c", 1)]), Mode::Apply, 20, 1).await;
    assert_eq!(begun, ["a-0", "b-1"]);
    assert_eq!(outcomes[0], Outcome::Done);
    assert!(matches!(outcomes[1], Outcome::Failed { retry: true, .. }));
    assert!(matches!(outcomes[2], Outcome::Left { .. }));
    assert_eq!(start.elapsed().as_secs(), 15);
}
