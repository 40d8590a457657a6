//! The decisions of one run: a few in full, many summed up with examples. All of them stand in
//! the book.

use serde_json::Value;

use super::MARGIN;
use crate::night::paper::{Ink, Paper, WIDTH, length, wrap};

/// Where a reason begins, below its decision.
const REASON: usize = MARGIN + 8;
/// More rows of one kind than this are summed up.
const FEW: usize = 6;

/// Each decision, those of one kind together.
pub(super) fn print(paper: &Paper, rows: &[Value]) {
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
    text(row, "reason").split("; ").map(|reason| {
        let end = reason.find([' ', ':']).unwrap_or(reason.len());
        match &reason[..end] {
            "oldest" => "as the oldest",
            "within" => reason.split(" of ").next().unwrap_or(reason),
            rule => rule,
        }
    })
}

fn sample(paper: &Paper, row: &Value) {
    paper.text(REASON, None, text(row, "subject"));
    paper.text(REASON + 2, Some(Ink::Dim), text(row, "reason"));
}

fn text<'a>(row: &'a Value, key: &str) -> &'a str {
    row[key].as_str().unwrap_or_default()
}
