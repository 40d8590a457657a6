//! What is left when a run is over, and what is wrong with it.

use crate::stage::Stage;

/// What is left when a run is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// The answers to the subject's queries.
    pub effect: Vec<Vec<String>>,
    /// The runs of the schedule: `state rows copied children checksum`.
    pub runs: Vec<String>,
    /// What is in the table that monitoring reads.
    pub log: Vec<String>,
    /// All runs of the job together, the schedules beside it included.
    pub all: Vec<String>,
    /// What the ledger should say went.
    pub went: Vec<String>,
}

const ALL: &str = "SELECT SUM(rows_gone), SUM(rows_copied), SUM(rows_children), BIT_XOR(checksum), \
     COUNT(*) = SUM(state IN ('done', 'skipped')) FROM nightshift.job_run";

impl Left {
    pub async fn of(stage: &Stage) -> Self {
        let runs = format!(
            "SELECT state, rows_gone, rows_copied, rows_children, checksum \
             FROM nightshift.job_run WHERE slot = '{}'",
            stage.slot()
        );
        let log = format!(
            "SELECT l.status, l.rows_affected FROM nightshift.event_execution_log l \
             JOIN nightshift.job_run r ON r.id = l.run WHERE r.slot = '{}'",
            stage.slot()
        );
        Self {
            effect: Self::effect(stage).await,
            runs: stage.ask(&runs).await,
            log: stage.ask(&log).await,
            all: stage.ask(ALL).await,
            went: stage.ask(stage.subject.went).await,
        }
    }

    pub async fn effect(stage: &Stage) -> Vec<Vec<String>> {
        let mut effect = vec![];
        for sql in &stage.subject.effect {
            effect.push(stage.ask(sql).await);
        }
        effect
    }

    /// What is wrong after two schedules at once, whichever of them did the work.
    pub async fn by_two(&self, stage: &Stage, expected: &Self) -> Vec<String> {
        let mut wrong = always(stage).await;
        if (&self.effect, &self.all) != (&expected.effect, &expected.all) {
            wrong.push(format!("left {self:?}\n    expected {expected:?}"));
        }
        wrong
    }

    /// What is wrong after a run that clients worked beside: it cannot be known what is there, but
    /// every row is accounted for.
    pub async fn under_load(&self, stage: &Stage) -> Vec<String> {
        let mut wrong = sums(self);
        if let Some(load) = &stage.subject.load
            && stage.ask(load.holds).await != ["1"]
        {
            wrong.push(format!("does not hold: {}: {self:?}", load.holds));
        }
        wrong.extend(always(stage).await);
        wrong
    }
}

/// What is wrong after a run that should leave what is expected.
pub async fn faults(stage: &Stage, left: &Left, expected: &Left) -> Vec<String> {
    let unknown = stage.subject.reports && is_reported(stage).await;
    let mut wrong = vec![];
    if unknown {
        // A person is told that nobody knows; then it was at least not begun twice.
        if left.runs != ["failed 0 0 0 0"] || left.log != ["FAILED 0"] {
            wrong.push(format!("of a run that was lost: {left:?}"));
        }
    } else {
        if (&left.effect, &left.runs, &left.log)
            != (&expected.effect, &expected.runs, &expected.log)
        {
            wrong.push(format!("left {left:?}\n    expected {expected:?}"));
        }
        wrong.extend(sums(left));
    }
    if stage
        .ask(stage.subject.holds)
        .await
        .iter()
        .any(|it| it != "1")
    {
        wrong.push(format!("does not hold: {}", stage.subject.holds));
    }
    wrong.extend(always(stage).await);
    wrong
}

async fn is_reported(stage: &Stage) -> bool {
    let sql = "SELECT COUNT(*) FROM nightshift.job_run \
               WHERE error_message LIKE '%whether it ended well is not known%'";
    stage.ask(sql).await == ["1"]
}

/// The ledger's sums are what went, and it is one run that is done.
fn sums(left: &Left) -> Vec<String> {
    let done: Vec<_> = left
        .went
        .iter()
        .map(|went| format!("done {went}"))
        .collect();
    if left.runs == done {
        vec![]
    } else {
        vec![format!(
            "the ledger says {:?}, but {done:?} went",
            left.runs
        )]
    }
}

/// Never two runs at once, and a mail.
async fn always(stage: &Stage) -> Vec<String> {
    let mut wrong = vec![];
    let open = stage
        .ask("SELECT COALESCE(MAX(n), 1) FROM audit.open_runs")
        .await;
    if open != ["1"] {
        wrong.push(format!("open runs at once: {open:?}"));
    }
    if stage.mails() == 0 {
        wrong.push("nobody was told".to_owned());
    }
    wrong
}
