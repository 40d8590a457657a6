//! Everything about one simulated stretch of nights that is decided beforehand.

mod acts;
mod calendar;
mod clusters;
mod database;
mod imports;
mod jobs;
mod lambda;
mod past;
mod policies;
mod programme;
mod readers;
mod remedies;
mod weather;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::{Fault, rds};

pub use self::{
    acts::{Act, Deed},
    clusters::Cluster,
    database::{
        ByHand, Database, DatabaseWeather, OfAccount, RotationPolicy, SecretPlan, Server, TAG,
        VersionPlan,
    },
    imports::{Import, Imports, Way},
    jobs::{JobKind, JobPlan, Jobs, SCHEMA, ToStore, USER},
    lambda::{Death, Lambda},
    policies::{Keep, Policies},
    programme::{Delivery, NIGHT, bad_delivery},
    readers::{ReaderPlan, Readers},
    remedies::{
        AlarmPlan, ENDS, LOOKS, MASTER, PASSWORD, Remedies, RemedyPlan, TICK, Watches, account,
    },
    weather::Weather,
};
use crate::dice::Dice;

/// The functions a night has, by their names.
pub const FUNCTIONS: [&str; 8] = [
    "take-snapshot",
    "prune-snapshots",
    "report-failure",
    "rotate-secret",
    "run-job",
    "import-events",
    "scale-readers",
    "remedy-alarm",
];

/// The function whose scripts are about databases and secrets.
pub(crate) const ROTATES: &str = "rotate-secret";
/// The function whose scripts are about jobs.
pub(crate) const RUNS: &str = "run-job";
/// The function whose scripts are about EVENTs and the jobs that take their places.
pub(crate) const IMPORTS: &str = "import-events";
/// The function whose scripts are about readers.
pub(crate) const SCALES: &str = "scale-readers";
/// The function whose scripts are about alarms and what goes on in the servers.
pub const REMEDIES: &str = "remedy-alarm";

/// What a seed decides: the account and its past, what the team wants, what wakes the functions
/// when and how often, what people do meanwhile, what fails, and when a process dies.
///
/// A script is plain data, so that one that shows a defect can be made shorter.
#[derive(Clone, Debug)]
pub struct Script {
    /// Whose script it is.
    pub seed: u64,
    /// The function it tries hardest.
    pub focus: &'static str,
    /// The midnight it begins at.
    pub begins: Timestamp,
    /// From here on nothing goes wrong any more.
    pub calm: Timestamp,
    /// It ends here.
    pub ends: Timestamp,
    /// The clusters.
    pub clusters: Vec<Cluster>,
    /// Their snapshots, and those of clusters that are gone.
    pub snapshots: Vec<rds::Snapshot>,
    /// How many manual snapshots the account may have.
    pub quota: usize,
    /// What the team wants.
    pub policies: Policies,
    /// The databases and their users' secrets, where the script is about them.
    pub database: Option<Database>,
    /// The jobs and the tables they work on, where the script is about them.
    pub jobs: Option<Jobs>,
    /// The EVENTs that jobs take the places of, where the script is about them.
    pub imports: Option<Imports>,
    /// What the clusters' readers are to be, where the script is about them.
    pub readers: Option<Readers>,
    /// The clusters in trouble, where the script is about them.
    pub remedies: Option<Remedies>,
    /// How Lambda runs the functions.
    pub lambda: Lambda,
    /// What wakes the functions.
    pub deliveries: Vec<Delivery>,
    /// What people do.
    pub acts: Vec<Act>,
    /// When a process dies.
    pub deaths: Vec<Death>,
    /// What AWS and the network are like.
    pub weather: Weather,
    /// Instead of the weather's faults, exactly these, by the number of the call.
    pub faults: Option<BTreeMap<u64, Fault>>,
}

