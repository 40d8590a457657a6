//! An account with the real SDK client for it, and a look at what happened.

use std::sync::{Arc, Mutex};

use aws_sdk_rds::{
    Client, Config,
    config::{BehaviorVersion, Credentials, Region, retry::RetryConfig},
};
use jiff::{SignedDuration, Timestamp};
use simulated_aws::{
    Account, At, Aws, Effect, Faults, Place, Record, SimulatedTime, Whim, Witness,
    rds::{Cluster, Instance, Rds, Snapshot},
};

/// What happened, in order.
#[derive(Default)]
struct Seen(Mutex<Vec<Effect>>);

impl Witness for Seen {
    fn carried_out(&self, record: &Record, _account: &Account) {
        let effects = record.effects.iter().cloned();
        self.0.lock().unwrap().extend(effects);
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, effects: &[Effect], _account: &Account) {
        self.0.lock().unwrap().extend(effects.to_vec());
    }
}

pub struct World {
    pub aws: Aws,
    pub client: Client,
    seen: Arc<Seen>,
}

pub fn place() -> Place {
    Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    }
}

pub fn began() -> Timestamp {
    "2026-11-21T02:00:00Z".parse().unwrap()
}

pub fn seconds(seconds: i64) -> SignedDuration {
    SignedDuration::from_secs(seconds)
}

pub fn minutes(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}

pub fn days(days: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * days)
}

/// A client's settings but for where it calls.
pub fn config() -> aws_sdk_rds::config::Builder {
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
    Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("eu-central-1"))
        .credentials_provider(keys)
        .retry_config(RetryConfig::disabled())
}

impl World {
    /// An empty account whose whim is the plain one, changed.
    pub fn with(change: impl FnOnce(&mut Whim)) -> Self {
        let mut whim = Whim::plain(7);
        change(&mut whim);
        let time = SimulatedTime::from(began());
        let seen = Arc::new(Seen::default());
        let account = Account::new(place(), whim);
        let aws = Aws::new(account, Faults::none(1), time, seen.clone());
        let config = config()
            .time_source(time)
            .http_client(aws.client(Arc::new(1.into())));
        let client = Client::from_conf(config.build());
        Self { aws, client, seen }
    }

    pub fn plain() -> Self {
        Self::with(|_| ())
    }

    /// A cluster `orders` with the writer `orders-1` and so many readers: `orders-2`, ….
    pub fn with_readers(readers: usize, change: impl FnOnce(&mut Whim)) -> Self {
        let world = Self::with(change);
        world.outside(|rds, at| {
            rds.add_cluster(Cluster::new(at.place, "orders", at.now - days(30)), at);
            for number in 1..=readers + 1 {
                let id = format!("orders-{number}");
                rds.add_instance(Instance::new(at.place, &id, "orders", at.now), at);
            }
        });
        world.effects();
        world
    }

    pub fn outside<T>(&self, work: impl FnOnce(&mut Rds, &mut At<'_>) -> T) -> T {
        self.aws.outside(|account, now| account.outside(now, work))
    }

    /// Adds an available manual snapshot of `orders`.
    pub fn add_snapshot(&self, id: &str) {
        self.outside(|rds, at| {
            rds.add_snapshot(Snapshot::new(at.place, id, "orders", at.now - days(1)), at);
        });
    }

    /// What happened since the last look.
    pub fn effects(&self) -> Vec<Effect> {
        std::mem::take(&mut *self.seen.0.lock().unwrap())
    }

    pub fn now(&self) -> Timestamp {
        self.aws.time().now()
    }

    /// Lets time pass, and happen what is due.
    pub async fn pass(&self, time: SignedDuration) {
        tokio::time::sleep(time.unsigned_abs()).await;
        self.aws.advance();
    }

    pub fn rds<T>(&self, look: impl FnOnce(&Rds) -> T) -> T {
        self.aws.with(|account, _| look(&account.rds))
    }
}

impl World {
    /// The status of the cluster `orders`.
    pub fn status(&self) -> String {
        let status = |rds: &Rds| {
            let cluster = rds.clusters.get("orders");
            cluster.map_or("gone", |cluster| &cluster.status).to_owned()
        };
        self.rds(status)
    }

    /// The members of the cluster `orders`.
    pub fn members(&self) -> Vec<String> {
        self.rds(|rds| rds.clusters.get("orders").unwrap().members.clone())
    }

    /// The statuses that clusters had since the last look, the writers, and RDS's events.
    pub fn told(&self) -> Vec<String> {
        let told = |effect: &Effect| match effect {
            Effect::ClusterChanged { cluster, from } => Some(format!("{from}, {}", cluster.status)),
            Effect::WriterChanged { cluster, from } => {
                Some(format!("{from} => {}", cluster.members[0]))
            }
            Effect::Event(event) => Some(format!("{} {}", &event.id[10..], event.source)),
            _ => None,
        };
        self.effects().iter().filter_map(told).collect()
    }
}
