//! Which versions of a secret open which doors.

use super::{
    Door, Finding, Instance, Observation, Remedy, Repair, Rules, State, Strategy, Version,
};
use crate::decide::{Role, own::OwnSight};
use aurora_model::words::moment;
use jiff::Timestamp;

/// What was seen of one version on all instances.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doors {
    /// It opens every instance.
    Everywhere,
    /// It was refused by every instance.
    Nowhere,
    /// Neither is known.
    Mixed,
}

impl Doors {
    /// What was seen; [`Doors::Mixed`] where nobody knocked.
    pub fn of(instances: &[Instance], version: impl Fn(&Instance) -> &Door) -> Self {
        let all = |door: Door| instances.iter().all(|one| *version(one) == door);
        if instances.is_empty() {
            return Self::Mixed;
        }
        match (all(Door::Opens), all(Door::Shut)) {
            (true, _) => Self::Everywhere,
            (_, true) => Self::Nowhere,
            _ => Self::Mixed,
        }
    }
}

impl Instance {
    /// What the user can see of itself here.
    pub(super) fn sight(&self) -> OwnSight {
        OwnSight {
            pending: self.pending == Door::Opens,
            current: self.current == Door::Opens,
            previous: self.previous == Door::Opens,
            older: 0,
        }
    }
}

/// Whether the current version is shut out somewhere, and what opens the door instead.
pub(super) fn examine(seen: &Observation, rules: &Rules) -> Option<Finding> {
    let Some(current) = &seen.current else {
        return Some(unstaged());
    };
    let doors = |version: fn(&Instance) -> &Door| Doors::of(&seen.instances, version);
    if doors(|one| &one.current) == Doors::Nowhere && seen.rotated_by_us() {
        let pending = doors(|one| &one.pending);
        let previous = doors(|one| &one.previous);
        match (seen.unfinished(), &seen.previous) {
            (Some(version), _) if pending == Doors::Everywhere => {
                let sound = all_have(seen, Role::Pending);
                return Some(ahead(
                    current,
                    version,
                    "pending",
                    version.created,
                    sound,
                    rules,
                ));
            }
            // Somebody may be about to set the pending one.
            (None, Some(version)) if previous == Doors::Everywhere => {
                let since = seen.moved.unwrap_or(version.created);
                let sound = all_have(seen, Role::Previous);
                return Some(ahead(current, version, "previous", since, sound, rules));
            }
            _ => {}
        }
    }
    shut(seen)
}

/// Whether each account that a password opens takes this version, and none the current one. A login
/// shows one account only: where the others are not seen, the version a rotation is preparing may
/// still be the one that an interrupted run has set; an older one may be a person's choice.
fn all_have(seen: &Observation, role: Role) -> bool {
    // The other user is brought in line before its turn: the doctor does not know whether it was.
    if seen.strategy == Strategy::AlternatingUsers || !seen.rights_missing.is_empty() {
        return false;
    }
    let Some(accounts) = &seen.accounts else {
        return role == Role::Pending;
    };
    let mut open = accounts.iter().filter(|one| one.shut().is_none());
    open.all(|one| one.opens(role) && !one.opens(Role::Current))
}

fn unstaged() -> Finding {
    Finding {
        state: State::CurrentShut,
        sentence: "no version of it is AWSCURRENT".into(),
        remedy: Remedy::Person(
            "put the credential that logs in into the secret with put-secret-value".into(),
        ),
    }
}

const NOT_ALL: &str = "see which accounts have which password (two users that alternate may not have the same rights yet, and one user's accounts may differ), set the one that applications need, and put it into the secret with put-secret-value";

/// It counts as stuck `stuck_after` after `since`: before, a rotation may be about to finish.
fn ahead(
    current: &Version,
    version: &Version,
    stage: &str,
    since: Timestamp,
    sound: bool,
    rules: &Rules,
) -> Finding {
    let Version { id, created } = version;
    let from = current.id.clone();
    let stuck = since.checked_add(rules.stuck_after.duration()).ok();
    let remedy = match stuck.filter(|stuck| *stuck <= rules.now) {
        Some(_) if !sound => Remedy::Person(NOT_ALL.into()),
        Some(_) => Remedy::Repair(Repair::MoveCurrent {
            from,
            to: id.clone(),
        }),
        None => Remedy::Person(format!(
            "none yet: the rotation may still be going on; from {} on the doctor moves AWSCURRENT",
            stuck.map_or_else(|| "never".into(), moment)
        )),
    };
    Finding {
        state: State::DatabaseAhead,
        sentence: format!(
            "the current version {} logs in on no instance, the {stage} version {id} of {} on every one",
            current.id,
            moment(*created)
        ),
        remedy,
    }
}

fn shut(seen: &Observation) -> Option<Finding> {
    let refusing = seen
        .instances
        .iter()
        .filter(|one| one.current == Door::Shut);
    let names: Vec<_> = refusing.map(|one| one.name.as_str()).collect();
    if names.is_empty() {
        return None;
    }
    let open = names.len() < seen.instances.len();
    let writer_opens = seen
        .instances
        .iter()
        .any(|one| one.writer && one.current == Door::Opens);
    let step = if open && writer_opens {
        "look at the replication of these instances: the writer takes this password, they do not"
    } else {
        "find out what the password is now, and put it into the secret with put-secret-value; or rotate the secret with a masterarn"
    };
    Some(Finding {
        state: State::CurrentShut,
        sentence: format!(
            "its current credential, user {}, does not log in on {}",
            seen.user,
            names.join(", ")
        ),
        remedy: Remedy::Person(step.into()),
    })
}