impl Script {
    /// The script of `seed`, which tries `focus` hardest.
    #[must_use]
    pub fn of(seed: u64, focus: &'static str) -> Self {
        let mut dice = Dice::of(seed, "frame");
        let begins = calendar::begins(&mut dice);
        let nights = dice.between(1, 3);
        let calm = begins + SignedDuration::from_hours(24 * nights);
        let ends = calm + SignedDuration::from_hours(24 * CALM_NIGHTS);
        let policies = Policies::of(seed, focus);
        let mut clusters = clusters::of(seed, &policies);
        if focus == ROTATES {
            let nights = (begins, calm.min(begins + LONGEST_ROUGH));
            return Self::of_rotations(seed, nights, policies, clusters::awake(&mut clusters));
        }
        if focus == RUNS {
            return Self::of_jobs(
                seed,
                (begins, calm),
                policies,
                clusters::awake(&mut clusters),
            );
        }
        if focus == IMPORTS {
            return Self::of_imports(
                seed,
                (begins, calm),
                policies,
                clusters::awake(&mut clusters),
            );
        }
        if focus == SCALES {
            let nights = (begins, begins + ROUGH_WITH_READERS);
            return Self::of_readers(seed, nights, policies, clusters);
        }
        if focus == REMEDIES {
            let nights = (begins, begins + ROUGH_WITH_READERS);
            return Self::of_remedies(seed, nights, policies, clusters::awake(&mut clusters));
        }
        let snapshots = past::of(seed, focus, begins, &clusters, &policies);
        let deliveries = programme::of(seed, focus, begins, calm, ends, &policies);
        let lambda = Lambda::of(seed, focus, &policies);
        let scene = acts::Scene {
            rough: (begins, calm),
            clusters: &clusters,
            snapshots: &snapshots,
            deliveries: &deliveries,
        };
        Self {
            seed,
            focus,
            begins,
            calm,
            ends,
            quota: past::quota(seed, focus, &snapshots),
            deaths: lambda::deaths(seed, focus),
            acts: acts::of(seed, &scene),
            weather: Weather::of(seed, focus),
            faults: None,
            database: None,
            jobs: None,
            imports: None,
            readers: None,
            remedies: None,
            clusters,
            snapshots,
            policies,
            lambda,
            deliveries,
        }
    }

    /// A script about databases and secrets: nobody takes snapshots in it.
    fn of_rotations(
        seed: u64,
        (begins, calm): (Timestamp, Timestamp),
        policies: Policies,
        clusters: &[Cluster],
    ) -> Self {
        let ends = calm + SignedDuration::from_hours(24 * CALM_NIGHTS);
        let database = Database::of(seed, clusters);
        let deliveries = programme::of_doctor(seed, (begins, calm, ends), &database.policy);
        Self {
            seed,
            focus: ROTATES,
            begins,
            calm,
            ends,
            quota: 100,
            clusters: clusters.to_vec(),
            snapshots: Vec::new(),
            deaths: lambda::deaths(seed, ROTATES),
            acts: database::acts(seed, &database, (begins, calm), &deliveries),
            weather: Weather::of_rotations(seed),
            faults: None,
            lambda: Lambda::of(seed, ROTATES, &policies),
            deliveries,
            database: Some(database),
            jobs: None,
            imports: None,
            readers: None,
            remedies: None,
            policies,
        }
    }

    /// A script about jobs: nobody takes snapshots or rotates secrets in it.
    fn of_jobs(
        seed: u64,
        (begins, calm): (Timestamp, Timestamp),
        policies: Policies,
        clusters: &[Cluster],
    ) -> Self {
        let ends = calm + SignedDuration::from_hours(24 * CALM_NIGHTS);
        let jobs = Jobs::of(seed, begins, clusters);
        let deliveries = programme::of_jobs(seed, (begins, calm, ends), &jobs);
        Self {
            seed,
            focus: RUNS,
            begins,
            calm,
            ends,
            quota: 100,
            clusters: clusters.to_vec(),
            snapshots: Vec::new(),
            deaths: lambda::deaths(seed, RUNS),
            acts: jobs::acts(seed, &jobs, (begins, calm), &deliveries),
            weather: Weather::of_jobs(seed),
            faults: None,
            database: None,
            lambda: Lambda::of(seed, RUNS, &policies),
            deliveries,
            jobs: Some(jobs),
            imports: None,
            readers: None,
            remedies: None,
            policies,
        }
    }

