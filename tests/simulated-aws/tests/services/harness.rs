//! An account, a client for it, and a look at what happened.

use std::{
    sync::{Arc, Mutex, atomic::AtomicU64},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_sdk_sns::config::{Credentials, SharedCredentialsProvider};
use jiff::{SignedDuration, Timestamp};
use simulated_aws::{Account, Aws, Effect, Faults, Place, Record, SimulatedTime, Whim, Witness};

use crate::refusals;

/// Everything that happened.
#[derive(Default)]
pub struct Seen {
    effects: Mutex<Vec<Effect>>,
    calls: Mutex<Vec<String>>,
}

impl Witness for Seen {
    fn carried_out(&self, record: &Record, _account: &Account) {
        if let Some((status, code)) = &record.answer {
            refusals::check(&record.call, *status, code.as_deref());
        }
        self.effects.lock().unwrap().extend(record.effects.clone());
        self.calls.lock().unwrap().push(format!("{record:?}"));
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, effects: &[Effect], _account: &Account) {
        self.effects.lock().unwrap().extend(effects.to_vec());
    }
}

/// A new account with the plain whim, changed by `change`.
pub fn account(change: impl FnOnce(&mut Whim)) -> Account {
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let mut whim = Whim::plain(7);
    change(&mut whim);
    Account::new(place, whim)
}

pub struct World {
    pub aws: Aws,
    pub sdk: SdkConfig,
    seen: Arc<Seen>,
}

impl World {
    /// A new account with the plain whim, changed by `change`, and a client.
    pub fn with(change: impl FnOnce(&mut Whim)) -> Self {
        let began = "2026-11-21T02:00:00Z".parse().unwrap();
        let time = SimulatedTime::from(began);
        let seen = Arc::new(Seen::default());
        let aws = Aws::new(account(change), Faults::none(1), time, seen.clone());
        let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(keys))
            .retry_config(RetryConfig::disabled())
            .time_source(time)
            .http_client(aws.client(Arc::new(AtomicU64::new(1))))
            .build();
        Self { aws, sdk, seen }
    }

    pub fn plain() -> Self {
        Self::with(|_| ())
    }

    /// What happened since the last look.
    pub fn effects(&self) -> Vec<Effect> {
        std::mem::take(&mut *self.seen.effects.lock().unwrap())
    }

    /// All calls so far, as a trace would print them.
    pub fn calls(&self) -> Vec<String> {
        self.seen.calls.lock().unwrap().clone()
    }

    pub fn now(&self) -> Timestamp {
        self.aws.time().now()
    }

    /// Lets time pass, and happen what is due.
    pub async fn pass(&self, time: SignedDuration) {
        // The timer's grain is a millisecond: one more, so that what is due has come.
        let time = time.unsigned_abs() + Duration::from_millis(1);
        tokio::time::sleep(time).await;
        self.aws.advance();
    }
}
