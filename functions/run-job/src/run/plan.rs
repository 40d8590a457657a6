//! Mode `plan`: what the job would do, and not a word written.

use aurora_model::{Choice, Outcome, Plan, Report};

use super::{Visit, kinds, see::Known, tell};
use crate::{
    database::{Database, Session, Standing},
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
        ..
    } = known;
    let slot = standing
        .open
        .as_ref()
        .map_or(visit.slot(), |open| open.slot);
    let looked = kinds::look::<D>(&mut inside.session, visit.job(), slot).await;
    inside.session.close().await;
    match looked {
        Ok(outlook) => planned(visit, &standing, decided.work, outlook),
        Err(error) => refused(visit, vec![error.to_string()]),
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
