//! What the team is told of a run that ended without a report.

use aurora_model::{LostRun, Note, Severity, words::moment};
use handler::{Cause, Trigger, trigger::FailureRecord};
use jiff::Timestamp;

use crate::{again, ending::Ending, function::Function, wish};

/// The words of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Which function, what happened to it and how often it was tried.
    pub headline: String,
    /// What it was to do, what happened, and what to do now.
    pub paragraphs: Vec<Note>,
    /// The run all this is about.
    pub about: LostRun,
}

/// What `record`, of the time `at`, says, in words.
#[must_use]
pub fn plan(record: &FailureRecord, at: Timestamp) -> Letter {
    let function = Function::of_arn(&record.function_arn);
    let ending = Ending::of(record);
    let payload = handler::trigger::parse(&record.request, at).ok();
    let (trigger, policy) = payload.map_or((None, None), |payload| {
        (Some(payload.trigger), payload.policy)
    });
    let paragraphs = [
        trigger.as_ref().map(|trigger| {
            let wish = wish::of(&function, trigger, policy.as_ref());
            format!("It was woken by {}{wish}.", woken_by(trigger))
        }),
        Some(format!(
            "{} {}",
            ending.happened(),
            ending.left_behind(record.attempts > 0)
        )),
        Some(format!("What to do: {}", ending.remedy(&function.name))),
        trigger.as_ref().map(|trigger| by_itself(trigger, &ending)),
        trigger
            .as_ref()
            .filter(|trigger| ending.worth_another_run() && repeatable(trigger))
            .and_then(|_| again::command(&function, &record.request)),
    ];
    Letter {
        headline: headline(record, &function, &ending),
        paragraphs: paragraphs
            .into_iter()
            .flatten()
            .map(|text| Note::new(Severity::Info, text))
            .collect(),
        about: LostRun {
            log_group: function.log_group(),
            function: function.name,
            function_name: function.lambda_name,
            region: function.region,
            request_id: record.request_id.clone(),
            trigger: trigger.as_ref().map(Trigger::reference),
        },
    }
}

/// Whether a person may hand the function the same event once more. A step of a rotation is for
/// Secrets Manager to send, with a token that belongs into no mail.
const fn repeatable(trigger: &Trigger) -> bool {
    !matches!(trigger.cause, Cause::Rotation(_))
}

fn headline(record: &FailureRecord, function: &Function, ending: &Ending) -> String {
    let tries = match (record.attempts, record.condition.as_str()) {
        (0, _) => String::new(),
        // Its last error is the news, but there would have been further tries.
        (tried, "EventAgeExceeded") if *ending != Ending::Throttled => {
            format!(" ({}, then too old)", times(tried))
        }
        (tried, _) => format!(" ({})", times(tried)),
    };
    let said = ending.message().map(|message| format!(": {message}"));
    let (name, brief) = (&function.lambda_name, ending.brief());
    format!("{name} {brief}{tries}{}", said.unwrap_or_default())
}

fn times(tried: u32) -> String {
    match tried {
        1 => "1 try".into(),
        tried => format!("{tried} tries"),
    }
}

fn woken_by(trigger: &Trigger) -> String {
    let (name, time) = (trigger.reference(), moment(trigger.time));
    let name = name.name();
    match &trigger.cause {
        Cause::Schedule | Cause::Tick => format!("the schedule {name} for {time}"),
        Cause::RdsEvent(event) => {
            format!(
                "RDS about {} at {time} ({:?})",
                event.source_id, event.message
            )
        }
        Cause::ApiCall(call) => format!("a call of {} at {time}", call.operation),
        Cause::Alarm(alarm) => format!("the alarm {} at {time}", alarm.name),
        Cause::Failure(record) => {
            let lost = Function::of_arn(&record.function_arn).lambda_name;
            format!("the failure of {lost} at {time}")
        }
        // The payload has no time; that of the record is not when it was sent.
        Cause::Rotation(_) => format!("a rotation of {name}"),
    }
}

/// What happens without anyone.
fn by_itself(trigger: &Trigger, ending: &Ending) -> String {
    match (ending, &trigger.cause) {
        (
            Ending::Failed {
                retryable: Some(false),
                ..
            },
            _,
        ) => "Until then, every run of it ends the same way.".into(),
        (Ending::SwitchedOff | Ending::Gone, _) => "Until then, no run of it starts.".into(),
        (_, Cause::Schedule | Cause::Tick) => {
            "The next run of its schedule, whenever that is, tries again by itself.".into()
        }
        (_, Cause::Rotation(_)) => {
            "Where a rotation is still wanted, let Secrets Manager begin it anew: \
             it sends the first step again."
                .into()
        }
        _ => "This event does not come again. \
              Where the function has a schedule, its next run looks again."
            .into(),
    }
}
