//! The two sides: the simulator, and a third party's stand-in for AWS.

use std::{
    net::SocketAddr,
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_sdk_rds::config::{Credentials, SharedCredentialsProvider};
use jiff::Timestamp;
use nightshift_tests::{
    http::{self, Request},
    lambda::{ACCOUNT, REGION},
    payload,
    process::{Group, Process},
    repo,
};
use simulated_aws::{Account, Aws, Effect, Faults, Place, Record, SimulatedTime, Whim, Witness};
use tokio::runtime::{Builder, Runtime};

use crate::{
    send::Clients,
    step::{Outcome, Step},
};

/// More than anything in the simulator takes with the plain whim.
const SETTLED: Duration = Duration::from_mins(30);
const BEGAN: &str = "2026-11-21T02:00:00Z";

/// Whether what a step begins takes a while, and the simulator's clock has to go on for it.
/// `CloudWatch` and Scheduler do all at once, and time would only make schedules due.
fn takes_time(step: &Step) -> bool {
    let at_once = ["Alarm", "Metric", "Schedule"];
    changes(step) && !at_once.iter().any(|what| step.operation.contains(what))
}

/// Whether a step may change something.
pub fn changes(step: &Step) -> bool {
    let reads = ["Describe", "Get", "List"];
    !reads.iter().any(|verb| step.operation.starts_with(verb))
}

/// All but where the calls go.
fn config() -> SdkConfig {
    let keys = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
    SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(REGION))
        .credentials_provider(SharedCredentialsProvider::new(keys))
        .retry_config(RetryConfig::disabled())
        .build()
}

/// The simulator under simulated time, with a whim that surprises nobody.
pub struct Simulator {
    runtime: Runtime,
    aws: Aws,
    changes: Arc<Changes>,
    clients: Clients,
}

/// How many changes calls have made.
#[derive(Default)]
struct Changes(AtomicUsize);

impl Witness for Changes {
    fn carried_out(&self, record: &Record, _: &Account) {
        self.0.fetch_add(record.effects.len(), Ordering::Relaxed);
    }

    fn answered(&self, _: &Record) {}
    fn happened(&self, _: jiff::Timestamp, _: &[Effect], _: &Account) {}
}

impl Simulator {
    /// An empty account.
    pub fn new(seed: u64) -> Self {
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().unwrap();
        let place = Place {
            account: ACCOUNT.to_owned(),
            region: REGION.to_owned(),
        };
        let entered = runtime.enter();
        let time = SimulatedTime::from(BEGAN.parse().unwrap());
        let account = Account::new(place, Whim::plain(seed));
        let changes = Arc::new(Changes::default());
        let aws = Aws::new(account, Faults::none(seed), time, changes.clone());
        let http = aws.client(Arc::default());
        let config = config().into_builder();
        let config = config.time_source(time).http_client(http).build();
        let clients = Clients::new(&config, BEGAN.parse().unwrap());
        drop(entered);
        Self {
            runtime,
            aws,
            changes,
            clients,
        }
    }

    /// Makes the call, and waits until what it has begun is done.
    pub fn send(&self, step: &Step) -> Outcome {
        let told = self.runtime.block_on(self.told(step));
        self.settle(step);
        told
    }

    /// The same, but as if the call had never been made if its outcome is `unwanted`.
    pub fn send_unless(
        &self,
        step: &Step,
        unwanted: impl FnOnce(&Outcome) -> bool,
    ) -> Option<Outcome> {
        let before = self.aws.with(|account, _| account.clone());
        let told = self.runtime.block_on(self.told(step));
        if unwanted(&told) {
            self.aws.with(|account, _| *account = before);
            return None;
        }
        self.settle(step);
        Some(told)
    }

    fn settle(&self, step: &Step) {
        if takes_time(step) {
            self.runtime.block_on(async {
                tokio::time::sleep(SETTLED).await;
                self.aws.advance();
            });
        }
    }

    async fn told(&self, step: &Step) -> Outcome {
        let before = self.changes.0.load(Ordering::Relaxed);
        let told = self.clients.send(step).await;
        Outcome {
            changed: self.changes.0.load(Ordering::Relaxed) > before,
            ..told
        }
    }
}

/// The beginning of the hour: periods begin at the same minutes on both sides.
fn this_hour() -> Timestamp {
    let second = payload::now().as_second();
    Timestamp::from_second(second - second.rem_euclid(3600)).unwrap()
}

/// A stand-in that others have written, a process of its own on a loopback port.
pub struct ThirdParty {
    runtime: Runtime,
    clients: Clients,
    address: SocketAddr,
    reset: &'static str,
    _process: Process,
}

impl ThirdParty {
    /// moto, uncorrected.
    pub fn moto() -> Self {
        let script = "tests/tests/differential/plain_moto.py";
        Self::start("moto", &[script], "/moto-api/reset")
    }

    /// ministack; what this project corrects in it concerns deliveries, and of alarms, since when they
    /// are in their state and the metrics of expressions.
    pub fn ministack() -> Self {
        let script = ["tests/cloud/launch.py", "ministack", "--log", "/dev/stderr"];
        Self::start("ministack", &script, "/_ministack/reset")
    }

    fn start(name: &str, script: &[&str], reset: &'static str) -> Self {
        let mut runtime = Builder::new_current_thread();
        let runtime = runtime.enable_all().build().unwrap();
        let mut command = Command::new(repo::python());
        command.arg(repo::root().join(script[0])).args(&script[1..]);
        let process = Process::start(name, command, Group::Own);
        let address = runtime.block_on(process.listening(Duration::from_mins(1)));
        let http = aws_smithy_http_client::Builder::new().build_http();
        let config = config().into_builder().http_client(http);
        let config = config.endpoint_url(format!("http://{address}"));
        Self {
            runtime,
            clients: Clients::new(&config.build(), this_hour()),
            address,
            reset,
            _process: process,
        }
    }

    /// Makes the call.
    pub fn send(&self, step: &Step) -> Outcome {
        self.runtime.block_on(async {
            let told = self.clients.send(step).await;
            // moto's clusters are `creating` until they are read once.
            if changes(step) && step.operation.contains("DBCluster") {
                let read = Step::new("DescribeDBClusters", &[]);
                self.clients.send(&read).await;
            }
            told
        })
    }

    /// Forgets everything.
    pub fn forget(&self) {
        let request = Request::new(hyper::Method::POST, self.reset, "");
        let answer = self.runtime.block_on(http::send(self.address, request));
        let answer = answer.unwrap();
        assert!(answer.status.is_success(), "{}", answer.text());
    }
}
