//! The jobs: what is left of their tables, and what the ledger says of their runs. Rows are counted
//! with SQL, and no function is asked.

use super::{Check, Night};
use crate::night::application::thousands;
use crate::night::database::{Look, OLD, partitions};
use crate::night::import::JOB;
use crate::night::jobs::{PURGE, ROTATE};
use crate::night::run::Run;

impl Night<'_> {
    pub(super) fn purged(&self) -> Check {
        let kept = &self.stage.tables["rows to keep"];
        let text = format!(
            "of shop.access_logs {} rows are gone, and the {} that are left, on the writer and on the \
             reader, are exactly those of 30 days or less, one of them 30 days old to the second",
            thousands(rows(&self.stage.tables, "rows") - number(kept)),
            thousands(number(kept)),
        );
        let found = self.tables.each_ref().map(|tables| &tables["rows"]);
        Check::same(text, &found, &[kept, kept])
    }

    /// One run over several invocations; and the log that teams watch their EVENTs by has it once.
    pub(super) fn purge_noted(&self) -> Check {
        let invocations = self.invocations(PURGE);
        let text = format!(
            "the ledger has one run of {PURGE}, ended well, over {invocations} invocations: the rows of \
             its steps are those that are gone"
        );
        let gone = rows(&self.stage.tables, "rows") - rows(&self.tables[0], "rows");
        let mut check = Check::same(
            text,
            &self.runs(PURGE),
            &vec![ended_well(PURGE, PURGE, gone)],
        );
        if invocations < 2 || i64::try_from(gone) != Ok(OLD) {
            check.fault = Some(format!("{gone} rows in {invocations} invocations"));
        }
        check
    }

    pub(super) fn rotated_partitions(&self) -> Check {
        let wanted = partitions(&self.stage.tonight);
        let text = format!(
            "shop.events has a partition for each of its last 30 days, of today and of the next 7, {} \
             in all, and every row of theirs; the rows of older days are in tables of the schema \
             archive",
            wanted.len()
        );
        let before = &self.stage.tables;
        let wanted = (&wanted, &before["events to keep"], &before["events past"]);
        let after = |tables: &Look| {
            (tables["partitions"] == *wanted.0)
                && (tables["events"] == *wanted.1)
                && (tables["archive"] == *wanted.2)
        };
        let fault = || {
            let [writer, _] = self.tables;
            let keys = ["partitions", "events", "archive"];
            format!(
                "found {:?}, expected {wanted:?}",
                keys.map(|key| &writer[key])
            )
        };
        Check {
            text,
            fault: (!self.tables.iter().all(after)).then(fault),
        }
    }

    pub(super) fn rotation_noted(&self) -> Check {
        let moved = rows(&self.stage.tables, "events past");
        let text = format!(
            "the ledger has one run of {ROTATE}, ended well, with the {moved} rows of the old partitions"
        );
        Check::same(
            text,
            &self.runs(ROTATE),
            &vec![ended_well(ROTATE, ROTATE, moved)],
        )
    }

    /// Mode `plan`: the tables, their partitions, the archive and the ledger, where a look that found
    /// nothing in a job's way is noted for import-events.
    pub(super) fn untouched_tables(&self) -> Check {
        let text = format!(
            "no row and no partition has changed, and of the ledger nothing but that all three jobs have \
             proven themselves: {} rows of shop.access_logs, {} partitions of shop.events, {} rows of \
             shop.sessions",
            thousands(rows(&self.tables[0], "rows")),
            self.tables[0]["partitions"].len(),
            thousands(rows(&self.tables[0], "sessions"))
        );
        let mut wanted = self.stage.tables.clone();
        wanted.remove("jobs");
        wanted.insert("proofs", [PURGE, ROTATE, JOB].map(proven).to_vec());
        let differs = |found: &Look| {
            let differs = |what: &&&str| found[**what] != wanted[**what];
            let what = wanted.keys().find(differs)?;
            Some(format!("{what}: found {:?}", found[what]))
        };
        Check {
            text,
            fault: self.tables.iter().find_map(differs),
        }
    }

    pub(super) fn would_purge(&self) -> Check {
        let text =
            "run-job would have deleted old rows of shop.access_logs, and said about how many";
        self.would(PURGE, text, &["delete about ", " rows"])
    }

    pub(super) fn would_rotate_partitions(&self) -> Check {
        let text =
            "run-job would have added 7 partitions to shop.events and moved 3 to the archive";
        let words = [
            "add 7 partitions",
            "move into tables of archive 3 partitions",
        ];
        self.would(ROTATE, text, &words)
    }

    fn would(&self, job: &str, text: &str, words: &[&str]) -> Check {
        let rows = self.due(job).woken.runs.iter().flat_map(Run::rows);
        let found: Vec<String> = rows
            .map(|row| format!("{} {}", row["outcome"], row["reason"]))
            .collect();
        let said =
            |row: &String| row.contains("planned") && words.iter().all(|word| row.contains(word));
        let fine = matches!(&found[..], [only] if said(only));
        Check {
            text: text.to_owned(),
            fault: (!fine).then(|| found.join(" | ")),
        }
    }

    /// The job's runs, as both of the ledger's tables have them.
    pub(super) fn runs(&self, job: &str) -> Vec<Vec<String>> {
        let runs = self.tables[0]["runs as told"].iter();
        runs.filter(|run| run[0] == job).cloned().collect()
    }

    pub(super) fn invocations(&self, job: &str) -> usize {
        let of = |told: &&crate::night::Told| told.happening.job() == Some(job);
        let worked = |run: &&Run| run.rows().iter().any(|row| row["verdict"] == "act");
        let runs = self
            .told
            .iter()
            .filter(of)
            .flat_map(|told| &told.woken.runs);
        runs.filter(worked).count()
    }
}

/// One run in both tables, told. The log for those who watch their EVENTs has it under `name`.
pub(super) fn ended_well(job: &str, name: &str, rows: u64) -> Vec<String> {
    let rows = rows.to_string();
    [job, "done", "1", &rows, name, "SUCCESS", &rows]
        .map(str::to_owned)
        .to_vec()
}

/// A job that is proven, and of which nothing else is said.
pub(super) fn proven(job: &str) -> Vec<String> {
    [job, "0", "0", "", "", "", "1", "1"]
        .map(str::to_owned)
        .to_vec()
}

pub(super) fn number(rows: &[Vec<String>]) -> u64 {
    let number = rows.first().and_then(|row| row.first());
    number
        .and_then(|number| number.parse().ok())
        .expect("a number")
}

fn rows(tables: &Look, what: &str) -> u64 {
    number(&tables[what])
}
