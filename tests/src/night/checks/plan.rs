//! Mode `plan`: everything is decided, and nothing has changed.

use std::collections::BTreeSet;

use super::import::with_job;
use super::{Check, Night, acted, only_in, without_notes};
use crate::night::expect::deletions;
use crate::night::past::{BILLING, ORDERS};
use crate::night::stage::{billing_policy, orders_policy};

impl Night<'_> {
    pub(super) fn planned(&self) -> Vec<Check> {
        let pruned = self.due("nightshift-prune-snapshots");
        let gone = deletions(
            &pruned.before,
            &orders_policy(self.stage.tonight.place),
            ORDERS,
            pruned.happening.time,
        );
        vec![
            self.unchanged(),
            self.no_effects(),
            self.would_take(),
            self.would_prune(&gone),
            self.would_be_refused(),
            self.would_remedy(),
            self.told_of_trouble(),
            self.nobody_refused(),
            self.only_looked(),
            self.untouched_tables(),
            self.would_purge(),
            self.would_rotate_partitions(),
            self.as_written(),
            self.would_hand_over(),
            self.never_woken(),
            self.told_by_status_in_plan(),
            self.nothing_slipped(),
            self.failure(),
            self.mails(&self.mails_planned(gone.len())),
        ]
    }

    fn unchanged(&self) -> Check {
        let before = &with_job(&self.stage.before, "DISABLED");
        let after = &without_notes(self.end());
        let numbers =
            ["clusters", "snapshots"].map(|key| before[key].as_array().map_or(0, Vec::len));
        let [clusters, snapshots] = numbers;
        let fault = || {
            let (more, less) = (only_in(after, before), only_in(before, after));
            format!("more: {more:?}, missing: {less:?}, or a status, state or tag differs")
        };
        Check {
            text: format!(
                "before and after are the same to the letter: {clusters} clusters, {snapshots} \
                 snapshots, the secrets, their names, times, statuses, labels and tags, the EVENT, and all \
                 schedules but the new job's, which is disabled; but for remedy-alarm's note of its mails"
            ),
            fault: (before != after).then(fault),
        }
    }

    fn no_effects(&self) -> Check {
        let text = "the functions have only read: RDS was asked for no change but to note what the team was told";
        Check::same(text, &self.effects, &Vec::new())
    }

    fn would_take(&self) -> Check {
        let told = self.due("nightshift-take-snapshot");
        let found = acted(told, "create", "planned");
        let wanted = BTreeSet::from([self.tonights(ORDERS)]);
        let text = "take-snapshot would have made the one snapshot that was possible at 02:00";
        Check::same(text, &found, &Some(wanted))
    }

    fn would_prune(&self, gone: &BTreeSet<String>) -> Check {
        let told = self.due("nightshift-prune-snapshots");
        let found = acted(told, "delete", "planned");
        let text = format!(
            "prune-snapshots would have deleted the {} of tech-n-ai that its policy does not keep, \
             reckoned without the functions, and named each",
            gone.len()
        );
        Check::same(text, &found.as_ref(), &Some(gone))
    }

    fn would_be_refused(&self) -> Check {
        let told = self.due("billing-prune-snapshots");
        let gone = deletions(
            &told.before,
            &billing_policy(self.stage.tonight.place),
            BILLING,
            told.happening.time,
        );
        let found = acted(told, "delete", "refused");
        let text = format!(
            "all {} deletions for billing would have been refused",
            gone.len()
        );
        Check::same(text, &found, &Some(gone))
    }
}
