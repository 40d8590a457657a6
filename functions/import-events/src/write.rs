//! What is shown for an EVENT, and deployed in its place.

mod job;
mod name;
mod yaml;

use jiff::Timestamp;
use jobs::Job;

pub use self::{job::Unsayable, name::job_name};
pub(crate) use name::digest;

use crate::{
    body::{Kind, Work, recognise},
    event::{Event, Schedule, Status},
    schedule::{self, Conversion, convert},
};

/// How many firings of each side are shown.
const SHOWN: usize = 5;

/// What a job needs to know beside the EVENT.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The time of the trigger.
    pub now: Timestamp,
    /// The identifier of the DB cluster.
    pub cluster: &'a str,
    /// The name or ARN of the secret that the job is to log in with.
    pub secret: &'a str,
}

/// What takes the place of one EVENT.
#[derive(Clone, Debug, PartialEq)]
pub struct Import {
    /// The EVENT, as `schema.name`.
    pub event: String,
    /// The job. Its JSON without what goes without saying is in `policy`.
    pub job: Job,
    /// The job's policy, as `run-job` takes it.
    pub policy: serde_json::Value,
    /// A template with a stack of `infra/job.yaml`, which makes the job's schedule, disabled, and its
    /// tick; `None` where EventBridge Scheduler cannot have the EVENT's schedule.
    pub schedule: Option<String>,
    /// For the `mysql` client: makes the procedure that the job calls, where it needs one.
    pub procedure: Option<String>,
    /// Whether the schedule is to be deleted once it is over, as the EVENT would have been.
    pub delete_after_completion: bool,
    /// What is different in meaning, a sentence each.
    pub differences: Vec<String>,
    /// What a person must look at first, a sentence each.
    pub problems: Vec<String>,
    /// When both fire next, were they enabled.
    pub firings: Firings,
}

/// The next firings of an EVENT and of the schedule in its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Firings {
    /// Of the EVENT.
    pub event: Vec<Timestamp>,
    /// Of the schedule.
    pub schedule: Vec<Timestamp>,
}

/// What takes the place of `event`.
///
/// # Errors
/// [`Unsayable`] where the setting makes no policy, such as a cluster without a name.
pub fn import(event: &Event, setting: Setting<'_>) -> Result<Import, Unsayable> {
    let work = recognise(event);
    let (job, policy) = job::job(event, &work, setting)?;
    let converted = convert(event, setting.now);
    let schedule = converted
        .as_ref()
        .ok()
        .map(|conversion| yaml::template(event, &job, &policy, &conversion.timetable));
    let mut problems = problems(event, &work, &policy);
    problems.extend(
        converted
            .as_ref()
            .err()
            .map(|refusal| format!("Not scheduled: {refusal}.")),
    );
    Ok(Import {
        event: event.full_name(),
        firings: firings(event, converted.as_ref().ok(), setting.now),
        differences: differences(event, &work, converted.as_ref().ok()),
        delete_after_completion: is_deleted(event),
        procedure: procedure(work.kind),
        job,
        policy,
        schedule,
        problems,
    })
}

fn procedure(kind: Kind) -> Option<String> {
    match kind {
        Kind::Procedure { create, .. } => Some(create),
        Kind::Purge(_) | Kind::Call(_) | Kind::Statement(_) => None,
    }
}

fn firings(event: &Event, conversion: Option<&Conversion>, now: Timestamp) -> Firings {
    let ours = conversion.map(|found| found.timetable.firings(now).take(SHOWN).collect());
    Firings {
        event: schedule::firings(event, now).take(SHOWN).collect(),
        schedule: ours.unwrap_or_default(),
    }
}

/// Whether the server would drop it once it can fire no more: one without an end always can.
const fn is_deleted(event: &Event) -> bool {
    let ends = matches!(
        event.schedule,
        Schedule::At(_) | Schedule::Every { ends: Some(_), .. }
    );
    ends && !event.preserved
}

fn differences(event: &Event, work: &Work, conversion: Option<&Conversion>) -> Vec<String> {
    let deleted = is_deleted(event).then(|| {
        "ON COMPLETION NOT PRESERVE: CloudFormation cannot have a schedule deleted after completion \
         (ActionAfterCompletion); cut-over has it so. Its tick stays until the stack is deleted."
            .to_owned()
    });
    let of_schedule = conversion
        .map(|found| found.differences.clone())
        .unwrap_or_default();
    [
        of_schedule,
        work.differences.clone(),
        deleted.into_iter().collect(),
    ]
    .concat()
}

fn problems(event: &Event, work: &Work, policy: &serde_json::Value) -> Vec<String> {
    let procedure = matches!(work.kind, Kind::Procedure { .. })
        .then(|| "The procedure is to be read, and made, before the job's first run.".to_owned());
    let asleep = (event.status == Status::ReplicaSideDisabled).then(|| {
        "The EVENT is disabled on this server because it came by replication: it has not fired here. \
         Whoever runs it elsewhere must be found before the job is enabled."
            .to_owned()
    });
    let text = yaml::spelled(policy, " ");
    // Scheduler would put its own text there.
    let keyword = text.contains("<aws.").then(|| {
        "The policy has the text <aws. in it, in whose place EventBridge Scheduler may put another; \
         infra/job.yaml refuses it: write it in another way."
            .to_owned()
    });
    let longest = yaml::LONGEST_POLICY;
    let long = (text.len() > longest).then(|| {
        format!(
            "The policy has {} characters, and infra/job.yaml takes {longest}: make a procedure of the \
             statement, and a job that calls it.",
            text.len()
        )
    });
    let problems = [procedure, asleep, keyword, long];
    problems.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
