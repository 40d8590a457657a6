//! What is asked beside sessions and waits.

use std::time::Duration;

use tokio::time::sleep_until;

use super::Looking;
use crate::{
    database::look::Wanted,
    mysql::{
        grants::{LEDGER, PERFORMANCE, PROCESS, REPLICATION},
        innodb, jobs, largest, replicas,
        statements::{self, Sample},
    },
};

/// How far apart the two readings of the statements are at least.
const APART: Duration = Duration::from_millis(1_500);

impl Looking<'_> {
    pub(super) async fn sample(&mut self, wanted: Wanted) -> Option<Sample> {
        if wanted.statements == 0 || !self.look.instrumented {
            return None;
        }
        let sample = statements::sample(self.session).await;
        self.gaps.take("statements", PERFORMANCE, sample)
    }

    pub(super) async fn statements(&mut self, before: &Sample, most: usize) {
        let of = "statements";
        sleep_until(before.at + APART).await;
        let after = statements::sample(self.session).await;
        let Some(after) = self.gaps.take(of, PERFORMANCE, after) else {
            return;
        };
        let top = statements::top(before, &after, most);
        if top.lost > 0 {
            let lost = top.lost;
            let why = format!(
                "the server's table of them is full: {lost} that ended while we looked are in no row"
            );
            self.gaps.note(of, why);
        }
        let texts = statements::texts(self.session, &top).await;
        let texts = self.gaps.take(of, PERFORMANCE, texts).unwrap_or_default();
        self.look.sample = top.seconds;
        self.look.known = top.known;
        self.look.statements = top.digests(texts);
    }

    pub(super) async fn counts(&mut self) {
        let statement = innodb::statement();
        let metrics = self
            .rows(
                "history list and deadlocks",
                PROCESS,
                &statement,
                innodb::metric,
            )
            .await;
        self.look.history = innodb::of(&metrics, "trx_rseg_history_len");
        self.look.deadlocks = innodb::of(&metrics, "lock_deadlocks");
    }

    pub(super) async fn largest(&mut self, wanted: Wanted) {
        if wanted.memory && self.look.instrumented {
            let statement = largest::accounts();
            self.look.memory = self
                .rows("memory", PERFORMANCE, &statement, largest::sized)
                .await;
        }
        if wanted.tables {
            let statement = largest::tables();
            self.look.tables = self
                .rows("tables", PROCESS, &statement, largest::table)
                .await;
        }
    }

    pub(super) async fn jobs(&mut self) {
        let runs = jobs::runs(self.session).await;
        let runs = self.gaps.take("jobs", LEDGER, runs);
        self.look.jobs = runs.unwrap_or_default();
    }

    pub(super) async fn replicas(&mut self) {
        if self.look.aurora {
            let statement = replicas::reader_lags();
            let of = "lag of the readers";
            self.look.reader_lags = self
                .rows(of, PROCESS, &statement, replicas::reader_lag)
                .await;
        }
        let statement = replicas::status();
        let channels = self
            .rows("replication", REPLICATION, &statement, replicas::channel)
            .await;
        self.look.applier = replicas::together(channels);
    }
}
