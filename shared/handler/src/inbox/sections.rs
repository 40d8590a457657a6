//! A case file's parts, made fit for a mail.

use std::fmt::Write;

use aurora_model::{Section, words::count};

use super::plain::{clip, escaped, kept};

/// What all parts together may take of a body.
const BYTES: usize = 16_000;
const TITLE_CHARS: usize = 120;
const LINE_CHARS: usize = 400;

/// As many of the lines as find room, from the first on, each on one line and of bounded length.
pub(super) fn brief(sections: &[Section]) -> Vec<Section> {
    let mut room = BYTES;
    let mut brief = Vec::new();
    let mut left_out = 0;
    for section in sections {
        let part = fitting(section, &mut room);
        left_out += section.lines.len() - part.lines.len();
        if !part.lines.is_empty() {
            brief.push(part);
        }
    }
    if left_out > 0 {
        brief.push(Section {
            title: format!("... and {} not shown here", count(left_out, "line")),
            lines: vec!["The log has all of them.".into()],
        });
    }
    brief
}

/// Once a line finds no room, none after it does: the file is cut at one place.
fn fitting(section: &Section, room: &mut usize) -> Section {
    let title = clip(&section.title, TITLE_CHARS);
    take(room, &title);
    let lines = section.lines.iter().map(|line| kept(line, LINE_CHARS));
    let lines = lines.take_while(|line| take(room, line)).collect();
    Section { title, lines }
}

fn take(room: &mut usize, text: &str) -> bool {
    let left = room.checked_sub(escaped(text));
    *room = left.unwrap_or(0);
    left.is_some()
}

/// The parts as a person reads them.
pub(super) fn text(sections: &[Section]) -> String {
    let mut text = String::new();
    for Section { title, lines } in sections {
        let _ = writeln!(text, "\n{title}");
        for line in lines {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(title: &str, lines: &[&str]) -> Section {
        Section {
            title: title.into(),
            lines: lines.iter().map(|line| (*line).to_owned()).collect(),
        }
    }

    #[test]
    fn a_tree_keeps_its_shape_and_no_line_is_two() {
        let sections = [section(
            "Lock  waits\non orders-1",
            &["4711 app", "  4712 app:   a\nb\u{202e}"],
        )];
        assert_eq!(
            text(&brief(&sections)),
            "\nLock waits on orders-1\n4711 app\n  4712 app:   a b\n"
        );
    }

    #[test]
    fn what_finds_no_room_is_counted_and_nothing_after_it_is_shown() {
        let long = "x".repeat(1000);
        let lines = vec![&*long; 60];
        let told = text(&brief(&[
            section("first", &lines),
            section("second", &["y"]),
        ]));
        assert!(told.len() < BYTES + 1000, "{}", told.len());
        let shown = told.lines().filter(|line| line.starts_with("xx")).count();
        assert!(shown > 30, "{shown}");
        assert!(told.ends_with(&format!(
            "\n... and {} lines not shown here\nThe log has all of them.\n",
            61 - shown
        )));
        assert!(!told.contains("second"), "{told}");
    }
}
