//! Passwords that must not be killed yet.

use aurora_sql::Account;
use jiff::{SignedDuration, Timestamp};

use super::{current_since, plans, previous, servers, stale};
use crate::{
    database::Password,
    doors::Move,
    history::History,
    invariants::oracle::rotation::{self, Way},
    script::{Database, SecretPlan},
    step::What,
};

/// Which passwords of which accounts of the writer a run's statement, in the last step, killed.
fn killed(history: &History) -> Vec<(String, Account, Password, bool)> {
    let mut killed = Vec::new();
    for server in servers(history).filter(|it| it.after.writer && it.by_a_run()) {
        if !matches!(&history.steps.last().map(|step| &step.what), Some(What::Asked(query)) if query.changed)
        {
            continue;
        }
        for (account, before) in server.before.accounts.iter() {
            let Some(after) = server.after.accounts.get(account) else {
                continue;
            };
            let had = [(Some(before.primary), true), (before.secondary, false)];
            for (password, primary) in had {
                let gone = password.filter(|password| !after.has(*password));
                let of = |password| {
                    (
                        server.after.cluster.clone(),
                        account.clone(),
                        password,
                        primary,
                    )
                };
                killed.extend(gone.map(of));
            }
        }
    }
    killed
}

/// The secrets of a cluster's user, be it the other one of two that take turns.
fn secrets_of<'a>(
    history: &'a History,
    cluster: &'a str,
    user: &'a str,
) -> impl Iterator<Item = (&'a Database, &'a SecretPlan)> {
    plans(history)
        .filter(move |(_, plan)| plan.cluster == cluster && rotation::same_pair(&plan.user, user))
}

pub(in crate::invariants) fn no_unknown_password_is_killed(history: &History) -> Option<String> {
    let database = history.script.database.as_ref()?;
    if database.policy.overwrite_unknown {
        return None;
    }
    killed(history)
        .into_iter()
        .find_map(|(cluster, account, password, primary)| {
            let (_, plan) = secrets_of(history, &cluster, &account.user).next()?;
            let mut versions = history.doors.credentials.iter();
            let known =
                versions.any(|((name, _), it)| *name == plan.name && it.password == password);
            // Whoever may not read mysql.user does not see what it has besides the primary one.
            let unseen = plan.superuser.is_none() && !primary;
            let between = rotation::touched(history, plan, SignedDuration::from_secs(10));
            (!known && !unseen && !between).then(|| {
                format!(
                    "{password} of {account} was never in {}, and was killed",
                    plan.name
                )
            })
        })
}

pub(in crate::invariants) fn a_recent_password_still_opens(history: &History) -> Option<String> {
    let now = history.last()?.at;
    killed(history).into_iter().find_map(|(cluster, account, password, _)| {
        let (database, plan) = secrets_of(history, &cluster, &account.user).next()?;
        let settle = database.policy.settle;
        if rotation::way(database, plan) == Way::Single {
            return None;
        }
        let secret = history.doors.before.secrets.get(&plan.name)?;
        let since = current_since(secret)?;
        let was = previous(secret)?;
        // The same password with another user's name opened no door of this one.
        let was = history.doors.credential(&plan.name, was)?;
        let recent = was.password == password && was.user == account.user;
        let seen = began(history)? - SignedDuration::from_secs(stale(history)) > since;
        let age = now.duration_since(since);
        (recent && seen && age < settle).then(|| {
            format!("{password} of {account} was AWSCURRENT of {} until {age:#} ago, and was killed", plan.name)
        })
    })
}

fn began(history: &History) -> Option<Timestamp> {
    let What::Asked(query) = &history.last()?.what else {
        return None;
    };
    Some(history.runs.get(query.who)?.began)
}

pub(in crate::invariants) fn an_old_password_keeps_its_grace(history: &History) -> Option<String> {
    let (run, now) = (asked_by(history)?, history.last()?.at);
    if history.chain_of(run).rotation.is_some() {
        return None;
    }
    killed(history)
        .into_iter()
        .find_map(|(cluster, account, password, _)| {
            let (database, plan) = secrets_of(history, &cluster, &account.user).next()?;
            let secret = history.doors.before.secrets.get(&plan.name)?;
            let (since, grace) = (current_since(secret)?, database.policy.grace);
            let once = |it: &Move| it.label == "AWSCURRENT" && it.secret == secret.arn;
            let mut once = history
                .doors
                .moves
                .iter()
                .filter(|it| once(it))
                .filter_map(|it| it.from.as_deref());
            let had = |id: &str| {
                history
                    .doors
                    .credential(&plan.name, id)
                    .is_some_and(|it| it.password == password && it.user == account.user)
            };
            let current = once.any(had) || previous(secret).is_some_and(had);
            let age = now.duration_since(since);
            let seen = began(history)? - SignedDuration::from_secs(stale(history)) > since;
            if current && seen && age < grace {
                return Some(format!(
                    "{password} of {account} was discarded {age:#} after AWSCURRENT moved"
                ));
            }
            let under_way = rotation::unfinished(secret)?;
            // With the lock in hand the labels are read anew, a moment before.
            let pending = |it: &&Move| {
                it.label == "AWSPENDING" && it.to.as_deref() == Some(under_way.id.as_str())
            };
            let labelled = history.doors.moves.iter().rev().find(pending);
            let since = labelled.map_or(under_way.created, |it| it.at);
            let long = now.duration_since(since) > SignedDuration::from_secs(2 + stale(history));
            long.then(|| {
                format!(
                    "{password} of {account} was discarded while {} is pending",
                    under_way.id
                )
            })
        })
}

fn asked_by(history: &History) -> Option<usize> {
    let What::Asked(query) = &history.last()?.what else {
        return None;
    };
    Some(query.who)
}
