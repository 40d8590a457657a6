//! Clusters in trouble: the alarms that ring, who is on the servers, what may be ended, and what people do
//! meanwhile.

mod acts;
mod clients;
mod policy;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Cluster, DatabaseWeather, Delivery, Server, database, programme};
use crate::{activity::Client, dice::Dice, script::REMEDIES};

pub(super) use acts::of as acts;
pub use acts::{PASSWORD, account};

/// The user that looks.
pub const LOOKS: &str = "nightshift_look";
/// The user that ends.
pub const ENDS: &str = "nightshift_end";
/// The master user of all clusters.
pub const MASTER: &str = "admin";

/// Clusters in trouble.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedies {
    /// Each cluster's.
    pub plans: Vec<RemedyPlan>,
    /// How many connections each server takes.
    pub max_connections: u64,
    /// How many percent of the clients do something else just when a server is looked at.
    pub startled: u8,
    /// What the way to the servers is like, until calm comes.
    pub weather: DatabaseWeather,
    /// Whether the policies say `plan`.
    pub plan_only: bool,
}

/// One cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct RemedyPlan {
    /// The cluster.
    pub cluster: String,
    /// Its servers.
    pub server: Server,
    /// What the team wants, and from when on: the first is that of the function's environment.
    pub policies: Vec<(Timestamp, Value)>,
    /// The alarms.
    pub alarms: Vec<AlarmPlan>,
    /// Who is on the servers.
    pub clients: Vec<Client>,
}

/// An alarm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlarmPlan {
    /// Its name.
    pub name: String,
    /// What it watches.
    pub watches: Watches,
    /// Whether it is about the cluster; of a composite one, while one of its children that is rings.
    pub about: bool,
}

/// What an alarm watches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Watches {
    /// A metric: its namespace, its name, its dimension and the dimension's value.
    Metric(&'static str, &'static str, (&'static str, String)),
    /// Other alarms: it rings while one of them does.
    AnyOf(Vec<String>),
}

impl RemedyPlan {
    /// The policy at this moment.
    #[must_use]
    pub fn policy(&self, at: Timestamp) -> &Value {
        let mut so_far = self.policies.iter().rev();
        let now = so_far.find(|(since, _)| *since <= at);
        &now.unwrap_or(&self.policies[0]).1
    }

    /// The name of the secret of `user`.
    #[must_use]
    pub fn secret(&self, user: &str) -> String {
        format!("{user}-{}", self.cluster)
    }
}

impl Remedies {
    /// The plan for this cluster.
    #[must_use]
    pub fn plan(&self, cluster: &str) -> Option<&RemedyPlan> {
        self.plans.iter().find(|plan| plan.cluster == cluster)
    }

    /// All clients.
    pub fn clients(&self) -> impl Iterator<Item = &Client> {
        self.plans.iter().flat_map(|plan| &plan.clients)
    }

    /// Leaves out the client of this number.
    pub fn leave_out(&mut self, mut number: usize) {
        for plan in &mut self.plans {
            if number < plan.clients.len() {
                plan.clients.remove(number);
                return;
            }
            number -= plan.clients.len();
        }
    }

    /// The policy of the function's environment.
    #[must_use]
    pub fn environment(&self) -> &Value {
        self.plans
            .first()
            .map_or(&Value::Null, |it| &it.policies[0].1)
    }
}

/// Between two ticks.
pub const TICK: SignedDuration = SignedDuration::from_mins(10);

pub(super) fn of(seed: u64, (begins, calm): (Timestamp, Timestamp), of: &[Cluster]) -> Remedies {
    let mut dice = Dice::of(seed, "remedies");
    let plan_only = dice.chance(8);
    let mut plans: Vec<RemedyPlan> = of
        .iter()
        .map(|it| plan(&mut dice, it, (begins, calm)))
        .collect();
    for (_, policy) in plans.iter_mut().flat_map(|plan| &mut plan.policies) {
        if plan_only {
            policy["mode"] = "plan".into();
        }
    }
    Remedies {
        plans,
        max_connections: u64::try_from(*dice.pick(&[12, 20, 60])).unwrap_or(60),
        startled: *dice.pick(&[0, 10, 40]),
        weather: database::weather(&mut dice),
        plan_only,
    }
}

fn plan(dice: &mut Dice, cluster: &Cluster, rough: (Timestamp, Timestamp)) -> RemedyPlan {
    let instances: Vec<String> = cluster.instances().collect();
    RemedyPlan {
        cluster: cluster.id.clone(),
        server: database::server(dice, cluster),
        policies: policy::of(dice, &cluster.id, rough),
        alarms: alarms(&cluster.id, &instances),
        clients: clients::of(dice, &cluster.id, &instances),
    }
}

/// Alarms of every kind that is about the cluster, and some about other things.
fn alarms(cluster: &str, instances: &[String]) -> Vec<AlarmPlan> {
    let name = |of: &str| format!("{cluster}-{of}");
    let metric = |of: &str, watches: Watches, about: bool| AlarmPlan {
        name: name(of),
        watches,
        about,
    };
    let rds =
        |of, dimension, value: &str| Watches::Metric("AWS/RDS", of, (dimension, value.into()));
    let last = instances.last().map_or(cluster, String::as_str);
    let upper = cluster.to_uppercase();
    let longest = ("Cluster", cluster.to_owned());
    vec![
        metric(
            "cpu",
            rds("CPUUtilization", "DBClusterIdentifier", &upper),
            true,
        ),
        metric(
            "connections",
            rds("DatabaseConnections", "DBInstanceIdentifier", &instances[0]),
            true,
        ),
        metric(
            "reads",
            rds("ReadLatency", "DBInstanceIdentifier", last),
            true,
        ),
        metric(
            "long",
            Watches::Metric("Nightshift", "LongestTransactionSeconds", longest),
            true,
        ),
        metric(
            "web",
            Watches::Metric(
                "AWS/ApplicationELB",
                "HTTPCode_ELB_5XX_Count",
                ("LoadBalancer", "web".into()),
            ),
            false,
        ),
        metric(
            "any",
            Watches::AnyOf(vec![name("cpu"), name("connections"), name("web")]),
            true,
        ),
        metric("site", Watches::AnyOf(vec![name("web")]), false),
    ]
}

/// The ticks of each cluster, and a schedule each morning.
pub(super) fn ticks(
    seed: u64,
    (begins, calm, ends): (Timestamp, Timestamp, Timestamp),
    remedies: &Remedies,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "remedies' ticks");
    let mut deliveries = Vec::new();
    let mut time = begins + SignedDuration::from_mins(5);
    while time < ends {
        for plan in &remedies.plans {
            let arrivals = if time < calm {
                programme::arrivals(&mut dice, time)
            } else {
                vec![time]
            };
            let tick = !dice.chance(5);
            deliveries.push(Delivery {
                function: REMEDIES,
                time,
                arrivals,
                payload: programme::payload(REMEDIES, time, tick, plan.policy(time)),
            });
        }
        time += TICK;
    }
    deliveries
}
