//! Texts from elsewhere, made fit for a mail: on one line, without control characters, not
//! longer than a person reads, and measured as they stand in the message.

pub(super) use aurora_model::words::clip;
use aurora_model::words::turns;
use serde_json::Value;

/// A text of a row or a note. The log has all of it.
const LONGEST: usize = 1_500;

/// `text` on one line.
pub(super) fn line(text: &str) -> String {
    clip(text, LONGEST)
}

/// `text` on one line, its blanks as they are, cut at `longest` characters.
pub(super) fn kept(text: &str, longest: usize) -> String {
    let same = |c: char| if c.is_control() { ' ' } else { c };
    let line: String = text.chars().filter(|c| !turns(*c)).map(same).collect();
    if line.chars().count() <= longest {
        return line.trim_end().to_owned();
    }
    let cut: String = line.chars().take(longest.saturating_sub(3)).collect();
    format!("{}...", cut.trim_end())
}

/// `text` on one line in printable ASCII, cut at `longest` characters.
pub(super) fn ascii(text: &str, longest: usize) -> String {
    let same = |c: char| match c {
        ' '..='~' => c,
        '\u{2010}'..='\u{2015}' => '-',
        '\u{2018}' | '\u{2019}' => '\'',
        '\u{201c}'..='\u{201e}' => '"',
        _ => '?',
    };
    let plain: String = line(text).chars().map(same).collect();
    clip(&plain, longest)
}

/// How many bytes `text` takes as a string within the message's JSON.
pub(super) fn escaped(text: &str) -> usize {
    Value::from(text).to_string().len()
}

/// How many of `items`, from the first on, fit into `room` bytes of the message.
pub(super) fn fitting<T>(items: &[T], room: usize, text: impl Fn(&T) -> String) -> usize {
    let mut taken = 0;
    items
        .iter()
        .take_while(|item| {
            taken += escaped(&text(item));
            taken <= room
        })
        .count()
}
