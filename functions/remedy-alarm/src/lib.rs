//! Answers an alarm about a cluster with a case file, and with the safe first step where the policy
//! allows one.
//!
//! Whatever wakes it, it reads which alarms about the cluster ring now, looks at the metrics and into the
//! servers ([`observation::Observation`]), decides from that and from what the cluster's tags say the team
//! has been told, acts and reports. A trigger that comes twice, late, or in another order than another one
//! changes nothing.

mod apply;
pub mod casefile;
pub mod database;
pub mod episode;
pub mod findings;
pub mod mysql;
pub mod observation;
mod observe;
mod pattern;
pub mod plan;
pub mod policy;
mod protected;
pub mod remedy;
mod report;
mod scope;
pub mod trouble;

use aurora::{ApiError, Aurora};
use aurora_model::{AlarmState, Report, Tags, report::Telling, tags};
use cloudwatch::CloudWatch;
use handler::{Answer, Cause, Error, Invocation, trigger::Alarm};
use jiff::Timestamp;
use secrets::Secrets;

use crate::{
    apply::Hands, database::Database, episode::Episode, observation::Observation, observe::Observed,
};

pub use policy::Policy;

/// The function's name: of its directory, its package, its binary, its template.
pub const NAME: &str = "remedy-alarm";
/// One after the other: each looks at what the one before has left.
const AT_ONCE: usize = 1;

/// What a run works with.
pub struct Tools<'a, D> {
    /// RDS, which knows where the servers listen and keeps the cluster's tags.
    pub aurora: &'a Aurora,
    /// `CloudWatch`, for the alarms' states and the metrics.
    pub cloudwatch: &'a CloudWatch,
    /// AWS Secrets Manager.
    pub secrets: &'a Secrets,
    /// The servers.
    pub database: &'a D,
}

impl<D> Clone for Tools<'_, D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D> Copy for Tools<'_, D> {}

/// Answers one trigger: an alarm, or a schedule or tick.
///
/// # Errors
/// When what the decision needs cannot be read; then nothing was touched.
pub async fn handle<D: Database>(
    tools: Tools<'_, D>,
    call: Invocation<Policy>,
) -> Result<Answer<'_>, Error> {
    let fired = fired(&call)?;
    if let Some(why) = fired.and_then(|alarm| scope::foreign(&call.policy, alarm)) {
        return Ok(report::ignored(&call, &why).into());
    }
    let seen = match observe::observe(tools, &call, fired).await? {
        Observed::NoCluster => return Ok(report::no_cluster(&call).into()),
        Observed::Foreign(why) => return Ok(report::ignored(&call, &why).into()),
        Observed::Seen(seen) => seen,
    };
    let decided = plan::plan(&call.policy, &seen, over_at(&call, fired), call.now);
    let hands = Hands::new(tools, &call, &seen);
    let act = async |decision: &aurora_model::Decision<_>, remedy: &_| {
        hands.apply(&decision.subject, remedy).await
    };
    let outcomes = handler::apply(&decided.plan, call.mode, call.deadline, AT_ONCE, act).await;
    let notes = hands.into_notes();
    let report = report::report(&call, &seen, &decided, outcomes, notes);
    let note = decided.noted(&report.failures());
    Ok(told(tools, &call, &seen, report, note).await)
}

/// The report, and the `note` of what the team has been told once it was mailed. Whether there is a way to note
/// anything is tried before: else the same would be mailed by every tick.
async fn told<'a, D: Database>(
    tools: Tools<'a, D>,
    call: &Invocation<Policy>,
    seen: &Observation,
    mut report: Report,
    note: Option<Episode>,
) -> Answer<'a> {
    let Some(note) = note else {
        return report.into();
    };
    let arn = seen.cluster.arn.clone();
    if report.telling != Telling::Told {
        let before = seen.cluster.tags.get(tags::EPISODE).unwrap_or_default();
        let tried = call.deadline.within(noted(tools, &arn, before.into()));
        if let Ok(Err(error)) = tried.await
            && !error.retryable()
        {
            let youngest = seen.ringing.iter().map(|it| it.since).max();
            report::unnoted(&mut report, call, youngest, &error);
            return report.into();
        }
    }
    Answer::noted(report, async move {
        // What cannot be noted for now costs a second mail; `report-failure` has nothing to add to that.
        let _ = noted(tools, &arn, note.to_string()).await;
    })
}

async fn noted<D: Database>(
    tools: Tools<'_, D>,
    arn: &str,
    episode: String,
) -> Result<(), ApiError> {
    let mut note = Tags::default();
    note.set(tags::EPISODE, episode);
    tools.aurora.tag(arn, &note).await
}

/// The alarm that woke the function, if one did.
fn fired(call: &Invocation<Policy>) -> Result<Option<&Alarm>, Error> {
    match &call.trigger.cause {
        Cause::Schedule | Cause::Tick => Ok(None),
        Cause::Alarm(alarm) => Ok(Some(alarm)),
        Cause::RdsEvent(_) | Cause::ApiCall(_) | Cause::Failure(_) | Cause::Rotation(_) => {
            Err(call.trigger.unexpected("an alarm or a schedule").into())
        }
    }
}

/// When it was over, if it is: when the alarm that woke the function went into its state, else now.
fn over_at(call: &Invocation<Policy>, fired: Option<&Alarm>) -> Timestamp {
    let ended = fired.filter(|alarm| alarm.state != AlarmState::Alarm);
    ended.map_or(call.now, |alarm| alarm.since.min(call.now))
}
