//! Bounds as points in time, and the days between them.

use aurora_model::Zone;
use jiff::{Timestamp, ToSpan as _, Zoned, civil::DateTime, tz::TimeZone};

use crate::database::Bounds;

/// The calendar that a table's bounds are written in: UTC for `UNIX_TIMESTAMP`, the job's zone for
/// all others. Partitions begin by days of the job's zone in either.
pub(super) struct Calendar {
    written: TimeZone,
    days: TimeZone,
}

impl Calendar {
    pub(super) fn of(bounds: Bounds, zone: &Zone) -> Self {
        let days = zone.local(Timestamp::UNIX_EPOCH).time_zone().clone();
        let written = match bounds {
            Bounds::UnixTimestamp => TimeZone::UTC,
            Bounds::ToDays | Bounds::Date | Bounds::DateTime => days.clone(),
        };
        Self { written, days }
    }

    /// The first moment at which clocks show the bound.
    pub(super) fn first(&self, bound: DateTime) -> Option<Timestamp> {
        let shown = self.written.to_ambiguous_timestamp(bound);
        shown.earlier().ok()
    }

    /// The last moment at which clocks show the bound: where an hour comes twice in autumn, rows
    /// that are written before the bound may be as young as that.
    pub(super) fn last(&self, bound: DateTime) -> Option<Timestamp> {
        self.written.to_ambiguous_timestamp(bound).later().ok()
    }

    /// The bound that many days behind another. A bound at a day's beginning is followed by one at a
    /// day's beginning, also where a day has 23 or 25 hours, or does not begin at midnight.
    pub(super) fn after(&self, bound: DateTime, days: i64) -> Option<DateTime> {
        let here = self.here(bound)?;
        let next = here.checked_add(days.days()).ok()?;
        let begins = here.start_of_day().ok()? == here;
        let next = if begins {
            next.start_of_day().ok()?
        } else {
            next
        };
        Some(self.bound(&next))
    }

    /// The bound at which today began.
    pub(super) fn today(&self, now: Timestamp) -> Option<DateTime> {
        let today = now.to_zoned(self.days.clone()).start_of_day().ok()?;
        Some(self.bound(&today))
    }

    /// What a partition is called that begins there: by its day, and by its time where that is not
    /// midnight.
    pub(super) fn name(&self, bound: DateTime) -> Option<String> {
        let here = self.here(bound)?.datetime();
        let midnight = here.time() == jiff::civil::Time::midnight();
        let form = if midnight {
            "p%Y%m%d"
        } else {
            "p%Y%m%d_%H%M%S"
        };
        Some(here.strftime(form).to_string())
    }

    fn here(&self, bound: DateTime) -> Option<Zoned> {
        let at = bound.to_zoned(self.written.clone()).ok()?;
        Some(at.with_time_zone(self.days.clone()))
    }

    fn bound(&self, at: &Zoned) -> DateTime {
        at.with_time_zone(self.written.clone()).datetime()
    }
}
