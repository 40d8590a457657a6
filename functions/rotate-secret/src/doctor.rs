//! The doctor: on a schedule, looks at every secret this function serves, says what ails it, and
//! mends what can be mended without shutting a door.

mod look;
mod repair;
mod rights;

use std::cell::OnceCell;

use aurora::ApiError;
use aurora_model::{Choice, Decision, Outcome, Plan, Report, plan::Action, report::Telling};
use futures_util::{StreamExt, stream};
use handler::{Answer, Error, Invocation, Mode};
use secrets::{Described, Secrets};
use tokio::time::Instant;

use crate::{
    NAME, Tools,
    database::Database,
    decide::doctor::{self, Finding, Remedy, Repair, Rules},
    halt::Halt,
    policy::{self, Policy},
    rotation::Rotation,
};

/// The tag with the states that needed a person at the last visit.
const FOUND: &str = "nightshift:found";
/// Its value where there were none.
const WELL: &str = "well";
/// So many secrets are looked at at once.
const AT_ONCE: usize = 4;

/// A repair of one of the secrets.
struct Mend {
    patient: usize,
    repair: Repair,
}

impl Action for Mend {
    fn verb(&self) -> &'static str {
        match self.repair {
            Repair::GiveUpPending { .. } => "release",
            Repair::MoveCurrent { .. } => "restore",
            Repair::Discard { .. } | Repair::DiscardOwn => "retire",
        }
    }
}

/// Looks at every secret.
///
/// # Errors
/// When they cannot be listed.
pub(crate) async fn visit<'a, D: Database>(
    tools: &Tools<'a, D>,
    call: &Invocation<Policy>,
) -> Result<Answer<'a>, Error> {
    let listed = tools.secrets.tagged(policy::TAG);
    let mut listed = call
        .read("the secrets", listed, ApiError::retryable)
        .await?;
    listed.sort_by(|a, b| a.name.cmp(&b.name));
    let mut decisions: Vec<Decision<Mend>> = vec![];
    let mut patients = vec![];
    for secret in listed {
        match patient(tools, call, secret) {
            Ok(rotation) => patients.push(rotation),
            Err(unfit) => decisions.push(*unfit),
        }
    }
    let looks = patients
        .iter()
        .enumerate()
        .map(|(number, rotation)| examined(rotation, number));
    let found: Vec<_> = stream::iter(looks).buffered(AT_ONCE).collect().await;
    let news = news(&patients, &found);
    decisions.extend(found.into_iter().flat_map(|found| found.decisions));
    let plan = Plan {
        decisions,
        ..Plan::empty()
    };
    let act = async |_: &_, mend: &Mend| match patients.get(mend.patient) {
        Some(rotation) => repair::mend(rotation, &mend.repair).await,
        None => Outcome::Left {
            detail: "the secret is gone".into(),
        },
    };
    let outcomes = handler::apply(&plan, call.mode, call.deadline, 1, act).await;
    let (mode, trigger) = (call.mode.as_str(), call.trigger.reference());
    let mut report = Report::new(NAME, mode, trigger, plan, outcomes);
    if news.iter().any(|(_, states)| states != WELL) {
        report.telling = Telling::New;
    }
    Ok(Answer::noted(report, noted(tools.secrets, news)))
}

/// What was found of one secret.
struct Found {
    decisions: Vec<Decision<Mend>>,
    /// The names of the states that need a person.
    states: String,
}

/// What was found and was not found at the last visit: the secrets and the states. Without this a
/// tick would tell of it only with the next schedule, and every visit would tell of it again.
fn news<D>(patients: &[Rotation<'_, D>], found: &[Found]) -> Vec<(String, String)> {
    let both = patients.iter().zip(found);
    let new = both.filter(|(rotation, found)| {
        let known = rotation.secret.tags.get(FOUND).unwrap_or(WELL);
        rotation.call.mode == Mode::Apply && known != found.states
    });
    new.map(|(rotation, found)| (rotation.secret.arn.clone(), found.states.clone()))
        .collect()
}

/// Notes what the team was told. Without the tag, the next visit tells once more.
async fn noted(secrets: &Secrets, news: Vec<(String, String)>) {
    for (arn, states) in news {
        let _ = secrets.tag(&arn, FOUND, &states).await;
    }
}

fn patient<'a, D: Database>(
    tools: &'a Tools<'a, D>,
    call: &'a Invocation<Policy>,
    secret: Described,
) -> Result<Rotation<'a, D>, Box<Decision<Mend>>> {
    let tag = secret.tags.get(policy::TAG);
    let policy = call.policy.of_secret(&secret.name, &secret.arn, tag);
    let policy = policy.map_err(|error| {
        let (name, reason) = (secret.name.clone(), error.to_string());
        Box::new(Decision::new(name.clone(), name, Choice::Alert, reason))
    })?;
    Ok(Rotation {
        tools,
        call,
        policy,
        secret,
        token: "",
        cluster: OnceCell::new(),
        began: Instant::now(),
    })
}

/// What is found of one secret.
async fn examined<D: Database>(rotation: &Rotation<'_, D>, patient: usize) -> Found {
    let seen = match look::at(rotation).await {
        Ok(seen) => seen,
        Err(halt) => return unseen(rotation, halt),
    };
    let policy = &rotation.policy;
    let rules = Rules {
        now: rotation.call.now,
        grace: policy.grace,
        stuck_after: policy.stuck_after,
        overwrite_unknown: policy.overwrite_unknown,
    };
    let findings = doctor::examine(&seen, &rules);
    let states = states(&findings);
    let mut decisions: Vec<_> = findings
        .into_iter()
        .map(|finding| decision(rotation, finding, patient))
        .collect();
    if decisions.is_empty() {
        decisions.push(rotation.decision(Choice::Keep, look::well(&seen, &rules)));
    }
    Found { decisions, states }
}

fn unseen<D: Database>(rotation: &Rotation<'_, D>, halt: Halt) -> Found {
    // What could only not be read this time says nothing about what was found the last time.
    let states = match halt {
        Halt::Alert(_) => "not-seen",
        _ => rotation.secret.tags.get(FOUND).unwrap_or(WELL),
    };
    let states = states.to_owned();
    let (choice, reason) = halt
        .said()
        .unwrap_or_else(|error| (Choice::Wait, error.to_string()));
    Found {
        decisions: vec![rotation.decision(choice, reason)],
        states,
    }
}

fn states(findings: &[Finding]) -> String {
    let person = findings
        .iter()
        .filter(|finding| matches!(finding.remedy, Remedy::Person(_)));
    let names: Vec<&str> = person.map(|finding| finding.state.name()).collect();
    if names.is_empty() {
        WELL.into()
    } else {
        names.join(" ")
    }
}

fn decision<D: Database>(
    rotation: &Rotation<'_, D>,
    finding: Finding,
    patient: usize,
) -> Decision<Mend> {
    let Finding {
        state,
        sentence,
        remedy,
    } = finding;
    match remedy {
        Remedy::Repair(repair) => {
            let mend = Mend { patient, repair };
            rotation.decision(Choice::Act(mend), format!("{state}: {sentence}"))
        }
        Remedy::Person(step) => rotation.decision(
            Choice::Alert,
            format!("{state}: {sentence}. What to do: {step}"),
        ),
    }
}
