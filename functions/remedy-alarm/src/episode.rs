//! What the team has been told of a cluster's trouble, as a tag of the cluster keeps it.
//!
//! An episode begins with the first alarm that rings and ends when none does any more. One mail opens it,
//! one each says that it got worse or is over.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use aurora_model::{Span, name::number};
use jiff::Timestamp;

use crate::observation::Ringing;

/// A tag's value has at most 256 characters; an alarm takes nine of them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
const MOST_ALARMS: usize = 16;

/// What the team has been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Since when the first of its alarms has rung.
    pub began: Timestamp,
    /// When the last mail about it was sent.
    pub told: Timestamp,
    /// When it was over, if it was told so.
    pub over: Option<Timestamp>,
    /// The alarms that were told of, each by a number made of its name.
    pub alarms: BTreeSet<u32>,
    /// Of an episode that goes on although it was told to be over: those that were told of before that. One
    /// that is back is told of again, once it was quiet for long enough.
    pub past: BTreeSet<u32>,
}

/// What there is to tell now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// Nothing rings, and nothing did.
    Nothing,
    /// It rings, and the team does not know of it.
    Begins,
    /// These alarms ring too.
    Worse(Vec<String>),
    /// It rings, and the team knows: since this time.
    Known(Timestamp),
    /// It rings again, so shortly after the last mail that it may stop by itself: until this time.
    Quiet(Timestamp),
    /// Nothing rings any more; it began at this time.
    Over(Timestamp),
}

impl News {
    /// Whether it is worth a mail.
    #[must_use]
    pub const fn mailed(&self) -> bool {
        matches!(self, Self::Begins | Self::Worse(_) | Self::Over(_))
    }
}

/// What is to be told of the alarms that are `ringing`, and what the team will then have been told.
#[must_use]
pub fn news(
    told: Option<&Episode>,
    ringing: &[Ringing],
    quiet: Span,
    now: Timestamp,
) -> (News, Option<Episode>) {
    // One that is over, and was told so long enough ago, is another one if it comes back.
    let goes_on = |it: &&Episode| it.over.is_none() || now < after(it.told, quiet);
    let Some(first) = ringing.iter().map(|it| it.since).min() else {
        return ended(told, now);
    };
    let Some(known) = told.filter(goes_on) else {
        let episode = Episode {
            began: first,
            told: now,
            over: None,
            alarms: numbers(ringing),
            past: BTreeSet::new(),
        };
        return (News::Begins, Some(episode));
    };
    gone_on(known, ringing, quiet, now)
}

fn ended(told: Option<&Episode>, now: Timestamp) -> (News, Option<Episode>) {
    match told {
        Some(episode) if episode.over.is_none() => {
            let over = Episode {
                told: now,
                over: Some(now),
                alarms: episode.alarms.union(&episode.past).copied().collect(),
                past: BTreeSet::new(),
                ..episode.clone()
            };
            (News::Over(episode.began), Some(over))
        }
        _ => (News::Nothing, None),
    }
}

fn gone_on(
    known: &Episode,
    ringing: &[Ringing],
    quiet: Span,
    now: Timestamp,
) -> (News, Option<Episode>) {
    let quiet = after(known.told, quiet);
    let untold = untold(known, ringing, now < quiet);
    let all = numbers(ringing);
    match known.over {
        _ if !untold.is_empty() => (News::Worse(untold), Some(told(known, ringing, now))),
        None if now >= quiet || !known.alarms.is_disjoint(&all) => (News::Known(known.told), None),
        None | Some(_) => (News::Quiet(quiet), None),
    }
}

/// What the team has been told once it knows of all that rings now.
fn told(known: &Episode, ringing: &[Ringing], now: Timestamp) -> Episode {
    let all = numbers(ringing);
    let (alarms, past) = match known.over {
        None => (known.alarms.union(&all).copied().collect(), &known.past),
        Some(_) => (all, &known.alarms),
    };
    let alarms = newest(alarms, ringing);
    let past = past.difference(&alarms).copied();
    Episode {
        began: known.began,
        told: now,
        over: None,
        past: past
            .take(MOST_ALARMS.saturating_sub(alarms.len()))
            .collect(),
        alarms,
    }
}

/// Those that ring and were not told of; with `hush`, those that are back are not among them. Once the tag is
/// full of such that ring, one more of them is no news: it could not be noted.
fn untold(known: &Episode, ringing: &[Ringing], hush: bool) -> Vec<String> {
    let all: BTreeSet<u32> = ringing.iter().map(|it| number(&it.name)).collect();
    if known.alarms.len() >= MOST_ALARMS && known.alarms.is_subset(&all) {
        return Vec::new();
    }
    let told = |it: u32| known.alarms.contains(&it) || (hush && known.past.contains(&it));
    let untold = ringing.iter().filter(|it| !told(number(&it.name)));
    untold.map(|it| it.name.clone()).collect()
}

/// As many as the tag can hold; those that ring come before those that have rung.
fn newest(mut alarms: BTreeSet<u32>, ringing: &[Ringing]) -> BTreeSet<u32> {
    let ring = numbers(ringing);
    while alarms.len() > MOST_ALARMS {
        let old = alarms.iter().find(|it| !ring.contains(it)).copied();
        let Some(drop) = old.or_else(|| alarms.first().copied()) else {
            break;
        };
        alarms.remove(&drop);
    }
    alarms
}

fn numbers(ringing: &[Ringing]) -> BTreeSet<u32> {
    let mut numbers = BTreeSet::new();
    for alarm in ringing {
        if numbers.len() < MOST_ALARMS {
            numbers.insert(number(&alarm.name));
        }
    }
    numbers
}

fn after(then: Timestamp, span: Span) -> Timestamp {
    then.saturating_add(span.duration()).unwrap_or(then)
}

impl fmt::Display for Episode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = |time: &Timestamp| time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        write!(f, "began={} told={}", at(&self.began), at(&self.told))?;
        if let Some(over) = &self.over {
            write!(f, " over={}", at(over))?;
        }
        write!(f, " alarms={}", listed(&self.alarms))?;
        if !self.past.is_empty() {
            write!(f, " past={}", listed(&self.past))?;
        }
        Ok(())
    }
}

fn listed(alarms: &BTreeSet<u32>) -> String {
    let alarms: Vec<String> = alarms.iter().map(|it| format!("{it:08x}")).collect();
    alarms.join("/")
}

/// The numbers in a field of the tag; nothing where one is none.
fn read(field: &str) -> Option<BTreeSet<u32>> {
    let numbers = field.split('/').filter(|it| !it.is_empty());
    numbers.map(|it| u32::from_str_radix(it, 16).ok()).collect()
}

impl Episode {
    /// The episode that a tag tells of; nothing where the tag is none of ours.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        let field = |name: &str| {
            let mut fields = tag.split(' ').filter_map(|field| field.split_once('='));
            fields.find(|(key, _)| *key == name).map(|(_, value)| value)
        };
        Some(Self {
            began: field("began")?.parse().ok()?,
            told: field("told")?.parse().ok()?,
            over: field("over").map(str::parse).transpose().ok()?,
            alarms: read(field("alarms")?)?,
            past: read(field("past").unwrap_or_default())?,
        })
    }
}
