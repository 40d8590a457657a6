//! The preparation: the local cloud, the deployed templates, the past.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Mode;
use super::checks::Passwords;
use super::database::{self, Look};
use super::jobs;
use super::paper::Paper;
use super::past::{self, ORDERS};
use super::secret;
use super::servers::{self, Servers};
use super::stack::{Schedule, Stack, Wanted, deploy};
use super::tonight::Tonight;
use super::world;
use crate::cloud::Cloud;
use crate::rotation::Public;

/// First part of the names of the whole application's stack.
pub const NIGHTSHIFT: &str = "nightshift";
/// The quota of manual snapshots is a round number a little above what there is.
const ROUND: usize = 25;
const AT_LEAST_FREE: usize = 10;
/// How long the old password stays. The default of a day would end after the night.
pub const GRACE: &str = "2h";
const SUBNET: &str = "subnet-0123456789abcdef0";
const VPC: &str = "vpc-0123456789abcdef0";
const GROUP: &str = "sg-0123456789abcdef0";

/// Everything that is there when the night begins.
pub struct Stage {
    /// The local cloud.
    pub cloud: Cloud,
    /// The servers of one of the clusters.
    pub servers: Servers,
    /// All deployed schedules.
    pub schedules: Vec<Schedule>,
    /// Which night it is.
    pub tonight: Tonight,
    /// All clusters, snapshots and secrets.
    pub before: Value,
    /// The tables behind one of the clusters.
    pub tables: Look,
    /// How many manual cluster snapshots the account has, and may have.
    pub quota: (usize, usize),
}

/// What the team wants of prune-snapshots for its main cluster: a first prune of 400 nights is
/// more than the rails let pass, so the team has read the plan and lifted two of them.
#[must_use]
pub fn orders_policy(place: &str) -> Value {
    let mut policy = billing_policy(place);
    policy["clusters"] = json!({"ids": [ORDERS]});
    policy["max_deletes"] = 400.into();
    policy["max_delete_percent"] = 95.into();
    // In mode plan the newest snapshot stays that of the night before.
    policy["rpo"] = "30h".into();
    policy
}

/// The same for the second cluster, under the default rails.
#[must_use]
pub fn billing_policy(place: &str) -> Value {
    json!({
        "schedule": "nightly",
        "clusters": {"tag": {"key": "team", "value": "billing"}},
        "keep": {"within": "48h", "daily": 7, "weekly": 8, "monthly": 12, "yearly": 3},
        "time_zone": place,
    })
}

fn take_policy(place: &str) -> Value {
    json!({"schedule": "nightly", "time_zone": place})
}

/// Somebody's new policy, with one word mistyped.
fn misspelt_policy() -> Value {
    json!({"schedule": "monthly", "keep": {"montly": 24}})
}

impl Stage {
    /// Sets it, and says so step by step.
    pub async fn set(paper: &Paper, mode: Mode) -> Self {
        let starting = async {
            let cloud = async {
                let cloud = Cloud::start().await;
                cloud.ministack().await;
                cloud
            };
            tokio::join!(cloud, Servers::start())
        };
        let what =
            "start the local cloud (RDS is moto, the rest of AWS ministack) and two MySQL servers";
        let (cloud, servers) = paper.step(what, starting).await;
        let (rds, others) = (cloud.rds().address(), cloud.ministack().await.address());

        let tonight = Tonight::before(Timestamp::now());
        let place = tonight.place;
        let what =
            "deploy infra/nightshift.yaml (inbox, five functions, all of theirs); fill tables";
        let (main, ()) = paper
            .step(what, async {
                let whole = whole(place, servers.ca(), mode);
                let tables = database::fill(&servers, &tonight);
                tokio::join!(deploy(whole, rds, others), tables)
            })
            .await;
        let alone =
            |name, expression, policy| alone(&main, (name, mode), (expression, place), &policy);
        let billing = alone("billing", "cron(15 4 * * ? *)", billing_policy(place));
        let monthly = alone("monthly", "cron(0 5 * * ? *)", misspelt_policy());
        let what =
            "deploy prune-snapshots by itself with two more policies, and two jobs of run-job";
        let deploying = async {
            tokio::join!(
                deploy(billing, rds, others),
                deploy(monthly, rds, others),
                jobs::deploy_all(&cloud, place, servers.ca())
            )
        };
        let (billing, monthly, jobs) = paper.step(what, deploying).await;

        let stacks = [&main, &billing, &monthly].into_iter().chain(&jobs);
        let schedules = stacks.flat_map(Stack::schedules);
        let mut schedules: Vec<Schedule> = schedules.collect();
        schedules.sort_by(|a, b| a.times.cmp(&b.times));
        let what =
            "give two clusters a past of 400 nights, and one of them the servers and a secret";
        let rotate = main.function("rotate-secret");
        let rotate = (mode == Mode::Apply).then_some(&*rotate);
        let seeding = seed(&cloud, &servers, &tonight, rotate);
        let (before, quota) = paper.step(what, seeding).await;
        servers.caught_up().await;
        let tables = database::look(servers.both()[0], &tonight).await;
        Self {
            cloud,
            servers,
            schedules,
            tonight,
            before,
            tables,
            quota,
        }
    }
}

