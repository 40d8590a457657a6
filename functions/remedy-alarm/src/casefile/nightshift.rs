//! What Nightshift itself has done to the cluster lately.

use aurora_model::{Section, Tags, tags, words::moment};
use jiff::Timestamp;

use super::{Server, cut, section};
use crate::{
    database::look::JobRun,
    findings::{Scene, say},
};

/// In the tag of readers that came and went: what stands behind it went.
const GONE: &str = "gone";

/// What the cluster's tags and the ledger tell, what was done to the cluster first, the latest of it first.
/// Snapshots and new readers are RDS's events too.
pub(super) fn did(scene: Scene<'_>, servers: &[Server<'_>]) -> Section {
    let tags = &scene.seen.cluster.tags;
    let mut done = readers(tags);
    done.extend(at(
        tags,
        tags::REMEDIED,
        "remedy-alarm began to end sessions or statements",
    ));
    done.extend(at(
        tags,
        tags::READER_ASKED,
        "remedy-alarm asked scale-readers for a reader",
    ));
    done.sort_by(|one, other| other.cmp(one));
    let done = done.into_iter();
    let done: Vec<String> = done
        .map(|(at, what)| format!("{}: {what}", moment(at)))
        .collect();
    let mut lines = cut(done, scene.rows());
    lines.extend(cut(jobs(servers), scene.rows()));
    section("What Nightshift did lately".into(), lines)
}

fn readers(tags: &Tags) -> Vec<(Timestamp, &'static str)> {
    let words = tags
        .get(tags::READER_CHANGES)
        .unwrap_or_default()
        .split(' ');
    let mut said = "scale-readers added a reader";
    let mut changes = Vec::new();
    for word in words {
        if word == GONE {
            said = "scale-readers removed a reader";
        }
        changes.extend(word.parse().ok().map(|at| (at, said)));
    }
    changes
}

fn at(tags: &Tags, key: &str, what: &'static str) -> Option<(Timestamp, &'static str)> {
    Some((tags.get(key)?.parse().ok()?, what))
}

/// The last runs of Nightshift's jobs. Every server has the ledger, the writer the newest.
fn jobs(servers: &[Server<'_>]) -> Vec<String> {
    let writer = servers.iter().find(|server| server.seen.writer);
    let known = writer.into_iter().chain(servers);
    let mut jobs = known.map(|server| &server.look.jobs);
    let jobs = jobs.find(|jobs| !jobs.is_empty());
    jobs.into_iter().flatten().map(job).collect()
}

fn job(run: &JobRun) -> String {
    let JobRun {
        job,
        state,
        ago,
        rows,
    } = run;
    let (job, state, ago) = (say::name(job), say::name(state), say::age(*ago));
    format!(
        "job {job}: {state}, moved {ago} ago, {} taken away",
        say::counted(*rows, "row")
    )
}
