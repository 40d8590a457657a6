//! A cluster under load, a minute at a time.

use std::collections::BTreeMap;

use aurora_model::{
    AlarmState, ClusterStatus, Decision, InstanceStatus, Member, Tags,
    reader::{DbInstance, InstanceSettings, NewReader, ReaderCluster},
    tags,
};
use cloudwatch::AlarmNow;
use jiff::{SignedDuration, Timestamp};
use scale_readers::{
    change::Change,
    changes::{self, Told},
    fleet::Observation,
};

use super::{MAX, TARGET, shape::Shape};

/// How long RDS takes to delete a reader, in minutes.
const DELETION: u32 = 5;
/// Below this, in percent, the load allows fewer readers.
const LOW: f64 = 30.0;
/// After how many minutes beyond a threshold an alarm goes off.
const PERIODS: usize = 2;
const CLUSTER: &str = "orders";
const ARN: &str = "arn:aws:rds:eu-central-1:123456789012:db:";

/// When a minute is.
pub fn at(minute: u32) -> Timestamp {
    let start: Timestamp = "2026-11-20T23:00:00Z".parse().unwrap();
    start + SignedDuration::from_mins(minute.into())
}

struct Node {
    instance: DbInstance,
    /// When it is there, or has failed.
    ready: u32,
    fails: bool,
    /// When it is gone.
    gone: Option<u32>,
}

/// The cluster, its alarms, and what has happened to them.
pub struct World<'a> {
    shape: &'a Shape,
    minute: u32,
    tags: Tags,
    nodes: Vec<Node>,
    writer: String,
    alarms: [AlarmNow; 2],
    cpu: Vec<f64>,
    /// When readers came or were deleted.
    changes: Vec<u32>,
    created: usize,
}

fn instance(id: &str, tags: Tags, created: Option<Timestamp>) -> DbInstance {
    DbInstance {
        id: id.into(),
        arn: format!("{ARN}{id}"),
        cluster: CLUSTER.into(),
        status: if created.is_some() {
            InstanceStatus::Available
        } else {
            InstanceStatus::Creating
        },
        class: "db.r7g.large".into(),
        zone: Some("eu-central-1a".into()),
        created,
        tags,
        settings: InstanceSettings::default(),
    }
}

fn alarm(name: &str) -> AlarmNow {
    AlarmNow {
        name: name.into(),
        state: AlarmState::Ok,
        since: at(0),
    }
}

impl<'a> World<'a> {
    pub fn new(shape: &'a Shape) -> Self {
        let long_ago = Some("2026-01-01T00:00:00Z".parse().unwrap());
        let old = |id: &str| Node {
            instance: instance(id, Tags::default(), long_ago),
            ready: 0,
            fails: false,
            gone: None,
        };
        Self {
            shape,
            minute: 0,
            tags: Tags::default(),
            nodes: vec![old("orders-1"), old("orders-2")],
            writer: "orders-1".into(),
            alarms: [alarm("busy"), alarm("idle")],
            cpu: Vec::new(),
            changes: Vec::new(),
            created: 0,
        }
    }

    /// Lets a minute pass, and tells which alarms have changed.
    pub fn pass(&mut self, minute: u32) -> usize {
        self.minute = minute;
        self.nodes
            .retain(|node| node.gone.is_none_or(|gone| gone > minute));
        for node in &mut self.nodes {
            if node.ready == minute && node.instance.status == InstanceStatus::Creating {
                let there = !node.fails;
                node.instance.status = if there {
                    InstanceStatus::Available
                } else {
                    InstanceStatus::Failed
                };
                node.instance.created = there.then(|| at(minute));
            }
        }
        if self.shape.failover == Some(minute) {
            "orders-2".clone_into(&mut self.writer);
        }
        self.cpu
            .push((self.load() / to_f64(self.serving())).min(100.0));
        self.evaluate()
    }

    pub fn load(&self) -> f64 {
        (self.shape.load)(self.minute)
    }

    pub fn cpu(&self) -> f64 {
        *self.cpu.last().unwrap()
    }

    /// How many readers take reads.
    pub fn serving(&self) -> usize {
        let serves = |node: &&Node| {
            node.instance.status == InstanceStatus::Available && node.instance.id != self.writer
        };
        self.nodes.iter().filter(serves).count()
    }

