//! What AWS and the network are like.

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use simulated_aws::{Faults, Percent, Refusal, Service, Whim, denied, modelled};

use crate::dice::Dice;

/// What AWS and the network are like until calm comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Weather {
    /// No page holds more than this.
    pub largest_page: usize,
    /// How often a listing shows the past.
    pub stale: u8,
    /// How far back at most, in seconds.
    pub stale_seconds: i64,
    /// The longest a snapshot takes, in minutes.
    pub snapshot_minutes: i64,
    /// How often a snapshot fails.
    pub snapshot_fails: u8,
    /// How often calls are throttled.
    pub throttled: u8,
    /// How often AWS answers 5xx.
    pub server_error: u8,
    /// How often a connection is cut.
    pub cut: u8,
    /// How often no answer comes.
    pub hung: u8,
    /// How often an answer is late.
    pub late: u8,
    /// An operation that fails however often it is tried.
    pub outage: Option<&'static str>,
    /// An operation that AWS refuses, with which code and HTTP status.
    pub refused: Option<(&'static str, &'static str, u16)>,
    /// How often a call is answered some error of its operation's model.
    pub odd: u8,
    /// How often an event of RDS is lost.
    pub events_lost: u8,
    /// How often it comes twice.
    pub events_twice: u8,
    /// How late it may be, in seconds.
    pub events_late: i64,
    /// How often there is no room for a new reader in a zone.
    pub no_capacity: u8,
    /// How often a reader's creation fails.
    pub creation_fails: u8,
}

/// What the other functions call.
const OPERATIONS: [(Service, &str); 7] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBClusterSnapshots"),
    (Service::Rds, "CreateDBClusterSnapshot"),
    (Service::Rds, "DeleteDBClusterSnapshot"),
    (Service::Rds, "DescribeAccountAttributes"),
    (Service::Rds, "DescribeEvents"),
    (Service::Sns, "Publish"),
];

/// What rotate-secret calls.
const OF_ROTATIONS: [(Service, &str); 11] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::SecretsManager, "DescribeSecret"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::SecretsManager, "ListSecrets"),
    (Service::SecretsManager, "ListSecretVersionIds"),
    (Service::SecretsManager, "GetRandomPassword"),
    (Service::SecretsManager, "PutSecretValue"),
    (Service::SecretsManager, "UpdateSecretVersionStage"),
    (Service::SecretsManager, "TagResource"),
    (Service::Sns, "Publish"),
];

/// What run-job calls.
const OF_JOBS: [(Service, &str); 4] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::Sns, "Publish"),
];

/// What import-events calls.
const OF_IMPORTS: [(Service, &str); 6] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::Scheduler, "GetSchedule"),
    (Service::Scheduler, "ListSchedules"),
    (Service::Scheduler, "UpdateSchedule"),
    (Service::Sns, "Publish"),
];

/// What scale-readers calls.
const OF_READERS: [(Service, &str); 11] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::Rds, "DescribeDBClusterEndpoints"),
    (Service::Rds, "CreateDBInstance"),
    (Service::Rds, "DeleteDBInstance"),
    (Service::Rds, "ModifyDBClusterEndpoint"),
    (Service::Rds, "AddTagsToResource"),
    (Service::Rds, "RemoveTagsFromResource"),
    (Service::CloudWatch, "DescribeAlarms"),
    (Service::CloudWatch, "GetMetricData"),
    (Service::Sns, "Publish"),
];

/// What remedy-alarm calls.
const OF_REMEDIES: [(Service, &str); 7] = [
    (Service::Rds, "DescribeDBClusters"),
    (Service::Rds, "DescribeDBInstances"),
    (Service::Rds, "AddTagsToResource"),
    (Service::CloudWatch, "DescribeAlarms"),
    (Service::CloudWatch, "GetMetricData"),
    (Service::SecretsManager, "GetSecretValue"),
    (Service::Sns, "Publish"),
];

/// A refusal that says nothing of what there is, and so can come at any time: a permission that is
/// missing, a key that cannot be used, a topic that is gone.
fn refused(dice: &mut Dice) -> (&'static str, &'static str, u16) {
    if dice.chance(40) {
        let (service, operation) = *dice.pick(&OPERATIONS);
        let (code, status) = denied(service);
        return (operation, code, status);
    }
    if dice.chance(20) {
        return (
            "CreateDBClusterSnapshot",
            "InvalidDBClusterSnapshotStateFault",
            400,
        );
    }
    let error = dice.pick(modelled(Service::Sns, "Publish"));
    ("Publish", error.code.as_str(), error.status)
}

/// A refusal that lasts: a permission that is missing, or an error of the operation's model.
fn error(dice: &mut Dice, service: Service, operation: &str) -> (&'static str, u16) {
    let errors = modelled(service, operation);
    if errors.is_empty() || dice.chance(50) {
        return denied(service);
    }
    let error = dice.pick(errors);
    (error.code.as_str(), error.status)
}

