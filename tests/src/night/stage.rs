//! The preparation: the local cloud, the deployed templates, the past.

mod wanted;

use jiff::Timestamp;
use serde_json::Value;

use super::Mode;
use super::checks::Passwords;
use super::database::{self, Look};
use super::import::{self, SCHEDULES};
use super::paper::Paper;
use super::servers::{self, Servers};
use super::tonight::Tonight;
use super::trouble::{self, Trouble};
use super::{event, jobs, past, secret, world};
use crate::cloud::Cloud;
use crate::rotation::Public;
use crate::stack::{Schedule, Stack, deploy};

pub use self::wanted::{GRACE, billing_policy, orders_policy};
use self::wanted::{alone, misspelt_policy, whole};

/// First part of the names of the whole application's stack.
pub const NIGHTSHIFT: &str = "nightshift";
/// The quota of manual snapshots is a round number a little above what there is.
const ROUND: usize = 25;
const AT_LEAST_FREE: usize = 10;

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
    /// All clusters, snapshots, secrets, schedules and EVENTs.
    pub before: Value,
    /// The tables behind one of the clusters.
    pub tables: Look,
    /// The trouble that comes.
    pub trouble: Trouble,
    /// How many manual cluster snapshots the account has, and may have.
    pub quota: (usize, usize),
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
            "deploy infra/nightshift.yaml (inbox, eight functions, all of theirs); fill tables";
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
            trouble: Trouble::default(),
            quota,
        }
    }

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

    /// What the EVENT would have left of its table.
    pub async fn sessions_by_event(&self) -> Vec<Vec<String>> {
        let [writer, _] = self.servers.both();
        event::would_leave(writer, &self.tonight).await
    }

    /// What the schedules of the EVENT's job hand to run-job, as Scheduler has it.
    pub async fn inputs(&self) -> [Value; 2] {
        let ministack = self.cloud.ministack().await;
        let input = async |name: &str| {
            let (group, name) = name.split_once('/').expect("a group and a name");
            let schedule = ministack.schedule(group, name).await;
            let input = schedule["Target"]["Input"].as_str().unwrap_or_default();
            serde_json::from_str(input).unwrap_or_default()
        };
        let [first, second] = SCHEDULES;
        [input(first).await, input(second).await]
    }

    /// What is to be searched for the passwords of the night, in every form, and for what the
    /// servers store of them.
    pub async fn public(&self) -> Public {
        let current = secret::current(self.cloud.ministack().await).await;
        let [jobs, events] = [database::PASSWORD, event::PASSWORD];
        let [look, end] = [trouble::LOOK.1, trouble::END.1];
        let secrets = [servers::FIRST, &current.password, jobs, events, look, end];
        let mut public = Public::without(&secrets);
        for server in self.servers.both() {
            public.hashes_on(server).await;
        }
        public
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
    // Like the real one it takes minutes for a snapshot or a reader, and says so when it is done.
    let slow = [
        "snapshot_stays_creating",
        "instance_stays_creating",
        "instance_stays_deleting",
    ];
    rds.configure(&slow.map(|what| (what, true)).into_iter().collect())
        .await;
    servers.announce(rds).await;
    let ministack = cloud.ministack().await;
    let login = servers.login(servers::USER, servers::FIRST);
    secret::make(ministack, &login, rotate).await;
    let login = servers.login(database::USER, database::PASSWORD);
    secret::make_lasting(ministack, (jobs::SECRET, "run"), &login).await;
    let login = servers.login(event::USER, event::PASSWORD);
    secret::make_lasting(ministack, (import::SECRET, "import"), &login).await;
    for (user, (name, password)) in [("look", trouble::LOOK), ("end", trouble::END)] {
        let login = servers.login(user, password);
        secret::make_lasting(ministack, (name, user), &login).await;
    }
    (world::inventory(cloud, servers).await, (used, max))
}
