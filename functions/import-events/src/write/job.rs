//! The policy of an EVENT's job.

use handler::PolicyError;
use jobs::Job;
use serde_json::{Value, json};

use super::{Setting, job_name};
use crate::{
    body::{Kind, Work},
    event::Event,
};

/// A job that would be no valid policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the job for EVENT {event}: {why}")]
pub struct Unsayable {
    /// The EVENT.
    pub event: String,
    /// The field and what is wrong with it.
    pub why: PolicyError,
}

/// The job, and its policy in as few words as say it.
pub(super) fn job(
    event: &Event,
    work: &Work,
    setting: Setting<'_>,
) -> Result<(Job, Value), Unsayable> {
    if event.schema.as_str().contains('.') {
        return Err(Unsayable::of(event, ambiguous(event)));
    }
    let name = job_name(event);
    let name = name.as_ref().map_or("", |name| name.as_str());
    let (kind, what) = kind(&work.kind);
    let policy = json!({
        "job": name,
        "cluster": setting.cluster,
        "secret": setting.secret,
        "database": work.database,
        kind: what,
        "replaces_event": event.full_name(),
    });
    match handler::policy::parse::<Job>(&policy) {
        Ok(job) => Ok((job, policy)),
        Err(why) => Err(Unsayable::of(event, why)),
    }
}

impl Unsayable {
    fn of(event: &Event, why: PolicyError) -> Self {
        let event = event.full_name();
        Self { event, why }
    }
}

/// run-job would ask for the EVENT `b.c` of schema `a` in place of `c` of `a.b`, and run beside it.
fn ambiguous(event: &Event) -> PolicyError {
    let problem = format!(
        "expected a schema without a dot in its name, got {:?}: its EVENT cannot be told from one of \
         another schema",
        event.schema.as_str()
    );
    PolicyError::new("policy.replaces_event", problem)
}

fn kind(kind: &Kind) -> (&'static str, Value) {
    let (kind, value) = match kind {
        Kind::Purge(rows) => ("purge", json!(rows)),
        Kind::Call(call) | Kind::Procedure { call, .. } => ("call", json!(call)),
        Kind::Statement(sql) => ("statement", json!(sql)),
    };
    (kind, brief(value))
}

/// Without what is the default.
fn brief(mut value: Value) -> Value {
    let defaults = [
        ("unit", json!("time")),
        ("column_zone", json!("UTC")),
        ("accept_scan", json!(false)),
        ("lost", json!("report")),
    ];
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|name, value| {
            !defaults
                .iter()
                .any(|default| *default == (name.as_str(), value.clone()))
        });
    }
    value
}
