//! Mode `plan`: what the job would do. Nothing is written but, where there is a ledger, that the job
//! has proven itself: import-events hands an EVENT over only to a job that has.

use aurora_model::{Choice, Note, Outcome, Plan, Report, Severity};
use aurora_sql::SqlError;

use super::{Visit, kinds, see::Known, tell};
use crate::{
    database::{Database, Ledger, Session, Standing},
    decide::{Decided, Work},
    report::{self, Deed},
    turn::Outlook,
};

/// Looks at what the job would do, whether or not its time has come.
pub(super) async fn looked<D: Database>(
    visit: &Visit<'_, D>,
    known: Known<D::Session>,
    decided: Decided,
) -> Report {
    let Known {
        mut inside,
        standing,
        ledger,
        ..
    } = known;
    let slot = standing
        .open
        .as_ref()
        .map_or(visit.slot(), |open| open.slot);
    let looked = kinds::look::<D>(&mut inside.session, visit.job(), slot).await;
    let fit = looked.as_ref().is_ok_and(|look| look.refused.is_empty());
    let note = if fit {
        proven(visit, &mut inside.session, ledger).await
    } else {
        None
    };
    inside.session.close().await;
    let mut report = match looked {
        Ok(outlook) => planned(visit, &standing, decided.work, outlook),
        Err(error) => refused(visit, vec![error.to_string()]),
    };
    report.notes.extend(note);
    report
}

/// Notes that nothing is in the job's way; what is to be said where that cannot be noted.
async fn proven<D: Database>(
    visit: &Visit<'_, D>,
    session: &mut D::Session,
    ledger: bool,
) -> Option<Note> {
    let event = visit.job().replaces_event.as_ref();
    let why = if ledger {
        let (name, proof) = (&visit.job().job, jobs::proof(visit.job()));
        let noted = session.prove(name, visit.moment(), &proof).await;
        unnoted(&noted.err()?, &visit.who())
    } else {
        "there is no ledger: run infra/ledger.sql as an administrator".to_owned()
    };
    event.map(|event| {
        let text = format!(
            "This look is not noted, and import-events hands {event} over only to a job that has been \
             looked at: {why}; then look again."
        );
        Note::new(Severity::Warning, text)
    })
}

fn unnoted(error: &SqlError, who: &str) -> String {
    match error {
        SqlError::MissingRight { .. } => {
            format!("GRANT INSERT, UPDATE ON `nightshift`.* to {who}")
        }
        error => error.to_string(),
    }
}

fn planned<D: Database>(
    visit: &Visit<'_, D>,
    standing: &Standing,
    work: Work,
    outlook: Outlook,
) -> Report {
    if !outlook.refused.is_empty() {
        return refused(visit, outlook.refused);
    }
    let (choice, why) = tell::chosen(work, standing);
    let open = standing.open.as_ref().map(report::progress);
    let said = [
        vec![outlook.would],
        open.into_iter().collect(),
        outlook.notes,
    ]
    .concat();
    let said = said.join("; ");
    let (reason, outcomes) = match &choice {
        Choice::Act(_) => (said, vec![Outcome::Planned]),
        _ => (format!("{why}; it would {said}"), vec![]),
    };
    let decisions = vec![visit.decision(choice, reason)];
    visit.report(
        Plan {
            decisions,
            ..Plan::empty()
        },
        outcomes,
    )
}

fn refused<D: Database>(visit: &Visit<'_, D>, why: Vec<String>) -> Report {
    let refused = |why| visit.decision(Choice::<Deed>::Alert, why);
    let decisions = why.into_iter().map(refused).collect();
    visit.report(
        Plan {
            decisions,
            ..Plan::empty()
        },
        vec![],
    )
}
