//! The hand-over of the EVENT, as it is told: what import-events found and wrote, and who has the work
//! in hand.

use serde_json::Value;

use super::{MARGIN, rows};
use crate::night::Told;
use crate::night::event::EVENT;
use crate::night::import::{Hand, JOB, SCHEDULES, Written};
use crate::night::paper::{Ink, Paper};
use crate::night::world::{event, schedule};

/// What it comes to, in a sentence.
pub(super) fn title(hand: Hand) -> String {
    match hand {
        Hand::Plan => format!("The team asks import-events what would become of the EVENT {EVENT}"),
        Hand::Prove => {
            format!("The team has run-job look at {JOB} in mode plan, as a cut-over demands")
        }
        Hand::CutOver => format!("The team asks import-events for the cut-over to {JOB}"),
        Hand::Status => "The first one in the office asks import-events who runs what".to_owned(),
    }
}

/// What came of it.
pub(super) fn tell(paper: &Paper, told: &Told, hand: Hand) {
    let Some(run) = told.woken.runs.first() else {
        return;
    };
    if run.failed || hand != Hand::Status {
        super::run(paper, run, told.woken.mails.is_empty());
    } else {
        rows::print(paper, run.rows());
    }
    match hand {
        Hand::Plan => written(paper, &Written::of(run)),
        Hand::Prove => proof(paper, told),
        Hand::CutOver => hands(paper, &told.after),
        Hand::Status => {}
    }
}

/// In a few lines what an answer has in many.
fn written(paper: &Paper, written: &Written) {
    let policy = serde_json::to_string_pretty(&written.policy).unwrap_or_default();
    let policy: Vec<&str> = policy.lines().map(str::trim).collect();
    let schedule = ["ScheduleExpression", "TimeZone", "State"].map(|name| written.parameter(name));
    paper.text(MARGIN, Some(Ink::Bold), "The EVENT, as the server has it:");
    paper.text(MARGIN, None, &written.event);
    paper.text(
        MARGIN,
        Some(Ink::Bold),
        "The policy of the job in its place:",
    );
    paper.text(MARGIN, None, &policy.join(" "));
    paper.text(MARGIN, Some(Ink::Bold), "Its schedule:");
    paper.text(MARGIN, None, &schedule.join(", "));
    paper.text(MARGIN, Some(Ink::Bold), "What is different in meaning:");
    for difference in &written.differences {
        paper.text(MARGIN, None, &format!("- {difference}"));
    }
}

/// What the ledger says of the job.
fn proof(paper: &Paper, told: &Told) {
    let after = told
        .tables
        .as_ref()
        .map_or(&[][..], |[_, after]| &after["proofs"]);
    let text = if after.iter().any(|row| row[0] == JOB && row[6] == "1") {
        "As it must be before the cut-over: the EVENT still does the work, and nothing else is in the \
         job's way. The ledger now has a note of that (proven_at), which the cut-over will ask for."
    } else {
        "The ledger has no note of it: the cut-over will not be made."
    };
    paper.text(MARGIN, None, text);
}

/// Who has the work in hand: by the server and by Scheduler themselves.
pub(super) fn hands(paper: &Paper, inventory: &Value) {
    let [of_job, _] = SCHEDULES;
    let (event, schedule) = (
        event(inventory, EVENT, "status"),
        schedule(inventory, of_job),
    );
    let text = format!(
        "MySQL: the EVENT is {event}. EventBridge Scheduler: the job's schedule is {schedule}."
    );
    paper.text(MARGIN, Some(Ink::Bold), &text);
}
