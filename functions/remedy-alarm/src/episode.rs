//! What the team has been told of a cluster's trouble, as a tag of the cluster keeps it.
//!
//! An episode begins with the first alarm that rings and ends when none does any more. One mail opens it,
//! one each says that it got worse or is over.

#[cfg(test)]
mod tests;

use std::{collections::BTreeSet, fmt};

use aurora_model::{
    Span, Tags,
    name::{listed, number},
    tags,
};
use jiff::Timestamp;

use crate::observation::{Ringing, Silent};

/// A tag's value has at most 256 characters; an alarm, or a failure, takes nine of them.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
const MOST_ALARMS: usize = 13;
/// As many failures are known.
const MOST_FAILURES: usize = 4;

/// What the team has been told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Since when the first of its alarms has rung.
    pub began: Timestamp,
    /// When the last mail about it was sent.
    pub told: Timestamp,
    /// When it was over, if it was told so.
    pub over: Option<Timestamp>,
    /// The alarms that were told of and have rung since, each by a number made of its name.
    pub alarms: BTreeSet<u32>,
    /// Those that were told of, and have stopped although the episode goes on. One that is back is told of again,
    /// once it was quiet for long enough.
    pub past: BTreeSet<u32>,
    /// What has failed for good and was told of, each as a number.
    pub failed: BTreeSet<u32>,
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
    /// Nothing rings any more.
    Over {
        /// When it began.
        began: Timestamp,
        /// Its alarms that have no data: that they do not ring does not say that their trouble is over.
        silent: Vec<Silent>,
    },
}

impl News {
    /// Whether it is worth a mail.
    #[must_use]
    pub const fn mailed(&self) -> bool {
        matches!(self, Self::Begins | Self::Worse(_) | Self::Over { .. })
    }
}

/// What is to be told of the alarms that are `ringing`, or of those that are `silent` where none is, and what the
/// team will then have been told.
#[must_use]
pub fn news(
    told: Option<&Episode>,
    ringing: &[Ringing],
    silent: &[Silent],
    quiet: Span,
    now: Timestamp,
) -> (News, Option<Episode>) {
    // One that is over, and was told so long enough ago, is another one if it comes back.
    let goes_on = |it: &&Episode| it.over.is_none() || now < after(it.told, quiet);
    let Some(first) = ringing.iter().map(|it| it.since).min() else {
        return ended(told, silent, now);
    };
    let Some(known) = told.filter(goes_on) else {
        let episode = Episode {
            began: first,
            told: now,
            over: None,
            alarms: numbers(ringing),
            past: BTreeSet::new(),
            failed: BTreeSet::new(),
        };
        return (News::Begins, Some(episode));
    };
    gone_on(known, ringing, quiet, now)
}

fn ended(told: Option<&Episode>, silent: &[Silent], now: Timestamp) -> (News, Option<Episode>) {
    let Some(episode) = told.filter(|it| it.over.is_none()) else {
        return (News::Nothing, None);
    };
    let over = Episode {
        told: now,
        over: Some(now),
        alarms: episode.alarms.union(&episode.past).copied().collect(),
        past: BTreeSet::new(),
        ..episode.clone()
    };
    let silent = silent.iter();
    let silent = silent.filter(|it| over.alarms.contains(&number(&it.name)));
    let news = News::Over {
        began: episode.began,
        silent: silent.cloned().collect(),
    };
    (news, Some(over))
}

fn gone_on(
    known: &Episode,
    ringing: &[Ringing],
    quiet: Span,
    now: Timestamp,
) -> (News, Option<Episode>) {
    let quiet = after(known.told, quiet);
    let untold = untold(known, ringing, now < quiet);
    if !untold.is_empty() {
        let told = Episode {
            told: now,
            over: None,
            ..stopped(known, numbers(ringing))
        };
        return (News::Worse(untold), Some(told));
    }
    if known.over.is_some() {
        return (News::Quiet(quiet), None);
    }
    let rings = |it: &Ringing| known.alarms.contains(&number(&it.name));
    let news = if now >= quiet || ringing.iter().any(rings) {
        News::Known(known.told)
    } else {
        News::Quiet(quiet)
    };
    let still = known.alarms.intersection(&all(ringing)).copied().collect();
    let next = stopped(known, still);
    (news, (next != *known).then_some(next))
}

/// The episode with `alarms` as those that ring and were told of: the others have stopped.
fn stopped(known: &Episode, alarms: BTreeSet<u32>) -> Episode {
    let past = known.alarms.union(&known.past).copied();
    let past = past.filter(|it| !alarms.contains(it));
    let room = MOST_ALARMS.saturating_sub(alarms.len());
    Episode {
        past: past.take(room).collect(),
        alarms,
        ..known.clone()
    }
}

/// Those that ring and were not told of; with `hush`, those that are back are not among them. Once the tag is
/// full of such that ring, one more of them is no news: it could not be noted.
fn untold(known: &Episode, ringing: &[Ringing], hush: bool) -> Vec<String> {
    if known.alarms.len() >= MOST_ALARMS && known.alarms.is_subset(&all(ringing)) {
        return Vec::new();
    }
    let told = |it: u32| known.alarms.contains(&it) || (hush && known.past.contains(&it));
    let untold = ringing.iter().filter(|it| !told(number(&it.name)));
    untold.map(|it| it.name.clone()).collect()
}

fn all(ringing: &[Ringing]) -> BTreeSet<u32> {
    ringing.iter().map(|it| number(&it.name)).collect()
}

/// As many as the tag can hold, those that have rung for the longest.
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
        if !self.failed.is_empty() {
            write!(f, " failed={}", listed(&self.failed))?;
        }
        Ok(())
    }
}

/// The numbers in a field of the tag; nothing where one is none.
fn read(field: &str) -> Option<BTreeSet<u32>> {
    let numbers = field.split('/').filter(|it| !it.is_empty());
    numbers.map(|it| u32::from_str_radix(it, 16).ok()).collect()
}

impl Episode {
    /// The episode that the cluster's tags tell of, if they do.
    #[must_use]
    pub fn of(tags: &Tags) -> Option<Self> {
        tags.get(tags::EPISODE).and_then(Self::parse)
    }

    /// Whether it was told of all that failed, or of as much of it as can be noted.
    #[must_use]
    pub fn knows(&self, failures: &BTreeSet<u32>) -> bool {
        let mut noted = failures.iter().take(MOST_FAILURES);
        noted.all(|it| self.failed.contains(it))
    }

    /// The same with this told to have failed, too.
    #[must_use]
    pub fn with_failures(mut self, failures: &BTreeSet<u32>) -> Self {
        let known = self.failed.difference(failures).copied();
        let all = failures.iter().copied().chain(known);
        self.failed = all.take(MOST_FAILURES).collect();
        self
    }

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
            failed: read(field("failed").unwrap_or_default())?,
        })
    }
}
