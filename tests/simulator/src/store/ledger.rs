//! The ledger's tables.

use std::collections::BTreeMap;

use jiff::Timestamp;

/// The ledger's tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// One row for each job that was ever begun or paused.
    pub jobs: BTreeMap<String, JobRow>,
    /// One row for each run; its number is its place here, counted from 1.
    pub runs: Vec<RunRow>,
    /// `event_execution_log`.
    pub log: Vec<Logged>,
}

/// A job.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JobRow {
    /// Since when it is paused, and why.
    pub paused: Option<(Timestamp, String)>,
    /// How many runs failed in a row.
    pub failures: u32,
    /// A slot that is to be begun once the run under way is over.
    pub buffered: Option<Timestamp>,
    /// When a plan run of it went well last, and the policy it had, as JSON.
    pub proven: Option<(Timestamp, String)>,
}

/// A run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunRow {
    /// Its number.
    pub id: u64,
    /// The job.
    pub job: String,
    /// The schedule's time.
    pub slot: Timestamp,
    /// `running`, `done`, `failed`, `stopped`, `skipped`.
    pub state: &'static str,
    /// When it was begun.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// What the job was.
    pub spec: String,
    /// Who has it in hand.
    pub holder: String,
    /// How many had it in hand.
    pub attempts: u32,
    /// Where it goes on, as JSON.
    pub place: String,
    /// Steps, rows gone, rows copied, children gone.
    pub steps: u64,
    /// Rows gone.
    pub rows: u64,
    /// Rows copied.
    pub copied: u64,
    /// Rows of children gone.
    pub children: u64,
    /// The rows' checksum.
    pub checksum: u64,
    /// Why it failed.
    pub error: Option<String>,
    /// Whether the team was told.
    pub told: bool,
}

/// A row of `event_execution_log`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The run.
    pub run: u64,
    /// `SUCCESS` and so on.
    pub status: String,
}

impl Ledger {
    /// The run that is not over, if there is one.
    #[must_use]
    pub fn open(&self, job: &str) -> Option<&RunRow> {
        let mut runs = self.runs.iter();
        runs.find(|run| run.job == job && run.state == "running")
    }

    /// The run that ended last, skipped ones apart.
    #[must_use]
    pub fn last(&self, job: &str) -> Option<&RunRow> {
        let ended = |run: &&RunRow| run.job == job && !["running", "skipped"].contains(&run.state);
        self.runs.iter().filter(ended).max_by_key(|run| run.ended)
    }

    /// The run for this slot.
    #[must_use]
    pub fn of_slot(&self, job: &str, slot: Timestamp) -> Option<&RunRow> {
        let mut runs = self.runs.iter();
        runs.find(|run| run.job == job && run.slot == slot)
    }

    /// Adds a run for a slot, in this state; its number.
    pub fn add(&mut self, job: &str, slot: Timestamp, state: &'static str, at: Timestamp) -> u64 {
        let id = self.runs.len() as u64 + 1;
        self.jobs.entry(job.to_owned()).or_default();
        self.runs.push(RunRow {
            id,
            job: job.to_owned(),
            slot,
            state,
            began: at,
            ended: (state != "running").then_some(at),
            spec: String::new(),
            holder: String::new(),
            attempts: 1,
            place: "{}".to_owned(),
            steps: 0,
            rows: 0,
            copied: 0,
            children: 0,
            checksum: 0,
            error: None,
            told: false,
        });
        id
    }

    /// The run of this number.
    pub fn run_mut(&mut self, id: u64) -> Option<&mut RunRow> {
        let place = usize::try_from(id).ok()?.checked_sub(1)?;
        self.runs.get_mut(place)
    }

    /// The run of this number, if `holder` has it in hand and it is not over.
    pub fn held(&mut self, id: u64, holder: &str) -> Option<&mut RunRow> {
        let run = self.run_mut(id)?;
        (run.holder == holder && run.state == "running").then_some(run)
    }
}
