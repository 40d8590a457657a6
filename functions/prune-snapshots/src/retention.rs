//! Which snapshots of one cluster the policy's rules keep.
//!
//! The rules are those that restic's `forget` documents
//! (<https://restic.readthedocs.io/en/stable/060_forget.html>):
//!
//! - A snapshot that any rule keeps is kept.
//! - A calendar rule keeps the newest snapshot of each of the last so many hours, days, ISO
//!   weeks, months or years of the policy's zone. Only those that have a snapshot count, so a
//!   missed night costs nothing.
//! - A calendar rule that has not found as many as it wants also keeps the oldest snapshot there
//!   is. The history is then as long as it can be: with `yearly: 3` in the first year, the very
//!   first snapshot stays until three years have one. It goes as soon as the rule is full.
//! - `within` is measured back from the newest snapshot and not from now. That is the safer
//!   choice: when no new snapshots come, the window stands still and keeps what it kept.
//!
//! Keeping is stable: once the others are deleted, all of them or only some, the same are kept.

mod calendar;

use aurora_model::{Span, Zone, words::list};
use jiff::{Timestamp, Zoned};

use self::calendar::{Bucket, Calendar, Passed};
use crate::policy::Keep;

/// A snapshot as retention sees it. Of two made at the same moment, the one whose name comes
/// later in the alphabet counts as the newer, so that the order of a listing does not matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate<'a> {
    /// When it was made.
    pub created: Timestamp,
    /// Its identifier.
    pub id: &'a str,
}

/// What the rules say of one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Kept by each of these rules.
    Keep(Vec<String>),
    /// Kept by none of them, and why not.
    Delete(String),
}

/// What the rules say of each of `candidates`, newest first.
#[must_use]
pub fn judge<'a>(
    keep: &Keep,
    zone: &Zone,
    candidates: impl IntoIterator<Item = Candidate<'a>>,
) -> Vec<(Candidate<'a>, Verdict)> {
    let mut candidates: Vec<Candidate<'a>> = candidates.into_iter().collect();
    candidates.sort_unstable_by(|a, b| b.cmp(a));
    let Some(newest) = candidates.first().map(|candidate| candidate.created) else {
        return Vec::new();
    };
    let oldest = candidates.len() - 1;
    let mut rules = rules(keep, newest);
    candidates
        .into_iter()
        .enumerate()
        .map(|(index, candidate)| {
            let look = Look {
                index,
                created: candidate.created,
                local: zone.local(candidate.created),
                oldest: index == oldest,
            };
            let kept: Vec<String> = rules
                .iter_mut()
                .filter_map(|rule| rule.keeps(&look))
                .collect();
            let verdict = if kept.is_empty() {
                Verdict::Delete(why_not(&rules, &look))
            } else {
                Verdict::Keep(kept)
            };
            (candidate, verdict)
        })
        .collect()
}

/// One candidate, at its place in the order from newest to oldest.
struct Look {
    index: usize,
    created: Timestamp,
    local: Zoned,
    oldest: bool,
}

enum Rule {
    Last(usize),
    Within { span: Span, newest: Timestamp },
    Calendar(Calendar),
}

/// The rules that are switched on.
fn rules(keep: &Keep, newest: Timestamp) -> Vec<Rule> {
    let Keep {
        last,
        within: span,
        hourly,
        daily,
        weekly,
        monthly,
        yearly,
    } = *keep;
    let mut rules = Vec::new();
    if last > 0 {
        rules.push(Rule::Last(last as usize));
    }
    if span > Span::seconds(0) {
        rules.push(Rule::Within { span, newest });
    }
    let calendars = [
        Calendar::new("hourly", hourly, Bucket::hour),
        Calendar::new("daily", daily, Bucket::day),
        Calendar::new("weekly", weekly, Bucket::week),
        Calendar::new("monthly", monthly, Bucket::month),
        Calendar::new("yearly", yearly, Bucket::year),
    ];
    rules.extend(
        calendars
            .into_iter()
            .filter(|calendar| calendar.limit > 0)
            .map(Rule::Calendar),
    );
    rules
}

impl Rule {
    fn keeps(&mut self, look: &Look) -> Option<String> {
        match self {
            Self::Last(limit) => {
                (look.index < *limit).then(|| format!("last {} of {limit}", look.index + 1))
            }
            Self::Within { span, newest } => (newest.duration_since(look.created)
                <= span.duration())
            .then(|| format!("within {span} of the newest")),
            Self::Calendar(calendar) => calendar.keeps(&look.local, look.oldest),
        }
    }
}

/// Why none of the rules keeps it. Those that keep a newer one in its place are told together.
fn why_not(rules: &[Rule], look: &Look) -> String {
    let (mut why, mut newer) = (Vec::new(), Vec::new());
    for rule in rules {
        match rule {
            Rule::Last(1) => why.push("not the last one".into()),
            Rule::Last(limit) => why.push(format!("not among the last {limit}")),
            Rule::Within { span, .. } => why.push(format!("not within {span} of the newest")),
            Rule::Calendar(calendar) => match calendar.passed(&look.local) {
                Passed::Full(text) => why.push(text),
                Passed::Newer(bucket) => newer.push(bucket.to_string()),
            },
        }
    }
    if !newer.is_empty() {
        why.push(format!("a newer one stands for {}", list(&newer)));
    }
    format!("no rule keeps it: {}", why.join(", "))
}

#[cfg(test)]
mod tests;