/// What the team wants of rotate-secret.
fn rotate_policy(ca: &str) -> Value {
    json!({
        "grace": GRACE,
        // Amazon's own roots are the default.
        "ca": ca,
        // The night is over already when it is played.
        "expire_after": "12h",
    })
}

impl Stage {
    /// Which passwords of the application log in now.
    pub async fn passwords(&self) -> Passwords {
        let current = secret::current(self.cloud.ministack().await).await;
        Passwords {
            first: self.servers.opens(servers::FIRST).await,
            current: self.servers.opens(&current.password).await,
        }
    }

    /// The tables behind one of the clusters as they are now, on its writer and its reader.
    pub async fn tables(&self) -> [Look; 2] {
        self.servers.caught_up().await;
        let [writer, reader] = self.servers.both();
        let look = |server| database::look(server, &self.tonight);
        tokio::join!(look(writer), look(reader)).into()
    }

    /// What is to be searched for the passwords of the night, in every form, and for what the
    /// servers store of them.
    pub async fn public(&self) -> Public {
        let current = secret::current(self.cloud.ministack().await).await;
        let secrets = [servers::FIRST, &current.password, database::PASSWORD];
        let mut public = Public::without(&secrets);
        for server in self.servers.both() {
            public.hashes_on(server).await;
        }
        public
    }
}

fn whole(place: &str, ca: &str, mode: Mode) -> Wanted {
    // A network that is nowhere: here functions are processes of this machine.
    let network = |name, value: &str| (name, value.to_owned());
    Wanted {
        template: "infra/nightshift.yaml",
        name: NIGHTSHIFT,
        parameters: vec![
            ("NamePrefix", NIGHTSHIFT.to_owned()),
            ("Mode", mode.as_str().to_owned()),
            ("TimeZone", place.to_owned()),
            ("TakeSnapshotPolicy", take_policy(place).to_string()),
            ("PruneSnapshotsPolicy", orders_policy(place).to_string()),
            ("RotateSecret", "true".to_owned()),
            ("RotateSecretPolicy", rotate_policy(ca).to_string()),
            ("RotateSecretSchedule", "cron(20 5 * * ? *)".to_owned()),
            ("RotateSecretTick", "cron(20 3 * * ? *)".to_owned()),
            network("RotateSecretSubnetIds", SUBNET),
            network("RotateSecretVpcId", VPC),
            network("RotateSecretSecurityGroupIds", GROUP),
            ("RunJob", "true".to_owned()),
            network("RunJobSubnetIds", SUBNET),
            network("RunJobVpcId", VPC),
            network("RunJobSecurityGroupIds", GROUP),
        ],
        timeouts: vec![("run-job", jobs::SECONDS)],
    }
}

/// One more prune-snapshots beside the whole application, with its inbox.
fn alone(
    main: &Stack,
    (name, mode): (&'static str, Mode),
    (expression, place): (&str, &str),
    policy: &Value,
) -> Wanted {
    Wanted {
        template: "infra/functions/prune-snapshots.yaml",
        name,
        parameters: vec![
            ("NamePrefix", name.to_owned()),
            ("Mode", mode.as_str().to_owned()),
            ("Policy", policy.to_string()),
            ("ScheduleExpression", expression.to_owned()),
            ("TimeZone", place.to_owned()),
            ("TickExpression", String::new()),
            ("InboxTopicArn", main.topic()),
            ("ReportFailureArn", main.function("report-failure")),
        ],
        timeouts: vec![],
    }
}

async fn seed(
    cloud: &Cloud,
    servers: &Servers,
    tonight: &Tonight,
    rotate: Option<&str>,
) -> (Value, (usize, usize)) {
    let seed = past::seed(tonight);
    let snapshots = seed["snapshots"].as_array().expect("a list");
    let used = snapshots
        .iter()
        .filter(|each| each["type"] == "manual")
        .count();
    let max = (used + AT_LEAST_FREE).next_multiple_of(ROUND);
    let rds = cloud.rds();
    rds.seed(seed).await;
    let limit = u32::try_from(max).expect("a few hundred");
    rds.quota("ManualClusterSnapshots", limit).await;
    // Like the real one it takes minutes for a snapshot, and says so when it is done.
    rds.configure(&json!({"snapshot_stays_creating": true}))
        .await;
    servers.announce(rds).await;
    let ministack = cloud.ministack().await;
    let login = servers.login(servers::USER, servers::FIRST);
    secret::make(ministack, &login, rotate).await;
    let login = servers.login(database::USER, database::PASSWORD);
    secret::for_jobs(ministack, &login).await;
    (world::inventory(cloud).await, (used, max))
}
