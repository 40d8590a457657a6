//! RDS: moto with paging, quotas and state rules (`tests/cloud/rds_server`).

use std::net::SocketAddr;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{launch, test_endpoint};
use crate::lambda::REGION;
use crate::process::Process;

/// The RDS server, seen from behind: nothing here is recorded or fails.
pub struct Rds {
    _process: Process,
    address: SocketAddr,
}

impl Rds {
    pub(super) async fn start() -> Self {
        let (process, address) = launch("rds").await;
        Self {
            _process: process,
            address,
        }
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Puts in `clusters`, `snapshots` and `events`, with whatever history.
    pub async fn seed(&self, content: Value) {
        self.post("/_test/seed", &in_region(content)).await;
    }

    /// Changes attributes of a `cluster`, `snapshot` or `instance`, such as
    /// `{"status": "failed"}`, or removes it: `{"removed": true}`.
    pub async fn patch(&self, kind: &str, id: &str, attributes: Value) {
        let mut patch = in_region(attributes);
        patch["kind"] = kind.into();
        patch["id"] = id.into();
        self.post("/_test/patch", &patch).await;
    }

    /// Sets a quota of the account, such as `ManualClusterSnapshots`.
    pub async fn quota(&self, name: &str, max: u32) {
        let quota = in_region(json!({"name": name, "max": max}));
        self.post("/_test/quota", &quota).await;
    }

    /// What the tags and times of creation of a cluster's instances tell of was so much earlier.
    pub async fn age(&self, cluster: &str, by: SignedDuration) {
        let age = in_region(json!({"cluster": cluster, "seconds": by.as_secs()}));
        self.post("/_test/age", &age).await;
    }

    /// Changes how it behaves: `{"snapshot_stays_creating": true}`.
    pub async fn configure(&self, settings: &Value) {
        self.post("/_test/settings", settings).await;
    }

    /// All `clusters` and `snapshots` in a fixed order: equal inventories mean
    /// that nothing has changed.
    pub async fn inventory(&self) -> Value {
        let path = format!("/_test/inventory?region={REGION}");
        test_endpoint(self.address, "GET", &path, &Value::Null).await
    }

    /// The ids of all snapshots there are, sorted.
    pub async fn snapshot_ids(&self) -> Vec<String> {
        let inventory = self.inventory().await;
        let snapshots = inventory["snapshots"].as_array().expect("a list");
        let ids = snapshots.iter().filter_map(|each| each["id"].as_str());
        let mut ids: Vec<_> = ids.map(str::to_owned).collect();
        ids.sort();
        ids
    }

    /// Every call that reached it, with its parameters, status and error code.
    pub async fn calls(&self) -> Vec<Value> {
        match test_endpoint(self.address, "GET", "/_test/calls", &Value::Null).await {
            Value::Array(calls) => calls,
            other => panic!("calls are no list: {other}"),
        }
    }

    /// Forgets everything, settings and quotas too.
    pub async fn reset(&self) {
        self.post("/_test/reset", &json!({})).await;
    }

    async fn post(&self, path: &str, body: &Value) -> Value {
        test_endpoint(self.address, "POST", path, body).await
    }
}

fn in_region(mut body: Value) -> Value {
    body["region"] = REGION.into();
    body
}
