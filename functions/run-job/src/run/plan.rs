//! Mode `plan`: what the job would do. Nothing is written but, where there is a ledger, that the job
//! has proven itself: import-events hands an EVENT over only to a job that has.

use aurora_model::{Choice, Note, Outcome, Plan, Report, Severity};
use aurora_sql::SqlError;
use jiff::Timestamp;

use super::{Visit, kinds, see::Known, tell};
use crate::{
    database::{Database, Ledger, Session, Standing},
    decide::{Decided, Event, Work, enabled},
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
        event,
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
        Ok(outlook) => planned(
            visit,
            &standing,
            looked_past(visit, event, decided.work, slot),
            outlook,
        ),
        Err(error) => refused(visit, vec![error.to_string()]),
    };
    report.notes.extend(note);
    report
}

/// A job is looked at before its EVENT is handed over to it: that the EVENT is enabled is as it should
/// be then, and no alarm. What it would do is told with it.
fn looked_past<D: Database>(
    visit: &Visit<'_, D>,
    event: Event,
    work: Work,
    slot: Timestamp,
) -> (Work, Option<String>) {
    if event != Event::Enabled {
        return (work, None);
    }
    let event = visit.job().replaces_event.as_deref().unwrap_or_default();
    let until = format!(
        "{}: the job does not run before that is disabled, by import-events with a cut-over, or by hand",
        enabled(event)
    );
    (Work::Begin(slot), Some(until))
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
    (work, until): (Work, Option<String>),
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
        until.into_iter().collect(),
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
