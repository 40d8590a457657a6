//! Lengths of time as people write them: `26h`, `14d`, `1h30m`.

use std::{borrow::Cow, fmt, str::FromStr};

use jiff::SignedDuration;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A length of time in whole seconds, written with the units `s`, `m`, `h`, `d` (24 hours) and
/// `w` (7 days), largest first: `26h`, `1d12h`. At most 100 years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i64);

const UNITS: [(char, i64); 5] = [
    ('w', 604_800),
    ('d', 86_400),
    ('h', 3_600),
    ('m', 60),
    ('s', 1),
];
const LONGEST: i64 = 100 * 366 * 86_400;
/// What a span must look like, in the words of an error message and of the JSON Schema.
pub const EXPECTED: &str = "a length of time such as 90m, 26h, 14d or 8w";
const PATTERN: &str = "^([0-9]+w)?([0-9]+d)?([0-9]+h)?([0-9]+m)?([0-9]+s)?$";

impl Span {
    /// This many seconds.
    #[must_use]
    pub const fn seconds(seconds: u32) -> Self {
        Self(seconds as i64)
    }

    /// This many hours.
    #[must_use]
    pub const fn hours(hours: u32) -> Self {
        Self(hours as i64 * 3_600)
    }

    /// As jiff's type, to add to a point in time.
    #[must_use]
    pub const fn duration(self) -> SignedDuration {
        SignedDuration::from_secs(self.0)
    }

    /// The whole seconds of `duration`; nothing when it is negative.
    #[must_use]
    pub fn of(duration: SignedDuration) -> Self {
        Self(duration.as_secs().clamp(0, LONGEST))
    }

    /// Cut to its two largest units, as one says it: `26h 12m` rather than `26h12m7s`.
    #[must_use]
    pub fn roughly(self) -> String {
        let (big, small) = match self.0 {
            s if s >= 2 * 86_400 => (('d', 86_400), ('h', 3_600)),
            s if s >= 3_600 => (('h', 3_600), ('m', 60)),
            _ => (('m', 60), ('s', 1)),
        };
        let (whole, rest) = (self.0 / big.1, self.0 % big.1 / small.1);
        match (whole, rest) {
            (0, rest) => format!("{rest}{}", small.0),
            (whole, 0) => format!("{whole}{}", big.0),
            (whole, rest) => format!("{whole}{} {rest}{}", big.0, small.0),
        }
    }
}

impl FromStr for Span {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (mut rest, mut total) = (text, 0_i64);
        for (unit, seconds) in UNITS {
            let Some((number, after)) = rest.split_once(unit) else {
                continue;
            };
            let number: u32 = number.parse().map_err(drop)?;
            total = total.saturating_add(i64::from(number).saturating_mul(seconds));
            rest = after;
        }
        let complete = rest.is_empty() && !text.is_empty() && !text.contains('+');
        (complete && total <= LONGEST)
            .then_some(Self(total))
            .ok_or(())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == 0 {
            return f.write_str("0s");
        }
        // Hours read better than days up to two days: 26h, not 1d2h.
        let units = if self.0 <= 2 * 86_400 {
            &UNITS[2..]
        } else {
            &UNITS[1..]
        };
        let mut rest = self.0;
        for (unit, seconds) in units {
            if rest >= *seconds {
                write!(f, "{}{unit}", rest / seconds)?;
                rest %= seconds;
            }
        }
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        text.parse()
            .map_err(|()| de::Error::custom(format_args!("expected {EXPECTED}, got {text:?}")))
    }
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        "Span".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": EXPECTED, "minLength": 2, "pattern": PATTERN })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_what_people_write() {
        for (text, seconds) in [
            ("26h", 93_600),
            ("14d", 1_209_600),
            ("1d12h", 129_600),
            ("0s", 0),
            ("8w", 4_838_400),
        ] {
            assert_eq!(text.parse(), Ok(Span(seconds)), "{text}");
        }
        for text in [
            "",
            "26",
            "h",
            "-1h",
            "1h1d",
            "1.5h",
            "26 h",
            "+2h",
            "9999999999s",
            "4000000000d",
            "1hh",
        ] {
            assert_eq!(text.parse::<Span>(), Err(()), "{text}");
        }
    }

    #[test]
    fn says_it_roughly() {
        for (seconds, said) in [
            (7, "7s"),
            (60, "1m"),
            (94_320, "26h 12m"),
            (1_000_000, "11d 13h"),
            (3_600, "1h"),
        ] {
            assert_eq!(Span(seconds).roughly(), said);
        }
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(seconds in 0..=LONGEST) {
            prop_assert_eq!(Span(seconds).to_string().parse(), Ok(Span(seconds)));
        }
    }
}
