//! Metrics in CloudWatch's embedded format: one line on standard output, no API call.
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>

use aurora_model::{Count, Outcome, Report, RunOutcome, report::TICK};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The namespace of every metric.
pub const NAMESPACE: &str = "Nightshift";

/// One metric of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Metric {
    /// Its name.
    pub name: &'static str,
    /// CloudWatch's unit.
    pub unit: &'static str,
    /// Its value.
    pub value: f64,
}

impl Metric {
    /// A number of things.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts stay far below 2^52")]
    pub const fn count(name: &'static str, value: usize) -> Self {
        Self {
            name,
            unit: "Count",
            value: value as f64,
        }
    }

    /// A length of time in whole seconds.
    #[must_use]
    #[expect(
        clippy::cast_precision_loss,
        reason = "lengths of time stay far below 2^52 seconds"
    )]
    pub const fn seconds(name: &'static str, value: i64) -> Self {
        Self {
            name,
            unit: "Seconds",
            value: value as f64,
        }
    }

    /// A length of time in milliseconds.
    #[must_use]
    pub const fn milliseconds(name: &'static str, value: f64) -> Self {
        Self {
            name,
            unit: "Milliseconds",
            value,
        }
    }
}

/// The metrics of a run that gave `report`. Only runs that a schedule woke count as successful
/// ones, so that the dead-man alarm is not kept quiet by events.
#[must_use]
pub fn of_report(report: &Report) -> Vec<Metric> {
    let is = |outcome: RunOutcome| usize::from(report.outcome == outcome);
    let failed = is(RunOutcome::Failed) + is(RunOutcome::NeedsPerson);
    let mut metrics = vec![
        Metric::count("FailedRuns", failed),
        Metric::count("PartialRuns", is(RunOutcome::Partial)),
        Metric::count("RefusedRuns", is(RunOutcome::Refused)),
        Metric::count("Actions", report.tally(|outcome| *outcome == Outcome::Done)),
        Metric::count(
            "FailedActions",
            report.tally(|outcome| matches!(outcome, Outcome::Failed { .. })),
        ),
    ];
    metrics.extend(
        report
            .measures
            .iter()
            .map(|measure| Metric::seconds(measure.name, measure.seconds)),
    );
    let count = |count: &Count| {
        let number = usize::try_from(count.number).unwrap_or(usize::MAX);
        Metric::count(count.name, number)
    };
    metrics.extend(report.counts.iter().map(count));
    if ["schedule", TICK].contains(&report.trigger.kind) {
        metrics.push(Metric::count(
            "SuccessfulRuns",
            usize::from(report.outcome.ok()),
        ));
    }
    metrics
}

/// `metrics` as a line of the embedded format, for the Lambda function called `name`.
#[must_use]
pub fn line(name: &str, at: Timestamp, metrics: &[Metric]) -> String {
    let definitions: Vec<Value> = metrics
        .iter()
        .map(|m| json!({"Name": m.name, "Unit": m.unit}))
        .collect();
    let mut line: Map<String, Value> = metrics
        .iter()
        .map(|m| (m.name.into(), json!(m.value)))
        .collect();
    line.insert("FunctionName".into(), name.into());
    let directive =
        json!({"Namespace": NAMESPACE, "Dimensions": [["FunctionName"]], "Metrics": definitions});
    line.insert(
        "_aws".into(),
        json!({"Timestamp": at.as_millisecond(), "CloudWatchMetrics": [directive]}),
    );
    Value::Object(line).to_string()
}

#[cfg(test)]
mod tests {
    use aurora_model::{
        Choice, Decision, LostRun, Measure, Note, Plan, Severity,
        plan::Action,
        report::{ROTATION, ROTATION_STEP, TriggerRef},
    };

    use super::*;

    struct Create;

