//! What the team reads, and what SNS takes.

mod limits;
mod mails;
pub(crate) mod publish;
mod rotations;
mod troubles;

use aurora_model::{
    Breach, Choice, Decision, Note, Outcome, Plan, Rail, Report, RunOutcome, Severity,
    plan::Action, report::TriggerRef,
};
use serde_json::Value;

use super::{Mail, Place, render};

/// An action with a verb of its own.
#[derive(Clone, Copy, Debug)]
struct Do(&'static str);

impl Action for Do {
    fn verb(&self) -> &'static str {
        self.0
    }
}

const REQUEST: &str = "8f507cfc-fce9-4c7d-8f2a-0d4c5b1f9a11";

fn place(function: &str) -> Place {
    Place {
        function_name: format!("nightshift-{function}"),
        region: "eu-central-1".into(),
        log_group: format!("/aws/lambda/nightshift-{function}"),
    }
}

fn trigger(function: &str) -> TriggerRef {
    let id = format!(
        "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-{function}"
    );
    TriggerRef {
        kind: "schedule",
        id,
        time: "2026-11-21T02:00:00Z".parse().unwrap(),
    }
}

/// What take-snapshot decided about one cluster.
fn take(cluster: &str, choice: Choice<Do>, reason: &str) -> Decision<Do> {
    Decision::new(
        cluster,
        format!("{cluster}-nightly-20261121"),
        choice,
        reason,
    )
}

/// What prune-snapshots decided about one snapshot of `orders`.
fn prune(day: u32, choice: Choice<Do>, reason: &str) -> Decision<Do> {
    Decision::new(
        "orders",
        format!("orders-nightly-2026{day:04}"),
        choice,
        reason,
    )
}

const CREATE: Choice<Do> = Choice::Act(Do("create"));
const DELETE: Choice<Do> = Choice::Act(Do("delete"));

fn report(
    function: &'static str,
    mode: &'static str,
    plan: Plan<Do>,
    outcomes: Vec<Outcome>,
) -> Report {
    Report::new(function, mode, trigger(function), plan, outcomes)
}

fn of(decisions: Vec<Decision<Do>>) -> Plan<Do> {
    Plan {
        decisions,
        ..Plan::empty()
    }
}

fn failed(detail: &str, retry: bool) -> Outcome {
    Outcome::Failed {
        detail: detail.into(),
        retry,
    }
}

fn busy(detail: &str) -> Outcome {
    Outcome::Busy {
        detail: detail.into(),
    }
}

fn sent(report: &Report) -> Mail {
    render(report, &place(report.function), REQUEST)
}

fn body(mail: &Mail, protocol: &str) -> String {
    let bodies: Value = serde_json::from_str(&mail.message).unwrap();
    bodies[protocol].as_str().unwrap().into()
}

/// What a person reads: the subject, then the mail.
fn read(report: &Report) -> String {
    assert!(report.worth_a_mail());
    let mail = sent(report);
    format!("{}\n\n{}", mail.subject, body(&mail, "email"))
}
