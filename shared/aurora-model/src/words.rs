//! Small helps for sentences.

use jiff::Timestamp;

/// `2026-11-21 02:00 UTC`, as people write it.
#[must_use]
pub fn moment(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// `1 snapshot`, `2 snapshots`: the number and its noun, whose plural ends in `s`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 {
        format!("1 {noun}")
    } else {
        format!("{number} {noun}s")
    }
}

/// What was done, of the verb of an action: `created`, `set the password of`. Only the first word
/// changes.
#[must_use]
pub fn past(verb: &str) -> String {
    let (verb, rest) = verb.split_at(verb.find(' ').unwrap_or(verb.len()));
    match verb {
        "set" | "put" => format!("{verb}{rest}"),
        "run" => format!("ran{rest}"),
        "drop" | "skip" | "stop" => format!("{verb}{last}ed{rest}", last = &verb[verb.len() - 1..]),
        _ if verb.ends_with('e') => format!("{verb}d{rest}"),
        _ => format!("{verb}ed{rest}"),
    }
}

/// `a, b and c`.
#[must_use]
pub fn list<T: AsRef<str>>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [only] => only.as_ref().into(),
        [start @ .., last] => {
            let start: Vec<&str> = start.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", start.join(", "), last.as_ref())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verb_says_what_was_done() {
        for (verb, done) in [
            ("create", "created"),
            ("rotate", "rotated"),
            ("test", "tested"),
            ("set the password of", "set the password of"),
            (
                "discard the old password of",
                "discarded the old password of",
            ),
            ("drop", "dropped"),
            ("run", "ran"),
            ("skip", "skipped"),
            ("stop", "stopped"),
            ("move", "moved"),
        ] {
            assert_eq!(past(verb), done);
        }
    }
}