impl Weather {
    pub(super) fn of(seed: u64, focus: &str) -> Self {
        let mut dice = Dice::of(seed, "weather");
        let mut some = |chance, options: &[u8]| {
            if dice.chance(chance) {
                *dice.pick(options)
            } else {
                0
            }
        };
        let (stale, snapshot_fails) = (some(40, &[10, 40, 90]), some(30, &[10, 40]));
        let (throttled, server_error) = (some(30, &[5, 30, 60]), some(30, &[5, 30]));
        let (cut, hung, late) = (
            some(40, &[5, 20, 40]),
            some(10, &[2, 10]),
            some(15, &[5, 30]),
        );
        let (events_lost, events_twice) = (some(30, &[20, 100]), some(30, &[20, 60]));
        let outage = if focus == "report-failure" { 35 } else { 6 };
        Self {
            largest_page: *dice.pick(&[100, 100, 20, 7, 1]),
            stale,
            stale_seconds: *dice.pick(&[2, 30, 120]),
            snapshot_minutes: *dice.pick(&[2, 10, 60, 150]),
            snapshot_fails,
            throttled,
            server_error,
            cut,
            hung,
            late,
            outage: dice.chance(outage).then(|| dice.pick(&OPERATIONS).1),
            refused: dice.chance(outage).then(|| refused(&mut dice)),
            odd: 0,
            events_lost,
            events_twice,
            events_late: *dice.pick(&[1, 60, 1800]),
            no_capacity: 0,
            creation_fails: 0,
        }
    }

    /// The weather of a script about secrets.
    pub(super) fn of_rotations(seed: u64) -> Self {
        let mut dice = Dice::of(seed, "rotations");
        let outage = dice.chance(8).then(|| dice.pick(&OF_ROTATIONS).1);
        let refused = dice.chance(8).then(|| *dice.pick(&OF_ROTATIONS));
        let stale_seconds = *dice.pick(&[1, 3]);
        let mut dice = Dice::of(seed, "errors");
        let refused = refused.map(|(service, operation)| {
            let (code, status) = error(&mut dice, service, operation);
            (operation, code, status)
        });
        let odd = dice.chance(25).then(|| *dice.pick(&[1, 3, 8]));
        Self {
            outage,
            refused,
            odd: odd.unwrap_or(0),
            stale_seconds,
            ..Self::of(seed, super::ROTATES)
        }
    }

    /// The weather of a script about jobs.
    pub(super) fn of_jobs(seed: u64) -> Self {
        Self::of_databases(seed, super::RUNS, "weather of jobs", &OF_JOBS)
    }

    /// The weather of a script about EVENTs and their jobs.
    pub(super) fn of_imports(seed: u64) -> Self {
        Self::of_databases(seed, super::IMPORTS, "weather of imports", &OF_IMPORTS)
    }

    /// The weather of a script about readers.
    pub(super) fn of_readers(seed: u64) -> Self {
        let mut dice = Dice::of(seed, "capacity");
        Self {
            no_capacity: *dice.pick(&[0, 0, 30, 90]),
            creation_fails: *dice.pick(&[0, 0, 30]),
            ..Self::of_databases(seed, super::SCALES, "weather of readers", &OF_READERS)
        }
    }

    /// The weather of a script about alarms.
    pub(super) fn of_remedies(seed: u64) -> Self {
        Self::of_databases(seed, super::REMEDIES, "weather of remedies", &OF_REMEDIES)
    }

    fn of_databases(
        seed: u64,
        focus: &str,
        part: &str,
        called: &[(Service, &'static str)],
    ) -> Self {
        let mut dice = Dice::of(seed, part);
        let outage = dice.chance(8).then(|| dice.pick(called).1);
        let refused = dice.chance(8).then(|| {
            let (service, operation) = *dice.pick(called);
            let (code, status) = error(&mut dice, service, operation);
            (operation, code, status)
        });
        Self {
            outage,
            refused,
            odd: if dice.chance(25) {
                *dice.pick(&[1, 3, 8])
            } else {
                0
            },
            stale_seconds: *dice.pick(&[1, 3]),
            ..Self::of(seed, focus)
        }
    }

    /// Fair weather: the same, with nothing that goes wrong. Pages stay as small as they were.
    #[must_use]
    pub fn fair(&self) -> Self {
        Self {
            stale: 0,
            snapshot_minutes: 5,
            snapshot_fails: 0,
            throttled: 0,
            server_error: 0,
            cut: 0,
            hung: 0,
            late: 0,
            outage: None,
            refused: None,
            odd: 0,
            events_lost: 0,
            events_twice: 0,
            events_late: 1,
            no_capacity: 0,
            creation_fails: 0,
            ..*self
        }
    }

    /// AWS's whims in this weather.
    #[must_use]
    pub fn whim(&self, rng: Rng) -> Whim {
        let plain = Whim::plain(0);
        Whim {
            rng,
            largest_page: self.largest_page,
            stale: Percent(self.stale),
            stale_up_to: SignedDuration::from_secs(self.stale_seconds),
            snapshot_takes: (
                SignedDuration::from_secs(30),
                SignedDuration::from_mins(self.snapshot_minutes),
            ),
            snapshot_fails: Percent(self.snapshot_fails),
            events_lost: Percent(self.events_lost),
            events_twice: Percent(self.events_twice),
            events_late: SignedDuration::from_secs(self.events_late),
            no_capacity: Percent(self.no_capacity),
            instance_fails: Percent(self.creation_fails),
            ..plain
        }
    }

    /// The network's faults in this weather, until `calm`.
    #[must_use]
    pub fn faults(&self, seed: u64, calm: Timestamp) -> Faults {
        Faults {
            throttled: Percent(self.throttled),
            server_error: Percent(self.server_error),
            cut: Percent(self.cut),
            hung: Percent(self.hung),
            late: Percent(self.late),
            always: self.outage.map(Into::into),
            refused: self.refused.map(|(operation, code, status)| {
                let refusal = Refusal::odd(code, status);
                (operation.to_owned(), refusal)
            }),
            odd: Percent(self.odd),
            until: Some(calm),
            ..Faults::none(seed)
        }
    }
}
