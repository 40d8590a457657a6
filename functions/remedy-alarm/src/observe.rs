//! Reading everything the decision and the case file need.

pub(crate) mod servers;

use aurora::{ApiError, RdsEvent};
use aurora_model::{ClusterEndpoints, Span};
use cloudwatch::{AlarmDetail, ApiError as Unread, Series};
use handler::{Error, Invocation, trigger::Alarm};

use crate::{
    Policy, Tools,
    database::Database,
    episode::Episode,
    observation::{Chart, Observation},
    scope,
};

/// So many minutes of RDS's events are told.
const DAY: u16 = 24 * 60;
/// More charts than this nobody reads.
const CHARTS: usize = 4;
/// A chart has about so many steps.
const STEPS: i64 = 60;

/// What there is.
pub(crate) enum Observed {
    /// There is no such cluster.
    NoCluster,
    /// The alarm that woke the function is about something else, and why: nothing more was read.
    Foreign(String),
    /// All that the decision and the case file need.
    Seen(Box<Observation>),
}

/// What there is, after the alarm that `fired` or by the clock. By the clock, the servers are looked at also
/// where nothing rings.
pub(crate) async fn observe<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    fired: Option<&Alarm>,
) -> Result<Observed, Error> {
    let (id, retry) = (&call.policy.cluster, ApiError::retryable);
    let cluster = tools.aurora.cluster(id);
    let Some(cluster) = call.read("the cluster", cluster, retry).await? else {
        return Ok(Observed::NoCluster);
    };
    let instances = tools.aurora.instances(id);
    let instances = call
        .read("the cluster's instances", instances, retry)
        .await?;
    let alarms = tools.cloudwatch.ringing();
    let alarms = call.read("the alarms", alarms, Unread::retryable).await?;
    let alarms = scope::about(&call.policy, &cluster, alarms);
    let foreign = fired.and_then(|fired| {
        let rings = alarms.iter().any(|it| it.name == fired.name);
        scope::elsewhere(&call.policy, &cluster, rings, fired)
    });
    if let Some(why) = foreign {
        return Ok(Observed::Foreign(why));
    }
    let charts = charts(tools, call, &alarms).await;
    let ringing = scope::ringing(alarms, &cluster);
    let mut seen = Observation {
        cluster,
        instances,
        ringing,
        silent: Vec::new(),
        charts,
        servers: Vec::new(),
        events: Vec::new(),
        own_users: Vec::new(),
    };
    if seen.ringing.is_empty() && open(&seen.cluster) {
        let alarms = tools.cloudwatch.without_data();
        let alarms = call.read("the alarms", alarms, Unread::retryable).await?;
        seen.silent = scope::silent(&call.policy, &seen.cluster, alarms);
    }
    if !seen.ringing.is_empty() {
        seen.events = events(tools, call, &seen).await;
    }
    if fired.is_none() || !seen.ringing.is_empty() {
        (seen.servers, seen.own_users) = servers::look(tools, call, &seen).await;
    }
    Ok(Observed::Seen(Box::new(seen)))
}

/// Whether the team has been told of an episode and not of its end.
fn open(cluster: &ClusterEndpoints) -> bool {
    Episode::of(&cluster.tags).is_some_and(|it| it.over.is_none())
}

/// What RDS says has happened. It belongs to the case file, and to no decision: without it the alarm is told of
/// all the same.
async fn events<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    seen: &Observation,
) -> Vec<RdsEvent> {
    let instances = seen.instances.iter().map(|it| it.id.as_str());
    let of: Vec<&str> = instances.chain([seen.cluster.id.as_str()]).collect();
    let events = tools.aurora.events(&of, DAY);
    let events = call.read("RDS's events", events, ApiError::retryable);
    events.await.unwrap_or_default()
}

/// The metrics of the alarms. A chart that cannot be had is left out: the alarm is told of without.
async fn charts<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    alarms: &[AlarmDetail],
) -> Vec<Chart> {
    let watched = watched(alarms);
    if watched.is_empty() {
        return Vec::new();
    }
    let series: Vec<Series> = watched.iter().map(|(it, _)| (*it).clone()).collect();
    let (from, step) = (
        call.now - call.policy.history.duration(),
        step(call.policy.history),
    );
    let history = tools.cloudwatch.history(&series, from, call.now, step);
    let history = call.read("the metrics", history, Unread::retryable).await;
    let history = history.unwrap_or_default().into_iter();
    let chart = |((series, threshold), points): ((&Series, Option<f64>), _)| Chart {
        metric: series.metric.clone(),
        threshold,
        step,
        points,
    };
    watched.into_iter().zip(history).map(chart).collect()
}

/// Each metric once, in the alarms' order.
fn watched(alarms: &[AlarmDetail]) -> Vec<(&Series, Option<f64>)> {
    let mut watched: Vec<(&Series, Option<f64>)> = Vec::new();
    for alarm in alarms {
        // What an expression is compared with is none of its metrics' threshold.
        let threshold = alarm.threshold.filter(|_| !alarm.math);
        for series in &alarm.series {
            if watched.len() < CHARTS && watched.iter().all(|(it, _)| *it != series) {
                watched.push((series, threshold));
            }
        }
    }
    watched
}

/// The length of a step: whole minutes, so that a chart has about [`STEPS`] of them.
fn step(history: Span) -> Span {
    let minutes = history.duration().as_mins() / STEPS;
    Span::seconds(u32::try_from(minutes.max(1)).unwrap_or(1) * 60)
}
