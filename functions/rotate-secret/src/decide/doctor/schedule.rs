//! Rotations that were given up, and rotations that did not come.

use aurora_model::{Span, words::moment};
use jiff::Timestamp;

use super::{Door, Doors, Finding, Observation, Remedy, Repair, Rules, State, Version};

/// A version that has been pending for too long. Not where the current one logs in nowhere: then
/// the pending one may be the only one that does.
pub(super) fn left_over(seen: &Observation, rules: &Rules) -> Option<Finding> {
    let version = seen.unfinished().filter(|_| seen.rotated_by_us())?;
    let age = rules.now.duration_since(version.created);
    let current = Doors::of(&seen.instances, |one| &one.current);
    if age < rules.stuck_after.duration() || current == Doors::Nowhere {
        return None;
    }
    let age = Span::of(age);
    let Version { id, .. } = version;
    let held = if current_opens(seen) {
        "the current one logs in"
    } else {
        "whether the current one logs in is not known"
    };
    Some(Finding {
        state: State::PendingLeftOver,
        sentence: format!(
            "version {id} has been AWSPENDING for {} without becoming current, which blocks every later rotation; {held}",
            age.roughly()
        ),
        remedy: give_up(seen, version),
    })
}

/// The label is removed where nobody needs its version: the writer takes the current one, and no
/// instance refuses it. Its password is left to a later visit, which sees it as an old one: should
/// the rotation end just now, and this be seen late, nothing but a label is gone.
fn give_up(seen: &Observation, version: &Version) -> Remedy {
    if !current_opens(seen) {
        return Remedy::Person("find out which version logs in, then cancel the rotation with cancel-rotate-secret, or finish it with update-secret-version-stage".into());
    }
    let version = version.id.clone();
    Remedy::Repair(Repair::GiveUpPending { version })
}

fn current_opens(seen: &Observation) -> bool {
    let instances = &seen.instances;
    let writer = instances
        .iter()
        .any(|one| one.writer && one.current == Door::Opens);
    writer && instances.iter().all(|one| one.current != Door::Shut)
}

/// A rotation that should have come.
pub(super) fn overdue(seen: &Observation, rules: &Rules) -> Option<Finding> {
    if !seen.rotation_enabled || !seen.rotated_by_us() {
        return None;
    }
    let due = due(seen).filter(|due| *due < rules.now)?;
    let late = Span::of(rules.now.duration_since(due)).roughly();
    let last = seen.moved.map_or_else(
        || "it is not known when it was rotated last".into(),
        |moved| format!("it was rotated last at {}", moment(moved)),
    );
    let step = if seen.unfinished().is_some() {
        "see what is said of its pending version first; then rotate-secret"
    } else {
        "look into the log of the last attempt, then rotate-secret"
    };
    Some(Finding {
        state: State::Overdue,
        sentence: format!(
            "it was to be rotated by {}, {late} ago; {last}",
            moment(due)
        ),
        remedy: Remedy::Person(step.into()),
    })
}

/// Secrets Manager's own date; without one, the last move and the interval.
fn due(seen: &Observation) -> Option<Timestamp> {
    let by_interval = || seen.moved?.checked_add(seen.interval?.duration()).ok();
    seen.next.or_else(by_interval)
}
