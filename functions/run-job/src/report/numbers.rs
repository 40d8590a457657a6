//! Numbers as people read them.

use aurora_model::Span;
use jiff::SignedDuration;

/// `3,000,000`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 row`, `3,000,000 rows`: the number and its noun, whose plural ends in `s`.
pub(super) fn count(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", grouped(number))
}

/// `850 ms`, `104 s`, `1h 2m`.
pub(super) fn time(milliseconds: u64) -> String {
    match milliseconds {
        ..1_000 => format!("{milliseconds} ms"),
        1_000..300_000 => format!("{} s", milliseconds / 1_000),
        long => {
            let long = i64::try_from(long).unwrap_or(i64::MAX);
            Span::of(SignedDuration::from_millis(long)).roughly()
        }
    }
}

/// How many a second, where that can be said: within less than a second it is chance.
pub(super) fn a_second(number: u64, milliseconds: u64) -> Option<u64> {
    (milliseconds >= 1_000).then(|| number.saturating_mul(1_000) / milliseconds)
}
