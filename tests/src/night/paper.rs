//! What is printed: 100 columns wide, in colour where a person looks on.

use std::env;
use std::io::{IsTerminal, Write, stdout};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// Columns of the paper.
pub const WIDTH: usize = 100;

/// How a text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ink {
    /// A title, a time.
    Bold,
    /// Said for completeness.
    Dim,
    /// Done, as it should be.
    Green,
    /// Refused, waits.
    Yellow,
    /// Failed, needs a person.
    Red,
    /// Who speaks.
    Blue,
}

/// Standard output.
pub struct Paper {
    terminal: bool,
    colour: bool,
    printed: Mutex<String>,
}

impl Paper {
    /// In colour only on a terminal, and only if `NO_COLOR` does not object
    /// (<https://no-color.org>).
    #[must_use]
    pub fn new() -> Self {
        let terminal = stdout().is_terminal();
        let objected = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self {
            terminal,
            colour: terminal && !objected,
            printed: Mutex::default(),
        }
    }

    /// `text` in this ink.
    #[must_use]
    pub fn ink(&self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Red => "1;31",
            Ink::Blue => "36",
        };
        if self.colour && !text.is_empty() {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }

    /// A line as it is.
    pub fn line(&self, text: &str) {
        let line = format!("{}\n", text.trim_end());
        put(&line);
        let printed = self.printed.lock();
        printed
            .unwrap_or_else(PoisonError::into_inner)
            .push_str(&line);
    }

    /// Every line so far.
    #[must_use]
    pub fn printed(&self) -> String {
        let printed = self.printed.lock();
        printed.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A title, underlined over the whole width.
    pub fn title(&self, text: &str) {
        self.line("");
        self.line(&self.ink(Ink::Bold, text));
        self.line(&self.ink(Ink::Dim, &"─".repeat(WIDTH)));
    }

    /// A text, broken into lines that begin at column `indent`.
    pub fn text(&self, indent: usize, ink: Option<Ink>, text: &str) {
        for line in wrap(text, WIDTH - indent) {
            let line = ink.map_or_else(|| line.clone(), |ink| self.ink(ink, &line));
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    /// `left` at column `indent` and `right` at the right edge.
    pub fn both(&self, indent: usize, left: (&str, Option<Ink>), right: (&str, Ink)) {
        let text = left
            .1
            .map_or_else(|| left.0.to_owned(), |ink| self.ink(ink, left.0));
        let room = WIDTH.saturating_sub(indent + length(left.0) + length(right.0));
        let right = self.ink(right.1, right.0);
        self.line(&format!("{:indent$}{text}{:room$}{right}", "", ""));
    }

    /// A framed text, each of its lines broken where it is too long.
    pub fn frame(&self, indent: usize, title: &str, lines: &[String]) {
        let inner = WIDTH - indent - 4;
        let edge = |text: &str| self.ink(Ink::Dim, text);
        let rule = "─".repeat((inner + 1).saturating_sub(length(title) + 2));
        let title = self.ink(Ink::Blue, title);
        self.line(&format!(
            "{:indent$}{} {title} {}",
            "",
            edge("╭─"),
            edge(&format!("{rule}╮"))
        ));
        for line in lines {
            for part in wrap(line, inner) {
                let room = inner.saturating_sub(length(&part));
                self.line(&format!(
                    "{:indent$}{} {part}{:room$} {}",
                    "",
                    edge("│"),
                    "",
                    edge("│")
                ));
            }
        }
        let rule = "─".repeat(inner + 2);
        self.line(&format!("{:indent$}{}", "", edge(&format!("╰{rule}╯"))));
    }

    /// Does one step of the preparation: says what, does it, and says how long it took.
    pub async fn step<T>(&self, what: &str, doing: impl Future<Output = T>) -> T {
        if self.terminal {
            put(&format!("  … {what}"));
        }
        let start = Instant::now();
        let done = doing.await;
        if self.terminal {
            put("\r\x1b[K");
        }
        let time = format!("{:.1} s", start.elapsed().as_secs_f64());
        let room = WIDTH.saturating_sub(4 + length(what) + length(&time));
        let (tick, time) = (self.ink(Ink::Green, "✓"), self.ink(Ink::Dim, &time));
        self.line(&format!("  {tick} {what}{:room$}{time}", ""));
        done
    }
}

impl Default for Paper {
    fn default() -> Self {
        Self::new()
    }
}

/// Prints at once. Who no longer reads (`| head`) is no reason to stop in the middle of a night.
fn put(text: &str) {
    let mut out = stdout();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Columns a text takes.
#[must_use]
pub fn length(text: &str) -> usize {
    text.chars().count()
}

/// `text` in lines of at most `width` columns. What follows a break begins where the text
/// itself begins, behind a dash if it has one.
#[must_use]
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let start = text.trim_start();
    let mut margin = length(text) - length(start);
    let (mut lines, mut line) = (Vec::new(), " ".repeat(margin));
    if start.starts_with("- ") {
        margin += 2;
    }
    let mut empty = true;
    for mut word in start.split(' ') {
        loop {
            let room = width.saturating_sub(length(&line) + usize::from(!empty));
            if length(word) <= room {
                line.push_str(if empty { "" } else { " " });
                line.push_str(word);
                empty = false;
                break;
            }
            if empty {
                // Longer than a line: a command to be pasted, an ARN.
                let cut = word.char_indices().nth(room.max(1));
                let (start, rest) = word.split_at(cut.map_or(word.len(), |(at, _)| at));
                line.push_str(start);
                word = rest;
            }
            lines.push(std::mem::replace(&mut line, " ".repeat(margin)));
            empty = true;
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_break_begins_where_the_text_begins() {
        assert_eq!(wrap("", 10), [""]);
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("- one two three", 9), ["- one two", "  three"]);
        assert_eq!(wrap("  one two", 6), ["  one", "  two"]);
        assert_eq!(wrap("ab abcdefghij", 4), ["ab", "abcd", "efgh", "ij"]);
    }
}
