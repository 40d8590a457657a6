//! A report whose texts are short enough that its rows find room beside them.

use aurora_model::{Breach, Note, Report, Severity};

use super::plain::{clip, escaped, fitting, line};

/// What the notes and the refusals may each take of a body.
const NOTES_BYTES: usize = 15_000;
const HEADLINE_CHARS: usize = 500;
const NAME_CHARS: usize = 300;

/// `report` with every text but its rows' on one line and of bounded length, the gravest notes
/// first; what found no room is counted in a last note.
pub(super) fn brief(report: &Report) -> Report {
    let headline = clip(&report.headline, HEADLINE_CHARS);
    let mut notes: Vec<Note> = report
        .notes
        .iter()
        .map(|note| {
            let same = note.text == report.headline;
            let text = if same { headline.clone() } else { line(&note.text) };
            Note::new(note.severity, text)
        })
        .collect();
    notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
    let mut breaches: Vec<Breach> = report.breaches.iter().map(on_one_line).collect();
    let cut = |fit: usize, all: usize, what: &str| {
        let text = format!("... and {} more {what} not shown here; the log has all of them.", all - fit);
        (fit < all).then(|| Note::new(Severity::Info, text))
    };
    let fit = fitting(&notes, NOTES_BYTES, |note| note.text.clone());
    let notes_cut = cut(fit, notes.len(), "notes");
    notes.truncate(fit);
    let fit = fitting(&breaches, NOTES_BYTES, |breach| format!("{breach:?}"));
    let breaches_cut = cut(fit, breaches.len(), "refusals");
    breaches.truncate(fit);
    notes.extend(notes_cut.into_iter().chain(breaches_cut));
    let mut trigger = report.trigger.clone();
    trigger.id = clip(&trigger.id, NAME_CHARS);
    Report {
        headline,
        notes,
        breaches,
        trigger,
        ..report.clone()
    }
}
