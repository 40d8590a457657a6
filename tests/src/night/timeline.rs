//! The night as it is told: what happened when, each decision with its reason, the mails.

mod import;
mod rows;

use super::Told;
use super::paper::{Ink, Paper, WIDTH, length, wrap};
use super::programme::{Happening, What};
use super::readers::Event;
use super::run::Run;
use super::secret::{DAYS, SECRET};
use super::servers::USER;
use super::tonight::Tonight;
use super::trouble::{self, CHECKOUT, REPORTS};
use super::world::PERSON;
use crate::mail::Mail;

/// Where the text of an entry begins, behind its time.
pub const MARGIN: usize = 7;
/// Longer mails are shown by their beginning and their end, but for a case file: what it is for is in the
/// middle.
const LONG: usize = 24;
const ROWS_SHOWN: usize = 4;
const END_SHOWN: usize = 6;

/// Prints what happens, and when.
pub fn head(paper: &Paper, tonight: &Tonight, happening: &Happening) {
    let Happening { time, what } = happening;
    let title = title(what);
    let (utc, time) = (
        time.strftime("%H:%M UTC"),
        tonight.local(*time).strftime("%H:%M"),
    );
    let (utc, time) = (utc.to_string(), time.to_string());
    paper.line("");
    let mut lines = wrap(&title, WIDTH - MARGIN - length(&utc) - 2).into_iter();
    let first = format!("{time}  {}", lines.next().unwrap_or_default());
    paper.both(0, (&first, Some(Ink::Bold)), (&utc, Ink::Dim));
    for line in lines {
        paper.text(MARGIN, Some(Ink::Bold), &line);
    }
}

/// Prints what came of it. `mails` is how many there have been up to now.
pub fn tell(paper: &Paper, told: &Told, mails: usize) {
    match &told.happening.what {
        What::ByHand(hand) => import::tell(paper, told, *hand),
        What::Deploys | What::Sleeps(_) => import::hands(paper, &told.after),
        _ => {
            for run in &told.woken.runs {
                self::run(paper, run, told.woken.mails.is_empty());
            }
        }
    }
    if told.happening.rotates() || told.happening.job().is_some() {
        paper.text(MARGIN, Some(Ink::Bold), &logins(told));
    }
    let idle = told
        .woken
        .runs
        .iter()
        .all(|run| run.text("outcome") == "nothing");
    if told.happening.tick_of_job().is_some() && idle {
        let text = "its next ticks find the same and are left out here";
        paper.text(MARGIN, Some(Ink::Dim), text);
    }
    let first = mails - told.woken.mails.len() + 1;
    for (number, mail) in told.woken.mails.iter().enumerate() {
        self::mail(paper, mail, first + number);
    }
}

/// What happened, in a sentence.
pub fn title(what: &What) -> String {
    match what {
        What::Due {
            schedule,
            again: true,
            ..
        } => format!(
            "The same trigger once more: AWS promises \"at least once\", so {} must bear it twice",
            schedule.function
        ),
        What::Due { schedule, .. } if schedule.function == "rotate-secret" => {
            format!("{} looks at every secret that it serves", schedule.wakes())
        }
        What::Due { schedule, .. } if schedule.is_of_a_job() && schedule.is_tick() => format!(
            "run-job looks whether the run of {} is over, and goes on with it if it is not",
            schedule.wakes()
        ),
        What::Due { schedule, .. } if schedule.is_of_a_job() => format!(
            "AWS's alarm clock (EventBridge Scheduler) wakes run-job for the job {}",
            schedule.wakes()
        ),
        What::Due { schedule, .. } if schedule.function == "remedy-alarm" => {
            format!(
                "{} looks again what rings: of what the team knows there is no second mail",
                schedule.wakes()
            )
        }
        What::Due { schedule, .. } if schedule.is_tick() => {
            format!(
                "{} looks again, for what was not possible before",
                schedule.wakes()
            )
        }
        What::Due { schedule, .. } => {
            format!(
                "AWS's alarm clock (EventBridge Scheduler) wakes {}",
                schedule.wakes()
            )
        }
        What::Rotates => {
            format!("{SECRET} is {DAYS} days old: Secrets Manager has rotate-secret renew it")
        }
        What::Finished { id, .. } => {
            format!("RDS has finished {id}, and its event wakes take-snapshot")
        }
        What::Deleted { id, .. } => format!(
            "{PERSON} deletes {id}, and AWS's record of the call (CloudTrail) wakes take-snapshot"
        ),
        What::Sleeps(schedule) => format!(
            "The hour of {}; but its schedule is disabled, and run-job is not woken",
            schedule.wakes()
        ),
        What::Readers(event) => readers(*event).to_owned(),
        What::Trouble(event) => trouble(*event),
        What::ByHand(hand) => import::title(*hand),
        What::Deploys => {
            "The team deploys infra/job.yaml with what was written, its schedule disabled"
                .to_owned()
        }
    }
}

