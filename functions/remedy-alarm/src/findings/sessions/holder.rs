//! Sessions that others wait for.

use std::collections::BTreeMap;

use aurora_model::words::list;

use super::{Server, doing, ending_of, longest, users};
use crate::{
    database::look::Session,
    findings::{
        Draft, Kind,
        forest::{Locks, Tree},
        say,
        weight::evidence,
    },
};

/// So many waiters, and so many seconds, are all the evidence there can be.
const ALL_WAITERS: u64 = 10;
const ALL_SECONDS: u64 = 300;
/// More names than these are counted.
const NAMES: usize = 3;

impl Server<'_> {
    /// The root of a tree of waits.
    pub(super) fn holder(
        &self,
        locks: &Locks<'_>,
        tree: &Tree,
        sessions: &BTreeMap<u64, &Session>,
    ) -> Draft {
        let root = sessions.get(&tree.root).copied();
        let said = if tree.circle.is_empty() {
            self.blocks(locks, tree, sessions)
        } else {
            circle(tree, sessions)
        };
        let next = root.map_or_else(|| find(tree.root), |root| self.step(root, ending_of(root)));
        let waiters = u64::try_from(tree.all).unwrap_or(u64::MAX);
        let waited = longest(locks, tree).unwrap_or(0);
        Draft {
            kind: Kind::LockHolder,
            instance: self.seen.instance.clone(),
            session: root.and_then(|root| root.user.as_ref().map(|_| root.id)),
            evidence: evidence(waiters, ALL_WAITERS) / 2 + evidence(waited, ALL_SECONDS) / 2,
            said,
            next,
        }
    }

    fn blocks(&self, locks: &Locks<'_>, tree: &Tree, sessions: &BTreeMap<u64, &Session>) -> String {
        let root = sessions.get(&tree.root);
        let who = root.map_or_else(
            || {
                format!(
                    "Thread {}, which is not among the sessions that could be read,",
                    tree.root
                )
            },
            |root| say::who(root),
        );
        let waiting = users(&locks.behind(tree.root), sessions);
        let direct = match tree.direct {
            direct if direct == tree.all => String::new(),
            direct => format!(", {direct} of them directly"),
        };
        let of = if waiting.is_empty() {
            String::new()
        } else {
            format!(" of {}", few(&waiting, "user"))
        };
        let longest = longest(locks, tree);
        let longest = longest.map(|it| format!(", the longest for {}", say::age(it)));
        let objects: Vec<String> = locks
            .objects(tree.root)
            .into_iter()
            .map(say::object)
            .collect();
        let number = u64::try_from(tree.all).unwrap_or(u64::MAX);
        let does = root.map(|root| format!(" It {}", doing(root, self.now())));
        format!(
            "{who} blocks {}{of}{direct}{}, by a lock on {}.{}",
            say::counted(number, "session"),
            longest.unwrap_or_default(),
            few(&objects, "object"),
            does.unwrap_or_default(),
        )
    }
}

/// The first few of `items`, and how many more there are.
fn few(items: &[String], noun: &str) -> String {
    if items.len() <= NAMES {
        return list(items);
    }
    let more = u64::try_from(items.len() - NAMES).unwrap_or(u64::MAX);
    let shown = items[..NAMES].join(", ");
    format!(
        "{shown} and {}",
        say::counted(more, &format!("more {noun}"))
    )
}

/// Sessions that wait for one another.
fn circle(tree: &Tree, sessions: &BTreeMap<u64, &Session>) -> String {
    let names = tree.circle.iter().map(|thread| match sessions.get(thread) {
        Some(session) => say::who(session),
        None => format!("thread {thread}"),
    });
    let names: Vec<String> = names.collect();
    format!(
        "{} sessions wait for one another, each for the next: {}. InnoDB ends a deadlock that it sees by rolling one of them back; one with a metadata lock in it stays until a wait is given up.",
        names.len(),
        few(&names, "session"),
    )
}

/// How to find a holder that is not among the sessions.
fn find(thread: u64) -> String {
    format!(
        "Find out who it is: SELECT PROCESSLIST_ID, PROCESSLIST_USER, PROCESSLIST_HOST FROM performance_schema.threads WHERE THREAD_ID = {thread};"
    )
}
