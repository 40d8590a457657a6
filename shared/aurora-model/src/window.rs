//! Times of the day and the week: whether it is one of them now, and until when.

mod times;

use jiff::{
    Timestamp, ToSpan, Zoned,
    civil::{Date, DateTime, Weekday},
    tz::{AmbiguousOffset, TimeZone},
};

pub use times::{Day, Window};

use crate::Zone;

/// Windows come again after a week; in one of two weeks at the latest no change of the clocks
/// swallows them.
const DAYS: i8 = 15;

/// Whether a window is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// One is, until this time; for good where there is none.
    Open(Option<Timestamp>),
    /// None is, until this time; for ever where there is none.
    Shut(Option<Timestamp>),
}

/// Whether one of `windows` is open `now`, and when that changes. Where there are none, it is always
/// open.
///
/// A window is open while the clock on the wall of `zone` shows a time in it: an hour that daylight
/// saving leaves out is not there to work in, and one that comes twice is there twice. Windows that
/// overlap or touch are one.
#[must_use]
pub fn open_until(windows: &[Window], zone: &Zone, now: Timestamp) -> Standing {
    if windows.is_empty() {
        return Standing::Open(None);
    }
    let open_at = |at: Timestamp| windows.iter().any(|w| shows(w, zone.local(at).datetime()));
    let open = open_at(now);
    let mut changes = changes(windows, &zone.local(now));
    changes.sort_unstable();
    let next = changes
        .into_iter()
        .find(|at| *at > now && open_at(*at) != open);
    if open {
        Standing::Open(next)
    } else {
        Standing::Shut(next)
    }
}

/// Whether a clock that shows `local` shows a time in the window.
fn shows(window: &Window, local: DateTime) -> bool {
    let Some((from, to)) = window.minutes() else {
        return false;
    };
    let minute =
        u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs());
    let today = || begins_on(window, local.date());
    let yesterday = || {
        local
            .date()
            .yesterday()
            .is_ok_and(|date| begins_on(window, date))
    };
    if from < to {
        (from..to).contains(&minute) && today()
    } else {
        minute >= from && today() || minute < to && yesterday()
    }
}

fn begins_on(window: &Window, date: Date) -> bool {
    let day = match date.weekday() {
        Weekday::Monday => Day::Monday,
        Weekday::Tuesday => Day::Tuesday,
        Weekday::Wednesday => Day::Wednesday,
        Weekday::Thursday => Day::Thursday,
        Weekday::Friday => Day::Friday,
        Weekday::Saturday => Day::Saturday,
        Weekday::Sunday => Day::Sunday,
    };
    window.days.is_empty() || window.days.contains(&day)
}

/// Every moment of the days from yesterday on at which a window may open or shut: where a clock comes
/// to show its beginning or its end, and where clocks are changed.
fn changes(windows: &[Window], now: &Zoned) -> Vec<Timestamp> {
    let zone = now.time_zone();
    let dates = (-1..=DAYS).filter_map(|days| now.date().checked_add(i64::from(days).days()).ok());
    let minutes: Vec<u16> = windows
        .iter()
        .filter_map(Window::minutes)
        .flat_map(|(from, to)| [from, to])
        .collect();
    let shown = dates.flat_map(|date| minutes.iter().flat_map(move |at| moments(zone, date, *at)));
    let end = now.timestamp() + (24 * i64::from(DAYS)).hours();
    let changed = zone
        .following(now.timestamp())
        .map(|change| change.timestamp());
    shown.chain(changed.take_while(|at| *at <= end)).collect()
}

/// When clocks come to show this minute of this date: twice where they are put back over it, never
/// where they leave it out.
fn moments(zone: &TimeZone, date: Date, minute: u16) -> Vec<Timestamp> {
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    let Ok(local) = midnight.checked_add(i64::from(minute).minutes()) else {
        return Vec::new();
    };
    let offsets = match zone.to_ambiguous_timestamp(local).offset() {
        AmbiguousOffset::Unambiguous { offset } => vec![offset],
        AmbiguousOffset::Gap { .. } => vec![],
        AmbiguousOffset::Fold { before, after } => vec![before, after],
    };
    let times = offsets.into_iter().map(|offset| offset.to_timestamp(local));
    times.filter_map(Result::ok).collect()
}

#[cfg(test)]
mod tests;
