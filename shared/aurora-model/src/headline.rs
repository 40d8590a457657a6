//! The headline of a report: `orders and billing: failed to create 1, created 1`.

use crate::{
    Breach, Outcome,
    report::{Row, Verdict},
    words::{count, list, past},
};

type Wanted = fn(&Outcome) -> bool;
type Form = fn(&str) -> String;

/// What is said of the actions of one verb, in this order, when there are any.
const SAID: [(&str, Form, Wanted); 6] = [
    ("failed to ", same, |o| matches!(o, Outcome::Failed { .. })),
    ("", past, |o| matches!(o, Outcome::Done)),
    ("already ", past, |o| matches!(o, Outcome::AlreadyDone)),
    ("would ", same, |o| matches!(o, Outcome::Planned)),
    ("refused to ", same, |o| matches!(o, Outcome::Refused)),
    ("still to ", same, |o| {
        matches!(o, Outcome::Busy { .. } | Outcome::Left { .. })
    }),
];

fn same(verb: &str) -> String {
    verb.into()
}

/// How a headline speaks of the things decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// By their number: `created 2`.
    Counted,
    /// By their names: `rotated shop/app`. A run that is about one thing says so.
    Named,
}

impl Style {
    fn say(self, rows: &[&Row]) -> String {
        match self {
            Self::Counted => rows.len().to_string(),
            Self::Named => {
                let mut subjects: Vec<&str> = rows.iter().map(|row| row.subject.as_str()).collect();
                subjects.dedup();
                list(&subjects)
            }
        }
    }

    fn waiting(self, rows: &[&Row]) -> String {
        match self {
            Self::Counted => format!("{} waiting for the next tick", rows.len()),
            Self::Named => format!("{} waiting for the next try", self.say(rows)),
        }
    }
}

/// The headline of a report with these rows and breaches.
pub(crate) fn of(rows: &[Row], breaches: &[Breach], style: Style) -> String {
    let mut parts = done(rows, style);
    parts.extend(people(rows));
    parts.extend(waiting(rows, style));
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

/// What the actions of these rows came to, and how many wait: `ended 1, 2 waiting for the next tick`.
/// Nothing where there are none.
pub(crate) fn actions(rows: &[Row]) -> Option<String> {
    let mut parts = done(rows, Style::Counted);
    parts.extend(waiting(rows, Style::Counted));
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn done(rows: &[Row], style: Style) -> Vec<String> {
    let verbs = verbs(rows).into_iter();
    verbs.flat_map(|verb| of_verb(rows, verb, style)).collect()
}

fn waiting(rows: &[Row], style: Style) -> Option<String> {
    some(with(rows, Verdict::Wait)).map(|waiting| style.waiting(&waiting))
}

fn of_verb(rows: &[Row], verb: &'static str, style: Style) -> impl Iterator<Item = String> {
    let these = |wanted: Wanted| {
        let mine = rows.iter().filter(|row| row.action == Some(verb));
        some(
            mine.filter(|row| row.outcome.as_ref().is_some_and(wanted))
                .collect(),
        )
    };
    let said: Vec<String> = SAID
        .iter()
        .filter_map(|(before, form, wanted)| {
            let these = these(*wanted)?;
            Some(format!("{before}{} {}", form(verb), style.say(&these)))
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

fn with(rows: &[Row], verdict: Verdict) -> Vec<&Row> {
    rows.iter().filter(|row| row.verdict == verdict).collect()
}

fn some(rows: Vec<&Row>) -> Option<Vec<&Row>> {
    (!rows.is_empty()).then_some(rows)
}

fn verbs(rows: &[Row]) -> Vec<&'static str> {
    let mut verbs: Vec<_> = rows.iter().filter_map(|row| row.action).collect();
    verbs.sort_unstable();
    verbs.dedup();
    verbs
}

/// The clusters of these rows, each once, in order.
pub(crate) fn clusters<'a>(rows: impl IntoIterator<Item = &'a Row>) -> Vec<&'a str> {
    let clusters = rows.into_iter().map(|row| row.cluster.as_str());
    let mut clusters: Vec<&str> = clusters.filter(|cluster| !cluster.is_empty()).collect();
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
