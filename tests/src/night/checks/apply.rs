//! Mode `apply`: everything the policies want is done, once, and nothing else.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::import::with_job;
use super::{Check, Night, acted, by_id, only_in, without_notes};
use crate::night::Told;
use crate::night::expect::{deletions, id};
use crate::night::past::{BILLING, CLUSTERS, ORDERS};
use crate::night::programme::What;
use crate::night::readers;
use crate::night::stage::{billing_policy, orders_policy};

impl Night<'_> {
    pub(super) fn applied(&self) -> Vec<Check> {
        let pruned = self.due("nightshift-prune-snapshots");
        let gone = deletions(
            &pruned.before,
            &orders_policy(self.stage.tonight.place),
            ORDERS,
            pruned.happening.time,
        );
        vec![
            self.taken(),
            self.taken_once(gone.len()),
            self.scaled(),
            self.scaled_once(),
            self.remedied(),
            self.told_of_trouble(),
            self.repeated(),
            pruned_as_computed(pruned, &gone),
            newest_kept(pruned, self.end()),
            self.refused(),
            self.untouched(),
            self.nothing_else(&gone),
            self.nobody_refused(),
            self.rotated(),
            self.retired(),
            self.purged(),
            self.purge_noted(),
            self.rotated_partitions(),
            self.rotation_noted(),
            self.as_written(),
            self.handed_over(),
            self.purged_as_by_event(),
            self.ran_once(),
            self.told_by_status(),
            self.nothing_slipped(),
            self.failure(),
            self.mails(&self.mails_applied(gone.len())),
        ]
    }

    /// Tonight's snapshot of each cluster: its name, its tags, its status.
    fn taken(&self) -> Check {
        let snapshots = by_id(self.end());
        let found = CLUSTERS.each_ref().map(|cluster| {
            let snapshot = snapshots.get(&*self.tonights(cluster.id));
            let keys =
                ["managed-by", "schedule", "taken-for"].map(|key| format!("nightshift:{key}"));
            let tag = |key: &str| snapshot.map(|each| each["tags"][key].clone());
            let status = snapshot.map(|each| each["status"].clone());
            [
                keys.map(|key| tag(&key)).to_vec(),
                vec![tag("team"), status],
            ]
            .concat()
        });
        // The tick, and not the schedule, is what billing's was taken for.
        let wanted = CLUSTERS.each_ref().map(|cluster| {
            let minute = if cluster.id == BILLING { 20 } else { 0 };
            let time = self.stage.tonight.at(2, minute, 0).to_string();
            let values = ["nightshift", "nightly", &time, cluster.team, "available"];
            values.map(|value| Some(json!(value))).to_vec()
        });
        let text = "each cluster has tonight's snapshot, available, under its name and with its \
                    tags: tech-n-ai from 02:00, billing from the tick at 02:20, when its cluster \
                    was ready";
        Check::same(text, &found, &wanted)
    }

    fn taken_once(&self, deletions: usize) -> Check {
        let number = |action: &str| {
            self.effects
                .iter()
                .filter(|each| **each == (action, true))
                .count()
        };
        let snapshots = ["CreateDBClusterSnapshot", "DeleteDBClusterSnapshot"];
        let found = (
            snapshots.map(number),
            self.effects.len() - self.about_readers().len(),
        );
        let text = format!(
            "the functions asked RDS for 2 snapshots and {deletions} deletions of them, each once, and, \
             but for a reader, for no other change"
        );
        Check::same(text, &found, &([2, deletions], 2 + deletions))
    }

    /// The second delivery of a trigger finds the work of the first.
    fn repeated(&self) -> Check {
        let again = self
            .told
            .iter()
            .filter(|told| matches!(told.happening.what, What::Due { again: true, .. }));
        let tables = |told: &Told| {
            let tables = told.tables.as_ref();
            tables.is_none_or(|[before, after]| before == after)
        };
        let unchanged = again.map(|told| told.before == told.after && tables(told));
        let unchanged: Vec<bool> = unchanged.collect();
        let text = "seven triggers were delivered twice, and the second delivery changed nothing";
        Check::same(text, &unchanged, &vec![true; 7])
    }

    fn refused(&self) -> Check {
        let told = self.due("billing-prune-snapshots");
        let wanted = deletions(
            &told.before,
            &billing_policy(self.stage.tonight.place),
            BILLING,
            told.happening.time,
        );
        let found = acted(told, "delete", "refused");
        let text = format!(
            "billing is under the default rails: all of its {} deletions were refused, and nothing \
             of it was touched",
            wanted.len()
        );
        let mut check = Check::same(text, &found, &Some(wanted));
        if told.before != told.after {
            check.fault = Some(format!("gone: {:?}", only_in(&told.before, &told.after)));
        }
        check
    }

    /// What is on hold, made by hand or RDS's own.
    fn untouched(&self) -> Check {
        let spared = |each: &&Value| {
            let tags = &each["tags"];
            each["type"] != "manual"
                || tags["nightshift:managed-by"].is_null()
                || !tags["nightshift:hold"].is_null()
        };
        let of = |inventory: &Value| -> Vec<Value> {
            by_id(inventory)
                .into_values()
                .filter(spared)
                .cloned()
                .collect()
        };
        let (before, after) = (of(&self.stage.before), of(self.end()));
        let text = format!(
            "the {} snapshots that are on hold, made by hand or RDS's own are as they were",
            before.len()
        );
        Check::same(text, &after, &before)
    }

    /// The account at the end is the account at the beginning, with what was to change changed.
    fn nothing_else(&self, gone: &BTreeSet<String>) -> Check {
        let mut wanted = with_job(&self.stage.before, "ENABLED");
        let by_hand = self
            .told
            .iter()
            .find_map(|told| match &told.happening.what {
                What::Deleted { id, .. } => Some(id),
                _ => None,
            });
        let finished: Vec<&String> = self.told.iter().filter_map(finished).collect();
        let stays = |each: &Value| {
            !gone.contains(id(each)) && Some(id(each)) != by_hand.map(String::as_str)
        };
        let snapshots = wanted["snapshots"].as_array_mut().expect("a list");
        snapshots.retain(stays);
        for snapshot in snapshots {
            if finished.iter().any(|done| **done == id(snapshot)) {
                snapshot["status"] = "available".into();
                snapshot["percent"] = 100.into();
            }
        }
        for cluster in wanted["clusters"].as_array_mut().expect("a list") {
            cluster["status"] = "available".into();
        }
        let mut found = without_notes(self.end());
        remembered(&mut wanted, &found);
        // The secret and the EVENT are checked by themselves.
        for what in ["secrets", "events"] {
            wanted[what] = found[what].clone();
        }
        let tonights = CLUSTERS.each_ref().map(|cluster| self.tonights(cluster.id));
        let snapshots = found["snapshots"].as_array_mut().expect("a list");
        snapshots.retain(|each| !tonights.iter().any(|name| name == id(each)));
        let (more, less) = (only_in(&found, &wanted), only_in(&wanted, &found));
        let fault =
            format!("too many: {more:?}, missing: {less:?}, or a status, state or tag differs");
        Check {
            text: "nothing else in the account has changed".to_owned(),
            fault: (found != wanted).then_some(fault),
        }
    }
}

