//! Which partitions are added, and which are taken away: a pure decision.

mod refusal;
#[cfg(test)]
mod tests;

use aurora_model::{Span, Zone};
use jiff::{Timestamp, civil::DateTime};
use jobs::policy::{Partitions, Past};

pub use self::refusal::Refusal;
use super::calendar::Calendar;
use crate::database::{Bounds, Partition, Scheme};

/// The most partitions that one run adds. A table that needs more is one that nobody has looked
/// after for years, or the policy is a slip.
pub const MOST_NEW: usize = 1024;

/// The earliest date that MySQL supports in `DATE` and `DATETIME`.
/// <https://dev.mysql.com/doc/refman/8.0/en/datetime.html>
const FIRST_DATE: DateTime = DateTime::constant(1000, 1, 1, 0, 0, 0, 0);
/// The earliest time that MySQL supports in `TIMESTAMP`.
const FIRST_TIMESTAMP: DateTime = DateTime::constant(1970, 1, 1, 0, 0, 1, 0);

/// What is to be done, in this order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Partitions to be added behind the last bound, without a gap.
    pub add: Vec<Partition>,
    /// The partition that ends at `MAXVALUE`, if there is one. It must be empty for others to be
    /// added: its rows would be copied, with the table locked.
    pub open_end: Option<String>,
    /// Partitions past their age, oldest first.
    pub take: Vec<Partition>,
}

/// Decides for the trigger's time.
///
/// # Errors
/// [`Refusal`] where the table is not one of those that are served, or a rail would be broken.
pub fn plan(
    wanted: &Partitions,
    zone: &Zone,
    scheme: &Scheme,
    now: Timestamp,
) -> Result<Plan, Refusal> {
    let bounds = served(scheme)?;
    let bounded = dated(bounds, in_order(scheme));
    let open_end = scheme.partitions.iter().find(|p| p.below.is_none());
    let cutoff = now.checked_sub(wanted.keep.duration());
    let age = Age {
        now,
        cutoff: cutoff.map_err(|_| Refusal::NoSuchDate)?,
        calendar: Calendar::of(bounds, zone),
    };
    let past = bounded.iter().filter(|(below, _)| age.is_past(*below));
    let take: Vec<&Partition> = past.map(|(_, partition)| *partition).collect();
    if take.len() > usize::try_from(wanted.max_drops).unwrap_or(usize::MAX) {
        return Err(Refusal::TooManyPast {
            past: take.len(),
            max: wanted.max_drops,
        });
    }
    Ok(Plan {
        add: ahead(wanted, &age, scheme, &bounds_of(&bounded))?,
        open_end: open_end.map(|partition| partition.name.clone()),
        take: take.into_iter().cloned().collect(),
    })
}

fn served(scheme: &Scheme) -> Result<Bounds, Refusal> {
    if scheme.subpartitioned {
        return Err(Refusal::Subpartitions);
    }
    let spelled = || scheme.spelled.clone();
    scheme.bounds.ok_or_else(|| Refusal::NotByTime(spelled()))
}

/// Those with a bound and the bound, lowest first.
fn in_order(scheme: &Scheme) -> Vec<(DateTime, &Partition)> {
    let bounded = scheme.partitions.iter();
    let mut bounded: Vec<_> = bounded.filter_map(|p| Some((p.below?, p))).collect();
    bounded.sort_by_key(|(below, _)| *below);
    bounded
}

fn bounds_of(bounded: &[(DateTime, &Partition)]) -> Vec<DateTime> {
    bounded.iter().map(|(below, _)| *below).collect()
}

/// Without a first partition that is there for rows without a date, such as `LESS THAN (0)`: no date
/// that MySQL supports is below its bound.
fn dated(bounds: Bounds, mut bounded: Vec<(DateTime, &Partition)>) -> Vec<(DateTime, &Partition)> {
    let first = match bounds {
        Bounds::UnixTimestamp => FIRST_TIMESTAMP,
        Bounds::ToDays | Bounds::Date | Bounds::DateTime => FIRST_DATE,
    };
    bounded.retain(|(below, _)| *below > first);
    bounded
}

/// What is old at the trigger's time, and what is yet to come.
struct Age {
    now: Timestamp,
    cutoff: Timestamp,
    calendar: Calendar,
}

