//! The calls that functions really make, recorded in the local cloud.

use std::collections::BTreeMap;
use std::fs;

use iam_evaluation::Tags;
use jiff::Timestamp;
use nightshift_tests::{
    cloud::Cloud,
    fault::{Fault, When},
    lambda::{ACCOUNT, Lambda, REGION},
    payload::{self, scheduled},
    proxy::Call,
    repo,
    scenario::{LIMIT, but, cluster, taken},
};
use serde_json::{Value, json};

use crate::{job, readers, remedies, rotation};

/// A function's calls, and the tags there were when it began.
pub(crate) struct Recorded {
    pub(crate) with_inbox: Vec<Call>,
    pub(crate) without_inbox: Vec<Call>,
    pub(crate) tags: BTreeMap<String, Tags>,
}

impl Recorded {
    /// Wakes a function for everything that makes it call something else.
    pub(crate) async fn of(function: &str) -> Self {
        match function {
            "remedy-alarm" => return remedies::recorded().await,
            "rotate-secret" => return rotation::recorded().await,
            "run-job" => return job::recorded().await,
            "scale-readers" => return readers::recorded().await,
            _ => {}
        }
        let tonight = payload::now();
        let events = events(function, tonight);
        let cloud = Cloud::start().await;
        let with_inbox = calls(&cloud, function, &events, tonight, true).await;
        let without_inbox = calls(&cloud, function, &events, tonight, false).await;
        cloud.reset().await;
        seed(&cloud, tonight).await;
        let tags = tags(&cloud.rds().inventory().await);
        Self {
            with_inbox,
            without_inbox,
            tags,
        }
    }

    /// The tags of what was there when the function began.
    pub(crate) fn tags_of(&self, arn: &str) -> Option<Tags> {
        self.tags.get(arn).cloned()
    }
}

fn events(function: &str, tonight: Timestamp) -> Vec<Value> {
    let scheduled = |policy: &Value| scheduled(policy, tonight);
    match function {
        "take-snapshot" => vec![scheduled(&json!({"schedule": "nightly"}))],
        "prune-snapshots" => {
            let policy = json!({"schedule": "nightly", "keep": {"daily": 6}, "rpo": "48h"});
            vec![scheduled(&policy)]
        }
        "report-failure" => {
            let file = repo::events().join("report-failure/timed-out.json");
            vec![serde_json::from_slice(&fs::read(file).unwrap()).unwrap()]
        }
        other => panic!("no events for {other}: add what makes it call AWS"),
    }
}

/// A cluster to take a snapshot of, one that sleeps, and ten nights to prune.
async fn seed(cloud: &Cloud, tonight: Timestamp) {
    let asleep = but(cluster("asleep"), json!({"status": "stopped"}));
    let snapshots: Vec<Value> = (1..10).map(|day| taken("orders", tonight, day)).collect();
    let seed = json!({"clusters": [cluster("orders"), asleep], "snapshots": snapshots});
    cloud.rds().seed(seed).await;
}

async fn calls(
    cloud: &Cloud,
    function: &str,
    events: &[Value],
    tonight: Timestamp,
    inbox: bool,
) -> Vec<Call> {
    cloud.reset().await;
    seed(cloud, tonight).await;
    // A create whose answer is lost is looked up by its name.
    let create = When::action("CreateDBClusterSnapshot").once();
    cloud.proxy().inject(create, Fault::CutAfter);
    let mut settings = cloud.settings().mode("apply");
    if inbox {
        settings = settings.inbox(cloud.inbox().await);
    }
    let function = Lambda::start(function, settings).await;
    for event in events {
        let run = function.invoke(event, LIMIT).await;
        assert!(run.result.is_ok() || !inbox, "{run:?}");
    }
    cloud.proxy().calls()
}

pub(crate) fn tags(inventory: &Value) -> BTreeMap<String, Tags> {
    let of_kind = |kind: &str| inventory[kind].as_array().unwrap().clone();
    let clusters = of_kind("clusters");
    let instances = clusters
        .iter()
        .flat_map(|it| it["instances"].as_array().unwrap());
    let instances: Vec<Value> = instances.cloned().map(with_arn).collect();
    let all = clusters
        .into_iter()
        .chain(of_kind("snapshots"))
        .chain(instances);
    all.map(|each| {
        let tags = serde_json::from_value(each["tags"].clone()).unwrap();
        (each["arn"].as_str().unwrap().to_owned(), tags)
    })
    .collect()
}

fn with_arn(mut instance: Value) -> Value {
    let id = instance["id"].as_str().unwrap();
    instance["arn"] = format!("arn:aws:rds:{REGION}:{ACCOUNT}:db:{id}").into();
    instance
}
