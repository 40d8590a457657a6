//! The time zone of an EVENT.

use std::fmt;

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

/// The zone an EVENT's times are meant in: the one of the session that made it.
/// <https://dev.mysql.com/doc/refman/8.0/en/events-metadata.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventZone {
    /// As the server says it: `SYSTEM`, `+02:00`, `Europe/Berlin`.
    said: String,
    zone: TimeZone,
}

impl EventZone {
    /// The zone that `TIME_ZONE` says; `SYSTEM` is the server's own, which `@@system_time_zone`
    /// says. `None` where it is no offset and no name of the IANA database, as for `SYSTEM` where
    /// the server says an abbreviation of the season, such as `CEST`.
    #[must_use]
    pub fn read(said: &str, system: &str) -> Option<Self> {
        let meant = if said == "SYSTEM" { system } else { said };
        let zone = offset(meant).map(TimeZone::fixed);
        let zone = zone.or_else(|| TimeZone::get(meant).ok())?;
        let said = said.to_owned();
        Some(Self { said, zone })
    }

    /// As the server says it.
    #[must_use]
    pub fn said(&self) -> &str {
        &self.said
    }

    /// Its rules.
    #[must_use]
    pub const fn rules(&self) -> &TimeZone {
        &self.zone
    }

    /// Its local time at a moment.
    #[must_use]
    pub fn local(&self, time: Timestamp) -> DateTime {
        self.zone.to_datetime(time)
    }

    /// The moment that the server takes a local time for: of one that comes twice the first, and
    /// for one that the clocks leave out the moment at which they do.
    #[must_use]
    pub fn moment(&self, time: DateTime) -> Option<Timestamp> {
        let ambiguous = self.zone.to_ambiguous_timestamp(time);
        match ambiguous.offset() {
            // The moment has the same local time under both offsets, less the gap: look for the
            // change that follows the last moment before it.
            AmbiguousOffset::Gap { after, .. } => {
                let before = after.to_timestamp(time).ok()?;
                self.zone.following(before).next().map(|t| t.timestamp())
            }
            _ => ambiguous.earlier().ok(),
        }
    }

    /// Its name in the IANA database, which EventBridge Scheduler and a policy take: that of an
    /// offset of whole hours is `Etc/GMT-2` for `+02:00`. `None` for other offsets.
    /// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#time-zones>
    #[must_use]
    pub fn name(&self) -> Option<String> {
        if let Some(name) = self.zone.iana_name() {
            return Some(name.to_owned());
        }
        let seconds = self.zone.to_fixed_offset().ok()?.seconds();
        match seconds / 3_600 {
            _ if seconds % 3_600 != 0 => None,
            0 => Some("UTC".into()),
            // The sign is the other way round in these names.
            hours @ -12..=14 => Some(format!("Etc/GMT{:+}", -hours)),
            _ => None,
        }
    }

    /// Whether its clocks show UTC, always.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        (self.zone.to_fixed_offset()).is_ok_and(|offset| offset == Offset::UTC)
            || matches!(
                self.zone.iana_name(),
                Some("UTC" | "Etc/UTC" | "GMT" | "Etc/GMT" | "Etc/UCT" | "Zulu" | "Universal")
            )
    }

    /// When its clocks change next after `time`.
    pub fn changes(&self, time: Timestamp) -> impl Iterator<Item = Timestamp> + '_ {
        let mut before = self.zone.to_offset(time);
        self.zone.following(time).filter_map(move |change| {
            let changed = change.offset() != before;
            before = change.offset();
            changed.then(|| change.timestamp())
        })
    }
}

impl fmt::Display for EventZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

/// `+02:00`, `-9:30`.
fn offset(text: &str) -> Option<Offset> {
    let (sign, rest) = match text.as_bytes().first()? {
        b'+' => (1, &text[1..]),
        b'-' => (-1, &text[1..]),
        _ => return None,
    };
    let (hours, minutes) = rest.split_once(':')?;
    let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
    let valid = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    let seconds = sign * (hours * 3_600 + minutes * 60);
    valid.then(|| Offset::from_seconds(seconds).ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(time: &str, zone: &str) -> String {
        let zone = EventZone::read(zone, "UTC").unwrap();
        zone.moment(time.parse().unwrap()).unwrap().to_string()
    }

    #[test]
    fn a_time_that_is_left_out_is_the_moment_it_is_left_out_at() {
        for time in [
            "2027-03-28T02:00",
            "2027-03-28T02:30",
            "2027-03-28T02:59:59",
        ] {
            assert_eq!(moment(time, "Europe/Berlin"), "2027-03-28T01:00:00Z");
        }
        assert_eq!(
            moment("2027-03-28T03:00", "Europe/Berlin"),
            "2027-03-28T01:00:00Z"
        );
        // Half an hour, in the south.
        let skipped = moment("2026-10-04T02:10", "Australia/Lord_Howe");
        assert_eq!(skipped, "2026-10-03T15:30:00Z");
    }

    #[test]
    fn a_time_that_comes_twice_is_the_first() {
        assert_eq!(
            moment("2026-10-25T02:30", "Europe/Berlin"),
            "2026-10-25T00:30:00Z"
        );
    }

    #[test]
    fn a_zone_has_the_name_that_aws_takes() {
        for (said, name) in [
            ("SYSTEM", Some("UTC")),
            ("+00:00", Some("UTC")),
            ("+02:00", Some("Etc/GMT-2")),
            ("-05:00", Some("Etc/GMT+5")),
            ("+05:30", None),
            ("Europe/Berlin", Some("Europe/Berlin")),
        ] {
            let zone = EventZone::read(said, "UTC").unwrap();
            assert_eq!(zone.name().as_deref(), name, "{said}");
        }
        assert_eq!(EventZone::read("SYSTEM", "CEST"), None);
        assert_eq!(EventZone::read("+15:00", "UTC"), None);
        assert!(EventZone::read("SYSTEM", "UTC").unwrap().is_utc());
        assert!(!EventZone::read("Europe/London", "UTC").unwrap().is_utc());
    }

    #[test]
    fn its_clocks_change_twice_a_year_where_they_do() {
        let changes = |zone: &str| {
            let zone = EventZone::read(zone, "UTC").unwrap();
            let from = "2026-11-22T00:00:00Z".parse().unwrap();
            let next = zone.changes(from).next();
            next.map(|change| change.to_string())
        };
        assert_eq!(changes("Europe/Berlin").unwrap(), "2027-03-28T01:00:00Z");
        assert_eq!(changes("+02:00"), None);
        assert_eq!(changes("Asia/Tokyo"), None);
    }
}
