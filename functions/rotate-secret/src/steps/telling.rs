//! What the team knows of a rotation's end.
//!
//! Secrets Manager tries a rotation that failed several times, and each try ends the same way: one
//! mail is enough. A run that moved AWSCURRENT and ended before its mail leaves the mail to the
//! next step that comes. Both are known by a tag, written once the mail is on its way: a run that
//! ends between the two tells twice rather than never.

use aurora_model::{Report, report::Telling};
use handler::{Answer, Mode, trigger::Step};
use secrets::Secrets;

use crate::rotation::Rotation;

/// The tag with the version of which the team was told that it cannot become current, or that it
/// has.
const TOLD: &str = "nightshift:told";

/// The answer with this report; `over` where the rotation had succeeded before this run.
pub(super) fn answer<'a, D>(
    secrets: &'a Secrets,
    rotation: &Rotation<'_, D>,
    step: Step,
    mut report: Report,
    over: bool,
) -> Answer<'a> {
    if rotation.call.mode == Mode::Plan || !(over || report.worth_a_mail()) {
        return report.into();
    }
    let ok = report.outcome.ok();
    let end = if over || ok && step == Step::Finish {
        format!("rotated to {}", rotation.token)
    } else {
        rotation.token.to_owned()
    };
    if (over || !ok) && rotation.secret.tags.get(TOLD) == Some(&end) {
        report.telling = Telling::Told;
        return report.into();
    }
    if over {
        report.telling = Telling::New;
    }
    let arn = rotation.secret.arn.clone();
    Answer::noted(report, async move {
        // Without the tag, the next try tells once more.
        let _ = secrets.tag(&arn, TOLD, &end).await;
    })
}
