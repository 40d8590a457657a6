//! Sessions that may be a cause: those that others wait for, those that sleep in a transaction, and those
//! that execute for long.

mod holder;
pub(crate) mod step;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{
    Draft, Kind, Scene,
    forest::{Locks, Tree},
    say,
    weight::{WHOLE, evidence},
};
use crate::{
    database::{
        Ending,
        look::{Look, Session},
    },
    observation::Seen,
    protected::of_the_system,
    remedy::{executes, ran},
};

/// So many that wait for one session are told of however short they have waited.
const MANY: usize = 3;
/// What is old enough to be the whole cause.
const OLD_STATEMENT: u64 = 600;
const OLD_TRANSACTION: u64 = 3_600;
/// A transaction that others wait for is no younger than one of twenty minutes that is in nobody's way.
const WAITED_FOR: u16 = WHOLE / 3;

/// One server, as its sessions are told of.
#[derive(Clone, Copy)]
struct Server<'a> {
    scene: Scene<'a>,
    seen: &'a Seen,
    look: &'a Look,
}

pub(super) fn drafts(scene: Scene<'_>, seen: &Seen, look: &Look) -> Vec<Draft> {
    let server = Server { scene, seen, look };
    let locks = Locks::of(&look.waits);
    let sessions = by_thread(look);
    let trees = told(scene, &locks, &sessions);
    let mut drafts: Vec<Draft> = trees
        .iter()
        .map(|tree| server.holder(&locks, tree, &sessions))
        .collect();
    let ours = look.sessions.iter();
    let ours = ours.filter(|session| of_the_system(session).is_none());
    for session in ours {
        drafts.extend(server.transaction(session, &locks));
        drafts.extend(server.statement(session, &locks));
    }
    drafts
}

/// The sessions by their thread.
pub(crate) fn by_thread(look: &Look) -> BTreeMap<u64, &Session> {
    let sessions = look.sessions.iter();
    sessions.map(|session| (session.thread, session)).collect()
}

/// The trees that a person should see: somebody has waited for long, or for one who has been at it for
/// long, or many wait. `InnoDB` gives a waiter up after 50 seconds by default, so that its age alone says
/// little.
/// <https://dev.mysql.com/doc/refman/8.0/en/innodb-parameters.html#sysvar_innodb_lock_wait_timeout>
pub(crate) fn told(
    scene: Scene<'_>,
    locks: &Locks<'_>,
    sessions: &BTreeMap<u64, &Session>,
) -> Vec<Tree> {
    let old = |seconds: Option<u64>| seconds.is_none_or(|seconds| seconds >= scene.long());
    let of_root = |tree: &Tree| {
        let session = sessions.get(&tree.root)?;
        let transaction = session.transaction.as_ref();
        let transaction = transaction.map(|it| it.seconds);
        let statement = executes(session).then(|| say::whole(ran(session)));
        transaction.max(statement).or(Some(0))
    };
    let mut trees = locks.trees();
    trees.retain(|tree| {
        tree.all >= MANY
            || old(longest(locks, tree))
            || old(of_root(tree))
            || !tree.circle.is_empty()
    });
    trees
}

/// How long the one has waited that has waited for longest; `None` where nobody's wait is known.
pub(crate) fn longest(locks: &Locks<'_>, tree: &Tree) -> Option<u64> {
    let waiters = locks.behind(tree.root);
    waiters.iter().filter_map(|thread| locks.age(*thread)).max()
}

