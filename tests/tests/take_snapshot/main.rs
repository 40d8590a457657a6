//! take-snapshot's real binary in the local cloud.
#![allow(clippy::unwrap_used, reason = "these are tests, helpers included")]

mod deliveries;
mod events;
mod faults;

use jiff::Timestamp;
use nightshift_tests::{
    cloud::Cloud,
    fault::{Fault, When},
    lambda::Lambda,
    payload::{self, scheduled},
    scenario::{LIMIT, but, cluster, passing_faults, taken},
};
use serde_json::{Value, json};

const ORDERS: &str = "tech-n-ai-aurora-cluster";
const BOTH: &str = "billing and tech-n-ai-aurora-cluster: created 2";

struct Night {
    cloud: Cloud,
    tonight: Timestamp,
    event: Value,
}

impl Night {
    /// Two clusters with last night's snapshots, and tonight's trigger.
    async fn falls() -> Self {
        let cloud = Cloud::start().await;
        cloud.inbox().await;
        let tonight = Timestamp::from_second(payload::now().as_second()).unwrap();
        let event = scheduled(&json!({"schedule": "nightly"}), tonight);
        let night = Self {
            cloud,
            tonight,
            event,
        };
        night.begin().await;
        night
    }

    async fn begin(&self) {
        self.cloud.reset().await;
        let seed = json!({
            "clusters": [cluster(ORDERS), cluster("billing")],
            "snapshots": [taken(ORDERS, self.tonight, 1), taken("billing", self.tonight, 1)],
        });
        self.cloud.rds().seed(seed).await;
    }

    async fn function(&self, mode: &str) -> Lambda {
        let settings = self
            .cloud
            .settings()
            .mode(mode)
            .inbox(self.cloud.inbox().await);
        Lambda::start("take-snapshot", settings).await
    }

    fn tonights(&self, cluster: &str) -> String {
        format!("{cluster}-nightly-{}", self.tonight.strftime("%Y%m%d"))
    }

    /// Tonight's snapshots are there, each once, beside last night's.
    async fn assert_taken(&self, context: &str) {
        let mut expected = vec![self.tonights(ORDERS), self.tonights("billing")];
        let last = |cluster| {
            taken(cluster, self.tonight, 1)["id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        expected.extend([last(ORDERS), last("billing")]);
        expected.sort();
        assert_eq!(self.cloud.rds().snapshot_ids().await, expected, "{context}");
    }
}
