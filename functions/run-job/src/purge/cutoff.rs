//! From an age to the least value of a column that stays.

use aurora_model::Zone;
use jiff::{Timestamp, civil::DateTime, tz::AmbiguousOffset};
use jobs::policy::Unit;

use crate::database::{Column, Literal};

/// Snowflakes count from here, in milliseconds since 1970.
const SNOWFLAKE: i64 = 1_288_834_974_657;
/// TSIDs count from here, in milliseconds since 1970.
const TSID: i64 = 1_577_836_800_000;
/// Both have their milliseconds above so many bits of other things.
const BELOW: u32 = 22;

/// The least value of `column` that stays when everything before `cutoff` goes. What might be
/// younger stays: the whole day of a `DATE`, the whole hour that a clock set back goes through twice.
/// `None` where the column's type does not hold such an age.
pub(super) fn before(
    column: &Column,
    unit: Unit,
    zone: &Zone,
    cutoff: Timestamp,
) -> Option<Literal> {
    let kind = column.kind.as_str();
    Some(match unit {
        Unit::Time => return time(kind, zone, cutoff),
        Unit::UnixSeconds if matches!(kind, "int" | "bigint") => number(cutoff.as_second()),
        Unit::UnixMilliseconds if kind == "bigint" => number(cutoff.as_millisecond()),
        Unit::Snowflake if kind == "bigint" => number(id(cutoff, SNOWFLAKE)),
        Unit::Tsid if kind == "bigint" => number(id(cutoff, TSID)),
        _ => return None,
    })
}

/// The types in which an age of this unit is held, in words.
pub(super) const fn types(unit: Unit) -> &'static str {
    match unit {
        Unit::Time => "DATE, DATETIME or TIMESTAMP",
        Unit::UnixSeconds => "INT or BIGINT",
        Unit::UnixMilliseconds | Unit::Snowflake | Unit::Tsid => "BIGINT",
    }
}

fn number(number: i64) -> Literal {
    Literal::Number(number.into())
}

/// The least id of its millisecond; none is less than 0.
fn id(cutoff: Timestamp, epoch: i64) -> i64 {
    let milliseconds = cutoff.as_millisecond().saturating_sub(epoch).max(0);
    let least = i128::from(milliseconds) << BELOW;
    i64::try_from(least).unwrap_or(i64::MAX)
}

fn time(kind: &str, zone: &Zone, cutoff: Timestamp) -> Option<Literal> {
    Some(match kind {
        "timestamp" => Literal::DateTime(whole(Zone::UTC.local(cutoff).datetime())),
        "datetime" => Literal::DateTime(whole(local(zone, cutoff))),
        "date" => Literal::Date(local(zone, cutoff).date()),
        _ => return None,
    })
}

/// A column without fractions rounds them away, so they are of no use here.
fn whole(time: DateTime) -> DateTime {
    time.with().subsec_nanosecond(0).build().unwrap_or(time)
}

/// The zone's clock at the cutoff. Where it will be set back and show this time again, the time it
/// will be set back to: from there on a row may be younger.
fn local(zone: &Zone, cutoff: Timestamp) -> DateTime {
    let at = zone.local(cutoff);
    let clock = at.time_zone().to_ambiguous_timestamp(at.datetime());
    let AmbiguousOffset::Fold { before, after } = clock.offset() else {
        return at.datetime();
    };
    let next = at.time_zone().following(cutoff).next();
    match next.filter(|_| at.offset() == before) {
        Some(set_back) => after.to_datetime(set_back.timestamp()),
        None => at.datetime(),
    }
}

#[cfg(test)]
mod tests {
    use jobs::policy::Name;
    use proptest::prelude::*;

    use super::*;

    fn column(kind: &str) -> Column {
        Column {
            name: Name::new("at").unwrap(),
            kind: kind.to_owned(),
            full: kind.to_owned(),
            nullable: true,
            collation: None,
            generated: false,
        }
    }

    fn said(kind: &str, unit: Unit, zone: &str, cutoff: &str) -> String {
        let zone = Zone::named(zone).unwrap();
        match before(&column(kind), unit, &zone, cutoff.parse().unwrap()) {
            Some(Literal::Number(number)) => number.to_string(),
            Some(Literal::Date(date)) => date.to_string(),
            Some(Literal::DateTime(time)) => time.to_string(),
            Some(Literal::Text(text)) => text,
            None => "refused".to_owned(),
        }
    }