    impl Action for Create {
        fn verb(&self) -> &'static str {
            "create"
        }
    }

    fn trigger(kind: &'static str) -> TriggerRef {
        TriggerRef {
            kind,
            id: "x".into(),
            time: Timestamp::UNIX_EPOCH,
        }
    }

    fn report(kind: &'static str, outcomes: Vec<Outcome>) -> Report {
        let decision = |n| Decision::new("orders", format!("orders-{n}"), Choice::Act(Create), "");
        let plan = Plan {
            decisions: (0..outcomes.len()).map(decision).collect(),
            ..Plan::empty()
        };
        Report::new("take-snapshot", "apply", trigger(kind), plan, outcomes)
    }

    /// What is not 0, as `name value`.
    fn counted(report: &Report) -> String {
        let metrics = of_report(report);
        let said = metrics.iter().filter(|metric| metric.value != 0.0);
        let said = said.map(|metric| format!("{} {}", metric.name, metric.value));
        said.collect::<Vec<_>>().join(", ")
    }

    fn failed() -> Outcome {
        Outcome::Failed {
            detail: String::new(),
            retry: false,
        }
    }

    #[test]
    fn only_a_schedule_makes_a_run_count_as_successful() {
        let done = || vec![Outcome::Done, Outcome::AlreadyDone];
        assert_eq!(
            counted(&report("schedule", done())),
            "Actions 1, SuccessfulRuns 1"
        );
        assert_eq!(counted(&report("schedule", vec![])), "SuccessfulRuns 1");
        assert_eq!(
            counted(&report("schedule", vec![Outcome::Planned])),
            "SuccessfulRuns 1"
        );
        assert_eq!(counted(&report("rds-event", done())), "Actions 1");
    }

    /// Otherwise a doctor who never comes would not be missed while rotations go on.
    #[test]
    fn a_rotation_does_not_stand_in_for_the_schedule() {
        for kind in [ROTATION, ROTATION_STEP] {
            assert_eq!(counted(&report(kind, vec![Outcome::Done])), "Actions 1");
            assert_eq!(
                counted(&report(kind, vec![failed()])),
                "FailedRuns 1, FailedActions 1"
            );
        }
    }

    /// An alarm sees a 0 sooner than it misses a 1.
    #[test]
    fn a_run_that_did_not_succeed_says_so() {
        let metrics = of_report(&report("schedule", vec![failed()]));
        let successful = metrics
            .iter()
            .find(|metric| metric.name == "SuccessfulRuns");
        assert_eq!(successful.map(|metric| metric.value), Some(0.0));
    }

    #[test]
    fn failed_partial_and_refused_runs_are_told_apart() {
        let of = |outcomes| counted(&report("schedule", outcomes));
        assert_eq!(of(vec![failed()]), "FailedRuns 1, FailedActions 1");
        assert_eq!(
            of(vec![failed(), Outcome::Done]),
            "PartialRuns 1, Actions 1, FailedActions 1"
        );
        let mut refused = report("schedule", vec![]);
        refused.outcome = RunOutcome::Refused;
        assert_eq!(counted(&refused), "RefusedRuns 1");
        refused.outcome = RunOutcome::NeedsPerson;
        assert_eq!(counted(&refused), "FailedRuns 1");
    }

    #[test]
    fn what_was_measured_is_among_them() {
        let mut report = report("rds-event", vec![]);
        report.measures.push(Measure {
            name: "SnapshotSeconds",
            seconds: 571,
        });
        report.counts.push(Count {
            name: "JobRows",
            number: 3_000_000,
        });
        assert_eq!(counted(&report), "SnapshotSeconds 571, JobRows 3000000");
    }

    /// That another function's run was lost is not this one's failure.
    #[test]
    fn telling_of_a_lost_run_is_no_failed_run() {
        let lost = LostRun {
            function: "take-snapshot".into(),
            function_name: "nightshift-take-snapshot".into(),
            region: String::new(),
            log_group: String::new(),
            request_id: String::new(),
            trigger: None,
        };
        let notes = vec![Note::new(Severity::Info, "what to do")];
        let trigger = trigger("failure");
        let report =
            Report::of_lost_run("report-failure", "apply", trigger, lost, "x".into(), notes);
        assert_eq!(counted(&report), "");
        assert!(report.worth_a_mail());
        assert_eq!(report.severity(), Severity::Critical);
    }

    #[test]
    fn a_line_is_what_cloudwatch_documents() {
        let at: Timestamp = "2026-11-21T02:00:00Z".parse().unwrap();
        let metrics = [
            Metric::count("Actions", 2),
            Metric::milliseconds("RunMilliseconds", 12.5),
        ];
        insta::assert_snapshot!(line("nightshift-take-snapshot", at, &metrics), @r#"{"Actions":2.0,"RunMilliseconds":12.5,"FunctionName":"nightshift-take-snapshot","_aws":{"Timestamp":1795226400000,"CloudWatchMetrics":[{"Namespace":"Nightshift","Dimensions":[["FunctionName"]],"Metrics":[{"Name":"Actions","Unit":"Count"},{"Name":"RunMilliseconds","Unit":"Milliseconds"}]}]}}"#);
    }
}