    /// A script about EVENTs and their jobs: the schedules are in Scheduler, which invokes run-job.
    fn of_imports(
        seed: u64,
        (begins, calm): (Timestamp, Timestamp),
        policies: Policies,
        clusters: &[Cluster],
    ) -> Self {
        let ends = calm + SignedDuration::from_hours(24 * CALM_NIGHTS);
        let (jobs, imports) = imports::of(seed, begins, clusters);
        let deliveries = imports::calls(seed, (begins, calm), &imports);
        Self {
            seed,
            focus: IMPORTS,
            begins,
            calm,
            ends,
            quota: 100,
            clusters: clusters.to_vec(),
            snapshots: Vec::new(),
            deaths: lambda::deaths(seed, IMPORTS),
            acts: imports::acts(seed, (&jobs, &imports), (begins, calm), &deliveries),
            weather: Weather::of_imports(seed),
            faults: None,
            database: None,
            lambda: Lambda::of(seed, IMPORTS, &policies),
            deliveries,
            jobs: Some(jobs),
            imports: Some(imports),
            readers: None,
            remedies: None,
            policies,
        }
    }

    /// A script about readers: nobody takes snapshots in it.
    fn of_readers(
        seed: u64,
        (begins, calm): (Timestamp, Timestamp),
        policies: Policies,
        mut clusters: Vec<Cluster>,
    ) -> Self {
        let ends = calm + CALM_WITH_READERS;
        clusters::awake(&mut clusters);
        let readers = readers::of(seed, &mut clusters);
        let deliveries = readers::ticks(seed, (begins, calm, ends), &readers);
        Self {
            seed,
            focus: SCALES,
            begins,
            calm,
            ends,
            quota: 100,
            clusters,
            snapshots: Vec::new(),
            deaths: lambda::deaths(seed, SCALES),
            acts: readers::acts(seed, (begins, calm), &readers),
            weather: Weather::of_readers(seed),
            faults: None,
            database: None,
            lambda: Lambda::of(seed, SCALES, &policies),
            deliveries,
            jobs: None,
            imports: None,
            readers: Some(readers),
            remedies: None,
            policies,
        }
    }

    /// A script about alarms: nobody takes snapshots in it.
    fn of_remedies(
        seed: u64,
        (begins, calm): (Timestamp, Timestamp),
        policies: Policies,
        clusters: &[Cluster],
    ) -> Self {
        let ends = calm + CALM_WITH_READERS;
        let remedies = remedies::of(seed, (begins, calm), clusters);
        let deliveries = remedies::ticks(seed, (begins, calm, ends), &remedies);
        Self {
            seed,
            focus: REMEDIES,
            begins,
            calm,
            ends,
            quota: 100,
            clusters: clusters.to_vec(),
            snapshots: Vec::new(),
            deaths: lambda::deaths(seed, REMEDIES),
            acts: remedies::acts(seed, (begins, calm), &remedies, &deliveries),
            weather: Weather::of_remedies(seed),
            faults: None,
            database: None,
            lambda: Lambda::of(seed, REMEDIES, &policies),
            deliveries,
            jobs: None,
            imports: None,
            readers: None,
            remedies: Some(remedies),
            policies,
        }
    }

    /// The payload's policy for `function`.
    #[must_use]
    pub fn policy(&self, function: &str) -> &Value {
        match &self.database {
            Some(database) if function == ROTATES => database.policy.json(),
            _ => match &self.remedies {
                Some(remedies) if function == REMEDIES => remedies.environment(),
                _ => self.policies.json(function),
            },
        }
    }

    /// Whether nothing of the function `of` may change anything.
    #[must_use]
    pub fn plan_only(&self, of: &str) -> bool {
        let by_policy = match (&self.database, &self.jobs) {
            (Some(database), _) if of == ROTATES => database.policy.plan_only,
            (_, Some(jobs)) if of == RUNS => jobs.plan_only,
            _ if of == IMPORTS => self.imports.as_ref().is_some_and(|it| it.plan_only),
            _ if of == SCALES => self.readers.as_ref().is_some_and(|it| it.plan_only),
            _ if of == REMEDIES => self.remedies.as_ref().is_some_and(|it| it.plan_only),
            _ => self.policies.plan_only,
        };
        by_policy || self.lambda.plan_only
    }
}

/// So many nights without faults come last, in which the state must become what the policy says.
pub const CALM_NIGHTS: i64 = 2;

/// Secrets are rotated several times a day: their scripts need not be longer.
const LONGEST_ROUGH: SignedDuration = SignedDuration::from_hours(36);

/// Readers come and go within minutes: their scripts need not be longer.
const ROUGH_WITH_READERS: SignedDuration = SignedDuration::from_hours(8);
const CALM_WITH_READERS: SignedDuration = SignedDuration::from_hours(4);
