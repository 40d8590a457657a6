//! Reading everything the decision and the case file need.

mod servers;

use aurora::ApiError;
use aurora_model::{AlarmMetric, ClusterEndpoints, Span};
use cloudwatch::ApiError as Unread;
use handler::{Error, Invocation};

use crate::{
    Policy, Tools,
    database::Database,
    observation::{Chart, Observation, Ringing},
    scope,
};

/// More charts than this nobody reads.
const CHARTS: usize = 4;
/// A chart has about so many steps.
const STEPS: i64 = 60;

/// What there is; nothing where there is no such cluster. With `look`, the servers are looked at also
/// where nothing rings.
pub(crate) async fn observe<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    look: bool,
) -> Result<Option<Observation>, Error> {
    let (id, retry) = (&call.policy.cluster, ApiError::retryable);
    let cluster = tools.aurora.cluster(id);
    let Some(cluster) = call.read("the cluster", cluster, retry).await? else {
        return Ok(None);
    };
    let instances = tools.aurora.instances(id);
    let instances = call.read("the cluster's instances", instances, retry).await?;
    let ringing = ringing(tools, call, &cluster).await?;
    let mut seen = Observation {
        cluster,
        instances,
        ringing,
        charts: Vec::new(),
        servers: Vec::new(),
        own_users: Vec::new(),
    };
    seen.charts = charts(tools, call, &seen.ringing).await;
    if look || !seen.ringing.is_empty() {
        (seen.servers, seen.own_users) = servers::look(tools, call, &seen).await;
    }
    Ok(Some(seen))
}

async fn ringing<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    cluster: &ClusterEndpoints,
) -> Result<Vec<Ringing>, Error> {
    let alarms = tools.cloudwatch.ringing();
    let alarms = call.read("the alarms", alarms, Unread::retryable).await?;
    Ok(scope::ringing(&call.policy, cluster, alarms))
}

/// The metrics of the alarms. A chart that cannot be had is left out: the alarm is told of without.
async fn charts<D: Database>(
    tools: Tools<'_, D>,
    call: &Invocation<Policy>,
    ringing: &[Ringing],
) -> Vec<Chart> {
    let watched = watched(ringing);
    let metrics: Vec<AlarmMetric> = watched.iter().map(|(metric, _)| (*metric).clone()).collect();
    let step = step(call.policy.history);
    let from = call.now - call.policy.history.duration();
    let seconds = i32::try_from(step).unwrap_or(i32::MAX);
    let history = tools.cloudwatch.history(&metrics, from, call.now, seconds);
    let history = call.read("the metrics", history, Unread::retryable).await;
    let history = history.unwrap_or_default().into_iter();
    let step = Span::seconds(u32::try_from(step).unwrap_or(u32::MAX));
    let chart = |((metric, threshold), points): ((&AlarmMetric, Option<f64>), _)| Chart {
        metric: metric.clone(),
        threshold,
        step,
        points,
    };
    watched.into_iter().zip(history).map(chart).collect()
}

/// Each metric once, in the alarms' order.
fn watched(ringing: &[Ringing]) -> Vec<(&AlarmMetric, Option<f64>)> {
    let mut watched: Vec<(&AlarmMetric, Option<f64>)> = Vec::new();
    for alarm in ringing {
        // Of several metrics in an expression, the threshold is none's.
        let threshold = alarm.threshold.filter(|_| alarm.metrics.len() == 1);
        for metric in &alarm.metrics {
            if watched.len() < CHARTS && watched.iter().all(|(it, _)| *it != metric) {
                watched.push((metric, threshold));
            }
        }
    }
    watched
}

/// The length of a step in seconds: whole minutes, so that a chart has about [`STEPS`] of them.
fn step(history: Span) -> i64 {
    let seconds = history.duration().as_secs();
    (seconds / STEPS / 60).max(1) * 60
}
