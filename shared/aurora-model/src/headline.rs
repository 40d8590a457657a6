//! The headline of a report: `orders and billing: failed to create 1, created 1`.

use crate::{
    Breach, Outcome,
    report::{Row, Verdict},
    words::{count, list},
};

type Wanted = fn(&Outcome) -> bool;

/// What is said of the actions of one verb, in this order, when there are any.
const SAID: [(&str, &str, Wanted); 6] = [
    ("failed to ", "", |o| matches!(o, Outcome::Failed { .. })),
    ("", "d", |o| matches!(o, Outcome::Done)),
    ("already ", "d", |o| matches!(o, Outcome::AlreadyDone)),
    ("would ", "", |o| matches!(o, Outcome::Planned)),
    ("refused to ", "", |o| matches!(o, Outcome::Refused)),
    ("still to ", "", |o| {
        matches!(o, Outcome::Busy { .. } | Outcome::Left { .. })
    }),
];

/// The headline of a report with these rows and breaches.
pub(crate) fn of(rows: &[Row], breaches: &[Breach]) -> String {
    let mut parts: Vec<String> = verbs(rows)
        .into_iter()
        .flat_map(|verb| actions(rows, verb))
        .collect();
    parts.extend(people(rows));
    parts.extend(
        some(with(rows, Verdict::Wait))
            .map(|waiting| format!("{waiting} waiting for the next tick")),
    );
    if parts.is_empty() {
        let nothing = if breaches.is_empty() {
            "nothing to do"
        } else {
            "refused"
        };
        parts.push(nothing.into());
    }
    format!("{}{}", about(rows), parts.join(", "))
}

fn actions(rows: &[Row], verb: &'static str) -> impl Iterator<Item = String> {
    let of_verb = |wanted: fn(&Outcome) -> bool| {
        let mine = rows.iter().filter(|row| row.action == Some(verb));
        mine.filter(|row| row.outcome.as_ref().is_some_and(wanted))
            .count()
    };
    let said: Vec<String> = SAID
        .iter()
        .filter_map(|(before, after, wanted)| {
            some(of_verb(*wanted)).map(|number| format!("{before}{verb}{after} {number}"))
        })
        .collect();
    said.into_iter()
}

fn people(rows: &[Row]) -> Option<String> {
    let alerts: Vec<&Row> = rows
        .iter()
        .filter(|row| row.verdict == Verdict::Alert)
        .collect();
    match alerts.as_slice() {
        [] => None,
        [one] if one.subject != one.cluster => Some(format!("{} needs a person", one.subject)),
        [_] => Some("1 needs a person".into()),
        several => Some(format!("{} need a person", several.len())),
    }
}

fn with(rows: &[Row], verdict: Verdict) -> usize {
    rows.iter().filter(|row| row.verdict == verdict).count()
}

fn some(number: usize) -> Option<usize> {
    (number > 0).then_some(number)
}

fn verbs(rows: &[Row]) -> Vec<&'static str> {
    let mut verbs: Vec<_> = rows.iter().filter_map(|row| row.action).collect();
    verbs.sort_unstable();
    verbs.dedup();
    verbs
}

/// The clusters of these rows, each once, in order.
pub(crate) fn clusters<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<&'a str> {
    let mut clusters: Vec<&str> = rows.into_iter().map(|row| row.cluster.as_str()).collect();
    clusters.sort_unstable();
    clusters.dedup();
    clusters
}

/// What a headline begins with: the clusters where something happened, or, where nothing did,
/// all that were looked at. `a and b: `.
pub(crate) fn about(rows: &[Row]) -> String {
    let stays = |row: &&Row| matches!(row.verdict, Verdict::Keep | Verdict::Leave);
    let mut concerned = clusters(rows.iter().filter(|row| !stays(row)));
    if concerned.is_empty() {
        concerned = clusters(rows);
    }
    match concerned.as_slice() {
        [] => String::new(),
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!(
                "{one}, {two}, {three} and {}: ",
                count(rest.len(), "other cluster")
            )
        }
        few => format!("{}: ", list(few)),
    }
}