impl Server<'_> {
    fn now(&self) -> Timestamp {
        self.scene.now
    }

    fn step(&self, session: &Session, ending: Ending) -> String {
        step::of(self.scene, self.seen, self.look, session, ending)
    }

    fn draft(
        &self,
        kind: Kind,
        session: &Session,
        evidence: u16,
        said: String,
        next: String,
    ) -> Draft {
        Draft {
            kind,
            instance: self.seen.instance.clone(),
            session: Some(session.id),
            evidence,
            said,
            next,
        }
    }

    /// A transaction that has been open for long, whether its session sleeps or works.
    fn transaction(&self, session: &Session, locks: &Locks<'_>) -> Option<Draft> {
        let transaction = session.transaction.as_ref()?;
        let waited = locks.age(session.thread).or(transaction.waiting);
        let open = transaction.seconds;
        if open.saturating_sub(waited.unwrap_or(0)) < self.scene.long() {
            return None;
        }
        let kind = if session.sleeps() {
            Kind::IdleTransaction
        } else {
            Kind::LongTransaction
        };
        let said = format!("{} {}", say::who(session), doing(session, self.now()));
        let kept = "Until it ends it keeps its locks, and purge keeps what it may still read.";
        let next = format!("{kept} {}", self.step(session, ending_of(session)));
        let mut evidence = evidence(open, OLD_TRANSACTION);
        if session.sleeps() && !locks.behind(session.thread).is_empty() {
            evidence = evidence.max(WAITED_FOR);
        }
        Some(self.draft(kind, session, evidence, said, next))
    }

    /// A statement that has been executed for long and waits for nobody.
    fn statement(&self, session: &Session, locks: &Locks<'_>) -> Option<Draft> {
        let seconds = say::whole(ran(session));
        if !executes(session) || locks.waits(session) || seconds < self.scene.long() {
            return None;
        }
        let said = format!("{} {}", say::who(session), doing(session, self.now()));
        let next = self.step(session, Ending::Statement);
        Some(self.draft(
            Kind::LongStatement,
            session,
            evidence(seconds, OLD_STATEMENT),
            said,
            next,
        ))
    }
}

/// What has to be ended for a session's transaction to end: the statement where it is all of it.
pub(crate) fn ending_of(session: &Session) -> Ending {
    let open = session.transaction.as_ref().map_or(0, |it| it.seconds);
    let began_with_it = say::whole(ran(session)).saturating_add(2) >= open;
    if executes(session) && began_with_it {
        Ending::Statement
    } else {
        Ending::Connection
    }
}

/// What a session does, as the end of a sentence about it, with its full stop unless it ends with a
/// statement: `has slept for 11m in a transaction open for 12m, since …, which has changed 1 row.`
pub(crate) fn doing(session: &Session, now: Timestamp) -> String {
    let statement = session.statement.as_ref();
    let digest = statement.and_then(say::text);
    let parts = format!(
        "{}{}{}",
        work(session, now),
        looked_at(session),
        transaction(session, now)
    );
    match (digest, executes(session)) {
        (Some(digest), true) => format!("{parts}: {digest}"),
        (Some(digest), false) => format!("{parts}; its last statement: {digest}"),
        (None, true) => format!("{parts}; which, the server does not tell."),
        (None, false) => format!("{parts}."),
    }
}

fn work(session: &Session, now: Timestamp) -> String {
    if session.sleeps() {
        return format!("has slept for {}", say::age(session.seconds));
    }
    if !executes(session) {
        let command = say::name(&session.command);
        return format!("has been in {command} for {}", say::age(session.seconds));
    }
    let state = session
        .state
        .as_deref()
        .filter(|it| it.starts_with("Waiting"));
    let state = state.map(|state| format!(" ({})", say::name(state)));
    let time = say::since(say::whole(ran(session)), now);
    format!(
        "has executed one statement for {time}{}",
        state.unwrap_or_default()
    )
}

fn looked_at(session: &Session) -> String {
    let statement = session.running().filter(|_| executes(session));
    match statement.map_or(0, |statement| statement.examined) {
        0 => String::new(),
        rows => format!(", and looked at {}", say::counted(rows, "row")),
    }
}

/// The transaction, unless the statement is all of it and has changed nothing.
fn transaction(session: &Session, now: Timestamp) -> String {
    let Some(open) = session.transaction.as_ref() else {
        return String::new();
    };
    let changed =
        (open.modified > 0).then(|| format!("changed {}", say::counted(open.modified, "row")));
    let locked = (open.locked > 0).then(|| format!("locked about {}", say::grouped(open.locked)));
    let done: Vec<String> = [changed, locked].into_iter().flatten().collect();
    let done = done.join(" and ");
    let open = say::since(open.seconds, now);
    match (ending_of(session), done.is_empty()) {
        (Ending::Statement, true) => String::new(),
        (Ending::Statement, false) => format!(", and {done}"),
        (Ending::Connection, true) => {
            format!(", in a transaction open for {open}, which has changed nothing")
        }
        (Ending::Connection, false) => {
            format!(", in a transaction open for {open}, which has {done}")
        }
    }
}

/// The users of these threads, each once.
fn users(threads: &BTreeSet<u64>, sessions: &BTreeMap<u64, &Session>) -> Vec<String> {
    let users = threads.iter().filter_map(|thread| sessions.get(thread));
    let users: BTreeSet<String> = users
        .map(|session| match session.user.as_deref() {
            Some(user) => say::name(user),
            None => "the server itself".into(),
        })
        .collect();
    users.into_iter().collect()
}
