//! When an EVENT fires.
//!
//! The server adds the interval to `STARTS` on the wall clock of the EVENT's zone. So a firing
//! that falls where the clocks skip comes at the moment they do, and while the clocks show an hour
//! for the second time nothing fires. Months are counted anew from `STARTS` at each firing, and
//! cut to the month's last day: what is meant for the 31st fires on 28 February, a month after
//! that on 28 March, and on 31 March as well.
//! <https://dev.mysql.com/doc/refman/8.0/en/events-metadata.html>

use jiff::{Span, Timestamp, civil::DateTime};

use crate::event::{Event, EventZone, Length, Schedule};

/// The EVENT's first firing after `after`, were it enabled on a server that has run since `STARTS`.
#[must_use]
pub fn next(event: &Event, after: Timestamp) -> Option<Timestamp> {
    let zone = &event.zone;
    match event.schedule {
        Schedule::At(at) => zone.moment(at).filter(|at| *at > after),
        Schedule::Every {
            interval,
            starts,
            ends,
        } => {
            let start = zone.moment(starts)?;
            let next = match interval.length() {
                _ if after < start => Some(start),
                Length::Seconds(step) => by_seconds(zone, start, step, after),
                Length::Months(step) => by_months(zone, start, step, after),
            };
            let end = ends.and_then(|ends| zone.moment(ends));
            next.filter(|next| end.is_none_or(|end| *next <= end))
        }
    }
}

/// Its firings after `after`, in their order.
pub fn firings(event: &Event, after: Timestamp) -> impl Iterator<Item = Timestamp> {
    std::iter::successors(next(event, after), move |last| next(event, *last))
}

/// The first of `start`'s local time plus multiples of `step` whose moment is after `after`.
fn by_seconds(
    zone: &EventZone,
    start: Timestamp,
    step: i32,
    after: Timestamp,
) -> Option<Timestamp> {
    let (first, step) = (zone.local(start), i64::from(step));
    let passed = zone.local(after).duration_since(first).as_secs();
    let mut steps = (passed / step).max(0) + 1;
    loop {
        let span = Span::new().try_seconds(steps.checked_mul(step)?).ok()?;
        let moment = zone.moment(first.checked_add(span).ok()?)?;
        if moment > after {
            return Some(moment);
        }
        // Only while the clocks show an hour for the second time.
        steps += 1;
    }
}

/// As the server goes from firing to firing.
fn by_months(zone: &EventZone, start: Timestamp, step: i32, after: Timestamp) -> Option<Timestamp> {
    let mut last = start;
    while last <= after {
        last = a_month_on(zone, zone.local(start), step, last)?;
    }
    Some(last)
}

/// The next firing after one at `now`.
fn a_month_on(zone: &EventZone, start: DateTime, step: i32, now: Timestamp) -> Option<Timestamp> {
    let months = |time: DateTime| i32::from(time.year()) * 12 + i32::from(time.month());
    let passed = months(zone.local(now)) - months(start);
    let this_month = plus(start, passed - passed % step)?;
    match zone.moment(this_month)? {
        moment if moment > now => Some(moment),
        // From the day that may have been cut, not from the day of STARTS.
        _ => zone
            .moment(plus(this_month, step)?)
            .filter(|next| *next > now),
    }
}

fn plus(time: DateTime, months: i32) -> Option<DateTime> {
    time.checked_add(Span::new().try_months(months).ok()?).ok()
}