/// What scale-readers remembers of its changes is checked by itself.
fn remembered(wanted: &mut Value, found: &Value) {
    let clusters = |inventory: &Value| inventory["clusters"].as_array().cloned();
    let notes = clusters(found).into_iter().flatten();
    let note = notes.map(|cluster| cluster["tags"][readers::CHANGES].clone());
    let mut note = note.filter(|note| !note.is_null());
    let all = wanted["clusters"].as_array_mut().expect("a list");
    let billing = all.iter_mut().find(|cluster| cluster["id"] == BILLING);
    if let (Some(billing), Some(note)) = (billing, note.next()) {
        billing["tags"][readers::CHANGES] = note;
    }
}

fn finished(told: &Told) -> Option<&String> {
    match &told.happening.what {
        What::Finished { id, .. } => Some(id),
        _ => None,
    }
}

/// Gone is what the rules do not keep, reckoned here from the policy and the calendar; and the
/// run has told of each.
fn pruned_as_computed(told: &Told, wanted: &BTreeSet<String>) -> Check {
    let gone = only_in(&told.before, &told.after);
    let reported = acted(told, "delete", "done");
    let ours = |each: &&&Value| {
        each["cluster"] == ORDERS && !each["tags"]["nightshift:managed-by"].is_null()
    };
    let left = by_id(&told.after).values().filter(ours).count();
    let text = format!(
        "of tech-n-ai {} snapshots are gone and {left} are left, one of them on hold: exactly as \
         its policy says, reckoned without the functions; and the report names each",
        wanted.len()
    );
    Check::same(text, &(&gone, reported.as_ref()), &(wanted, Some(wanted)))
}

fn newest_kept(pruned: &Told, end: &Value) -> Check {
    let newest = CLUSTERS.each_ref().map(|cluster| {
        let good = |each: &&&Value| {
            each["cluster"] == cluster.id
                && each["status"] == "available"
                && !each["tags"]["nightshift:managed-by"].is_null()
        };
        let snapshots = by_id(&pruned.before);
        let newest = snapshots
            .values()
            .filter(good)
            .max_by_key(|each| each["created"].as_str());
        newest.map(|each| id(each).to_owned())
    });
    let there = newest.each_ref().map(|newest| {
        newest
            .as_ref()
            .filter(|id| by_id(end).contains_key(id.as_str()))
            .cloned()
    });
    Check::same(
        "the newest good snapshot of each cluster is there",
        &there,
        &newest,
    )
}
