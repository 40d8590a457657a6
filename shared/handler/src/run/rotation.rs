//! What Secrets Manager is answered.
//!
//! It calls a step, waits, and goes on to the next one unless the answer is an error; after an
//! error it begins again with the first step, several times. It calls synchronously, so that no
//! on-failure destination sees the error: what no such retry cures, the run mails itself.
//! <https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html>

use aurora_model::{
    Note, Outcome, Report, RunOutcome, Severity,
    report::{TriggerRef, Verdict},
};

use crate::Error;

/// Whether Secrets Manager may go on to the next step after `report`.
///
/// # Errors
/// When the step is not done. In mode `plan` that is each step that would have changed something:
/// the next one would build on what is not there. So a rotation in mode `plan` ends at its first
/// step with something to do, and one report, that step's, says so.
pub(super) fn answer(report: &Report) -> Result<(), Error> {
    let planned = report.outcome == RunOutcome::Planned;
    if report.outcome.ok() && !planned {
        return Ok(());
    }
    let why = if planned {
        "The mode is plan: nothing was changed, and the rotation ends here. \
         Set the mode to apply to rotate the secret"
            .into()
    } else {
        gravest(report).unwrap_or_else(|| "The rotation ends here".into())
    };
    Err(Error::Rotation {
        headline: report.headline.clone(),
        why,
        retry: !planned && report.retry_may_finish(),
    })
}

/// Why the step is not done; rows are ordered by how much they matter.
fn gravest(report: &Report) -> Option<String> {
    let why = |row: &aurora_model::Row| match (&row.outcome, row.verdict) {
        (
            Some(
                Outcome::Failed { detail, .. }
                | Outcome::Busy { detail }
                | Outcome::Left { detail },
            ),
            _,
        ) => Some(detail.clone()),
        (None, Verdict::Alert | Verdict::Wait) => Some(row.reason.clone()),
        _ => None,
    };
    let of_breach = |breach: &aurora_model::Breach| {
        let (sentence, lift) = (&breach.sentence, &breach.lift);
        format!("{sentence} To lift it: {lift}")
    };
    let of_rows = report.rows.iter().find_map(why);
    of_rows.or_else(|| report.breaches.first().map(of_breach))
}

/// The report of a step that ended with `error`, for the inbox.
pub(crate) fn ended(
    function: &'static str,
    mode: &'static str,
    trigger: TriggerRef,
    error: &Error,
) -> Report {
    let name = match trigger.name() {
        "" => "a secret",
        name => name,
    };
    let note = Note::new(Severity::Critical, format!("rotation of {name}: {error}"));
    let anew = if legal(name) {
        format!(": aws secretsmanager rotate-secret --secret-id {name}")
    } else {
        ".".into()
    };
    let afterwards = format!(
        "Secrets Manager was answered with this error. It tries the rotation again a few times; \
         each try ends the same way until the cause is gone. Then begin the rotation anew{anew}"
    );
    let mut report = Report::of_note(function, mode, trigger, RunOutcome::Failed, note);
    report.notes.push(Note::new(Severity::Info, afterwards));
    report
}

/// Whether Secrets Manager would take `name` for a secret's. Such a name is also safe to paste.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html>
fn legal(name: &str) -> bool {
    let legal = |byte: u8| byte.is_ascii_alphanumeric() || b"/_+=.@-".contains(&byte);
    !name.is_empty() && !name.starts_with('-') && name.bytes().all(legal)
}
