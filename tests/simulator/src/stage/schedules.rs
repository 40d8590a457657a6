//! Schedules: how they are at the beginning, what people do to them, and what they start.

use jiff::Timestamp;
use serde_json::{Value, json};
use simulated_aws::{Account, Call, Effect, Protocol, Service, scheduler::Firing};

use super::Arrival;
use crate::script::{Import, Imports, RUNS};

const TARGET: &str = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-run-job";
const ROLE: &str = "arn:aws:iam::123456789012:role/nightshift-run-job-scheduler";
/// The group of the jobs' schedules.
const GROUP: &str = "nightshift-jobs";

/// The jobs' schedules, which are disabled.
pub(super) fn add(imports: &Imports, account: &mut Account, begins: Timestamp) {
    account.scheduler.groups.insert(GROUP.to_owned());
    for import in &imports.events {
        for (key, expression, tick) in [
            (&import.schedule, "cron(0 2 * * ? *)", false),
            (&import.tick, "cron(5/10 2-3 * * ? *)", true),
        ] {
            let name = key.rsplit('/').next().unwrap_or_default();
            let input = json!({
                "GroupName": GROUP, "Name": name, "State": "DISABLED",
                "ScheduleExpression": expression, "FlexibleTimeWindow": {"Mode": "OFF"},
                "Target": {"Arn": TARGET, "RoleArn": ROLE, "Input": given(import, tick).to_string()},
            });
            call(account, "CreateSchedule", input, begins);
        }
    }
}

/// What a schedule gives run-job.
fn given(import: &Import, tick: bool) -> Value {
    let mut input = json!({
        "policy": import.policy,
        "event": {
            "scheduled_time": "<aws.scheduler.scheduled-time>",
            "schedule_arn": "<aws.scheduler.schedule-arn>",
            "execution_id": "<aws.scheduler.execution-id>",
            "attempt_number": "<aws.scheduler.attempt-number>",
        },
    });
    if tick {
        input["tick"] = json!(true);
    }
    input
}

/// Enables or disables a schedule as a person does.
pub(super) fn turn(account: &mut Account, key: &str, on: bool, now: Timestamp) -> Vec<Effect> {
    let Some(there) = account.scheduler.schedules.get(key) else {
        return Vec::new();
    };
    let mut input = there.configuration.clone();
    let state = if on { "ENABLED" } else { "DISABLED" };
    for (member, value) in [
        ("State", state),
        ("GroupName", there.group.as_str()),
        ("Name", there.name.as_str()),
    ] {
        input.insert(member.to_owned(), json!(value));
    }
    call(account, "UpdateSchedule", Value::Object(input), now)
}

fn call(account: &mut Account, operation: &str, input: Value, at: Timestamp) -> Vec<Effect> {
    let call = Call {
        service: Service::Scheduler,
        operation: operation.into(),
        input,
        protocol: Protocol::Rest,
    };
    account.answer(&call, at).1
}

/// Whether each schedule is enabled.
pub(crate) fn states(account: &Account) -> impl Iterator<Item = (&String, bool)> {
    let schedules = account.scheduler.schedules.truth().iter();
    schedules.map(|(key, it)| (key, it.configuration["State"] == "ENABLED"))
}

/// What a schedule starts.
pub(super) fn fired(firing: &Firing) -> Option<Arrival> {
    let input = firing.input.as_deref()?;
    Some(Arrival {
        function: RUNS,
        time: firing.scheduled,
        payload: serde_json::from_str(input).ok()?,
        about: None,
        rotation: None,
    })
}
