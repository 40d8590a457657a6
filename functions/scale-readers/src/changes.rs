//! When readers came and went.

use aurora_model::{Tags, reader::DbInstance, tags};
use jiff::{SignedDuration, Timestamp};

use crate::fleet::{Fleet, Stand};

/// The span that [`Changes`] are counted over.
pub(crate) const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// When readers came and went, the latest last.
///
/// A reader that is there tells when it came. One that is gone tells nothing, so its removal is written
/// into a tag of the cluster, together with its creation where that was within the hour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes(Vec<Timestamp>);

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
        let mut all: Vec<_> = came.chain(writer).chain(told(tags)).collect();
        all.sort_unstable();
        Self(all)
    }

    /// The last one.
    #[must_use]
    pub fn last(&self) -> Option<Timestamp> {
        self.0.last().copied()
    }

    /// How many there were in the hour before `now`, and when the first of them is an hour ago.
    #[must_use]
    pub fn within_the_hour(&self, now: Timestamp) -> (usize, Option<Timestamp>) {
        let recent = self.0.iter().filter(|at| **at > now - HOUR);
        let first = recent.clone().next().map(|at| *at + HOUR);
        (recent.count(), first)
    }
}

/// When an instance was created. RDS gives the time once that is over, and never where it fails: until
/// then it is when Nightshift asked for it.
#[must_use]
pub fn created(instance: &DbInstance) -> Option<Timestamp> {
    let asked = instance.tags.get(tags::CREATED_AT);
    let asked = asked.filter(|_| instance.tags.managed());
    instance.created.or_else(|| asked?.parse().ok())
}

/// The changes that the cluster's tag tells of.
fn told(tags: &Tags) -> impl Iterator<Item = Timestamp> {
    let text = tags.get(tags::READER_CHANGES).unwrap_or_default();
    text.split(' ').filter_map(|at| at.parse().ok())
}

/// The tag's value once a reader that was `created` then is removed `now`: as many of the latest as
/// fit.
#[must_use]
pub fn removed(tags: &Tags, created: Option<Timestamp>, now: Timestamp) -> String {
    let created = created.filter(|at| *at > now - HOUR);
    let mut all: Vec<_> = told(tags).chain(created).chain([now]).collect();
    all.sort_unstable();
    let kept = all.len().saturating_sub(MOST_TOLD);
    let all: Vec<_> = all[kept..].iter().map(|at| stamp(*at)).collect();
    all.join(" ")
}

/// Twelve times of twenty characters and the blanks between them fit into the 256 of a tag's value.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/USER_Tagging.html>
pub(crate) const MOST_TOLD: usize = 12;

/// A time to the second, as tags have it.
#[must_use]
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
