//! What one server was doing.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use aurora_model::Section;

use super::{Server, cut, section};
use crate::{
    database::{
        Ending,
        look::{Digest, Look, Session},
    },
    findings::{
        Scene,
        forest::Locks,
        load::{each, new, rows, used, used_percent},
        say,
        sessions::{by_thread, doing, ending_of, told as trees},
        storage::largest,
    },
    protected::of_the_system,
    remedy::{executes, ran},
};

/// Statements that have been executed for long, those of the server itself too, unless it does not tell
/// which: such a thread waits for work. Who waits in a tree has been told of there.
pub(super) fn running(scene: Scene<'_>, server: Server<'_>) -> Section {
    let locks = Locks::of(&server.look.waits);
    let trees = trees(scene, &locks, &by_thread(server.look));
    let waiters: BTreeSet<u64> = trees
        .iter()
        .flat_map(|tree| tree.waiters.iter().map(|waiter| waiter.thread))
        .collect();
    let age = |session: &Session| say::whole(ran(session));
    let sessions = server.look.sessions.iter();
    let long = sessions.filter(|it| executes(it) && age(it) >= scene.long());
    let known = |it: &Session| {
        of_the_system(it).is_none() || it.statement.as_ref().and_then(say::text).is_some()
    };
    let long = long.filter(|it| known(it) && !waiters.contains(&it.thread));
    let mut long: Vec<&Session> = long.collect();
    long.sort_by_key(|it| (Reverse(age(it)), it.id));
    let title = format!(
        "Running for longer than {} on {}",
        scene.policy.long,
        on(server)
    );
    section(title, cut(told(scene, &long), scene.rows()))
}

/// Transactions that have been open for long. One that is a statement and nothing else is told of with it.
pub(super) fn transactions(scene: Scene<'_>, server: Server<'_>) -> Section {
    let open = |session: &Session| session.transaction.as_ref().map(|it| it.seconds);
    let sessions = server.look.sessions.iter();
    let long = sessions.filter(|it| open(it).is_some_and(|open| open >= scene.long()));
    let mut long: Vec<&Session> = long
        .filter(|it| ending_of(it) == Ending::Connection)
        .collect();
    long.sort_by_key(|it| (Reverse(open(it)), it.id));
    let title = format!(
        "Transactions open for longer than {} on {}",
        scene.policy.long,
        on(server)
    );
    section(title, cut(told(scene, &long), scene.rows()))
}

fn told(scene: Scene<'_>, sessions: &[&Session]) -> Vec<String> {
    let told = sessions.iter();
    told.map(|it| format!("{} {}", say::who(it), doing(it, scene.now)))
        .collect()
}

/// The clients' sessions by user, host and what they do.
pub(super) fn sessions(scene: Scene<'_>, server: Server<'_>) -> Section {
    let mut groups: BTreeMap<_, (usize, u64)> = BTreeMap::new();
    let sessions = server.look.sessions.iter().filter(|_| server.whole);
    for session in sessions {
        if let Some(user) = session.user.as_deref() {
            let account = say::account(user, session.host.as_deref());
            let group = groups.entry((account, does(session))).or_default();
            *group = (group.0 + 1, group.1.max(session.seconds));
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, (number, longest))| (Reverse(*number), Reverse(*longest)));
    let lines = groups
        .into_iter()
        .map(|((account, does), (number, longest))| {
            format!(
                "{number} of {account}: {does}, the longest for {}",
                say::age(longest)
            )
        });
    section(connections(server), cut(lines.collect(), scene.rows()))
}

/// `Sessions on orders-1: 91 of 100 connections (91 %)`.
fn connections(server: Server<'_>) -> String {
    let percent = used_percent(server.look);
    let of = percent.map(|percent| {
        let most = say::grouped(server.look.max_connections);
        format!(
            ": {} of {most} connections ({percent} %)",
            say::grouped(used(server.look))
        )
    });
    format!("Sessions on {}{}", on(server), of.unwrap_or_default())
}

fn does(session: &Session) -> String {
    if session.sleeps() && session.transaction.is_some() {
        return "Sleep in a transaction".into();
    }
    let state = session.state.as_deref().filter(|_| !session.sleeps());
    let state = state.filter(|state| !state.is_empty());
    say::name(state.unwrap_or(&session.command))
}

/// The forms of statements with the most time while it was watched, then those with the most since the start.
pub(super) fn statements(scene: Scene<'_>, server: Server<'_>) -> Section {
    let mut forms: Vec<&Digest> = server.look.statements.iter().collect();
    forms.sort_by_key(|form| {
        let (now, all) = (say::micros(form.seconds_now), say::micros(form.seconds));
        (
            Reverse(now),
            Reverse(all),
            &form.text,
            &form.schema,
            form.calls,
        )
    });
    forms.retain(|_| server.whole);
    let times = forms.iter().map(|form| say::micros(form.seconds_now));
    let whole = times.fold(0, u64::saturating_add);
    let lines = forms
        .into_iter()
        .map(|form| statement(server.look, form, whole));
    let watched = say::plain(server.look.sample);
    let title = format!(
        "Statements by time on {}, watched for {watched}s",
        on(server)
    );
    section(title, cut(lines.collect(), scene.rows()))
}

fn statement(look: &Look, form: &Digest, whole: u64) -> String {
    let time = say::micros(form.seconds_now);
    let percent = time.saturating_mul(100).checked_div(whole).unwrap_or(0);
    let now = if form.calls_now > 0 {
        format!("{percent} %, {}", each(form))
    } else {
        "none ended".into()
    };
    let since = new(look, form).map(|ago| format!("first seen {ago} ago, since then"));
    format!(
        "{now}; {} {} in {}, {}: {}",
        since.as_deref().unwrap_or("since the start"),
        say::age(say::whole(form.seconds)),
        say::counted(form.calls, "call"),
        rows(form),
        say::digest(&form.text),
    )
}

/// The accounts that hold the most memory.
pub(super) fn memory(scene: Scene<'_>, server: Server<'_>) -> Section {
    let title = format!("Memory by account on {}", on(server));
    sizes(scene, title, &server.look.memory)
}

/// The largest tables.
pub(super) fn tables(scene: Scene<'_>, server: Server<'_>) -> Section {
    let title = format!("Largest tables, seen from {}", on(server));
    sizes(scene, title, &server.look.tables)
}

fn sizes(scene: Scene<'_>, title: String, sizes: &[(String, u64)]) -> Section {
    let lines = largest(sizes).into_iter();
    let lines = lines.map(|(name, bytes)| format!("{}: {}", say::object(name), say::size(bytes)));
    section(title, cut(lines.collect(), scene.rows()))
}

fn on(server: Server<'_>) -> String {
    say::name(&server.seen.instance)
}
