//! What a team wants of import-events: one thing at a time, of one cluster.

mod names;
#[cfg(test)]
mod tests;

use aurora_model::Span;
use handler::{Mode, PolicyError, policy::object};
use jobs::policy::Name;
use schemars::JsonSchema;
use serde::Deserialize;

pub use names::{EventName, ScheduleRef};

/// The longest a function may run.
/// <https://docs.aws.amazon.com/lambda/latest/dg/configuration-timeout.html>
const LONGEST: Span = Span::seconds(15 * 60);

/// What to do (`plan`, `cut-over`, `roll-back` or `status`), in which cluster, and as whom.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The identifier of the DB cluster.
    pub cluster: String,
    /// The name or ARN of the secret with the database user this function logs in as. It needs
    /// `EVENT` on the schemas of the EVENTs; to move one, `PROCESS`, `SELECT` on `nightshift.*`, and
    /// the right to name another definer: `SET_USER_ID` on MySQL 8.0 and Aurora MySQL 3,
    /// `SET_ANY_DEFINER` from 8.2 on.
    pub secret: String,
    /// What to do.
    pub action: Action,
    /// Whether the server may be spoken to without TLS. Then the password crosses the network in a
    /// form that whoever is on the way can read, and the report says so.
    #[serde(default)]
    pub plain_text: bool,
    /// One or more certificates in PEM by which the server is recognised instead of Amazon's own for
    /// RDS.
    #[serde(default)]
    pub ca: Option<String>,
    /// A trigger older than this does nothing.
    #[serde(default = "expire_after")]
    pub expire_after: Span,
    /// `plan` says what a `cut-over` or a `roll-back` would do and changes nothing. The deployment's
    /// mode, where stricter, wins. The actions `plan` and `status` change nothing in either mode.
    #[serde(default)]
    pub mode: Option<Mode>,
}

/// What to do.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Writes, for each EVENT, the job and the schedule that would take its place.
    #[serde(deserialize_with = "object::object")]
    Plan(Plan),
    /// Hands one EVENT over to its job.
    #[serde(deserialize_with = "object::object")]
    CutOver(CutOver),
    /// Hands one EVENT back to the database.
    #[serde(deserialize_with = "object::object")]
    RollBack(RollBack),
    /// Says of each EVENT and job who runs it, and what cannot run.
    #[serde(deserialize_with = "object::object")]
    Status(Status),
}

/// Which EVENTs to write jobs for; all that the login may see if it names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Plan {
    /// Of these schemas.
    pub schemas: Vec<Name>,
    /// These, as `schema.name`.
    pub events: Vec<EventName>,
    /// The name or ARN of the secret that the jobs run with, for their policies; the one of this
    /// policy if it is left out.
    pub job_secret: Option<String>,
}

/// One EVENT and the job that takes its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutOver {
    /// The EVENT, as `schema.name`.
    pub event: EventName,
    /// The job's schedule in EventBridge Scheduler, as `name` or `group/name`.
    pub schedule: ScheduleRef,
    /// The schedule of its ticks, where it has one.
    #[serde(default)]
    pub tick: Option<ScheduleRef>,
    /// How long to wait for the EVENT's last execution to end; at most `15m`. One that takes longer
    /// gets its EVENT back.
    #[serde(default = "wait")]
    pub wait: Span,
    /// How old the job's last plan run may be.
    #[serde(default = "proven_within")]
    pub proven_within: Span,
}

/// One EVENT and the job that has its place.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RollBack {
    /// The EVENT, as `schema.name`.
    pub event: EventName,
    /// The job's schedule in EventBridge Scheduler, as `name` or `group/name`.
    pub schedule: ScheduleRef,
    /// The schedule of its ticks, where it has one.
    #[serde(default)]
    pub tick: Option<ScheduleRef>,
    /// How long to wait for an invocation of the job that is at work; at most `15m`. Where one takes
    /// longer nothing is touched.
    #[serde(default = "wait")]
    pub wait: Span,
}

/// Of which schemas; of all that the login may see if it names none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Status {
    /// Of these schemas.
    pub schemas: Vec<Name>,
}

const fn wait() -> Span {
    Span::seconds(60)
}

const fn proven_within() -> Span {
    Span::hours(7 * 24)
}

const fn expire_after() -> Span {
    Span::hours(1)
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        for (field, text) in [("cluster", &self.cluster), ("secret", &self.secret)] {
            if text.trim().is_empty() {
                let (path, problem) = (format!("policy.{field}"), "expected a name, got none");
                return Err(PolicyError::new(path, problem));
            }
        }
        handler::policy::check_above_zero("expire_after", self.expire_after)?;
        match &self.action {
            Action::CutOver(it) => {
                handler::policy::check_above_zero(
                    "action.cut-over.proven_within",
                    it.proven_within,
                )?;
                moves("cut-over", it.wait, &it.schedule, it.tick.as_ref())
            }
            Action::RollBack(it) => moves("roll-back", it.wait, &it.schedule, it.tick.as_ref()),
            Action::Plan(_) | Action::Status(_) => Ok(()),
        }
    }
}

fn moves(
    action: &str,
    wait: Span,
    schedule: &ScheduleRef,
    tick: Option<&ScheduleRef>,
) -> Result<(), PolicyError> {
    let wrong = |field: &str, problem: String| {
        Err(PolicyError::new(
            format!("policy.action.{action}.{field}"),
            problem,
        ))
    };
    if wait > LONGEST {
        return wrong("wait", format!("expected at most 15m, got {wait}"));
    }
    if tick == Some(schedule) {
        let problem = format!("expected another schedule than the job's own, got {schedule}");
        return wrong("tick", problem);
    }
    Ok(())
}
