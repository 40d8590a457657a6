//! What must be left of a cluster's snapshots, worked out from the policy and the inventory
//! alone: no code of the functions is asked.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// The identifiers of the snapshots of `cluster` that a run of `prune-snapshots` must delete.
#[must_use]
pub fn deletions(
    inventory: &Value,
    policy: &Value,
    cluster: &str,
    now: Timestamp,
) -> BTreeSet<String> {
    let snapshots = inventory["snapshots"].as_array().expect("a list");
    let managed: Vec<&Value> = snapshots
        .iter()
        .filter(|each| each["cluster"] == cluster && each["type"] == "manual")
        .filter(|each| each["tags"]["nightshift:managed-by"] == "nightshift")
        .filter(|each| each["tags"]["nightshift:schedule"] == policy["schedule"])
        .filter(|each| each["tags"]["nightshift:hold"].is_null())
        .filter(|each| created(each) <= now)
        .collect();
    let with = |status: &'static str| managed.iter().filter(move |each| each["status"] == status);
    let mut good: Vec<(Timestamp, &str)> = with("available")
        .map(|each| (created(each), id(each)))
        .collect();
    good.sort_unstable();
    good.reverse();
    let zone = policy["time_zone"].as_str().unwrap_or("UTC");
    let zone = TimeZone::get(zone).expect("a time zone");
    let kept = kept(&good, &policy["keep"], &zone);
    let stale = now - SignedDuration::from_hours(24);
    let failed = with("failed").filter(|each| created(each) <= stale);
    good.iter()
        .map(|(_, id)| *id)
        .filter(|id| !kept.contains(id))
        .chain(failed.map(|each| id(each)))
        .map(str::to_owned)
        .collect()
}

/// Of snapshots from the newest to the oldest, those that one of the rules keeps.
fn kept<'a>(good: &[(Timestamp, &'a str)], keep: &Value, zone: &TimeZone) -> BTreeSet<&'a str> {
    let mut kept = BTreeSet::new();
    let (Some((newest, _)), Some((_, oldest))) = (good.first(), good.last()) else {
        return kept;
    };
    if let Some(hours) = keep["within"].as_str() {
        let hours = hours.strip_suffix('h').and_then(|hours| hours.parse().ok());
        let from = *newest - SignedDuration::from_hours(hours.expect("a number of hours"));
        let within = good.iter().filter(|(created, _)| *created >= from);
        kept.extend(within.map(|(_, id)| *id));
    }
    let last = number(keep, "last");
    kept.extend(good.iter().take(last).map(|(_, id)| *id));
    for (rule, bucket) in BUCKETS {
        let wanted = number(keep, rule);
        let mut seen = BTreeSet::new();
        for (created, id) in good {
            let date = zone.to_datetime(*created).date();
            if seen.len() < wanted && seen.insert(bucket(date)) {
                kept.insert(*id);
            }
        }
        // A history shorter than the rule wants keeps its beginning.
        if seen.len() < wanted {
            kept.insert(*oldest);
        }
    }
    kept
}

/// The year, and which part of it.
type Bucket = fn(Date) -> (i16, i16);

/// The calendar rules, and what two snapshots of the same bucket have in common.
const BUCKETS: [(&str, Bucket); 4] = [
    ("daily", |date| (date.year(), date.day_of_year())),
    ("weekly", |date| {
        let week = date.iso_week_date();
        (week.year(), week.week().into())
    }),
    ("monthly", |date| (date.year(), date.month().into())),
    ("yearly", |date| (date.year(), 0)),
];

fn number(keep: &Value, rule: &str) -> usize {
    let number = keep[rule].as_u64().unwrap_or_default();
    usize::try_from(number).expect("a small number")
}

/// A snapshot's identifier.
#[must_use]
pub fn id(snapshot: &Value) -> &str {
    snapshot["id"]
        .as_str()
        .expect("a snapshot has an identifier")
}

/// When a snapshot was made.
#[must_use]
pub fn created(snapshot: &Value) -> Timestamp {
    let created = snapshot["created"].as_str().and_then(|at| at.parse().ok());
    created.expect("a snapshot has a time")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_week_of_nights_by_hand() {
        let managed = json!({"nightshift:managed-by": "nightshift", "nightshift:schedule": "n"});
        let night = |day: u8, status: &str| {
            let created = format!("2026-11-{day:02}T02:00:30.000000Z");
            json!({"id": format!("{day}"), "cluster": "c", "type": "manual", "status": status,
                   "created": created, "tags": managed})
        };
        // The 15th is a Sunday, the 16th a Monday.
        let mut snapshots: Vec<Value> = (13..=20).map(|day| night(day, "available")).collect();
        snapshots.extend([
            night(12, "failed"),
            night(21, "failed"),
            night(22, "available"),
        ]);
        let inventory = json!({"snapshots": snapshots});
        let now = "2026-11-21T04:00:00Z".parse().expect("a time");
        let gone = |keep: Value| -> Vec<String> {
            let policy = json!({"schedule": "n", "keep": keep});
            deletions(&inventory, &policy, "c", now)
                .into_iter()
                .collect()
        };
        assert_eq!(gone(json!({"daily": 7})), ["12", "13"]);
        assert_eq!(gone(json!({"weekly": 2, "last": 5})), ["12", "13", "14"]);
        assert_eq!(
            gone(json!({"within": "24h", "monthly": 1})),
            ["12", "13", "14", "15", "16", "17", "18"]
        );
        assert_eq!(
            gone(json!({"within": "24h", "yearly": 2})),
            ["12", "14", "15", "16", "17", "18"]
        );
    }
}
