//! Which night it is. The functions look at the real clock: snapshots have ages, and triggers
//! expire. So it is the night that has just passed, in a place where it is six in the morning.

use aurora_model::name::Slot;
use aurora_model::{ScheduleName, Zone};
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};

/// By then everything has happened.
const MORNING: i8 = 6;

/// One for each hour of the day, none of which ever changes its clocks.
const PLACES: [&str; 24] = [
    "Pacific/Pago_Pago",
    "Pacific/Honolulu",
    "Pacific/Gambier",
    "Pacific/Pitcairn",
    "America/Phoenix",
    "America/Costa_Rica",
    "America/Lima",
    "America/La_Paz",
    "America/Sao_Paulo",
    "Atlantic/South_Georgia",
    "Atlantic/Cape_Verde",
    "Atlantic/Reykjavik",
    "Africa/Lagos",
    "Africa/Johannesburg",
    "Africa/Nairobi",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Dhaka",
    "Asia/Bangkok",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Australia/Brisbane",
    "Pacific/Guadalcanal",
    "Pacific/Tarawa",
];

/// A night, and where it was one.
#[derive(Clone, Debug)]
pub struct Tonight {
    /// The day it belongs to.
    pub day: Date,
    /// The IANA name of the place's time zone.
    pub place: &'static str,
    zone: TimeZone,
}

impl Tonight {
    /// The night that has just passed.
    #[must_use]
    pub fn before(now: Timestamp) -> Self {
        let there = |place: &'static str| {
            let zone = TimeZone::get(place).unwrap_or_else(|e| panic!("{place}: {e}"));
            let local = now.to_zoned(zone.clone());
            let tonight = Self {
                day: local.date(),
                place,
                zone,
            };
            (local.hour() == MORNING).then_some(tonight)
        };
        let found = PLACES.iter().find_map(|place| there(place));
        found.expect("somewhere it is six in the morning")
    }

    /// A moment of the night.
    #[must_use]
    pub fn at(&self, hour: i8, minute: i8, second: i8) -> Timestamp {
        self.moment(self.day, hour, minute, second)
    }

    /// A moment of another night.
    #[must_use]
    pub fn moment(&self, day: Date, hour: i8, minute: i8, second: i8) -> Timestamp {
        let there = day.at(hour, minute, second, 0).to_zoned(self.zone.clone());
        there.expect("a moment of our time").timestamp()
    }

    /// The moment between noon and noon at which the clocks of `zone` show this.
    #[must_use]
    pub fn when(&self, zone: &str, hour: i8, minute: i8) -> Timestamp {
        let zone = TimeZone::get(zone).unwrap_or_else(|e| panic!("{zone}: {e}"));
        let noon = self.moment(self.ago(1), 12, 0, 0).to_zoned(zone.clone());
        let shown = noon.date().at(hour, minute, 0, 0);
        let days = [0, 1].map(|days| shown.saturating_add(days.days()).to_zoned(zone.clone()));
        let moment = |day: Zoned| (day >= noon).then(|| day.timestamp());
        let found = days.into_iter().flatten().find_map(moment);
        found.expect("each time of day comes between noon and noon")
    }

    /// What the clocks there show.
    #[must_use]
    pub fn local(&self, time: Timestamp) -> Zoned {
        time.to_zoned(self.zone.clone())
    }

    /// The day of the night that many nights ago.
    #[must_use]
    pub fn ago(&self, nights: i64) -> Date {
        self.day.saturating_sub(nights.days())
    }

    /// When the nightly snapshots of `day` were due.
    #[must_use]
    pub fn due(&self, day: Date) -> Timestamp {
        self.moment(day, 2, 0, 0)
    }

    /// The name of the nightly snapshot of `day`.
    #[must_use]
    pub fn name(&self, cluster: &str, day: Date, attempt: u8) -> String {
        let slot = Slot {
            cluster,
            schedule: &ScheduleName::new("nightly").expect("a schedule's name"),
            time: self.due(day),
            zone: &Zone::named(self.place).expect("a time zone"),
            several_a_day: false,
        };
        slot.name(attempt)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn at_any_time_a_night_has_just_passed_somewhere() {
        let start: Timestamp = "2026-01-01T00:00:30Z".parse().expect("a time");
        for hours in 0..24 * 366 {
            let now = start + SignedDuration::from_hours(hours);
            let tonight = Tonight::before(now);
            assert!(tonight.at(5, 59, 59) < now, "{now}");
            let age = now.duration_since(tonight.at(2, 0, 0));
            assert!(age < SignedDuration::from_hours(5), "{now}");
        }
    }

    #[test]
    fn a_schedule_of_another_zone_comes_at_the_same_moment() {
        let start: Timestamp = "2026-11-22T00:30:00Z".parse().expect("a time");
        for hours in 0..24 {
            let tonight = Tonight::before(start + SignedDuration::from_hours(hours));
            for hour in [0, 3, 11] {
                let there = tonight.at(hour, 30, 0);
                assert_eq!(tonight.when(tonight.place, hour, 30), there);
                let utc = there.to_zoned(TimeZone::UTC);
                assert_eq!(
                    tonight.when("UTC", utc.hour(), 30),
                    there,
                    "{}",
                    tonight.place
                );
            }
        }
    }

    #[test]
    fn a_name_has_the_date_of_the_place() {
        let tonight = Tonight::before("2026-11-20T21:10:00Z".parse().expect("a time"));
        assert_eq!(tonight.place, "Asia/Tokyo");
        assert_eq!(tonight.name("c", tonight.day, 1), "c-nightly-20261121");
        assert_eq!(tonight.at(2, 0, 0).to_string(), "2026-11-20T17:00:00Z");
    }
}
