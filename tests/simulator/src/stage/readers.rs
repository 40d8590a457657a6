//! Alarms and readers: how they are at the beginning, what happens to them, and whom that wakes.

use jiff::Timestamp;
use serde_json::{Value, json};
use simulated_aws::{
    Account, Call, Effect, Protocol, Service,
    cloudwatch::{Alarm, Metric, State},
    rds::Instance,
};

use super::Arrival;
use crate::{
    events,
    script::{Deed, ReaderPlan, Readers, SCALES, Script},
};

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-scale-readers";

/// The alarms, which are quiet.
pub(super) fn add(readers: &Readers, account: &mut Account, begins: Timestamp) {
    for plan in &readers.plans {
        for name in [
            ReaderPlan::busy(&plan.cluster),
            ReaderPlan::idle(&plan.cluster),
        ] {
            let input = json!({
                "AlarmName": name, "Namespace": "AWS/RDS", "MetricName": "CPUUtilization",
                "Statistic": "Average", "Period": 60, "EvaluationPeriods": 2, "Threshold": 60.0,
                "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [FUNCTION],
                "Dimensions": [
                    {"Name": "DBClusterIdentifier", "Value": plan.cluster},
                    {"Name": "Role", "Value": "READER"},
                ],
            });
            call(
                account,
                Service::CloudWatch,
                "PutMetricAlarm",
                input,
                begins,
            );
            set(account, &name, "OK", begins);
        }
    }
}

type Done<'a> = Box<dyn FnOnce(&mut Account, Timestamp) -> ((), Vec<Effect>) + 'a>;

/// What a deed does to alarms and readers, if it does anything to them.
pub(super) fn done(deed: &Deed) -> Option<Done<'_>> {
    Some(match deed {
        Deed::Alarm { name, state } => {
            Box::new(move |account, now| ((), set(account, name, state, now)))
        }
        Deed::FailOver(cluster) => Box::new(move |account, now| {
            let input = json!({"DBClusterIdentifier": cluster});
            let effects = call(account, Service::Rds, "FailoverDBCluster", input, now);
            ((), effects)
        }),
        Deed::DeleteReader(cluster) => {
            Box::new(move |account, now| ((), take_away(account, cluster, now)))
        }
        Deed::AddReader { cluster, id } => Box::new(move |account, now| {
            account.outside(now, |service, at| {
                if service.clusters.truth().contains_key(cluster) {
                    let instance = Instance::new(at.place, id, cluster, at.now);
                    service.add_instance(instance, at);
                }
            })
        }),
        Deed::Connections { cluster, number } => {
            Box::new(move |account, now| ((), connect(account, cluster, *number, now)))
        }
        _ => return None,
    })
}

fn set(account: &mut Account, name: &str, state: &str, now: Timestamp) -> Vec<Effect> {
    let state = State::named(state).unwrap_or(State::InsufficientData);
    let set = account.by_hand(now, |services, at| {
        services
            .cloudwatch
            .set_state(name, state, "by the load", at)
    });
    set.1
}

/// Somebody deletes the last of the readers, if it can be deleted.
fn take_away(account: &mut Account, cluster: &str, now: Timestamp) -> Vec<Effect> {
    let members = account.rds.clusters.truth().get(cluster);
    let reader = members.and_then(|cluster| cluster.members.get(1..)?.last().cloned());
    let Some(reader) = reader else {
        return Vec::new();
    };
    let input = json!({"DBInstanceIdentifier": reader, "SkipFinalSnapshot": true});
    call(account, Service::Rds, "DeleteDBInstance", input, now)
}

fn connect(account: &mut Account, cluster: &str, number: u32, now: Timestamp) -> Vec<Effect> {
    let there = account.rds.clusters.truth().get(cluster);
    let members = there.map(|cluster| cluster.members.clone());
    let told = account.by_hand(now, |services, at| {
        for id in members.unwrap_or_default() {
            let of = [("DBInstanceIdentifier", id.as_str())];
            let metric = Metric::new("AWS/RDS", "DatabaseConnections", &of);
            services
                .cloudwatch
                .record(metric, at.now, f64::from(number), at);
        }
    });
    told.1
}

fn call(
    account: &mut Account,
    service: Service,
    operation: &str,
    input: Value,
    now: Timestamp,
) -> Vec<Effect> {
    let protocol = match service {
        Service::CloudWatch => Protocol::Cbor,
        _ => Protocol::Query,
    };
    let call = Call {
        service,
        operation: operation.into(),
        input,
        protocol,
    };
    account.answer(&call, now).1
}

/// Whom an alarm wakes: the policy is that of its cluster, in the environment or in the rule's input.
pub(super) fn rung(alarm: &Alarm, script: &Script, at: Timestamp) -> Option<Arrival> {
    let plans = &script.readers.as_ref()?.plans;
    let mut plans = plans.iter();
    let plan = plans.find(|plan| {
        let cluster = &plan.cluster;
        [ReaderPlan::busy(cluster), ReaderPlan::idle(cluster)].contains(&alarm.name)
    })?;
    Some(Arrival {
        function: SCALES,
        time: at,
        payload: events::of_alarm(alarm, &plan.policy, at),
        about: None,
        rotation: None,
    })
}
