//! Timestamps in JSON and CBOR: seconds since 1970, with milliseconds behind the point.
//! <https://smithy.io/2.0/spec/protocol-traits.html#timestampformat-trait>

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

/// A moment as JSON has it.
pub(crate) fn seconds(time: Timestamp) -> Value {
    let milliseconds = time.as_millisecond();
    let (whole, rest) = (milliseconds.div_euclid(1000), milliseconds.rem_euclid(1000));
    if rest == 0 {
        return Value::from(whole);
    }
    let text = format!("{whole}.{rest:03}");
    text.parse::<f64>().map_or(Value::from(whole), Value::from)
}

/// The moment that JSON has as a number of seconds.
pub(crate) fn moment(seconds: &Value) -> Option<Timestamp> {
    let since = match seconds.as_i64() {
        Some(whole) => SignedDuration::from_secs(whole),
        None => SignedDuration::try_from_secs_f64(seconds.as_f64()?).ok()?,
    };
    Timestamp::from_duration(since).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_comes_back_to_the_millisecond() {
        for time in ["2026-11-21T02:00:00Z", "2026-11-21T02:00:00.25Z"] {
            let time: Timestamp = time.parse().unwrap();
            assert_eq!(moment(&seconds(time)), Some(time));
        }
        assert_eq!(
            seconds("2026-11-21T02:00:00.25Z".parse().unwrap()).to_string(),
            "1795226400.25"
        );
        assert_eq!(moment(&Value::Null), None);
        assert_eq!(moment(&Value::from(1e300)), None);
    }
}
