//! What most likely is behind the alarms, told so that a person understands it at three in the morning,
//! each with what to do about it.
//!
//! "Most likely" is by what the alarms are about and by what was seen, nothing else: a finding says what
//! there is, its weight says how well that explains an alarm.

pub(crate) mod forest;
pub(crate) mod load;
mod nothing;
pub(crate) mod replicas;
pub(crate) mod say;
pub(crate) mod sessions;
pub(crate) mod state;
pub(crate) mod storage;
#[cfg(test)]
pub(crate) mod tests;
mod weight;

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use jiff::Timestamp;

use crate::{Policy, database::Ending, observation::Observation, trouble::Trouble};

/// More than this no night has causes for.
const MOST: usize = 50;

/// What a finding is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// RDS calls the instance, or the cluster, something that takes no statements.
    NotAvailable,
    /// The cluster fails over, or RDS and the servers do not agree on who the writer is.
    Failover,
    /// The server was started a short while ago.
    Restarted,
    /// The server could not be looked into.
    Unreachable,
    /// A session that others wait for.
    LockHolder,
    /// A session that sleeps in an open transaction.
    IdleTransaction,
    /// A transaction that has been open for long.
    LongTransaction,
    /// A statement that has been executed for long.
    LongStatement,
    /// Most connections are used.
    Connections,
    /// Statements of one form take most of the time.
    HeavyStatement,
    /// A reader, or a replica, that is behind.
    ReplicaLag,
    /// Purge is behind.
    HistoryList,
    /// Deadlocks since the server was started.
    Deadlocks,
    /// Accounts that hold memory.
    Memory,
    /// The largest tables.
    Tables,
    /// RDS works on the instance, or the cluster, which serves all the while.
    Changing,
    /// Nothing stands out.
    Nothing,
    /// Something could not be read.
    Gap,
    /// Nobody looked into the database.
    Blind,
}

/// One thing that was found, most likely a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What it is of.
    pub kind: Kind,
    /// The instance it is on; empty where it is about the cluster as a whole.
    pub instance: String,
    /// The connection it is about. Each instance counts its connections by itself.
    pub session: Option<u64>,
    /// How well it explains the alarms: a larger one does better. At most 2,300.
    pub weight: u16,
    /// What there is: a sentence or two on one line, of at most 1,500 characters.
    pub said: String,
    /// What a person should do, with the statement to paste; as long at most.
    pub next: String,
}

/// A finding before it is held against the alarms.
struct Draft {
    kind: Kind,
    instance: String,
    session: Option<u64>,
    /// How much of it there is: from 0 to 300.
    evidence: u16,
    said: String,
    next: String,
}

/// What the findings are made from.
#[derive(Clone, Copy)]
pub(crate) struct Scene<'a> {
    /// What the team wants to be told of.
    pub policy: &'a Policy,
    /// What was seen.
    pub seen: &'a Observation,
    /// The wall clock.
    pub now: Timestamp,
}

impl Scene<'_> {
    /// From how many seconds on something is long.
    pub fn long(&self) -> u64 {
        u64::try_from(self.policy.long.duration().as_secs()).unwrap_or(u64::MAX)
    }

    /// How many of each kind are told of.
    pub fn rows(&self) -> usize {
        usize::from(self.policy.rows)
    }

    /// Whether an alarm about `trouble` rings for the instance, or for the cluster.
    pub fn rings_on(&self, trouble: Trouble, instance: &str) -> bool {
        let mut ringing = self.seen.ringing.iter();
        ringing.any(|alarm| {
            alarm.trouble == trouble && alarm.instance.as_deref().is_none_or(|it| it == instance)
        })
    }

    /// Whether an alarm about `trouble` rings.
    pub fn rings(&self, trouble: Trouble) -> bool {
        let mut ringing = self.seen.ringing.iter();
        ringing.any(|alarm| alarm.trouble == trouble)
    }
}

/// What was found, most likely cause first: at most `policy.rows` of each kind on each instance. There is
/// always one, if only that nothing stands out. The order of the observation's parts makes no difference.
#[must_use]
pub fn findings(policy: &Policy, seen: &Observation, now: Timestamp) -> Vec<Finding> {
    let scene = Scene { policy, seen, now };
    let mut drafts = state::drafts(scene);
    for (server, look) in seen.looks() {
        drafts.extend(sessions::drafts(scene, server, look));
        drafts.extend(load::drafts(scene, server, look));
        drafts.extend(storage::drafts(scene, server, look));
    }
    drafts.extend(replicas::drafts(scene));
    let mut findings: Vec<Finding> = drafts
        .into_iter()
        .map(|draft| weight::weighed(scene, draft))
        .collect();
    if !findings.iter().any(stands_out) {
        findings.extend(nothing::drafts(scene).map(|draft| weight::weighed(scene, draft)));
    }
    findings.sort_by(|one, other| rank(one).cmp(&rank(other)));
    few_of_each(findings, scene.rows())
}

/// Of the sessions of an instance that this run has `ended`, or of which it ended the statement, says so in
/// place of what a person could do.
pub(crate) fn ended(findings: &mut [Finding], ended: &BTreeMap<(String, u64), Ending>) {
    for finding in findings {
        let of = finding.session.map(|id| (finding.instance.clone(), id));
        finding.next = match of.and_then(|of| ended.get(&of)) {
            Some(Ending::Connection) => "This run has ended its connection, and the server rolls back what it has changed and not committed. Find out why it was left like that, before it is again.",
            Some(Ending::Statement) => "This run has ended the statement; the connection stays. Find out why it takes so long, before it is executed again.",
            None => continue,
        }
        .into();
    }
}

/// Whether a finding may be a cause by itself.
const fn stands_out(finding: &Finding) -> bool {
    !matches!(finding.kind, Kind::Gap | Kind::Blind | Kind::Changing)
}

fn rank(finding: &Finding) -> impl Ord + '_ {
    let Finding {
        kind,
        instance,
        session,
        weight,
        said,
        next,
    } = finding;
    (Reverse(*weight), instance, *kind, *session, said, next)
}

/// Each session once, as what it explains best, and no more than `rows` of a kind on an instance.
fn few_of_each(findings: Vec<Finding>, rows: usize) -> Vec<Finding> {
    let mut sessions = BTreeSet::new();
    let mut kinds: Vec<(Kind, String)> = Vec::new();
    let mut few = findings;
    few.retain(|finding| {
        let Finding {
            kind,
            instance,
            session,
            ..
        } = finding;
        let new = session.is_none_or(|id| sessions.insert((instance.clone(), id)));
        let same = kinds.iter().filter(|it| it.0 == *kind && it.1 == *instance);
        let room = same.count() < rows;
        if new && room {
            kinds.push((*kind, instance.clone()));
        }
        new && room
    });
    few.truncate(MOST);
    few
}
