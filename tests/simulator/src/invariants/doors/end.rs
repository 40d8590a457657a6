//! How secrets and doors must be once nothing fails any more.

use std::collections::BTreeSet;

use jiff::SignedDuration;

use super::{current_since, plans, previous};
use crate::{
    database::Password,
    history::History,
    invariants::oracle::rotation::{self, Way},
    script::{Database, SecretPlan},
};

pub(in crate::invariants) fn an_old_password_ends(history: &History) -> Option<String> {
    if !history.over() || history.script.plan_only(crate::script::ROTATES) {
        return None;
    }
    plans(history).find_map(|(database, plan)| {
        if rotation::way(database, plan) != Way::Dual || rotation::told(history, plan) {
            return None;
        }
        let secret = history.doors.after.secrets.get(&plan.name)?;
        let since = current_since(secret)?.max(history.script.calm);
        let visits = SignedDuration::from_hours(3 * database.policy.doctor_hours);
        let age = history.script.ends.duration_since(since);
        if rotation::unfinished(secret).is_some() || age < database.policy.grace + visits {
            return None;
        }
        let current = history.doors.current(secret)?;
        let view = history.doors.after.writer(&plan.cluster)?;
        let mut accounts = view
            .accounts
            .iter()
            .filter(|(account, _)| account.user == current.user);
        accounts.find_map(|(account, entry)| {
            let has: BTreeSet<Password> = [Some(entry.primary), entry.secondary]
                .into_iter()
                .flatten()
                .collect();
            let old = has.iter().find(|it| **it != current.password)?;
            let known = seen(history, database, plan, *old);
            (view.opens(account, current.password) && known).then(|| {
                format!(
                    "{old} still opens {account}, {age:#} after {} became the current one of {}",
                    current.password, plan.name
                )
            })
        })
    })
}

/// Whether the doctor can know that this is an old password: of what a user that may not read
/// `mysql.user` has, only the previous version is tried.
fn seen(history: &History, database: &Database, plan: &SecretPlan, password: Password) -> bool {
    let Some(secret) = history.doors.after.secrets.get(&plan.name) else {
        return false;
    };
    let has = |id: &str| {
        history
            .doors
            .credential(&plan.name, id)
            .is_some_and(|it| it.password == password)
    };
    if plan.superuser.is_none() {
        return previous(secret).is_some_and(has);
    }
    // Of the versions without a label the three newest are known.
    let mut older: Vec<_> = secret
        .versions
        .values()
        .filter(|it| it.labels.is_empty())
        .collect();
    older.sort_by_key(|it| std::cmp::Reverse(it.created));
    let labelled = secret.versions.values().filter(|it| !it.labels.is_empty());
    let known = { labelled }
        .chain(older.into_iter().take(3))
        .any(|it| has(&it.id));
    known || database.policy.overwrite_unknown
}

pub(in crate::invariants) fn no_rotation_stays_stuck(history: &History) -> Option<String> {
    if !history.over() || history.script.plan_only(crate::script::ROTATES) {
        return None;
    }
    plans(history).find_map(|(database, plan)| {
        let secret = history.doors.after.secrets.get(&plan.name)?;
        let pending = rotation::unfinished(secret)?;
        let visits = SignedDuration::from_hours(3 * database.policy.doctor_hours);
        let age = history
            .script
            .ends
            .duration_since(pending.created.max(history.script.calm));
        let going_on = secret
            .rotation
            .as_ref()
            .is_some_and(|it| it.running.is_some());
        let late = age > database.policy.stuck_after + visits;
        (late && !going_on && !rotation::told(history, plan)).then(|| {
            format!(
                "{} of {} is pending for {age:#}, and nobody was told",
                pending.id, plan.name
            )
        })
    })
}

pub(in crate::invariants) fn the_door_is_open_in_the_end(history: &History) -> Option<String> {
    if !history.over() || history.script.plan_only(crate::script::ROTATES) {
        return None;
    }
    plans(history).find_map(|(_, plan)| {
        let secret = history.doors.after.secrets.get(&plan.name)?;
        // The readers may be about to learn of a rotation that ended just now.
        let fresh = history.last()?.at.duration_since(current_since(secret)?);
        if fresh < SignedDuration::from_mins(1) {
            return None;
        }
        let current = history.doors.current(secret)?;
        let mut views = history
            .doors
            .after
            .views
            .iter()
            .filter(|(_, view)| view.cluster == plan.cluster);
        let shut = views.find(|(_, view)| !view.admits(&current.user, current.password));
        let (instance, _) = shut?;
        (!rotation::told(history, plan)).then(|| {
            format!(
                "the current password of {} does not open {instance}, and nobody was told",
                plan.name
            )
        })
    })
}
