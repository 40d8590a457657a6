//! The night as it is told: what happened when, each decision with its reason, the mails.

use serde_json::Value;

use super::Told;
use super::paper::{Ink, Paper, WIDTH, length, wrap};
use super::programme::{Happening, What};
use super::run::Run;
use super::world::PERSON;
use crate::mail::Mail;

/// Where the text of an entry begins, behind its time.
const MARGIN: usize = 7;
/// Where a reason begins, below its decision.
const REASON: usize = MARGIN + 8;
/// More rows of one kind than this are summed up.
const FEW: usize = 6;
/// Longer mails are shown by their beginning and their end.
const LONG: usize = 24;
const ROWS_SHOWN: usize = 4;
const END_SHOWN: usize = 6;

/// Prints what happened. `mails` is how many there have been up to now.
pub fn tell(paper: &Paper, told: &Told, mails: usize) {
    let Happening { time, what } = &told.happening;
    let title = title(what);
    let time = time.strftime("%H:%M").to_string();
    paper.line("");
    for (number, line) in wrap(&title, WIDTH - MARGIN).iter().enumerate() {
        let time = if number == 0 { &*time } else { "" };
        paper.line(&format!(
            "{}  {}",
            paper.ink(Ink::Bold, &format!("{time:5}")),
            paper.ink(Ink::Bold, line)
        ));
    }
    for run in &told.woken.runs {
        self::run(paper, run, told.woken.mails.is_empty());
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
        } => format!(
            "The same trigger once more: AWS promises \"at least once\", so {} must bear it twice",
            schedule.function
        ),
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
        What::Finished { id, .. } => {
            format!("RDS has finished {id}, and its event wakes take-snapshot")
        }
        What::Deleted { id, .. } => format!(
            "{PERSON} deletes {id}, and AWS's record of the call (CloudTrail) wakes take-snapshot"
        ),
    }
}

fn run(paper: &Paper, run: &Run, no_mail: bool) {
    let Run {
        function, attempts, ..
    } = run;
    let (outcome, rows) = (run.text("outcome"), run.rows());
    if run.failed {
        let text = format!(
            "{function} failed, {attempts} times: {}",
            run.text("errorMessage")
        );
        return paper.text(MARGIN, Some(Ink::Red), &text);
    }
    if rows.is_empty() {
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
    decisions(paper, rows);
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

/// Each decision, those of one kind together.
fn decisions(paper: &Paper, rows: &[Value]) {
    let kind = |row: &Value| ["verdict", "action", "outcome"].map(|key| row[key].clone());
    let mut kinds: Vec<Vec<&Value>> = Vec::new();
    for row in rows {
        match kinds.iter_mut().find(|rows| kind(rows[0]) == kind(row)) {
            Some(rows) => rows.push(row),
            None => kinds.push(vec![row]),
        }
    }
    for rows in kinds {
        if rows.len() <= FEW {
            for row in rows {
                one(paper, row);
            }
        } else if rows[0]["verdict"] == "keep" {
            kept(paper, &rows);
        } else {
            many(paper, &rows);
        }
    }
}

fn one(paper: &Paper, row: &Value) {
    head(paper, row, text(row, "subject"));
    paper.text(REASON, Some(Ink::Dim), text(row, "reason"));
    if let Some(detail) = row["detail"].as_str() {
        paper.text(REASON, Some(Ink::Red), detail);
    }
}

/// The decision's word, what it is about, and at the right edge what became of it.
fn head(paper: &Paper, row: &Value, subject: &str) {
    let (word, ink) = match text(row, "verdict") {
        "act" => (text(row, "action"), Ink::Green),
        "wait" => ("wait", Ink::Yellow),
        "alert" => ("ALERT", Ink::Red),
        other => (other, Ink::Dim),
    };
    let (outcome, ink) = match text(row, "outcome") {
        "" => ("", ink),
        "planned" => ("only planned", Ink::Yellow),
        "refused" => ("REFUSED", Ink::Yellow),
        "failed" => ("FAILED", Ink::Red),
        other => (other, ink),
    };
    let mut lines = wrap(subject, WIDTH - REASON - length(outcome) - 2).into_iter();
    let first = format!("{word:<7} {}", lines.next().unwrap_or_default());
    paper.both(MARGIN, (&first, None), (outcome, ink));
    for line in lines {
        paper.text(REASON, None, &line);
    }
}

/// So many of a kind, and of each reason the first.
fn many(paper: &Paper, rows: &[&Value]) {
    let cluster = text(rows[0], "cluster");
    head(
        paper,
        rows[0],
        &format!("{} snapshots of {cluster}, such as", rows.len()),
    );
    let reason = |row: &Value| {
        text(row, "reason")
            .split([' ', ':'])
            .next()
            .map(str::to_owned)
    };
    let mut told = Vec::new();
    for row in rows {
        if !told.contains(&reason(row)) {
            told.push(reason(row));
            sample(paper, row);
        }
    }
}

/// Kept snapshots, summed up by the rules that keep them, and an example of each rule.
fn kept(paper: &Paper, rows: &[&Value]) {
    let (mut counts, mut examples) = (Vec::<(&str, usize)>::new(), Vec::<&Value>::new());
    for row in rows.iter().rev() {
        for rule in rules(row) {
            match counts.iter_mut().find(|(known, _)| *known == rule) {
                Some((_, count)) => *count += 1,
                None => counts.push((rule, 1)),
            }
        }
        let first = |row: &Value| rules(row).next().map(str::to_owned);
        if !examples.iter().any(|example| first(example) == first(row)) {
            examples.push(row);
        }
    }
    let counts: Vec<String> = counts
        .iter()
        .map(|(rule, count)| format!("{count} {rule}"))
        .collect();
    let text = format!(
        "{} snapshots: {} (several rules may keep one), such as",
        rows.len(),
        counts.join(", ")
    );
    head(paper, rows[0], &text);
    for row in examples {
        sample(paper, row);
    }
}

/// The rules in a reason, as a sum calls them.
fn rules(row: &Value) -> impl Iterator<Item = &str> {
    let rule = |reason: &'_ str| reason.split([' ', ':']).next().map(str::len);
    text(row, "reason").split("; ").map(move |reason| {
        match &reason[..rule(reason).unwrap_or_default()] {
            "oldest" => "as the oldest",
            "within" => "within the last hours",
            rule => rule,
        }
    })
}

fn sample(paper: &Paper, row: &Value) {
    paper.text(REASON, None, text(row, "subject"));
    paper.text(REASON + 2, Some(Ink::Dim), text(row, "reason"));
}

fn mail(paper: &Paper, mail: &Mail, number: usize) {
    let body: Vec<String> = mail.email().lines().map(str::to_owned).collect();
    let mut lines = vec![format!("Subject: {}", mail.subject), String::new()];
    lines.extend(shortened(body));
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

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}
