//! What there is before the night, and what the team wants of it: for someone who just came in.

use serde_json::Value;

use super::event::{self, EVENT};
use super::jobs;
use super::paper::Paper;
use super::past::{BILLING, CLUSTERS, Cluster, ORDERS};
use super::secret::SECRET;
use super::servers::USER;
use super::stage::{self, Stage};
use super::trouble::REPORTS;
use crate::stack::Schedule;

const INDENT: usize = 2;
/// Where the text behind a function's name and hour begins.
const TEXT: usize = 26;

/// Prints both.
pub fn describe(paper: &Paper, stage: &Stage) {
    paper.title("The account before the night");
    for cluster in &CLUSTERS {
        let Cluster { id, team, .. } = cluster;
        paper.line(&format!(
            "  {id}: a writer, a reader; tags nightshift:snapshot=nightly, team={team}"
        ));
        paper.text(INDENT + 2, None, &snapshots(&stage.before, id));
    }
    let secret = format!(
        "An application, {USER}, logs in to {ORDERS} all night, on a real MySQL writer and a real \
         reader, with what the secret {SECRET} (tag nightshift:rotation=dual-password) says. It \
         reads the secret once an hour."
    );
    paper.text(INDENT, None, &secret);
    let tables = format!(
        "Its tables, such as shop.access_logs with {} rows, are kept short by jobs, as the user of the \
         secret {} (tag nightshift:job=run), which may do only what they need.",
        stage.tables["rows"][0][0],
        jobs::SECRET
    );
    paper.text(INDENT, None, &tables);
    let (hour, minute) = event::AT;
    let event = format!(
        "One table, shop.sessions, is kept short by MySQL itself: the EVENT {EVENT} fires each night \
         at {hour:02}:{minute:02}, and tells nobody what became of it."
    );
    paper.text(INDENT, None, &event);
    let (used, max) = stage.quota;
    let quota = format!("AWS lets the account have {max} manual snapshots; {used} are there.");
    paper.text(INDENT, None, &quota);

    paper.title("What the team wants");
    for schedule in stage
        .schedules
        .iter()
        .filter(|schedule| !schedule.is_tick())
    {
        let wish = wish(stage, schedule);
        let at = times(schedule);
        let start = format!("{:<15}  {at}", schedule.function);
        entry(paper, &start, &wish);
    }
    entry(
        paper,
        "import-events",
        &format!("hands {EVENT} over to a job of run-job, when it is asked to: this evening"),
    );
    entry(
        paper,
        "remedy-alarm",
        &format!(
            "when an alarm on {ORDERS} goes off, a mail that says what is the matter; and it may end a \
             session of the user {REPORTS}, and nobody else's, that sleeps in a transaction"
        ),
    );
    entry(
        paper,
        "report-failure",
        "mails what a run could not tell any more because it failed",
    );
}

fn entry(paper: &Paper, start: &str, text: &str) {
    for (number, line) in super::paper::wrap(text, super::paper::WIDTH - TEXT)
        .iter()
        .enumerate()
    {
        let start = if number == 0 { start } else { "" };
        let width = TEXT - INDENT;
        paper.line(&format!("{:INDENT$}{start:width$}{line}", ""));
    }
}

/// The snapshots of a cluster, by what they are.
fn snapshots(inventory: &Value, cluster: &str) -> String {
    let snapshots = inventory["snapshots"].as_array().expect("a list");
    let count = |is: &dyn Fn(&Value) -> bool| {
        snapshots
            .iter()
            .filter(|each| each["cluster"] == cluster && is(each))
            .count()
    };
    let tags = |each: &Value, key: &str| !each["tags"][key].is_null();
    let ours = |each: &Value| tags(each, "nightshift:managed-by");
    let good = count(&|each| ours(each) && each["status"] == "available");
    let held = count(&|each| tags(each, "nightshift:hold"));
    let failed = count(&|each| each["status"] == "failed");
    let creating = count(&|each| each["status"] == "creating");
    let foreign = count(&|each| !ours(each) && each["type"] == "manual");
    let automated = count(&|each| each["type"] == "automated");
    let stuck = if creating > 0 {
        "; last night's is still being created, and the cluster still backing up"
    } else {
        ""
    };
    format!(
        "{good} nightly snapshots of the last 400 nights, {held} of them on hold; {failed} that \
         failed, {foreign} that maria made by hand, {automated} of RDS's own{stuck}."
    )
}

/// What a schedule is for, in the policy's numbers.
fn wish(stage: &Stage, schedule: &Schedule) -> String {
    match &*schedule.name {
        "nightshift-take-snapshot" => {
            let its = |tick: &&Schedule| tick.is_tick() && tick.wakes() == schedule.name;
            let ticks = stage.schedules.iter().find(its);
            let ticks = ticks.map_or_else(String::new, |ticks| {
                format!(", and at {} what was not possible before", times(ticks))
            });
            format!("a snapshot of each cluster tagged nightshift:snapshot=nightly{ticks}")
        }
        "nightshift-prune-snapshots" => {
            let policy = stage::orders_policy(stage.tonight.place);
            let Value::String(cluster) = &policy["clusters"]["ids"][0] else {
                return String::new();
            };
            format!(
                "of {cluster} keep {}. The team has read the plan, and has lifted the rails \
                 for this first prune: {} deletions and {} %",
                keep(&policy["keep"]),
                policy["max_deletes"],
                policy["max_delete_percent"]
            )
        }
        "nightshift-rotate-secret" => {
            let its = |tick: &&Schedule| tick.is_tick() && tick.wakes() == schedule.name;
            let ticks = stage.schedules.iter().find(its);
            let ticks = ticks.map_or_else(String::new, |ticks| format!(" and at {}", times(ticks)));
            format!(
                "at this hour{ticks} a look at each secret tagged nightshift:rotation; the old \
                 password is retired {} after a rotation (24h by default, but this night is to \
                 show it)",
                stage::GRACE
            )
        }
        "nightshift-scale-readers" => {
            format!(
                "at this hour a word on what needs somebody; all night, by two alarms and by ticks, \
                 between 1 and 3 readers for {BILLING}, one more when they are busy, one less when \
                 they have had little to do for a while"
            )
        }
        jobs::ROTATE => format!(
            "the job {}: of shop.events, which has a partition for each day, keep {} days, move older \
             ones to tables of the schema archive, and add {} ahead",
            jobs::ROTATE,
            jobs::DAYS,
            jobs::AHEAD
        ),
        jobs::PURGE => format!(
            "the job {}: of shop.access_logs delete the rows of more than {} days, in small steps; \
             where the function's time does not suffice ({} s here, 15 min on AWS), a tick goes on",
            jobs::PURGE,
            jobs::DAYS,
            jobs::SECONDS
        ),
        "billing-prune-snapshots" => {
            "of each cluster tagged team=billing the same, within the default rails: 20 deletions \
             and 50 % a run"
                .to_owned()
        }
        _ => "something a colleague has deployed today, with a word of its policy mistyped"
            .to_owned(),
    }
}

fn keep(keep: &Value) -> String {
    let number = |rule: &str| format!("{} {rule}", keep[rule]);
    let within = keep["within"].as_str().unwrap_or_default();
    let rules = ["daily", "weekly", "monthly", "yearly"].map(number);
    format!("all of the last {within}, {}", rules.join(", "))
}

fn times(schedule: &Schedule) -> String {
    let times: Vec<String> = schedule
        .times
        .iter()
        .map(|(hour, minute)| format!("{hour:02}:{minute:02}"))
        .collect();
    times.join(", ")
}
