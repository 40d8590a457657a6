//! Answers that did not come, and why, in words.

use aurora_sql::SqlError;

use crate::database::look::Gap;

/// Errors 1109 and 1146: there is no such table; in `information_schema` and elsewhere. Error 1049: there
/// is no such schema.
pub(super) const NO_TABLE: [u16; 3] = [1049, 1109, 1146];

/// What could not be read.
#[derive(Default)]
pub(super) struct Gaps(pub(super) Vec<Gap>);

impl Gaps {
    /// The answer, or a gap `of` what was asked for. `needs` is the right for it, as `GRANT` takes it.
    pub(super) fn take<T>(
        &mut self,
        of: &'static str,
        needs: &str,
        answer: Result<T, SqlError>,
    ) -> Option<T> {
        let noted = |error| self.note(of, why(error, needs));
        answer.map_err(noted).ok()
    }

    /// A gap.
    pub(super) fn note(&mut self, of: &'static str, why: String) {
        self.0.push(Gap { of, why });
    }

    /// Tells that there were more than `most` of something, where there were.
    pub(super) fn cut<T>(&mut self, of: &'static str, rows: &[T], most: usize) {
        if rows.len() >= most {
            self.note(of, format!("there are more than the {most} that were read"));
        }
    }
}

/// Why there is no answer, in words.
pub(super) fn why(error: SqlError, needs: &str) -> String {
    match error {
        SqlError::MissingRight { code, .. } => format!("the right {needs} is missing ({code})"),
        SqlError::Refused { what, code, .. } if NO_TABLE.contains(&code) => {
            format!("{what} found no table ({code})")
        }
        other => other.to_string(),
    }
}