    #[test]
    fn a_cutoff_is_written_as_the_column_is() {
        let at = "2026-10-01T22:30:00.250Z";
        for (kind, unit, expected) in [
            ("timestamp", Unit::Time, "2026-10-01T22:30:00"),
            ("datetime", Unit::Time, "2026-10-02T00:30:00"),
            ("date", Unit::Time, "2026-10-02"),
            ("int", Unit::UnixSeconds, "1790893800"),
            ("bigint", Unit::UnixMilliseconds, "1790893800250"),
            ("bigint", Unit::Snowflake, "2105787340420022272"),
            ("bigint", Unit::Tsid, "893625828376576000"),
            ("varchar", Unit::Time, "refused"),
            ("int", Unit::UnixMilliseconds, "refused"),
            ("datetime", Unit::UnixSeconds, "refused"),
            ("bigint", Unit::Time, "refused"),
        ] {
            assert_eq!(said(kind, unit, "Europe/Berlin", at), expected, "{kind}");
        }
    }

    #[test]
    fn the_hour_that_comes_twice_stays_whole_until_it_is_old_for_certain() {
        let berlin = |at| said("datetime", Unit::Time, "Europe/Berlin", at);
        assert_eq!(berlin("2026-10-24T23:59:59Z"), "2026-10-25T01:59:59");
        assert_eq!(berlin("2026-10-25T00:30:00Z"), "2026-10-25T02:00:00");
        assert_eq!(berlin("2026-10-25T01:30:00Z"), "2026-10-25T02:30:00");
    }

    #[test]
    fn an_id_made_before_its_epoch_does_not_exist() {
        let long_ago = "1999-01-01T00:00:00Z";
        assert_eq!(said("bigint", Unit::Tsid, "UTC", long_ago), "0");
    }

    const ZONES: [&str; 6] = [
        "UTC",
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "America/Havana",
        "Asia/Kolkata",
    ];

    proptest! {
        #[test]
        fn no_row_younger_than_the_cutoff_goes_in_any_zone(
            zone in prop::sample::select(&ZONES[..]),
            cutoff in 0_i64..2_000_000_000,
            behind in 0_i64..100_000,
        ) {
            let zone = Zone::named(zone).unwrap();
            let cutoff = Timestamp::from_second(cutoff).unwrap();
            let row = Timestamp::from_second(cutoff.as_second() + behind).unwrap();
            let row = zone.local(row).datetime();
            let time = before(&column("datetime"), Unit::Time, &zone, cutoff);
            let Some(Literal::DateTime(least)) = time else { panic!("a time") };
            prop_assert!(row >= least);
            let date = before(&column("date"), Unit::Time, &zone, cutoff);
            let Some(Literal::Date(least)) = date else { panic!("a date") };
            prop_assert!(row.date() >= least);
        }

        #[test]
        fn every_row_older_by_more_than_a_clock_is_set_back_goes(
            zone in prop::sample::select(&ZONES[..]),
            cutoff in 100_000_i64..2_000_000_000,
            ahead in 7_201_i64..100_000,
        ) {
            let zone = Zone::named(zone).unwrap();
            let row = Timestamp::from_second(cutoff - ahead).unwrap();
            let cutoff = Timestamp::from_second(cutoff).unwrap();
            let time = before(&column("datetime"), Unit::Time, &zone, cutoff);
            let Some(Literal::DateTime(least)) = time else { panic!("a time") };
            prop_assert!(zone.local(row).datetime() < least);
        }

        #[test]
        fn an_id_is_on_the_side_of_the_cutoff_that_its_millisecond_is(
            made in TSID..TSID + (1 << 41),
            cutoff in TSID..TSID + (1 << 41),
            rest in 0_i64..1 << BELOW,
        ) {
            let made_id = ((made - TSID) << BELOW) + rest;
            let cutoff_id = id(Timestamp::from_millisecond(cutoff).unwrap(), TSID);
            prop_assert_eq!(made_id < cutoff_id, made < cutoff);
        }
    }
}
