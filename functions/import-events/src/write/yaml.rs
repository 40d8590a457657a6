//! A template with the schedule of a job.

use std::fmt::Write as _;

use jiff::Timestamp;
use jobs::Job;
use serde_json::{Value, json};

use crate::{
    event::{Event, Status},
    schedule::Timetable,
};

/// A template of one job: its schedule, and the tick by which a run that needs longer goes on. It
/// stands alone; what it needs of the application are two parameters.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-scheduler-schedule.html>
pub(super) fn template(event: &Event, job: &Job, policy: &Value, timetable: &Timetable) -> String {
    let mut yaml = HEAD.replace(
        "{description}",
        &quoted(&format!(
            "What EVENT {} did, as job {}",
            event.full_name(),
            job.job
        )),
    );
    let state = state(event);
    let mut schedule = Resource::new("Schedule", format!("nightshift-{}", job.job), state);
    schedule.description = format!(
        "Starts job {} in the place of EVENT {}",
        job.job,
        event.full_name()
    );
    schedule.lines = vec![
        (
            "ScheduleExpression",
            quoted(&timetable.expression.to_string()),
        ),
        ("ScheduleExpressionTimezone", quoted(&timetable.zone)),
    ];
    schedule
        .lines
        .extend(timetable.start.map(|start| ("StartDate", date(start))));
    schedule
        .lines
        .extend(timetable.end.map(|end| ("EndDate", date(end))));
    schedule.write(&mut yaml, &input(policy, false));
    let mut tick = Resource::new("Tick", format!("nightshift-{}-tick", job.job), state);
    tick.description = format!(
        "Goes on with job {} where its last run was cut short",
        job.job
    );
    tick.lines = vec![("ScheduleExpression", "!Ref TickExpression".into())];
    tick.write(&mut yaml, &input(policy, true));
    yaml
}

const HEAD: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Description: {description}
Parameters:
  FunctionArn: { Type: String, Description: The ARN of the function run-job }
  RoleArn: { Type: String, Description: The ARN of the role with which EventBridge Scheduler invokes it }
  TickExpression: { Type: String, Default: rate(5 minutes), Description: How soon a run that was cut short goes on }
Resources:
";

const fn state(event: &Event) -> &'static str {
    match event.status {
        Status::Enabled => "ENABLED",
        Status::Disabled | Status::ReplicaSideDisabled => "DISABLED",
    }
}

/// One schedule.
struct Resource {
    id: &'static str,
    name: String,
    description: String,
    state: &'static str,
    lines: Vec<(&'static str, String)>,
}

impl Resource {
    const fn new(id: &'static str, name: String, state: &'static str) -> Self {
        Self {
            id,
            name,
            description: String::new(),
            state,
            lines: Vec::new(),
        }
    }

    fn write(&self, yaml: &mut String, input: &str) {
        let mut line = |text: std::fmt::Arguments<'_>| {
            // A String takes all that is written to it.
            let _ = writeln!(yaml, "{text}");
        };
        line(format_args!(
            "  {}:\n    Type: AWS::Scheduler::Schedule\n    Properties:",
            self.id
        ));
        line(format_args!("      Name: {}", self.name));
        line(format_args!(
            "      Description: {}",
            quoted(&self.description)
        ));
        for (name, value) in &self.lines {
            line(format_args!("      {name}: {value}"));
        }
        line(format_args!("      State: {}", self.state));
        line(format_args!(
            "      FlexibleTimeWindow: {{ Mode: \"OFF\" }}"
        ));
        line(format_args!(
            "      Target:\n        Arn: !Ref FunctionArn\n        RoleArn: !Ref RoleArn"
        ));
        line(format_args!(
            "        RetryPolicy: {{ MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 30 }}"
        ));
        line(format_args!("        Input: |-"));
        for text in input.lines() {
            line(format_args!("          {text}"));
        }
    }
}

/// What the function is invoked with: in lines of plain ASCII, so that a block of YAML holds it
/// whatever is in it.
fn input(policy: &Value, tick: bool) -> String {
    let mut input = json!({
        "policy": policy,
        "event": {
            "scheduled_time": "<aws.scheduler.scheduled-time>",
            "schedule_arn": "<aws.scheduler.schedule-arn>",
            "execution_id": "<aws.scheduler.execution-id>",
            "attempt_number": "<aws.scheduler.attempt-number>"
        }
    });
    if tick {
        input["tick"] = json!(true);
    }
    ascii(&format!("{input:#}"))
}

/// JSON with all but ASCII escaped.
fn ascii(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if character.is_ascii() && character != '\u{7f}' {
            text.push(character);
            continue;
        }
        let mut units = [0; 2];
        for unit in character.encode_utf16(&mut units) {
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

/// A text in double quotes, which in YAML are escaped as in JSON.
fn quoted(text: &str) -> String {
    ascii(&Value::from(text).to_string())
}

fn date(time: Timestamp) -> String {
    quoted(&time.to_string())
}
