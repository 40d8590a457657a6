//! JSON that is put together from parts of another one.

use std::{fmt::Write, ops::Range};

use zeroize::Zeroizing;

use crate::Secret;

/// How many bytes one byte of a text may take in JSON: `\\u001f`.
const ESCAPED: usize = 6;

/// A text in the making. It has all the room it will need from the start, because a text that
/// grows leaves copies of itself behind.
pub(crate) struct Spelling(Zeroizing<String>);

impl Spelling {
    /// `text` with the values at some places, which are in order, replaced by other texts.
    pub(crate) fn replaced(text: &str, values: &[(&Range<usize>, &str)]) -> Secret {
        let mut new = Self::with_room(text, values);
        let mut copied = 0;
        for (at, value) in values {
            new.0.push_str(&text[copied..at.start]);
            new.quote(value);
            copied = at.end;
        }
        new.0.push_str(&text[copied..]);
        Secret::new(std::mem::take(&mut *new.0))
    }

    fn with_room(text: &str, values: &[(&Range<usize>, &str)]) -> Self {
        let quoted = values.iter().map(|(_, value)| value.len() * ESCAPED + 2);
        let room = text.len() + quoted.sum::<usize>();
        Self(Zeroizing::new(String::with_capacity(room)))
    }

    /// <https://www.rfc-editor.org/rfc/rfc8259#section-7>
    fn quote(&mut self, value: &str) {
        self.0.push('"');
        for c in value.chars() {
            match c {
                '"' | '\\' => self.0.extend(['\\', c]),
                '\0'..='\u{1f}' => {
                    // Writing to a text cannot fail.
                    let _ = write!(self.0, "\\u{:04x}", u32::from(c));
                }
                _ => self.0.push(c),
            }
        }
        self.0.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_is_enough_for_the_longest_spelling() {
        let value = "\u{1}".repeat(50);
        let mut new = Spelling::with_room("", &[(&(0..0), &value)]);
        let room = new.0.capacity();
        new.quote(&value);
        assert_eq!(new.0.len(), 50 * ESCAPED + 2);
        assert_eq!(new.0.capacity(), room);
    }
}