fn readers(event: Event) -> &'static str {
    match event {
        Event::Busy => {
            "The readers of billing have much to do: CloudWatch's alarm on their processors goes off \
             and wakes scale-readers"
        }
        Event::Comes => {
            "RDS has created the reader, and its event wakes scale-readers; the load has eased"
        }
        Event::Idle => {
            "The readers of billing have little to do: the other alarm says so and wakes scale-readers"
        }
        Event::Goes => "RDS has deleted the reader, and its event wakes scale-readers",
    }
}

fn trouble(event: trouble::Event) -> String {
    match event {
        trouble::Event::Begins => format!(
            "A program of {REPORTS} changes a row of shop.baskets and forgets to end its transaction; a \
             {CHECKOUT} comes to wait for the row"
        ),
        trouble::Event::Rings => "The transaction has kept old rows alive for more than an hour: \
             CloudWatch's alarm on the history list goes off and wakes remedy-alarm"
            .to_owned(),
        trouble::Event::Over => {
            "The history list is short again: the alarm says so and wakes remedy-alarm".to_owned()
        }
    }
}

/// What became of the application meanwhile.
fn logins(told: &Told) -> String {
    let (said, more) = (told.logins.said(), told.logins.sum() - told.at_rest.sum());
    let still = match told.happening.what {
        What::Rotates => format!(
            ". The last {more} were still with the old password: {USER} keeps what it has read for \
             an hour"
        ),
        _ => String::new(),
    };
    format!("{USER} up to now: {said}{still}")
}

fn run(paper: &Paper, run: &Run, no_mail: bool) {
    let Run {
        function, attempts, ..
    } = run;
    let (outcome, rows) = (run.text("outcome"), run.rows());
    if let Some(step) = run.step.as_ref().filter(|_| !run.failed) {
        paper.both(MARGIN, (step, Some(Ink::Bold)), (outcome, Ink::Green));
        return rows::print(paper, rows);
    }
    if run.failed {
        let text = format!(
            "{function} failed, {attempts} times: {}",
            run.text("errorMessage")
        );
        return paper.text(MARGIN, Some(Ink::Red), &text);
    }
    if function.ends_with("-report-failure") && outcome == "success" {
        let text = format!("{function} is woken by that, and tells the team");
        return paper.text(MARGIN, None, &text);
    }
    let silent = if no_mail { "; no mail" } else { "" };
    if outcome == "nothing" && rows.len() > 1 {
        let with = |verdict: &str| rows.iter().filter(|row| row["verdict"] == verdict).count();
        let (kept, left) = (with("keep"), with("leave"));
        let text = format!("nothing to do: {kept} kept, {left} left alone{silent}");
        return paper.text(MARGIN, Some(Ink::Dim), &text);
    }
    rows::print(paper, rows);
    let ink = match outcome {
        "success" => Ink::Green,
        "nothing" => Ink::Dim,
        "failed" | "needs-person" => Ink::Red,
        _ => Ink::Yellow,
    };
    let text = match outcome {
        "nothing" => format!("nothing to do{silent}"),
        _ => format!("{outcome}: {}", run.text("headline")),
    };
    paper.text(MARGIN, Some(ink), &text);
}

fn mail(paper: &Paper, mail: &Mail, number: usize) {
    let body: Vec<String> = mail.email().lines().map(str::to_owned).collect();
    let mut lines = vec![format!("Subject: {}", mail.subject), String::new()];
    let case_file = body.iter().any(|line| line == "Most likely");
    lines.extend(if case_file { body } else { shortened(body) });
    paper.frame(MARGIN, &format!("mail {number} to the team"), &lines);
}

/// The beginning, the first rows, and where to look; all of it stands in the book.
fn shortened(body: Vec<String>) -> Vec<String> {
    let rows = body.iter().position(|line| line == "What and why");
    let start = rows.map_or(LONG, |rows| rows + 1 + 2 * ROWS_SHOWN);
    let left_out = body.len().saturating_sub(start + END_SHOWN);
    if body.len() <= LONG || left_out == 0 {
        return body;
    }
    let end = body.len() - END_SHOWN;
    let note = format!("  [ {left_out} more lines like these ]");
    [&body[..start], &[note], &body[end..]].concat()
}