    fn evaluate(&mut self) -> usize {
        let last = &self.cpu[self.cpu.len().saturating_sub(PERIODS)..];
        let all =
            |beyond: fn(f64) -> bool| last.len() == PERIODS && last.iter().all(|cpu| beyond(*cpu));
        let states = [all(|cpu| cpu > TARGET), all(|cpu| cpu < LOW)];
        let mut changed = 0;
        for (alarm, on) in self.alarms.iter_mut().zip(states) {
            let state = if on {
                AlarmState::Alarm
            } else {
                AlarmState::Ok
            };
            if alarm.state != state {
                (alarm.state, alarm.since) = (state, at(self.minute));
                changed += 1;
            }
        }
        changed
    }

    pub fn observe(&self) -> Observation {
        let member = |node: &Node| Member {
            id: node.instance.id.clone(),
            writer: node.instance.id == self.writer,
        };
        let connections = self.nodes.iter().filter_map(|node| {
            let since: Timestamp = node.instance.tags.get(tags::DRAINING_SINCE)?.parse().ok()?;
            let minutes = to_f64(usize::try_from((at(self.minute) - since).get_minutes()).ok()?);
            Some((node.instance.id.clone(), (40.0 - 4.0 * minutes).max(3.0)))
        });
        Observation {
            cluster: ReaderCluster {
                id: CLUSTER.into(),
                arn: "arn:aws:rds:eu-central-1:123456789012:cluster:orders".into(),
                engine: "aurora-mysql".into(),
                status: ClusterStatus::Available,
                tags: self.tags.clone(),
                members: self.nodes.iter().map(member).collect(),
                zones: vec!["eu-central-1a".into(), "eu-central-1b".into()],
                serverless: false,
            },
            instances: self
                .nodes
                .iter()
                .map(|node| node.instance.clone())
                .collect(),
            endpoints: Vec::new(),
            alarms: self.alarms.to_vec(),
            connections: connections.collect::<BTreeMap<_, _>>(),
        }
    }

    /// Does what RDS would do.
    pub fn apply(&mut self, decision: &Decision<Change>, change: &Change) {
        match change {
            Change::Create(create) => self.create(&create.new),
            Change::Created => {}
            Change::Drain(drain) => {
                let tags = &mut self.node(&decision.subject).instance.tags;
                tags.set(tags::DRAINING_SINCE, changes::stamp(drain.since));
            }
            Change::Return(back) => {
                let kept = |key: &&(&str, &str)| !back.keys.iter().any(|gone| gone == key.0);
                let instance = &mut self.node(&decision.subject).instance;
                instance.tags = instance.tags.iter().filter(|pair| kept(&pair)).collect();
            }
            Change::Delete(_) => self.delete(&decision.subject),
        }
    }

    fn node(&mut self, id: &str) -> &mut Node {
        self.nodes
            .iter_mut()
            .find(|node| node.instance.id == id)
            .unwrap()
    }

    fn create(&mut self, new: &NewReader) {
        if self.nodes.iter().any(|node| node.instance.id == new.id) {
            return;
        }
        let fails = self.shape.fails.contains(&self.created);
        let ready = self.minute + self.shape.creation;
        self.nodes.push(Node {
            instance: instance(&new.id, new.tags.clone(), None),
            ready,
            fails,
            gone: None,
        });
        self.created += 1;
        self.changes.push(self.minute);
        let told = Told::of_creation(at(self.minute)).noted(&self.tags);
        self.tags.set(tags::READER_CHANGES, told);
        let readers = self.nodes.len() - 1;
        assert!(
            readers <= MAX,
            "{readers} readers in minute {}",
            self.minute
        );
    }

    fn delete(&mut self, id: &str) {
        assert_ne!(id, self.writer, "the writer is never deleted");
        let (minute, serving) = (self.minute, self.serving());
        let told = self.tags.clone();
        let node = self.node(id);
        if node.instance.status == InstanceStatus::Deleting {
            return;
        }
        assert!(node.instance.tags.managed(), "{id} is not Nightshift's");
        let served = node.instance.status == InstanceStatus::Available;
        node.instance.status = InstanceStatus::Deleting;
        node.gone = Some(minute + DELETION);
        let created = changes::created(&node.instance);
        let told = Told::of_removal(created, at(minute)).noted(&told);
        self.tags.set(tags::READER_CHANGES, told);
        assert!(
            !served || serving > super::MIN,
            "the last reader was deleted in minute {minute}"
        );
        self.changes.push(minute);
    }

    /// The most changes within any hour.
    pub fn most_changes(&self) -> usize {
        let within = |from: &u32| {
            self.changes
                .iter()
                .filter(|at| (*from..*from + 60).contains(*at))
                .count()
        };
        self.changes.iter().map(within).max().unwrap_or(0)
    }
}

fn to_f64(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}
