//! What the team knows of trouble that lasts.
//!
//! A quota, a missing right or a limit of the policy is met by each tick anew: one mail is enough. What the team has
//! been told is known by a tag of the cluster, written once the mail is on its way: a mail that is lost is sent again by
//! the next tick. What is gone leaves the tag, so that its return is news.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use aurora::Aurora;
use aurora_model::{
    Note, Report, Severity, Tags, name::listed, reader::ReaderCluster, report::Telling, tags,
};
use handler::{Answer, Deadline};
use jiff::Timestamp;

use crate::changes::HOUR;

/// A tag's value has at most 256 characters; a number takes nine of them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
const MOST: usize = 28;

/// How the report is to be told to a team that knows of what is `told`, and what it knows of after that. The `daily`
/// look tells all, whoever has been told before.
#[must_use]
pub fn news(report: &Report, told: &BTreeSet<u32>, daily: bool) -> (Telling, BTreeSet<u32>) {
    let mut lasting: BTreeSet<u32> = report.lasting().into_iter().take(MOST).collect();
    let telling = match () {
        () if daily || lasting.is_empty() => Telling::ByItsContent,
        () if !lasting.is_subset(told) => Telling::New,
        () if report.worth_a_mail_besides() => Telling::ByItsContent,
        () => Telling::Told,
    };
    // Whether the rest is over, a run that could not look, or that waits, does not know.
    if report.leaves_something_open() {
        lasting = kept(lasting, told);
    }
    (telling, lasting)
}

/// What is `lasting`, and as much of what was `told` as there is room for.
fn kept(mut lasting: BTreeSet<u32>, told: &BTreeSet<u32>) -> BTreeSet<u32> {
    let gone = told.difference(&lasting).copied();
    let gone: Vec<_> = gone.take(MOST - lasting.len()).collect();
    lasting.extend(gone);
    lasting
}

/// Whether remedy-alarm has asked for a reader within the hour. It asks anew while its alarm rings, and what kept the
/// reader from coming is not over in between.
#[must_use]
pub fn asked_lately(tags: &Tags, now: Timestamp) -> bool {
    let asked = tags.get(tags::READER_ASKED).map(str::parse::<Timestamp>);
    asked.is_some_and(|at| at.is_ok_and(|at| now.duration_since(at) < HOUR))
}

/// The numbers in the tag. What is none, somebody else has written.
#[must_use]
pub fn read(tag: &str) -> BTreeSet<u32> {
    let numbers = tag.split('/');
    numbers
        .filter_map(|it| u32::from_str_radix(it, 16).ok())
        .collect()
}

/// The report of a run that may change things, and the note of what the team has been told once it was mailed.
///
/// Whether that can be noted is tried before anything new is told. Where it cannot, a tick tells what it would have told
/// without a tag: by each run anew would be more than anybody reads.
pub(crate) async fn told<'a>(
    aurora: &'a Aurora,
    cluster: &ReaderCluster,
    mut report: Report,
    (daily, deadline, now): (bool, Deadline, Timestamp),
) -> Answer<'a> {
    let tag = cluster.tags.get(tags::READERS_TOLD).unwrap_or_default();
    let before = read(tag);
    let (telling, mut after) = news(&report, &before, daily);
    if asked_lately(&cluster.tags, now) {
        after = kept(after, &before);
    }
    if !after.is_subset(&before)
        && let Err(why) = tried(aurora, &cluster.arn, tag, deadline).await
    {
        report.notes.push(cannot_be_noted(&why));
        return report.into();
    }
    report.telling = telling;
    let note = listed(&after);
    if note == tag {
        return report.into();
    }
    let arn = cluster.arn.clone();
    Answer::noted(report, async move {
        // Without the tag, the next run tells once more.
        let _ = aurora.tag(&arn, &of(&note)).await;
    })
}

/// Writes the tag as it is.
async fn tried(aurora: &Aurora, arn: &str, tag: &str, deadline: Deadline) -> Result<(), String> {
    let written = deadline.within(aurora.tag(arn, &of(tag))).await;
    let written = written.map_err(|exceeded| exceeded.to_string())?;
    written.map_err(|error| error.to_string())
}

fn of(value: &str) -> Tags {
    Tags::from_iter([(tags::READERS_TOLD, value)])
}

fn cannot_be_noted(why: &str) -> Note {
    let key = tags::READERS_TOLD;
    let text = format!(
        "What the team was told cannot be noted on the cluster: {why}. Until its tag {key} can be written, a tick tells what failed each time, and nothing of what else needs a person; a cluster has room for {} tags.",
        tags::MAX_TAGS
    );
    Note::new(Severity::Warning, text)
}
