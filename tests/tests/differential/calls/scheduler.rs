//! Calls to `EventBridge` Scheduler.
//!
//! No schedule here is ever due within the seconds of a test.

use fastrand::Rng;

use super::{any, seldom};
use crate::step::Step;

const NAMES: [&str; 4] = ["nightly", "nightly-2", "once", "nobody"];
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:take-snapshot";

/// With what every sequence begins.
pub fn begin() -> Vec<Step> {
    vec![
        put("CreateSchedule", "once", "at(2999-01-01T03:00:00)"),
        put("CreateSchedule", "nightly", "cron(0 3 * * ? *)"),
    ]
}

/// A call.
pub fn generate(rng: &mut Rng) -> Step {
    match rng.u32(..16) {
        0 => put("CreateSchedule", "nightly-2", "rate(2 days)")
            .with("ClientToken", Some("token-one")),
        1..4 => any_put(rng, "CreateSchedule"),
        4..7 => any_put(rng, "UpdateSchedule"),
        7..11 => named(rng, "GetSchedule"),
        11 | 12 => named(rng, "DeleteSchedule")
            .with("ClientToken", seldom(rng, 2, &["token-one", "token two"])),
        _ => Step::new("ListSchedules", &[])
            .with("GroupName", seldom(rng, 3, &["default", "nowhere"]))
            .with("NamePrefix", seldom(rng, 3, &["nightly", "o", "z"]))
            .with("State", seldom(rng, 3, &["ENABLED", "DISABLED", "ASLEEP"]))
            .with("MaxResults", seldom(rng, 5, &["1", "100", "0", "101"]))
            .with("NextToken", seldom(rng, 12, &["made-up"])),
    }
}

fn named(rng: &mut Rng, operation: &'static str) -> Step {
    let name = seldom(rng, 12, &["no blanks"]).unwrap_or_else(|| any(rng, &NAMES));
    Step::new(operation, &[("Name", name)]).with("GroupName", group(rng))
}

fn group(rng: &mut Rng) -> Option<&'static str> {
    seldom(rng, 5, &["default", "default", "nowhere"])
}

fn put(operation: &'static str, name: &str, expression: &str) -> Step {
    let given = [
        ("Name", name),
        ("ScheduleExpression", expression),
        ("Window", "OFF"),
        ("TargetArn", FUNCTION),
    ];
    Step::new(operation, &given)
}

/// A call that is mostly in order, and else wrong in one thing.
fn any_put(rng: &mut Rng, operation: &'static str) -> Step {
    let mut step = put(operation, any(rng, &NAMES[..3]), any(rng, &GOOD));
    if rng.u32(..5) == 0 {
        step.set("Window", "FLEXIBLE");
        step.set("WindowMinutes", any(rng, &["15", "1440"]));
    }
    let queue = "arn:aws:sqs:eu-central-1:123456789012:q";
    step = step
        .with("GroupName", group(rng))
        .with(
            "ScheduleExpressionTimezone",
            seldom(rng, 3, &["Europe/Berlin", "UTC"]),
        )
        .with("State", seldom(rng, 3, &["ENABLED", "DISABLED"]))
        .with("Description", seldom(rng, 4, &["of every night"]))
        .with("ActionAfterCompletion", seldom(rng, 3, &["NONE", "DELETE"]))
        .with("StartDate", seldom(rng, 6, &["T+1440"]))
        .with("EndDate", seldom(rng, 6, &["T+2880"]))
        .with("Input", seldom(rng, 3, &["{\"policy\":{}}"]))
        .with("Retries", seldom(rng, 5, &["0", "185"]))
        .with("ClientToken", seldom(rng, 6, &["token-one"]));
    match rng.u32(..32) {
        0 => step.set("ScheduleExpression", any(rng, &BAD)),
        1 => step.set("TargetArn", queue),
        2 => {
            let left_out = any(rng, &["ScheduleExpression", "Window", "TargetArn"]);
            step.parameters.retain(|(name, _)| *name != left_out);
        }
        3..10 => {
            let (name, value) = WRONG[rng.usize(..WRONG.len())];
            step.set(name, value);
        }
        _ => {}
    }
    step
}

/// What is wrong with a schedule.
const WRONG: [(&str, &str); 13] = [
    ("ActionAfterCompletion", "WEEP"),
    ("ClientToken", "token two"),
    ("EndDate", "T-1440"),
    ("EndDate", "T+720"),
    ("Input", "no json"),
    ("Name", "no blanks"),
    ("Retries", "186"),
    ("ScheduleExpressionTimezone", "Mars/Base"),
    ("StartDate", "T-1440"),
    ("State", "ASLEEP"),
    ("TargetArn", "take-snapshot"),
    ("Window", "AJAR"),
    ("WindowMinutes", "1441"),
];

const GOOD: [&str; 6] = [
    "cron(0 3 * * ? *)",
    "cron(15 4 ? * MON-FRI *)",
    "cron(0 0 1 1/3 ? 2030)",
    "rate(2 days)",
    "rate(1 hour)",
    "at(2999-01-01T03:00:00)",
];
/// Expressions that are none.
pub const BAD: [&str; 9] = [
    "cron(0 3 * * * *)",
    "cron(0 25 * * ? *)",
    "cron(0 3 * *)",
    "rate(1 days)",
    "rate(0 hours)",
    "rate(5 fortnights)",
    "at(2999-01-01)",
    "at(2999-02-30T03:00:00)",
    "every night",
];
