//! What the simulator knows by itself of Nightshift's rules: written anew, simply and slowly, so
//! that it does not share a mistake with the functions.

pub mod remedies;
pub mod rotation;

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use simulated_aws::rds::Snapshot;

use crate::script::{Cluster, Keep, Policies};

/// The key of the tag that says who made something, and the value for Nightshift.
pub const MANAGED_BY: (&str, &str) = ("nightshift:managed-by", "nightshift");
/// The key of the tag that holds a snapshot.
pub const HOLD: &str = "nightshift:hold";

/// Whether Nightshift made it for this schedule.
#[must_use]
pub fn managed(snapshot: &Snapshot, schedule: &str) -> bool {
    let tag = |key: &str| snapshot.tags.get(key).map(String::as_str);
    snapshot.kind == "manual"
        && tag(MANAGED_BY.0) == Some(MANAGED_BY.1)
        && tag("nightshift:schedule") == Some(schedule)
}

/// Whether the policies mean the cluster.
#[must_use]
pub fn selected(policies: &Policies, cluster: &Cluster) -> bool {
    match &policies.ids {
        Some(ids) => ids.contains(&cluster.id),
        None => cluster
            .tags
            .iter()
            .any(|(key, value)| key == "nightshift:snapshot" && *value == policies.schedule),
    }
}

/// The zone whose days count.
#[must_use]
pub fn zone(policies: &Policies) -> TimeZone {
    TimeZone::get(policies.zone).unwrap_or(TimeZone::UTC)
}

/// The night a trigger of this time belongs to: its date in the policy's zone, or with several
/// runs a day the time itself.
#[must_use]
pub fn slot(policies: &Policies, time: Timestamp) -> String {
    if policies.several_a_day {
        time.to_string()
    } else {
        time.to_zoned(zone(policies)).date().to_string()
    }
}

/// The slot for which a snapshot was taken, by its tag.
#[must_use]
pub fn slot_of(policies: &Policies, snapshot: &Snapshot) -> Option<String> {
    let time = snapshot.tags.get("nightshift:taken-for")?;
    Some(slot(policies, time.parse().ok()?))
}

/// The identifiers of those of `snapshots` that a rule keeps: restic's rules, read off its
/// manual (<https://restic.readthedocs.io/en/stable/060_forget.html>).
#[must_use]
pub fn kept<'a>(keep: &Keep, zone: &TimeZone, snapshots: &[&'a Snapshot]) -> BTreeSet<&'a str> {
    let mut newest_first: Vec<&Snapshot> = snapshots.to_vec();
    newest_first.sort_by(|a, b| (b.created, &b.id).cmp(&(a.created, &a.id)));
    let mut kept = BTreeSet::new();
    let Some(newest) = newest_first.first().map(|snapshot| snapshot.created) else {
        return kept;
    };
    kept.extend(
        newest_first
            .iter()
            .take(keep.last)
            .map(|snapshot| snapshot.id.as_str()),
    );
    let within = SignedDuration::from_hours(keep.within_hours);
    let recent = |snapshot: &&&Snapshot| newest.duration_since(snapshot.created) <= within;
    if keep.within_hours > 0 {
        kept.extend(
            newest_first
                .iter()
                .filter(recent)
                .map(|snapshot| snapshot.id.as_str()),
        );
    }
    let day = |snapshot: &Snapshot| snapshot.created.to_zoned(zone.clone()).date();
    let week = |date: Date| (date.iso_week_date().year(), date.iso_week_date().week());
    kept.extend(newest_of_each(keep.daily, &newest_first, |snapshot| {
        day(snapshot).to_string()
    }));
    kept.extend(newest_of_each(keep.weekly, &newest_first, |snapshot| {
        format!("{:?}", week(day(snapshot)))
    }));
    kept.extend(newest_of_each(keep.monthly, &newest_first, |snapshot| {
        day(snapshot).strftime("%Y-%m").to_string()
    }));
    kept
}

/// The newest of each of the last `count` buckets that have one; while there are fewer, also the
/// oldest of all.
fn newest_of_each<'a>(
    count: usize,
    newest_first: &[&'a Snapshot],
    key: impl Fn(&Snapshot) -> String,
) -> Vec<&'a str> {
    if count == 0 {
        return Vec::new();
    }
    let (mut found, mut last) = (Vec::new(), None);
    for snapshot in newest_first {
        let bucket = Some(key(snapshot));
        if bucket != last && found.len() < count {
            found.push(snapshot.id.as_str());
            last = bucket;
        }
    }
    if found.len() < count {
        found.extend(newest_first.last().map(|oldest| oldest.id.as_str()));
    }
    found
}
