//! AWSCURRENT: whither a run may move it; AWSPENDING: when it may be taken off.

use aurora_sql::Account;
use jiff::SignedDuration;
use simulated_aws::secrets::{CURRENT, PENDING};

use super::{BETWEEN, plans, stale};
use crate::{
    doors::{Credential, Move},
    history::History,
    invariants::oracle::rotation,
    script::SecretPlan,
};

pub(in crate::invariants) fn the_label_moves_only_to_what_opens(
    history: &History,
) -> Option<String> {
    let (run, moved) = moved_by_run(history, CURRENT)?;
    let plan = plan_of(history, moved)?;
    let to = moved.to.as_deref()?;
    let Some(new) = history.doors.credential(&plan.name, to) else {
        return Some(format!(
            "AWSCURRENT of {} moved to {to}, which has no value",
            plan.name
        ));
    };
    let view = history.doors.before.writer(&plan.cluster)?;
    if !view.admits(&new.user, new.password) && !rotation::touched(history, plan, BETWEEN) {
        return Some(format!(
            "AWSCURRENT of {} moved to {to}, whose password {} does not open the writer",
            plan.name, new.password
        ));
    }
    let invocation = history.chain_of(run).rotation.as_ref()?;
    if invocation.token != to {
        return Some(format!(
            "the rotation to {} has moved AWSCURRENT to {to}",
            invocation.token
        ));
    }
    let again =
        |it: &&Move| it.label == "AWSCURRENT" && it.secret == moved.secret && it.to == moved.to;
    let times = history
        .doors
        .moves
        .iter()
        .filter(again)
        .filter(|it| it.by.is_some())
        .count();
    if times > 1 {
        return Some(format!(
            "AWSCURRENT of {} moved to {to} {times} times",
            plan.name
        ));
    }
    superseded(history, run, plan, to)
}

/// A rotation whose version had lost AWSPENDING for longer than a run could miss.
fn superseded(history: &History, run: usize, plan: &SecretPlan, to: &str) -> Option<String> {
    let before = history.doors.before.secrets.get(&plan.name)?;
    let held = before
        .versions
        .get(to)
        .is_some_and(|it| it.labels.contains("AWSPENDING"));
    let lost = |it: &&Move| it.label == "AWSPENDING" && it.from.as_deref() == Some(to);
    let lost = history.doors.moves.iter().rev().find(lost)?.at;
    let since = history.last()?.at.duration_since(lost);
    let late =
        since > SignedDuration::from_secs(2 + stale(history)) && history.runs[run].troubled == 0;
    (!held && late).then(|| {
        format!(
            "AWSCURRENT of {} moved to {to}, which is not AWSPENDING since {since:#}",
            plan.name
        )
    })
}

fn plan_of<'a>(history: &'a History, moved: &Move) -> Option<&'a SecretPlan> {
    let mut plans = plans(history).map(|(_, plan)| plan);
    plans.find(|plan| moved.secret.contains(&format!(":{}-", plan.name)))
}

/// The move of a label that a run's call brought about in the last step.
fn moved_by_run<'a>(history: &'a History, label: &str) -> Option<(usize, &'a Move)> {
    let (run, record) = history.last_call()?;
    if record.call.operation != "UpdateSecretVersionStage" {
        return None;
    }
    let last = history.doors.moves.iter().rev();
    let mut now = last.take_while(|it| it.at == record.at && it.by == Some(run));
    now.find(|it| it.label == label).map(|it| (run, it))
}

pub(in crate::invariants) fn the_only_key_keeps_its_label(history: &History) -> Option<String> {
    let (_, moved) = moved_by_run(history, PENDING)?;
    let plan = plan_of(history, moved)?;
    let from = moved.from.as_deref().filter(|_| moved.to.is_none())?;
    let view = history.doors.before.writer(&plan.cluster)?;
    let opens = |it: &Credential| view.admits(&it.user, it.password);
    let pending = history.doors.credential(&plan.name, from)?;
    let current = history
        .doors
        .current(history.doors.before.secrets.get(&plan.name)?)?;
    let only = opens(pending) && !opens(current);
    (only && !rotation::touched(history, plan, BETWEEN)).then(|| {
        format!(
            "AWSPENDING of {} was taken off {from}, whose password {} opens the writer; that of AWSCURRENT does not",
            plan.name, pending.password
        )
    })
}

pub(in crate::invariants) fn a_clone_may_do_what_its_original_may(
    history: &History,
) -> Option<String> {
    let (_, moved) = moved_by_run(history, CURRENT)?;
    let plan = plan_of(history, moved)?;
    let new = history.doors.credential(&plan.name, moved.to.as_deref()?)?;
    let original = new.user.strip_suffix("_clone")?;
    if rotation::touched(history, plan, BETWEEN) {
        return None;
    }
    let view = history.doors.after.writer(&plan.cluster)?;
    let originals = view
        .accounts
        .iter()
        .filter(|(account, _)| account.user == original);
    { originals }.find_map(|(account, entry)| {
        let clone = Account {
            user: new.user.clone(),
            host: account.host.clone(),
        };
        let same = view
            .accounts
            .get(&clone)
            .is_some_and(|it| it.grants == entry.grants && it.options == entry.options);
        (!same).then(|| {
            format!(
                "{clone} is not what {account} is: {:?}",
                view.accounts.get(&clone)
            )
        })
    })
}
