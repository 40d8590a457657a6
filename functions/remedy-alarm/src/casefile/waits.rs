//! Who waits for whom, as a tree.

use std::collections::BTreeMap;

use aurora_model::Section;

use super::{Server, cut, section};
use crate::{
    database::look::Session,
    findings::{
        Scene,
        forest::{Locks, Tree, Waiter},
        say,
        sessions::{by_thread, doing, told},
    },
};

/// Arrows grow no longer than this.
const DEEPEST: usize = 8;

/// The trees of one server, those with the most waiters first.
pub(super) fn trees(scene: Scene<'_>, server: Server<'_>) -> Section {
    let locks = Locks::of(&server.look.waits);
    let sessions = by_thread(server.look);
    let trees = told(scene, &locks, &sessions);
    let rows = scene.rows();
    let mut lines = Vec::new();
    for tree in trees.iter().take(rows) {
        lines.push(root(scene, tree, &sessions));
        let waiters = tree.waiters.iter();
        let waiters = waiters.map(|it| waiter(&locks, *it, &sessions));
        lines.extend(cut(waiters.collect(), rows));
    }
    if trees.len() > rows {
        lines.push(format!(
            "... and {} more who block others",
            trees.len() - rows
        ));
    }
    let title = format!("Lock waits on {}", say::name(&server.seen.instance));
    section(title, lines)
}

fn root(scene: Scene<'_>, tree: &Tree, sessions: &BTreeMap<u64, &Session>) -> String {
    let Some(session) = sessions.get(&tree.root) else {
        return format!("thread {}, which is not among the sessions", tree.root);
    };
    let circle = if tree.circle.is_empty() {
        ""
    } else {
        ", in a circle,"
    };
    format!(
        "{}{circle} {}",
        say::who(session),
        doing(session, scene.now)
    )
}

/// `-> app from 10.0.0.5 (connection 202) has waited for 10m for shop.orders (X): UPDATE …`.
fn waiter(locks: &Locks<'_>, at: Waiter, sessions: &BTreeMap<u64, &Session>) -> String {
    let session = sessions.get(&at.thread);
    let who = session.map_or_else(|| format!("thread {}", at.thread), |it| say::who(it));
    let wait = locks.wait(at.thread, at.under);
    let time = wait.and_then(|wait| wait.seconds);
    let time = time.map(|seconds| format!(" for {}", say::age(seconds)));
    let object = wait.map(|wait| {
        let kind = if wait.metadata {
            "metadata lock"
        } else {
            "lock"
        };
        format!(
            " for the {kind} {} on {}",
            say::name(&wait.mode),
            say::object(&wait.object)
        )
    });
    let digest = session.and_then(|it| say::text(it.statement.as_ref()?));
    let digest = digest.map(|digest| format!(": {digest}"));
    let arrow = "-".repeat(at.depth.min(DEEPEST));
    format!(
        "{arrow}> {who} has waited{}{}{}",
        time.unwrap_or_default(),
        object.unwrap_or_default(),
        digest.unwrap_or_default()
    )
}
