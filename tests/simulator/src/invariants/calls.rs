//! The number of API calls.

use crate::{
    history::History,
    script::{Database, Jobs},
    step::Ending,
};

/// The SDK tries a call so often.
const TRIES: usize = 8;
/// The call itself, and looks at what is in its way until RDS shows it.
const MOST_CALLS_AN_ACTION: usize = 7;
/// How often a run of a job logs in again after its connection was lost: each time it reads the secret.
const MOST_LOGINS: usize = 120;
/// How often a run of a job looks where the writer is.
const MOST_LOOKS: usize = 4;
/// A move reads two schedules, and reads and changes each there and back.
const MOST_CALLS_A_MOVE: usize = 14;
/// As many readers as a cluster may have.
const MOST_READERS: usize = 15;
/// A creation is tried in three zones; a deletion reads the cluster again, tags it, and looks.
const MOST_CALLS_A_CHANGE: usize = 8;
/// The metrics of so many alarms, each in so many steps.
const MOST_POINTS: usize = 4 * 60;
/// What is read and written of one secret.
const MOST_CALLS_A_SECRET: usize = 16;

pub(super) fn calls_are_bounded(history: &History) -> Option<String> {
    let (run, ending) = history.last_ending()?;
    let made = history.runs[run].calls.len();
    let troubled = history.runs[run].troubled;
    let most = needed(history, ending) + troubled.min(made) * 2;
    let most = if troubled > 0 {
        most.min(needed(history, ending) * TRIES)
    } else {
        most
    };
    (made > most).then(|| {
        format!("run {run} made {made} calls, {troubled} of them in trouble; {most} are enough")
    })
}

/// What a run needs if every call succeeds: the pages of the listings, the quota, the events of
/// each stopped cluster, the calls of each action, one mail.
fn needed(history: &History, ending: &Ending) -> usize {
    let page = history.script.weather.largest_page.clamp(1, 100);
    if let Some(database) = &history.script.database {
        return of_secrets(history, database, page, ending);
    }
    if let Some(jobs) = &history.script.jobs {
        return of_job(history, jobs, page);
    }
    if history.script.remedies.is_some() {
        return of_remedies(history, page);
    }
    if history.script.readers.is_some() {
        return of_readers(history, page);
    }
    let pages = |count: usize| count.div_ceil(page) + 1;
    let snapshots = history.snapshots.values().map(Vec::len).sum::<usize>();
    let clusters = history.script.clusters.len();
    let rows = match ending {
        Ending::Answered(report) => report["rows"].as_array().map_or(0, Vec::len),
        _ => snapshots + clusters,
    };
    let asleep = history
        .script
        .clusters
        .iter()
        .filter(|cluster| cluster.status == "stopped");
    let events = history.script.acts.len() + 4 * snapshots + clusters;
    pages(clusters)
        + pages(snapshots)
        + 1
        + asleep.count() * pages(events)
        + MOST_CALLS_AN_ACTION * rows
        + 1
}

/// What a look at a cluster's readers needs, and each of its changes looks again: the cluster, its
/// instances and endpoints, alarms, connections; the calls of each change; one mail, and two notes of it.
fn of_readers(history: &History, page: usize) -> usize {
    let instances = history.members.values().map(Vec::len).max().unwrap_or(0);
    let pages = |count: usize| count.div_ceil(page) + 1;
    let look = 4 + pages(instances) + pages(2);
    look + instances.max(MOST_READERS) * (MOST_CALLS_A_CHANGE + pages(instances)) + 1 + 2
}

/// What a run about alarms needs: the cluster, its instances, the alarms, their metrics, three secrets; three
/// tags; one mail.
fn of_remedies(history: &History, page: usize) -> usize {
    let instances = history.members.values().map(Vec::len).max().unwrap_or(0);
    let plans = history.script.remedies.iter().flat_map(|it| &it.plans);
    let alarms: usize = plans.map(|plan| plan.alarms.len()).sum();
    let pages = |count: usize| count.div_ceil(page) + 1;
    1 + pages(instances) + pages(alarms) + pages(MOST_POINTS) + 3 + 3 + 1
}

/// What a run of a job needs: the cluster, its instances, the secret, one mail; the first three again
/// after a failover.
fn of_job(history: &History, jobs: &Jobs, page: usize) -> usize {
    let instances = history.members.values().map(Vec::len).max().unwrap_or(0);
    let pages = |count: usize| count.div_ceil(page) + 1;
    let schedules = 2 * history
        .script
        .imports
        .iter()
        .map(|it| it.events.len())
        .sum::<usize>();
    let schedules = pages(schedules) + schedules.max(MOST_CALLS_A_MOVE);
    (pages(jobs.servers.len()) + pages(instances) + 1) * MOST_LOOKS + MOST_LOGINS + schedules + 1
}

/// What a run needs for each secret: its labels twice, the values of its versions and whether one
/// without a value is there at all, its superuser's, its versions, cluster and instances, a tag;
/// the same again for each repair; one mail.
fn of_secrets(history: &History, database: &Database, page: usize, ending: &Ending) -> usize {
    let pages = |count: usize| count.div_ceil(page) + 1;
    let secrets = &history.doors.after.secrets;
    let versions = secrets
        .values()
        .map(|secret| secret.versions.len())
        .max()
        .unwrap_or(0);
    let instances = history.doors.after.views.len();
    let each = MOST_CALLS_A_SECRET + pages(versions) + pages(instances);
    let rows = match ending {
        Ending::Answered(report) => report["rows"].as_array().map_or(0, Vec::len),
        _ => database.secrets.len(),
    };
    pages(secrets.len()) + (database.secrets.len() + rows) * each + 1
}
