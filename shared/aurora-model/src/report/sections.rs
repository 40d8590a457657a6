//! A case file within bounds: `CloudWatch` Logs cuts events beyond 256 KB, and the rows need room as well.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html>

use serde_json::Value;

use super::Section;

/// What the sections may take as JSON.
const BYTES: usize = 60_000;
/// What is around a section's texts, and around a line.
const AROUND_SECTION: usize = 24;
const AROUND_LINE: usize = 1;

/// The sections up to the first line that finds no room, and how many lines were left out.
pub(super) fn fitting(sections: &[Section]) -> (Vec<Section>, usize) {
    let mut room = BYTES;
    let mut fitting = Vec::new();
    for Section { title, lines } in sections {
        if !take(&mut room, title, AROUND_SECTION) {
            break;
        }
        let lines = lines.iter();
        let lines: Vec<String> = lines
            .take_while(|line| take(&mut room, line, AROUND_LINE))
            .cloned()
            .collect();
        let title = title.clone();
        fitting.push(Section { title, lines });
    }
    let lines = |sections: &[Section]| -> usize { sections.iter().map(|it| it.lines.len()).sum() };
    let left_out = lines(sections) - lines(&fitting);
    (fitting, left_out)
}

/// Takes the room for `text`. Once there is none for a text, there is none for any after it.
fn take(room: &mut usize, text: &str, around: usize) -> bool {
    let needed = Value::from(text).to_string().len() + around;
    let left = room.checked_sub(needed);
    *room = left.unwrap_or(0);
    left.is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn section(title: &str, lines: usize, line: &str) -> Section {
        Section {
            title: title.into(),
            lines: vec![line.into(); lines],
        }
    }

    #[test]
    fn a_short_file_is_whole() {
        let sections = [section("a", 3, "x"), section("b", 2, "y")];
        assert_eq!(fitting(&sections), (sections.to_vec(), 0));
    }

    #[test]
    fn a_long_file_is_cut_at_a_line_and_at_one_place() {
        for line in ["x".repeat(300), "\u{1}\"\n".repeat(100)] {
            let sections = [
                section("a", 10, &line),
                section("b", 900, &line),
                section("c", 1, "short"),
            ];
            let (fit, left_out) = fitting(&sections);
            let bytes = json!(fit).to_string().len();
            assert!((BYTES - 2_000..=BYTES).contains(&bytes), "{bytes}");
            assert_eq!((fit.len(), fit[0].lines.len()), (2, 10));
            assert_eq!(fit[1].lines.len() + left_out, 901);
        }
    }
}
