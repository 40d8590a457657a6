//! When readers came and went.

use aurora_model::{Tags, reader::DbInstance, tags};
use jiff::{SignedDuration, Timestamp};

use crate::fleet::{Fleet, Stand};

/// The span that [`Changes`] are counted over.
pub(crate) const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// When readers came and went, the latest last.
///
/// A reader that is there tells when it came. One that is gone tells nothing, so what Nightshift adds and
/// removes is written into a tag of the cluster too, together with the creation of what it removes where
/// that was within the hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    times: Vec<Timestamp>,
    last: Option<Timestamp>,
}

impl Changes {
    /// As the instances' times of creation and the cluster's tag have it. Readers that somebody else
    /// made or that RDS replaced count too; the removals of others leave no trace.
    #[must_use]
    pub fn of(fleet: &Fleet<'_>, tags: &Tags, now: Timestamp) -> Self {
        let came = fleet.readers.iter().filter_map(|it| {
            // Somebody else's that is being created counts as of now.
            let coming = (it.stand == Stand::Coming).then_some(now);
            created(it.instance).or(coming)
        });
        // It came as a reader, and a failover has made it the writer.
        let writer = created(fleet.writer).filter(|_| fleet.writer.tags.managed());
        let told = Told::by(tags);
        let mut times = merged(came.chain(writer).collect(), &told.came);
        times.extend(told.gone);
        times.sort_unstable();
        // What Nightshift has asked for serves some minutes later: from then on it has an effect.
        let served = fleet.readers.iter().filter_map(|it| it.instance.created);
        let last = served.chain(times.last().copied()).max();
        Self { times, last }
    }

    /// The last one.
    #[must_use]
    pub const fn last(&self) -> Option<Timestamp> {
        self.last
    }

    /// How many there were in the hour before `now`, and when the first of them is an hour ago.
    #[must_use]
    pub fn within_the_hour(&self, now: Timestamp) -> (usize, Option<Timestamp>) {
        let recent = self.times.iter().filter(|at| **at > now - HOUR);
        let first = recent.clone().next().map(|at| *at + HOUR);
        (recent.count(), first)
    }
}

/// When an instance was created, to the second. One of Nightshift's was when it was asked for: RDS gives
/// a time once that is over, and never where it fails.
#[must_use]
pub fn created(instance: &DbInstance) -> Option<Timestamp> {
    let asked = instance.tags.get(tags::CREATED_AT);
    let asked = asked.filter(|_| instance.tags.managed());
    let asked = asked.and_then(|at| at.parse().ok());
    asked.or_else(|| Some(whole(instance.created?)))
}

fn whole(at: Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_second()).unwrap_or(at)
}

/// Both, and only once what is in both.
fn merged(mut all: Vec<Timestamp>, others: &[Timestamp]) -> Vec<Timestamp> {
    let mut known = all.clone();
    for other in others {
        match known.iter().position(|at| at == other) {
            Some(same) => drop(known.swap_remove(same)),
            None => all.push(*other),
        }
    }
    all
}

/// Changes as the cluster's tag tells of them, apart, for one run may add and remove at the same second.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// When readers came.
    pub came: Vec<Timestamp>,
    /// When they went.
    pub gone: Vec<Timestamp>,
}

impl Told {
    /// What the cluster's tag says: when readers came, and behind a word when they went.
    fn by(tags: &Tags) -> Self {
        let text = tags.get(tags::READER_CHANGES).unwrap_or_default();
        let (came, gone) = text.split_once(GONE).unwrap_or((text, ""));
        let [came, gone] = [came, gone].map(|times| {
            let times = times.split(' ').filter_map(|at| at.parse().ok());
            times.collect()
        });
        Self { came, gone }
    }

    /// A reader that was asked for then.
    #[must_use]
    pub fn of_creation(at: Timestamp) -> Self {
        Self {
            came: vec![whole(at)],
            gone: Vec::new(),
        }
    }

    /// The removal `now` of a reader that was `created` then, of which nothing else will tell.
    #[must_use]
    pub fn of_removal(created: Option<Timestamp>, now: Timestamp) -> Self {
        let recent = created.filter(|at| *at > now - HOUR);
        Self {
            came: recent.into_iter().map(whole).collect(),
            gone: vec![whole(now)],
        }
    }

    /// These and more.
    pub fn extend(&mut self, more: Self) {
        self.came.extend(more.came);
        self.gone.extend(more.gone);
    }

