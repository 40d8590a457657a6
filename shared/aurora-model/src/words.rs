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

/// `text` on one line, without control characters and without those that turn the direction of what
/// follows, cut at `longest` characters.
#[must_use]
pub fn clip(text: &str, longest: usize) -> String {
    let text: String = text.chars().filter(|c| !turns(*c)).collect();
    let words = text.split(|c: char| c.is_whitespace() || c.is_control());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest.saturating_sub(3)).collect();
    format!("{}...", cut.trim_end())
}

/// Whether a character makes what follows read in another direction, or belongs to no text.
#[must_use]
pub const fn turns(c: char) -> bool {
    matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_from_elsewhere_fits_on_one_line() {
        assert_eq!(clip(" a\n\tb\u{202e}c\u{0} \u{202e}", 10), "a bc");
        assert_eq!(clip("äöüäöü", 5), "äö...");
        assert_eq!(clip("äöüäö", 5), "äöüäö");
    }

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
