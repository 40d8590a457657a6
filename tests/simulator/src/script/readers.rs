//! Clusters whose readers come and go, the alarms that ask for it, and what people do meanwhile.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::{Act, Cluster, Deed, Delivery, programme};
use crate::{dice::Dice, script::SCALES};

/// What the readers of all clusters are to be.
#[derive(Clone, Debug, PartialEq)]
pub struct Readers {
    /// Each cluster's.
    pub plans: Vec<ReaderPlan>,
    /// Whether the policies say `plan`.
    pub plan_only: bool,
}

/// What the readers of one cluster are to be.
#[derive(Clone, Debug, PartialEq)]
pub struct ReaderPlan {
    /// The cluster.
    pub cluster: String,
    /// What the payloads carry.
    pub policy: Value,
    /// The fewest.
    pub min: usize,
    /// The most.
    pub max: usize,
    /// How many may come and go within an hour.
    pub flap_limit: usize,
}

impl ReaderPlan {
    /// The alarm that asks for more.
    #[must_use]
    pub fn busy(cluster: &str) -> String {
        format!("{cluster}-busy")
    }

    /// The alarm that allows fewer.
    #[must_use]
    pub fn idle(cluster: &str) -> String {
        format!("{cluster}-idle")
    }
}

impl Readers {
    /// The plan for this cluster.
    #[must_use]
    pub fn plan(&self, cluster: &str) -> Option<&ReaderPlan> {
        self.plans.iter().find(|plan| plan.cluster == cluster)
    }
}

/// The plans for `clusters`, which learn how many readers they may have.
pub(super) fn of(seed: u64, clusters: &mut [Cluster]) -> Readers {
    let mut dice = Dice::of(seed, "readers' policies");
    let plan_only = dice.chance(6);
    let plans = clusters.iter_mut().map(|cluster| {
        let plan = plan(&mut dice, &cluster.id, plan_only);
        cluster.max_readers = Some(plan.max.max(cluster.readers));
        plan
    });
    let plans = plans.collect();
    Readers { plans, plan_only }
}

fn plan(dice: &mut Dice, cluster: &str, plan_only: bool) -> ReaderPlan {
    let min = dice.count(1, 2);
    let max = min + dice.count(1, 3);
    let flap_limit = *dice.pick(&[2, 6, 12]);
    let mut policy = json!({
        "cluster": cluster, "min": min, "max": max, "flap_limit": flap_limit,
        "out_alarms": [ReaderPlan::busy(cluster)], "in_alarms": [ReaderPlan::idle(cluster)],
        "step_out": dice.count(1, 2), "step_in": dice.count(1, 2),
        "cooldown_out": *dice.pick(&["0s", "5m"]), "cooldown_in": *dice.pick(&["5m", "15m"]),
        "stabilise": *dice.pick(&["0s", "10m"]),
        "drain": {"max_wait": *dice.pick(&["0s", "20m"])},
    });
    if dice.chance(30) {
        policy["schedule_floors"] =
            json!([{"readers": max, "window": {"from": "02:00", "to": "05:00"}}]);
    }
    if dice.chance(30) {
        policy["in_alarms"] = json!([]);
    }
    if plan_only {
        policy["mode"] = json!("plan");
    }
    ReaderPlan {
        cluster: cluster.to_owned(),
        policy,
        min,
        max,
        flap_limit,
    }
}

/// The ticks of each cluster: its alarms come from `CloudWatch`.
pub(super) fn ticks(
    seed: u64,
    (begins, calm, ends): (Timestamp, Timestamp, Timestamp),
    readers: &Readers,
) -> Vec<Delivery> {
    let mut dice = Dice::of(seed, "readers' ticks");
    let mut deliveries = Vec::new();
    let mut time = begins + SignedDuration::from_mins(5);
    while time < ends {
        for plan in &readers.plans {
            let rough = time < calm;
            let arrivals = if rough {
                programme::arrivals(&mut dice, time)
            } else {
                vec![time]
            };
            deliveries.push(Delivery {
                function: SCALES,
                time,
                arrivals,
                payload: programme::payload(SCALES, time, true, &plan.policy),
            });
        }
        time += SignedDuration::from_mins(10);
    }
    deliveries
}

/// The load goes up and down, writers fail over, and people add readers and take some away.
pub(super) fn acts(
    seed: u64,
    (begins, calm): (Timestamp, Timestamp),
    readers: &Readers,
) -> Vec<Act> {
    let mut dice = Dice::of(seed, "readers' acts");
    let mut acts = Vec::new();
    for plan in &readers.plans {
        for _ in 0..dice.count(4, 16) {
            let at = dice.moment(begins, calm);
            // An instance's identifier is no other one's in the account.
            let deed = deed(&mut dice, &plan.cluster, acts.len());
            acts.push(Act { at, deed });
        }
        for name in [
            ReaderPlan::busy(&plan.cluster),
            ReaderPlan::idle(&plan.cluster),
        ] {
            let state = "OK".to_owned();
            let deed = Deed::Alarm { name, state };
            acts.push(Act { at: calm, deed });
        }
    }
    acts.sort_by_key(|act| act.at);
    acts
}

fn deed(dice: &mut Dice, cluster: &str, number: usize) -> Deed {
    let cluster = cluster.to_owned();
    let of = |name: String, state: &str| Deed::Alarm {
        name,
        state: state.into(),
    };
    match dice.between(0, 19) {
        0..=5 => of(ReaderPlan::busy(&cluster), "ALARM"),
        6..=8 => of(ReaderPlan::busy(&cluster), "OK"),
        9..=12 => of(ReaderPlan::idle(&cluster), "ALARM"),
        13 => of(ReaderPlan::idle(&cluster), "INSUFFICIENT_DATA"),
        14 | 15 => Deed::FailOver(cluster),
        16 => Deed::DeleteReader(cluster),
        17 => Deed::AddReader {
            id: format!("by-hand-{number}"),
            cluster,
        },
        _ => Deed::Connections {
            cluster,
            number: *dice.pick(&[0, 3, 200]),
        },
    }
}
