//! Procedures and statements over the simulator's servers: how long one takes is in its name.

use std::time::Duration;

use aurora_sql::SqlError;
use jobs::policy::{Name, Sql};
use run_job::database::{Holder, Place, Procedure, RunId, Supervised, Tally, Work, Worked};

use super::{Connected, ledger};

impl Supervised for Connected {
    async fn procedure(&mut self, _: &Name, _: &Name) -> Result<Option<Procedure>, SqlError> {
        let procedure = Procedure {
            parameters: Vec::new(),
            endable: true,
        };
        self.read("reading the procedure", |_| Ok(Some(procedure)))
            .await
    }

    async fn prepare(&mut self, _: &Sql) -> Result<(), SqlError> {
        self.read("preparing the statement", |_| Ok(())).await
    }

    async fn work(&mut self, work: Work<'_>, budget: Duration) -> Result<Worked, SqlError> {
        let run = self.run.map_or(0, |run| run.0);
        let said = ("the work", format!("work for run {run}"));
        let times = (takes(work), budget);
        let done = |_: &mut _, _| {
            Ok(Worked {
                rows: 1,
                rolled_back: false,
            })
        };
        self.session.worked(said, times, run, done).await
    }

    async fn work_noted(
        &mut self,
        work: Work<'_>,
        budget: Duration,
        run: RunId,
        holder: &Holder,
        then: &Place,
    ) -> Result<Option<u64>, SqlError> {
        let (holder, then) = (holder.0.clone(), ledger::json(then));
        let said = ("the work", format!("noted work for run {}", run.0));
        let times = (takes(work), budget);
        let done = move |store: &mut _, _| {
            let row = ledger::held(store, run, &holder)?;
            // Where another has the run in hand, the transaction is rolled back.
            let Some(row) = row else {
                return Err(not_ours());
            };
            row.steps += 1;
            row.rows += 1;
            row.place = then;
            Ok(Some(1))
        };
        let answer = self.session.worked(said, times, run.0, done).await;
        match answer {
            Err(error) if error == not_ours() => Ok(None),
            answer => answer,
        }
    }

    async fn note(
        &mut self,
        run: RunId,
        holder: &Holder,
        then: &Place,
        more: &Tally,
    ) -> Result<bool, SqlError> {
        let (holder, then, more) = (holder.0.clone(), ledger::json(then), *more);
        let said = (
            "noting what is done",
            format!("note run {} at {then}", run.0),
        );
        self.change(said, move |store, _| {
            let row = ledger::held(store, run, &holder)?;
            Ok(row.is_some_and(|row| {
                row.place = then;
                row.steps += more.steps;
                row.rows += more.rows;
                row.copied += more.copied;
                row.children += more.children;
                row.checksum ^= more.checksum;
                true
            }))
        })
        .await
    }
}

/// Only used between these two places: no server has such an error.
fn not_ours() -> SqlError {
    SqlError::Refused {
        what: "the work".into(),
        code: 0,
        state: "00000".into(),
    }
}

/// As the number at the end of the procedure's or the table's name says, in seconds.
fn takes(work: Work<'_>) -> Duration {
    let name = match work {
        Work::Call(_, call) => call.procedure.as_str(),
        Work::Statement(sql) => sql.sql.split(' ').nth(2).unwrap_or_default(),
    };
    let number = name
        .rsplit('_')
        .next()
        .and_then(|number| number.parse().ok());
    Duration::from_secs(number.unwrap_or(0))
}
