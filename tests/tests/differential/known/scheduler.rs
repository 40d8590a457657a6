//! What ministack answers otherwise than the simulator: `EventBridge` Scheduler.

use super::{
    Decided::{By, Undecided},
    Known,
};
use crate::step::Step;

const PUT: &[&str] = &["CreateSchedule", "UpdateSchedule"];

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "an expression that is none",
        schedules!("schedule-types"),
    )
    .when(|step| step.is("ScheduleExpression", &crate::calls::scheduler::BAD))
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "a time zone that there is not",
        scheduler!("API_CreateSchedule"),
    )
    .when(|step| step.is("ScheduleExpressionTimezone", &["Mars/Base"]))
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "a window is flexible, with 1 to 1440 minutes, or off, without any",
        scheduler!("API_FlexibleTimeWindow"),
    )
    .when(bad_window)
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "a state that there is not, or an action after completion",
        scheduler!("API_CreateSchedule"),
    )
    .when(|step| step.is("State", &["ASLEEP"]) || step.is("ActionAfterCompletion", &["WEEP"]))
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "dates that are past, or an end before the start",
        Undecided("the reference names the dates without their bounds; AWS's message tells one"),
    )
    .when(bad_dates)
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "a target has an ARN, and a function's input is JSON",
        scheduler!("API_Target"),
    )
    .when(bad_target)
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "there are at most 185 retries",
        scheduler!("API_RetryPolicy"),
    )
    .when(|step| step.is("Retries", &["186"]))
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "*"),
        "a token has letters, digits, hyphens and underscores only",
        scheduler!("API_CreateSchedule"),
    )
    .when(bad_token)
    .parting(),
    Known::new(
        PUT,
        "outcome",
        ("400 ValidationException", "40*"),
        "a required parameter is missing, and the schedule or its group is there or not",
        Undecided("which of a call's several faults is told is not documented"),
    )
    .when(|step| REQUIRED.iter().any(|name| !step.has(name))),
    Known::new(
        &["DeleteSchedule"],
        "outcome",
        ("400 ValidationException", "*"),
        "a token has letters, digits, hyphens and underscores only",
        scheduler!("API_DeleteSchedule"),
    )
    .when(bad_token)
    .parting(),
    Known::new(
        &["CreateSchedule"],
        "outcome",
        ("ok", "409 ConflictException"),
        "the same call again, with the same token, is the same schedule",
        scheduler!("API_CreateSchedule"),
    )
    .when(|step| step.has("ClientToken")),
    Known::new(
        &["DeleteSchedule"],
        "outcome",
        ("ok", "404 ResourceNotFoundException"),
        "the same call again, with the same token, has been done",
        scheduler!("API_DeleteSchedule"),
    )
    .when(|step| step.has("ClientToken")),
    Known::new(
        &["GetSchedule"],
        "target.retry_policy",
        ("{*", "(nothing)"),
        "a target without a retry policy has AWS's own: 185 times within a day",
        Undecided("the reference gives the bounds of both numbers, which are these, as defaults"),
    ),
    Known::new(
        &["ListSchedules"],
        "outcome",
        ("404 ResourceNotFoundException", "ok"),
        "a group that is not there",
        scheduler!("API_ListSchedules"),
    )
    .when(|step| step.is("GroupName", &["nowhere"])),
    Known::new(
        &["ListSchedules"],
        "outcome",
        ("400 ValidationException", "ok"),
        "a state that there is not, or a page of other than 1 to 100 schedules",
        scheduler!("API_ListSchedules"),
    )
    .when(|step| step.is("State", &["ASLEEP"]) || step.is("MaxResults", &["0", "101"])),
    Known::new(
        &["ListSchedules"],
        "outcome",
        ("400 ValidationException", "ok"),
        "a token that no answer had: ministack has no pages",
        Undecided("the reference says that a token comes from an earlier answer, and no more"),
    )
    .when(|step| step.has("NextToken")),
    Known::new(
        &["ListSchedules"],
        "next_token",
        ("*", "(nothing)"),
        "what does not fit on a page is on the next: ministack drops it",
        scheduler!("API_ListSchedules"),
    )
    .when(|step| step.is("MaxResults", &["1"])),
    Known::new(
        &["ListSchedules"],
        "schedules[]",
        ("*", "*"),
        "schedules are listed by name: ministack has them as they were created",
        Undecided("the reference gives no order"),
    )
    .when(|step| step.is("MaxResults", &["1"])),
];

const REQUIRED: [&str; 3] = ["ScheduleExpression", "TargetArn", "Window"];

fn bad_window(step: &Step) -> bool {
    let flexible = step.is("Window", &["FLEXIBLE"]);
    step.is("Window", &["AJAR"])
        || step.is("WindowMinutes", &["1441"])
        || step.has("WindowMinutes") != flexible
}

fn bad_dates(step: &Step) -> bool {
    let past = |name| step.is(name, &["T-1440"]);
    let turned = step.is("StartDate", &["T+1440"]) && step.is("EndDate", &["T+720"]);
    past("StartDate") || past("EndDate") || turned
}

fn bad_target(step: &Step) -> bool {
    let function = step
        .get("TargetArn")
        .is_some_and(|arn| arn.contains(":lambda:"));
    step.is("TargetArn", &["take-snapshot"]) || function && step.is("Input", &["no json"])
}

fn bad_token(step: &Step) -> bool {
    step.is("ClientToken", &["token two"])
}