impl Age {
    /// Whether the youngest row that there can be below the bound is past its age.
    fn is_past(&self, bound: DateTime) -> bool {
        let end = self.calendar.last(bound);
        end.is_some_and(|end| end <= self.cutoff)
    }

    fn is_ahead(&self, bound: DateTime) -> bool {
        let begins = self.calendar.first(bound);
        begins.is_none_or(|begins| begins > self.now)
    }

    /// The next bound at which a partition may end. Where nobody looked after the table for long, it
    /// is a wide one: otherwise it would be past its age when it is made.
    fn next(&self, bound: DateTime, days: i64) -> Option<DateTime> {
        let mut next = self.calendar.after(bound, days)?;
        while self.is_past(next) {
            next = self.calendar.after(next, days)?;
        }
        Some(next)
    }
}

/// Goes on from the last bound until the trigger's time and `ahead` partitions after it have theirs.
fn ahead(
    wanted: &Partitions,
    age: &Age,
    scheme: &Scheme,
    bounds: &[DateTime],
) -> Result<Vec<Partition>, Refusal> {
    let days = whole_days(wanted.every)?;
    // Each begins where the one before it ends; the first begins nowhere.
    let begin_ahead = bounds
        .iter()
        .rev()
        .skip(1)
        .filter(|bound| age.is_ahead(**bound));
    let mut missing = u64::from(wanted.ahead).saturating_sub(begin_ahead.count() as u64);
    let behind = bounds.last().copied();
    let last = behind.or_else(|| age.calendar.today(age.now));
    let mut last = last.ok_or(Refusal::NoSuchDate)?;
    let mut new: Vec<Partition> = Vec::new();
    while missing > 0 || !age.is_ahead(last) {
        if new.len() == MOST_NEW {
            return Err(Refusal::TooManyNew { behind });
        }
        let added = one_more(age, scheme, &new, last, days).ok_or(Refusal::NoSuchDate)?;
        missing -= u64::from(age.is_ahead(last) && missing > 0);
        last = added.below.unwrap_or(last);
        new.push(added);
    }
    Ok(new)
}

/// A partition from this bound on, whose name no other has.
fn one_more(
    age: &Age,
    scheme: &Scheme,
    new: &[Partition],
    from: DateTime,
    days: i64,
) -> Option<Partition> {
    let name = age.calendar.name(from)?;
    let taken = scheme.partitions.iter().chain(new);
    Some(Partition {
        name: free(&name, taken),
        below: Some(age.next(from, days)?),
        rows: 0,
    })
}

/// Names of partitions are the same in upper and lower case.
#[expect(clippy::needless_pass_by_value, reason = "an iterator that is cloned")]
fn free<'a>(name: &str, taken: impl Iterator<Item = &'a Partition> + Clone) -> String {
    let is_free = |name: &String| !taken.clone().any(|p| p.name.eq_ignore_ascii_case(name));
    let others = (2_u32..).map(|number| format!("{name}_{number}"));
    let mut names = std::iter::once(name.to_owned()).chain(others);
    names.find(is_free).unwrap_or_default()
}

fn whole_days(every: Span) -> Result<i64, Refusal> {
    let seconds = every.duration().as_secs();
    let whole = seconds > 0 && seconds % 86_400 == 0;
    if whole {
        Ok(seconds / 86_400)
    } else {
        Err(Refusal::NotWholeDays(every))
    }
}

impl Plan {
    /// In words that can follow "would".
    #[must_use]
    pub fn describe(&self, wanted: &Partitions) -> String {
        let rows: u64 = self.take.iter().map(|partition| partition.rows).sum();
        let past = match &wanted.past {
            Past::Drop => "drop".to_owned(),
            Past::ExchangeInto(schema) => format!("move into tables of {schema}"),
        };
        let parts = [
            said("add", &self.add),
            said(&past, &self.take).map(|said| format!("{said} with about {rows} rows")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        if parts.is_empty() {
            let (ahead, keep) = (wanted.ahead, wanted.keep);
            return format!(
                "change nothing: {ahead} partitions are ahead, and none is past {keep}"
            );
        }
        parts.join(", and ")
    }
}

fn said(verb: &str, partitions: &[Partition]) -> Option<String> {
    let (first, last) = (partitions.first()?, partitions.last()?);
    Some(match partitions.len() {
        1 => format!("{verb} 1 partition ({})", first.name),
        many => format!("{verb} {many} partitions ({} to {})", first.name, last.name),
    })
}
