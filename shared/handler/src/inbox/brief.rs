//! A report whose texts are short enough that its rows find room beside them.

use aurora_model::{Breach, LostRun, Note, Report, Severity, report::TriggerRef, words::count};
use serde_json::json;

use super::{
    plain::{clip, fitting, line},
    sections,
};

/// What the notes, and again the refusals, may take of a body.
const NOTES_BYTES: usize = 12_000;
const HEADLINE_CHARS: usize = 500;
const NAME_CHARS: usize = 300;

/// `report` with every text but its rows' on one line and of bounded length, the gravest notes
/// first; what found no room is counted in a last note.
pub(super) fn brief(report: &Report) -> Report {
    let headline = clip(&report.headline, HEADLINE_CHARS);
    let (texts, said): (Vec<&Note>, Vec<&Note>) =
        report.notes.iter().partition(|note| is_text(note, report));
    let mut notes: Vec<Note> = said
        .into_iter()
        .map(|note| {
            let same = note.text == report.headline;
            let text = if same {
                headline.clone()
            } else {
                line(&note.text)
            };
            Note::new(note.severity, text)
        })
        .collect();
    notes.extend(in_the_answer(texts.len()));
    notes.sort_by_key(|note| std::cmp::Reverse(note.severity));
    let mut breaches: Vec<Breach> = report.breaches.iter().map(on_one_line).collect();
    let notes_cut = keep_what_fits(&mut notes, "note");
    let breaches_cut = keep_what_fits(&mut breaches, "refusal");
    notes.extend(notes_cut.into_iter().chain(breaches_cut));
    Report {
        headline,
        notes,
        breaches,
        sections: sections::brief(&report.sections),
        trigger: short(&report.trigger),
        about: report.about.as_ref().map(of_lost_run),
        ..report.clone()
    }
}

/// Whether a note is no sentence but a text, such as a policy: nobody copies one out of a mail, in which
/// it would stand on one line.
fn is_text(note: &Note, report: &Report) -> bool {
    note.severity == Severity::Info
        && note.text.trim_end().contains('\n')
        && note.text != report.headline
}

/// The sentence in place of so many texts.
fn in_the_answer(texts: usize) -> Option<Note> {
    let text = format!(
        "{} left out here; the function's answer and its log have the whole.",
        count(texts, "longer text")
    );
    (texts > 0).then(|| Note::new(Severity::Info, text))
}

fn short(trigger: &TriggerRef) -> TriggerRef {
    TriggerRef {
        id: clip(&trigger.id, NAME_CHARS),
        ..trigger.clone()
    }
}

fn of_lost_run(lost: &LostRun) -> LostRun {
    let LostRun {
        function,
        function_name,
        region,
        log_group,
        request_id,
        trigger,
    } = lost;
    LostRun {
        function: clip(function, NAME_CHARS),
        function_name: clip(function_name, NAME_CHARS),
        region: clip(region, NAME_CHARS),
        log_group: clip(log_group, NAME_CHARS),
        request_id: clip(request_id, NAME_CHARS),
        trigger: trigger.as_ref().map(short),
    }
}

fn on_one_line(breach: &Breach) -> Breach {
    let Breach {
        rail,
        cluster,
        sentence,
        lift,
    } = breach;
    Breach {
        rail: *rail,
        cluster: cluster.as_deref().map(|name| clip(name, NAME_CHARS)),
        sentence: line(sentence),
        lift: line(lift),
    }
}

/// Drops what finds no room, and says how many of `noun` that were.
fn keep_what_fits<T: serde::Serialize>(items: &mut Vec<T>, noun: &str) -> Option<Note> {
    let fit = fitting(items, NOTES_BYTES, |item| json!(item).to_string());
    let left_out = items.len() - fit;
    items.truncate(fit);
    let text = format!(
        "... and {} not shown here; the log has all of them.",
        count(left_out, noun)
    );
    (left_out > 0).then(|| Note::new(Severity::Info, text))
}

#[cfg(test)]
mod tests {
    use aurora_model::RunOutcome;

    use super::*;

    fn notes(notes: &[(Severity, &str)]) -> Vec<String> {
        let trigger = TriggerRef {
            kind: "schedule",
            id: "id".into(),
            time: jiff::Timestamp::UNIX_EPOCH,
        };
        let headline = Note::new(Severity::Info, "orders: would import 2");
        let mut report = Report::of_note(
            "import-events",
            "plan",
            trigger,
            RunOutcome::Planned,
            headline,
        );
        report.notes = notes
            .iter()
            .map(|(severity, text)| Note::new(*severity, *text))
            .collect();
        let brief = brief(&report);
        brief.notes.into_iter().map(|note| note.text).collect()
    }

    #[test]
    fn texts_of_several_lines_are_one_sentence_that_says_where_they_are() {
        let said = notes(&[
            (
                Severity::Info,
                "shop.purge_logs:\n{\n  \"job\": \"purge-logs\"\n}",
            ),
            (Severity::Info, "The login sees all."),
            (
                Severity::Info,
                "Schedule:\r\n  Type: AWS::Scheduler::Schedule",
            ),
        ]);
        assert_eq!(
            said,
            [
                "The login sees all.",
                "2 longer texts left out here; the function's answer and its log have the whole."
            ]
        );
    }

    #[test]
    fn a_warning_is_told_however_many_lines_it_has() {
        let said = notes(&[
            (Severity::Warning, "first\nsecond"),
            (Severity::Info, "one line\n"),
        ]);
        assert_eq!(said, ["first second", "one line"]);
    }
}