    /// These without as many.
    pub fn remove(&mut self, fewer: &Self) {
        let without = |all: &mut Vec<Timestamp>, fewer: &[Timestamp]| {
            for one in fewer {
                if let Some(at) = all.iter().rposition(|it| it == one) {
                    all.remove(at);
                }
            }
        };
        without(&mut self.came, &fewer.came);
        without(&mut self.gone, &fewer.gone);
    }

    /// The tag's value with these changes of this run: as many of the latest as fit. Some of them may be
    /// in `tags` already, for RDS shows tags of a moment ago.
    #[must_use]
    pub fn noted(&self, tags: &Tags) -> String {
        let before = Self::by(tags);
        let came = merged(before.came, &self.came);
        let came = came.into_iter().map(|at| (at, false));
        let gone = merged(before.gone, &self.gone);
        let mut all: Vec<_> = came.chain(gone.into_iter().map(|at| (at, true))).collect();
        all.sort_unstable();
        let (gone, came): (Vec<_>, Vec<_>) = all
            .split_off(all.len().saturating_sub(MOST_TOLD))
            .into_iter()
            .partition(|(_, gone)| *gone);
        let stamps = |these: Vec<(Timestamp, bool)>| these.into_iter().map(|(at, _)| stamp(at));
        let word = (!gone.is_empty()).then(|| GONE.to_owned());
        let words: Vec<_> = stamps(came).chain(word).chain(stamps(gone)).collect();
        words.join(" ")
    }
}

const GONE: &str = "gone";

/// Twelve times of twenty characters, the word and the blanks between them fit into the 256 of a tag's
/// value.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
pub(crate) const MOST_TOLD: usize = 12;

/// A time to the second, as tags have it.
#[must_use]
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(times: &[&str]) -> Tags {
        Tags::from_iter([(tags::READER_CHANGES, times.join(" "))])
    }

    fn times(texts: &[&str]) -> Vec<Timestamp> {
        texts.iter().map(|at| at.parse().unwrap()).collect()
    }

    const A: &str = "2026-11-21T03:00:00Z";
    const B: &str = "2026-11-21T03:05:00Z";
    const C: &str = "2026-11-21T03:10:00Z";

    fn made(came: &[&str], gone: &[&str]) -> Told {
        let [came, gone] = [came, gone].map(times);
        Told { came, gone }
    }

    #[test]
    fn what_the_tag_shows_already_is_not_noted_twice() {
        let two = made(&[B, B], &[]);
        assert_eq!(two.noted(&tag(&[A, B])), [A, B, B].join(" "));
        assert_eq!(two.noted(&tag(&[A, B, B])), [A, B, B].join(" "));
        let none = made(&[B], &[]);
        assert_eq!(none.noted(&tag(&[A, "soon", C])), [A, B, C].join(" "));
    }

    #[test]
    fn what_comes_and_what_goes_at_the_same_second_are_two_changes() {
        let both = made(&[B], &[B]);
        assert_eq!(both.noted(&tag(&[A])), [A, B, "gone", B].join(" "));
        assert_eq!(
            both.noted(&tag(&["gone", A, B])),
            [B, "gone", A, B].join(" ")
        );
    }

    #[test]
    fn what_is_taken_back_is_gone_once() {
        let mut all = made(&[A, B, B], &[B, C]);
        all.remove(&made(&[B], &[C]));
        assert_eq!(all, made(&[A, B], &[B]));
    }

    #[test]
    fn the_latest_stay_where_not_all_fit() {
        let full = [vec![B; MOST_TOLD - 1], vec!["gone", B]].concat();
        let value = made(&[A, C], &[]).noted(&tag(&full));
        let kept = [vec![B; MOST_TOLD - 2], vec![C, "gone", B]].concat();
        assert_eq!(value, kept.join(" "));
        assert_eq!(value.len(), 256);
    }

    #[test]
    fn a_removal_tells_of_the_creation_too_if_that_was_within_the_hour() {
        let now: Timestamp = C.parse().unwrap();
        let of = |at: &str| Told::of_removal(Some(at.parse().unwrap()), now);
        assert_eq!(of("2026-11-21T03:05:00.25Z"), made(&[B], &[C]));
        assert_eq!(of("2026-11-21T02:10:00Z"), made(&[], &[C]));
        assert_eq!(Told::of_removal(None, now), made(&[], &[C]));
    }
}
