//! The job that a schedule starts.

use jobs::Job;
use scheduler::Schedule;
use serde_json::Value;

/// The job that a schedule starts.
#[derive(Clone, Debug, PartialEq)]
pub struct Started {
    /// The job.
    pub job: Job,
    /// Whether the schedule is the net under another: it goes on with what is begun.
    pub tick: bool,
}

/// The function's name behind the deployment's prefix.
const FUNCTION: &str = "run-job";

/// Whether `target` is the ARN of run-job, in whichever deployment, version or alias.
/// <https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html>
#[must_use]
pub fn is_run_job(target: &str) -> bool {
    let mut parts = target.split(':').skip(2);
    let service = parts.next();
    let function = parts.nth(3);
    let is = |name: &str| {
        let prefix = name.strip_suffix(FUNCTION);
        prefix.is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('-'))
    };
    service == Some("lambda") && function.is_some_and(is)
}

/// The job that `schedule` starts.
///
/// # Errors
/// Why it starts none, as a sentence about the schedule.
pub fn started(schedule: &Schedule) -> Result<Started, String> {
    let name = &schedule.name;
    if !is_run_job(&schedule.target) {
        let target = &schedule.target;
        return Err(format!(
            "the schedule {name} does not start run-job but {target}"
        ));
    }
    let input = schedule.input.as_deref().unwrap_or_default();
    let input: Value = serde_json::from_str(input)
        .map_err(|_| format!("the input of the schedule {name} is no JSON object"))?;
    let Some(policy) = input.get("policy") else {
        return Err(format!("the input of the schedule {name} has no policy"));
    };
    let job = handler::policy::parse(policy)
        .map_err(|error| format!("the policy in the schedule {name}: {error}"))?;
    let tick = input.get("tick").and_then(Value::as_bool);
    Ok(Started {
        job,
        tick: tick.unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn run_job_is_known_by_its_name_in_every_deployment() {
        for (function, is) in [
            ("nightshift-run-job", true),
            ("run-job", true),
            ("team-a-run-job:live", true),
            ("nightshift-run-job:7", true),
            ("nightshift-run-jobs", false),
            ("prerun-job", false),
            ("nightshift-take-snapshot", false),
        ] {
            let arn = format!("arn:aws:lambda:eu-central-1:123456789012:function:{function}");
            assert_eq!(is_run_job(&arn), is, "{arn}");
        }
        assert!(!is_run_job("arn:aws:sqs:eu-central-1:123456789012:run-job"));
        assert!(!is_run_job("arn:aws:scheduler:::aws-sdk:lambda:invoke"));
        assert!(!is_run_job(""));
    }
}
