//! Readers and replicas that are behind.

use std::collections::BTreeMap;

use super::{
    Draft, Kind, Scene,
    forest::Locks,
    say,
    sessions::{by_thread, doing, ending_of, step},
    weight::{WHOLE, evidence},
};
use crate::{
    database::look::{Applier, Look, Session},
    observation::Seen,
    protected::of_the_system,
    trouble::Trouble,
};

/// Readers of Aurora are milliseconds behind; from here on it is told whatever rings. In microseconds.
pub(crate) const LATE: u64 = 1_000_000;
/// A lag that is the whole trouble, in microseconds.
const VERY_LATE: u64 = 60_000_000;

pub(super) fn drafts(scene: Scene<'_>) -> Vec<Draft> {
    let mut drafts = readers(scene);
    let appliers = scene.seen.looks().filter_map(|(server, look)| {
        let applier = look.applier.as_ref()?;
        replica(scene, server, look, applier)
    });
    drafts.extend(appliers);
    drafts
}

/// The lag of each reader of Aurora in microseconds, the most that any server knows of it.
pub(crate) fn lags<'a>(looks: impl Iterator<Item = &'a Look>) -> BTreeMap<&'a str, u64> {
    let mut lags = BTreeMap::new();
    for (reader, lag) in looks.flat_map(|look| &look.reader_lags) {
        let known = lags.entry(reader.as_str()).or_insert(0);
        *known = say::micros(*lag / 1_000.0).max(*known);
    }
    lags
}

fn readers(scene: Scene<'_>) -> Vec<Draft> {
    let lags = lags(scene.seen.looks().map(|(_, look)| look));
    let most = lags.values().copied().max().unwrap_or(0);
    let rings = scene.rings(Trouble::ReplicaLag);
    let late = |lag: u64| lag >= LATE || (rings && lag > 0 && lag == most);
    let behind = lags.into_iter().filter(|(_, lag)| late(*lag));
    behind
        .map(|(reader, lag)| reader_behind(scene, reader, lag))
        .collect()
}

fn reader_behind(scene: Scene<'_>, reader: &str, lag: u64) -> Draft {
    let said = format!(
        "{} is {} behind the writer.{}",
        say::name(reader),
        say::short(lag),
        writes(scene)
    );
    Draft {
        kind: Kind::ReplicaLag,
        instance: reader.into(),
        session: None,
        evidence: evidence(lag, VERY_LATE),
        said,
        next: "Usual causes are much that is written at once, a long transaction on the reader, and a reader of a smaller class than the writer; one that falls far behind is restarted by Aurora. AWS on it: https://repost.aws/knowledge-center/aurora-read-replica-restart".into(),
    }
}

/// The transaction on the writer that has changed the most, where there is one.
fn writes(scene: Scene<'_>) -> String {
    let writers = scene.seen.looks().filter(|(server, _)| server.writer);
    let sessions = writers.flat_map(|(_, look)| &look.sessions);
    let changed = sessions.filter_map(|session| {
        let changed = session.transaction.as_ref()?.modified;
        (changed > 0).then_some((changed, session))
    });
    let most = changed.max_by_key(|(changed, session)| (*changed, std::cmp::Reverse(session.id)));
    most.map_or_else(String::new, |(_, session)| {
        let who = say::who(session);
        format!(
            " Most is written by {who}, which {}",
            doing(session, scene.now)
        )
    })
}

fn replica(scene: Scene<'_>, seen: &Seen, look: &Look, applier: &Applier) -> Option<Draft> {
    let lag = applier.behind.map(say::micros);
    let stopped = !applier.receiving || !applier.applying || applier.error != 0;
    let late = lag.is_some_and(|lag| lag >= LATE);
    if !stopped && !late && !scene.rings(Trouble::ReplicaLag) {
        return None;
    }
    let on = say::name(&seen.instance);
    let behind = lag.map_or_else(
        || format!("How far {on} is behind its source is not known"),
        |lag| format!("{on} is {} behind its source", say::short(lag)),
    );
    let Why {
        said,
        next,
        session,
    } = why(scene, seen, look, applier);
    Some(Draft {
        kind: Kind::ReplicaLag,
        instance: seen.instance.clone(),
        session,
        evidence: if stopped {
            WHOLE
        } else {
            evidence(lag.unwrap_or(0), VERY_LATE)
        },
        said: format!("{behind}: {said}"),
        next,
    })
}

/// Why a replica is behind, what to do, and the session that is in its way.
struct Why {
    said: String,
    next: String,
    session: Option<u64>,
}

impl Why {
    fn new(said: String, next: String) -> Self {
        Self {
            said,
            next,
            session: None,
        }
    }
}

fn why(scene: Scene<'_>, seen: &Seen, look: &Look, applier: &Applier) -> Why {
    let status = "SHOW REPLICA STATUS; has the text (Last_SQL_Error, Last_IO_Error).";
    match applier {
        Applier { error, .. } if *error != 0 => Why::new(
            format!("replication has stopped with error {error}."),
            format!(
                "{status} Until what it stumbled over is mended on one side, it goes no further."
            ),
        ),
        Applier {
            receiving: false, ..
        } => Why::new(
            "its receiver is stopped, so that nothing new comes.".into(),
            format!("{status} Check that the source is reached and still has the binary log."),
        ),
        Applier {
            applying: false, ..
        } => Why::new(
            "its applier is stopped, so that what comes is not executed.".into(),
            format!(
                "{status} If nobody stopped it on purpose, start it: {}",
                start(look)
            ),
        ),
        Applier { .. } => waiting(scene, seen, look).unwrap_or_else(|| busy(scene)),
    }
}

const fn start(look: &Look) -> &'static str {
    if look.aurora {
        "CALL mysql.rds_start_replication;"
    } else {
        "START REPLICA;"
    }
}

/// The session whose lock the applier waits for.
fn waiting(scene: Scene<'_>, seen: &Seen, look: &Look) -> Option<Why> {
    let locks = Locks::of(&look.waits);
    let sessions = by_thread(look);
    let of_server = |thread: &u64| {
        let session: Option<&&Session> = sessions.get(thread);
        session.is_none_or(|session| of_the_system(session).is_some())
    };
    let mut trees = locks.trees().into_iter();
    let tree = trees.find(|tree| locks.behind(tree.root).iter().any(of_server))?;
    let holder = sessions.get(&tree.root)?;
    let objects: Vec<String> = locks
        .objects(tree.root)
        .into_iter()
        .map(say::object)
        .collect();
    let objects: Vec<String> = objects.into_iter().take(3).collect();
    let said = format!(
        "its applier waits for a lock on {} behind {}, which {}",
        objects.join(", "),
        say::who(holder),
        doing(holder, scene.now),
    );
    Some(Why {
        said,
        next: step::of(scene, seen, look, holder, ending_of(holder)),
        session: holder.user.as_ref().map(|_| holder.id),
    })
}

/// Nothing is in the applier's way.
fn busy(scene: Scene<'_>) -> Why {
    Why::new(
        format!("it executes what comes, and waits for no lock.{}", writes(scene)),
        "It catches up once less is written, or sooner where it applies in parallel (replica_parallel_workers) and has no long statements of its own beside.".into(),
    )
}
