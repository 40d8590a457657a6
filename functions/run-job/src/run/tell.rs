//! Acting on what was decided, and what the team is told.
//!
//! Whatever the team must know of is in the ledger before it is told, and is marked there once the
//! mail is on its way: an invocation that dies between the two leaves the mail to the next tick.

use std::cell::Cell;

use aurora_model::{Choice, Outcome, Plan, report::Telling};
use handler::Answer;

use super::{
    Visit,
    door::{Door, Inside},
    notes,
    postscript::Postscript,
    rows::Rows,
    see::Known,
    work::{Start, Turned, work},
};
use crate::{
    Tools,
    database::{Database, Standing},
    decide::{Decided, Note, Work},
    report::Deed,
};

/// Does what was decided.
pub(super) async fn applied<'a, D: Database>(
    visit: &Visit<'_, D>,
    tools: Tools<'a, D>,
    door: Door<'_, D>,
    known: Known<D::Session>,
    decided: Decided,
) -> Answer<'a> {
    let Known {
        inside,
        mut standing,
        locked,
        ..
    } = known;
    // Whoever has the job's lock tells of its runs, perhaps at this moment.
    standing.untold.retain(|_| locked);
    let plan = planned(visit, decided, &standing);
    let (inside, turned) = (Cell::new(Some(inside)), Cell::new(None));
    let act = async |_: &_, deed: &Deed| match deed {
        Deed::Note(note) => noted(visit, &inside, note).await,
        Deed::Work(start) => {
            let work = work(visit, &door, inside.take(), start);
            let (done, still) = Box::pin(work).await;
            turned.set(Some(done));
            inside.set(still);
            Outcome::Done
        }
        Deed::Told(_) => Outcome::AlreadyDone,
    };
    let (mode, deadline) = (visit.call.mode, visit.call.deadline);
    let outcomes = handler::apply(&plan, mode, deadline, 1, act).await;
    let rows = rows(visit, &standing, plan, outcomes, turned.take());
    let postscript = Postscript::new(visit, tools, door.writer, &rows, inside.take());
    answer(visit, rows, postscript)
}

/// The notes in their order, and then the work.
fn planned<D: Database>(
    visit: &Visit<'_, D>,
    Decided { notes, work }: Decided,
    standing: &Standing,
) -> Plan<Deed> {
    let note = |note: Note| {
        let why = format!(
            "the schedule of {}: {}",
            super::slot(note.slot()),
            note.why()
        );
        visit.decision(Choice::Act(Deed::Note(note)), why)
    };
    let mut decisions: Vec<_> = notes.into_iter().map(note).collect();
    let (choice, reason) = chosen(work, standing);
    decisions.push(visit.decision(choice, reason));
    Plan {
        decisions,
        ..Plan::empty()
    }
}

/// What the work is in a plan.
pub(super) fn chosen(work: Work, standing: &Standing) -> (Choice<Deed>, String) {
    let open = standing.open.as_ref().map(|open| open.id);
    let act = |start| (Choice::Act(Deed::Work(start)), String::new());
    match (work, open) {
        (Work::Nothing(why), _) => (Choice::Keep, why),
        (Work::Wait(why), _) => (Choice::Wait, why),
        (Work::Refuse(why), _) => (Choice::Alert, why),
        (Work::Begin(slot), _) => act(Start::Begin(slot)),
        (Work::Continue, Some(open)) => act(Start::Continue(open)),
        (Work::Replace(then), Some(open)) => act(Start::Replace(open, then)),
        (Work::Continue | Work::Replace(_), None) => {
            (Choice::Keep, "no run is under way".to_owned())
        }
    }
}

async fn noted<D: Database>(
    visit: &Visit<'_, D>,
    inside: &Cell<Option<Inside<D::Session>>>,
    note: &Note,
) -> Outcome {
    let Some(mut there) = inside.take() else {
        return Outcome::Left {
            detail: "the session is over".to_owned(),
        };
    };
    let outcome = notes::write(visit, &mut there.session, note).await;
    inside.set(Some(there));
    outcome
}

fn rows<'v, D: Database>(
    visit: &'v Visit<'v, D>,
    standing: &Standing,
    plan: Plan<Deed>,
    outcomes: Vec<Outcome>,
    mut turned: Option<Turned>,
) -> Rows<'v, D> {
    let mut rows = Rows::new(visit);
    for run in &standing.untold {
        rows.over(run);
    }
    let mut outcomes = outcomes.into_iter();
    for decision in plan.decisions {
        match &decision.choice {
            Choice::Act(Deed::Note(note)) => {
                let (note, outcome) = (note.clone(), outcomes.next());
                rows.noted(decision, &note, outcome);
            }
            Choice::Act(_) => match turned.take() {
                Some(turned) => rows.turned(decision, turned),
                None => rows.push(decision, outcomes.next()),
            },
            Choice::Alert => rows.refused(decision, standing),
            _ => rows.push(decision, None),
        }
    }
    rows
}

fn answer<'a, D: Database>(
    visit: &Visit<'_, D>,
    rows: Rows<'_, D>,
    postscript: Option<Postscript<'a, D>>,
) -> Answer<'a> {
    let Rows {
        decisions,
        outcomes,
        notes,
        did,
        news,
        by_content,
        ..
    } = rows;
    let plan = Plan {
        decisions,
        notes,
        ..Plan::empty()
    };
    let mut report = visit.report(plan, outcomes);
    report.telling = match (news, by_content) {
        (true, _) => Telling::New,
        (false, true) => Telling::ByItsContent,
        (false, false) => Telling::Told,
    };
    crate::report::measure(&mut report, &did);
    match postscript {
        Some(postscript) => Answer::noted(report, postscript.write()),
        None => report.into(),
    }
}
