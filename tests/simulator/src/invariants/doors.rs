//! Passwords: that the doors stay open which must, and for how long.
//!
//! Here is what holds at every moment; [`kept`] has what may be killed when, [`label`] where
//! labels may move, and [`end`] how all must be in the end.

mod end;
mod kept;
mod label;

use std::sync::Arc;

use aurora_sql::Account;
use jiff::{SignedDuration, Timestamp};
use simulated_aws::secrets::Secret;

use super::oracle::rotation::{self, Way};
use crate::{
    database::View,
    doors::Credential,
    history::History,
    script::{Database, SecretPlan},
    step::What,
};

pub(super) use end::{an_old_password_ends, no_rotation_stays_stuck, the_door_is_open_in_the_end};
pub(super) use kept::{
    a_recent_password_still_opens, an_old_password_keeps_its_grace, no_unknown_password_is_killed,
};
pub(super) use label::{
    a_clone_may_do_what_its_original_may, the_label_moves_only_to_what_opens,
    the_only_key_keeps_its_label,
};

/// A person who changed something about the same user so short a time ago may have come between
/// two looks of a run.
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);

/// A server whose accounts, as it knows them, were changed by a run and seen in the last step.
struct Changed<'a> {
    instance: &'a str,
    before: &'a View,
    after: &'a View,
}

/// All servers, before and after the last step.
fn servers(history: &History) -> impl Iterator<Item = Changed<'_>> {
    let after = history.doors.after.views.iter();
    after.filter_map(|(instance, after)| {
        let before = history.doors.before.views.get(instance)?;
        Some(Changed {
            instance,
            before,
            after,
        })
    })
}

impl Changed<'_> {
    /// Whether a run's statement is seen here for the first time.
    fn by_a_run(&self) -> bool {
        self.after.by.is_some() && !Arc::ptr_eq(&self.before.accounts, &self.after.accounts)
    }
}

fn plans(history: &History) -> impl Iterator<Item = (&Database, &SecretPlan)> {
    let database = history.script.database.iter();
    database.flat_map(|database| database.rotated().map(move |plan| (database, plan)))
}

pub(super) fn the_current_credential_opens_the_door(history: &History) -> Option<String> {
    plans(history).find_map(|(database, plan)| {
        let mut servers = servers(history).filter(|it| it.after.cluster == plan.cluster);
        servers.find_map(|server| shut(history, database, plan, &server))
    })
}

/// What was open before the last step of a run, and is not after it.
fn shut(
    history: &History,
    database: &Database,
    plan: &SecretPlan,
    server: &Changed<'_>,
) -> Option<String> {
    let doors = &history.doors;
    let (before, after) = (
        doors.before.secrets.get(&plan.name)?,
        doors.after.secrets.get(&plan.name)?,
    );
    let (old, new) = (doors.current(before)?, doors.current(after)?);
    let moved = old != new;
    let by_label = moved && history.last_call().is_some();
    let barred = server.before.barred != server.after.barred
        && matches!(history.last()?.what, What::Asked(_));
    if !(server.by_a_run() || by_label || barred) {
        return None;
    }
    let of_user = server.before.accounts.keys();
    let open = of_user
        .filter(|account| account.user == old.user && server.before.opens(account, old.password));
    let account = { open }.find(|account| !lets_in(server.after, new, &account.host))?;
    let single = rotation::way(database, plan) == Way::Single;
    let between = rotation::touched(history, plan, BETWEEN);
    let writer = { doors.after.writer(&plan.cluster) }.filter(|_| !server.after.writer);
    // A reader that is behind may have anything that stood before: the writer has let go of it.
    let behind = writer.is_some_and(|writer| writer.opens(account, new.password));
    // A reader follows the writer, of which it is asked why it lets nobody in.
    if writer.is_some_and(|writer| !lets_in(writer, new, &account.host)) {
        return None;
    }
    let excused = single && (behind || excused(history, plan, server, account));
    (!(between || excused)).then(|| {
        format!(
            "{} on {}: the current password of {} ({}) opened it, and {} does not",
            account, server.instance, plan.name, old.password, new.password
        )
    })
}

/// Whether who comes from this host is let in with a credential: by the account for this host, or,
/// where there is none, by the one for every host.
fn lets_in(view: &View, credential: &Credential, host: &str) -> bool {
    let of = |host: &str| Account {
        user: credential.user.clone(),
        host: host.into(),
    };
    let own = of(host);
    let account = if view.accounts.contains_key(&own) {
        own
    } else {
        of("%")
    };
    view.opens(&account, credential.password)
}

/// With one password, it is set before the label moves: the new one is that of the pending
/// version.
fn excused(history: &History, plan: &SecretPlan, server: &Changed<'_>, account: &Account) -> bool {
    let primary = server
        .after
        .accounts
        .get(account)
        .map(|entry| entry.primary);
    let secret = history.doors.after.secrets.get(&plan.name);
    let pending = secret.and_then(|secret| secret.labelled("AWSPENDING"));
    let pending = pending.and_then(|it| history.doors.credential(&plan.name, &it.id));
    // A reader may learn of it when the label has moved, or was taken off.
    let versions = history.doors.credentials.iter();
    let known =
        { versions }.any(|((name, _), it)| *name == plan.name && Some(it.password) == primary);
    pending.is_some_and(|it| Some(it.password) == primary) || (!server.after.writer && known)
}

/// When the current version of a secret became so, as far as one can know who reads it: a tag
/// says so, or the version is as young.
fn current_since(secret: &Secret) -> Option<Timestamp> {
    let tag = secret.tags.get("nightshift:rotated-at");
    let tag = tag.and_then(|at| at.parse().ok());
    let created = secret.labelled("AWSCURRENT").map(|version| version.created);
    tag.max(created)
}

fn previous(secret: &Secret) -> Option<&str> {
    Some(secret.labelled("AWSPREVIOUS")?.id.as_str())
}

/// How far back a listing may look, in seconds.
fn stale(history: &History) -> i64 {
    let weather = &history.script.weather;
    if weather.stale == 0 {
        0
    } else {
        weather.stale_seconds
    }
}
