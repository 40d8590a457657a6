//! Applying a plan: the rails, the mode and the deadline are asked before each action.

use std::time::Duration;

use aurora_model::{Choice, Decision, Outcome, Plan, plan::Action};
use futures_util::{StreamExt, stream};

use crate::{Deadline, Mode};

/// An action is not begun when less than this is left.
const LEAST: Duration = Duration::from_secs(2);

/// The outcomes of `plan`'s actions, in their order, with at most `at_once` under way.
///
/// An action a rail forbids is `Refused`; in mode `plan` none is begun; what no longer fits
/// before the deadline is `Left`, whole, to the next run. One the deadline cuts off is `Failed`
/// until a retry has seen whether it took effect.
pub async fn apply<A: Action>(
    plan: &Plan<A>,
    mode: Mode,
    deadline: Deadline,
    at_once: usize,
    act: impl AsyncFn(&Decision<A>, &A) -> Outcome,
) -> Vec<Outcome> {
    let act = &act;
    let actions = plan
        .decisions
        .iter()
        .filter_map(|decision| match &decision.choice {
            Choice::Act(action) => Some(async move {
                if plan.forbidden(&decision.cluster).is_some() {
                    return Outcome::Refused;
                }
                match mode {
                    Mode::Plan => Outcome::Planned,
                    Mode::Apply => in_time(deadline, async || act(decision, action).await).await,
                }
            }),
            _ => None,
        });
    stream::iter(actions).buffered(at_once).collect().await
}

async fn in_time(deadline: Deadline, act: impl AsyncFnOnce() -> Outcome) -> Outcome {
    if !deadline.has(LEAST) {
        return Outcome::Left {
            detail: "the function's time was nearly up; the next run takes it".into(),
        };
    }
    // The next schedule may be a night away: Lambda's own retry looks again within minutes, and
    // where that is cut off too, its last failure reaches the inbox.
    deadline.within(act()).await.unwrap_or_else(|_| Outcome::Failed {
        detail: "cut off when the function's time was up; whether it took effect, the next run will see".into(),
        retry: true,
    })
}

#[cfg(test)]
mod tests;
