//! A template with the schedules of a job.

use std::fmt::Write as _;

use jiff::Timestamp;
use jobs::Job;
use serde_json::Value;

use crate::{event::Event, schedule::Timetable};

/// What `infra/job.yaml` takes of a policy, in characters: a parameter's value has 4,096 bytes.
/// <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html>
pub(super) const LONGEST_POLICY: usize = 4_000;

/// A template beside those of `infra/examples`: a stack of `infra/job.yaml`, which makes the job's
/// schedule and its tick.
///
/// The schedule is disabled, whether or not the EVENT is: an enabled one would only be refused by
/// run-job while the EVENT is enabled too, and a cut-over enables it.
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html>
pub(super) fn template(event: &Event, job: &Job, policy: &Value, timetable: &Timetable) -> String {
    let said = format!("What EVENT {} did, as job {}", event.full_name(), job.job);
    let mut yaml = HEAD
        .replace("{description}", &quoted(&said))
        .replace("{id}", &id(job.job.as_str()));
    let date = |date: Timestamp| quoted(&date.to_string());
    let parameters = [
        ("Name", Some(job.job.to_string())),
        (
            "ScheduleExpression",
            Some(quoted(&timetable.expression.to_string())),
        ),
        ("TimeZone", Some(quoted(&timetable.zone))),
        ("StartDate", timetable.start.map(date)),
        ("EndDate", timetable.end.map(date)),
        ("State", Some("DISABLED".to_owned())),
        (
            "Policy",
            Some(format!(">-\n          {}", spelled(policy, "\n          "))),
        ),
    ];
    for (name, value) in parameters {
        if let Some(value) = value {
            // A String takes all that is written to it.
            let _ = writeln!(yaml, "        {name}: {value}");
        }
    }
    yaml
}

const HEAD: &str = "\
AWSTemplateFormatVersion: \"2010-09-09\"
Transform: AWS::Serverless-2016-10-31
Description: {description}
Resources:
  {id}:
    Type: AWS::Serverless::Application
    Properties:
      Location: ../job.yaml
      Parameters:
";

/// A job's name as the identifier of a resource: letters and digits only.
fn id(job: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    job.split('-').map(word).collect()
}

/// JSON in plain ASCII, with `between` where one may read on in another line: before each field.
pub(super) fn spelled(policy: &Value, between: &str) -> String {
    let fields = policy.as_object().into_iter().flatten();
    let fields = fields.map(|(name, value)| format!("{}:{value}", Value::from(name.as_str())));
    let fields: Vec<String> = fields.collect();
    ascii(&format!("{{{}}}", fields.join(&format!(",{between}"))))
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
