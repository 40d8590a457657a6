//! Alarms, secrets and servers of clusters in trouble, what people do to them, and whom an alarm wakes.

use jiff::Timestamp;
use serde_json::{Value, json};
use simulated_aws::{
    Account, Call, Effect, Protocol, Service,
    cloudwatch::{Alarm, State},
};

use super::Arrival;
use crate::{
    activity::Activity,
    database::{Accounts, Entry, RIGHT_TO_END, Servers, World},
    dice::Dice,
    events::{self, Way},
    script::{
        AlarmPlan, Cluster, Deed, ENDS, LOOKS, PASSWORD, REMEDIES, Remedies, RemedyPlan, Script,
        Watches, account as account_of,
    },
};

const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-remedy-alarm";

/// The servers at the beginning.
pub(super) fn servers(script: &Script, remedies: &Remedies, seed: u64) -> Servers {
    let mut world = World::new(seed, remedies.weather.clone(), script.calm);
    let password = world.password(PASSWORD);
    let accounts = Accounts::from([
        (account_of(LOOKS), Entry::new(password, &[])),
        (account_of(ENDS), Entry::new(password, &[RIGHT_TO_END])),
    ]);
    for plan in &remedies.plans {
        let clusters = script.clusters.iter();
        let of_plan = clusters.filter(|cluster| cluster.id == plan.cluster);
        let instances: Vec<String> = of_plan.flat_map(Cluster::instances).collect();
        world.add(&plan.server, &instances, accounts.clone(), script.begins);
    }
    let clients: Vec<_> = remedies.clients().cloned().collect();
    let activity = Activity::of(&clients, script.begins);
    world.put_activity(activity, remedies.max_connections, remedies.startled);
    Servers::new(world)
}

/// The secrets, and the alarms, which are quiet.
pub(super) fn add(remedies: &Remedies, account: &mut Account, begins: Timestamp) {
    for plan in &remedies.plans {
        for user in [LOOKS, ENDS] {
            let content = json!({
                "engine": "mysql", "host": "anywhere", "username": user, "password": PASSWORD,
            });
            let input = json!({
                "Name": plan.secret(user), "SecretString": content.to_string(),
                "ClientRequestToken": "00000000-0000-4000-8000-00000000c0de",
            });
            call(
                account,
                (Service::SecretsManager, "CreateSecret"),
                input,
                begins,
            );
        }
        for alarm in &plan.alarms {
            put(account, alarm, begins);
        }
    }
}

/// The script with the ARNs of the secrets in its policies, which are known only once the secrets are there.
pub(super) fn by_arn(mut script: Script, account: &Account) -> Script {
    let plans = script.remedies.iter_mut().flat_map(|it| &mut it.plans);
    let policies = plans.flat_map(|plan| &mut plan.policies);
    let policies = policies.map(|(_, policy)| policy);
    let carried = script.deliveries.iter_mut();
    let carried = carried.filter_map(|it| it.payload.get_mut("policy"));
    for policy in policies.chain(carried) {
        for part in ["database", "remedies"] {
            let name = policy.get_mut(part).and_then(|it| it.get_mut("secret"));
            let arn = |name: &Value| Some(account.secrets.find(name.as_str()?)?.arn.clone());
            if let Some(name) = name
                && let Some(arn) = arn(name)
            {
                *name = arn.into();
            }
        }
    }
    script
}

fn put(account: &mut Account, alarm: &AlarmPlan, begins: Timestamp) {
    let AlarmPlan { name, watches, .. } = alarm;
    let (operation, input) = match watches {
        Watches::Metric(namespace, metric, (dimension, value)) => {
            let input = json!({
                "AlarmName": name, "Namespace": namespace, "MetricName": metric,
                "Statistic": "Average", "Period": 60, "EvaluationPeriods": 2, "Threshold": 80.0,
                "ComparisonOperator": "GreaterThanThreshold", "AlarmActions": [FUNCTION],
                "Dimensions": [{"Name": dimension, "Value": value}],
            });
            ("PutMetricAlarm", input)
        }
        Watches::AnyOf(children) => {
            let rule: Vec<String> = children
                .iter()
                .map(|it| format!("ALARM(\"{it}\")"))
                .collect();
            let rule = rule.join(" OR ");
            let input = json!({"AlarmName": name, "AlarmRule": rule, "AlarmActions": [FUNCTION]});
            ("PutCompositeAlarm", input)
        }
    };
    call(account, (Service::CloudWatch, operation), input, begins);
    account.by_hand(begins, |services, at| {
        services.cloudwatch.set_state(name, State::Ok, "quiet", at)
    });
}

fn call(
    account: &mut Account,
    (service, operation): (Service, &str),
    input: Value,
    now: Timestamp,
) -> Vec<Effect> {
    let protocol = match service {
        Service::CloudWatch => Protocol::Cbor,
        Service::SecretsManager => Protocol::Json,
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

type Done<'a> = Box<dyn FnOnce(&mut Account, Timestamp) -> ((), Vec<Effect>) + 'a>;

/// What a deed does to a cluster's tags, if it does anything to them.
pub(super) fn done(deed: &Deed) -> Option<Done<'_>> {
    let Deed::Tag {
        cluster,
        key,
        value,
    } = deed
    else {
        return None;
    };
    Some(Box::new(move |account, now| {
        let arn = account.place.arn("rds", &format!("cluster:{cluster}"));
        let (operation, input) = match value {
            Some(value) => {
                let tags = json!({"Tag": [{"Key": key, "Value": value}]});
                (
                    "AddTagsToResource",
                    json!({"ResourceName": arn, "Tags": tags}),
                )
            }
            None => (
                "RemoveTagsFromResource",
                json!({"ResourceName": arn, "TagKeys": {"member": [key]}}),
            ),
        };
        ((), call(account, (Service::Rds, operation), input, now))
    }))
}

/// Whom an alarm wakes. An action and a topic bring no policy: they wake the function of the first cluster,
/// whose environment has it.
pub(super) fn rung(
    alarm: &Alarm,
    from: State,
    script: &Script,
    at: Timestamp,
    dice: &mut Dice,
) -> Option<Arrival> {
    let plans = &script.remedies.as_ref()?.plans;
    let has = |plan: &RemedyPlan| plan.alarms.iter().any(|it| it.name == alarm.name);
    let number = plans.iter().position(has)?;
    let ways = [Way::Event, Way::Direct, Way::InSns];
    let way = if number == 0 {
        *dice.pick(&ways)
    } else {
        Way::Event
    };
    let payload = events::by(way, alarm, from, plans[number].policy(at), at);
    Some(Arrival::new(REMEDIES, at, payload))
}
