//! What has happened so far, as the invariants need it.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use simulated_aws::{
    Account, Effect, Record,
    cloudwatch::State,
    rds::{Snapshot, Tags},
    secrets::Invocation,
    sns::Message,
};

use crate::{
    activity::Session,
    doors::Doors,
    script::Script,
    step::{Ending, Step, What},
    store::Store,
    switches::Switches,
};

/// An event that Lambda has taken, and all attempts at it.
#[derive(Clone, Debug)]
pub struct Chain {
    /// The function.
    pub function: &'static str,
    /// Lambda's id of the request, the same for all attempts.
    pub request_id: String,
    /// The event.
    pub payload: Value,
    /// The trigger's own time, where it has one.
    pub time: Timestamp,
    /// When Lambda took it.
    pub taken: Timestamp,
    /// The runs so far, by their numbers.
    pub runs: Vec<usize>,
    /// For report-failure: the chain whose failure it is to tell of.
    pub about: Option<usize>,
    /// The step of a rotation that Secrets Manager waits for.
    pub rotation: Option<Invocation>,
    /// Whether no further attempt is made.
    pub over: bool,
}

/// One attempt.
#[derive(Clone, Debug)]
pub struct Run {
    /// Of which chain.
    pub chain: usize,
    /// When it began.
    pub began: Timestamp,
    /// Its calls, as they went.
    pub calls: Vec<Arc<Record>>,
    /// How many of them got no proper answer: lost, late or refused for a moment.
    pub troubled: usize,
    /// How it ended, and when.
    pub ended: Option<(Timestamp, Ending)>,
    /// Its log lines.
    pub log: Vec<String>,
}

/// A snapshot's life, from its creation to its end.
#[derive(Clone, Debug)]
pub struct Life {
    /// As it is, or was last.
    pub snapshot: Arc<Snapshot>,
    /// The run that created it.
    pub created_by: Option<usize>,
    /// When it failed, if it did before our eyes.
    pub failed: Option<Timestamp>,
    /// Who deleted it, and when.
    pub deleted: Option<(Timestamp, Option<usize>)>,
}

/// A mail that was sent.
#[derive(Clone, Debug)]
pub struct Mail {
    /// By which run.
    pub run: usize,
    /// The message.
    pub message: Message,
    /// Whether the run knows: its answer was not lost.
    pub answered: bool,
}

/// What has happened so far.
#[derive(Clone, Debug)]
pub struct History {
    /// What was decided beforehand.
    pub script: Arc<Script>,
    /// All steps.
    pub steps: Vec<Step>,
    /// All events Lambda has taken.
    pub chains: Vec<Chain>,
    /// All attempts.
    pub runs: Vec<Run>,
    /// All snapshots that ever were; of one name, the youngest last.
    pub snapshots: BTreeMap<String, Vec<Life>>,
    /// The instances of each cluster before the last step, the writer first, but for those that
    /// were being deleted.
    pub members: BTreeMap<String, Vec<String>>,
    /// The tags that every instance came with.
    pub instances: BTreeMap<String, Tags>,
    /// All mails.
    pub mails: Vec<Mail>,
    /// The chains whose records lie in a dead-letter queue.
    pub dead_letters: Vec<usize>,
    /// Secrets and database servers, in a script about them.
    pub doors: Doors,
    /// What the clusters' databases held before the last step, in a script about jobs.
    pub before: BTreeMap<String, Arc<Store>>,
    /// What they hold after it.
    pub after: BTreeMap<String, Arc<Store>>,
    /// Which EVENTs and schedules are enabled, in a script about them.
    pub switches: Switches,
    /// When each alarm changed its state, and to which, the oldest first.
    pub alarms: BTreeMap<String, Vec<(Timestamp, State)>>,
    /// Who is on the servers as the script ends, in a script about that.
    pub sessions: BTreeMap<String, Vec<Session>>,
}

impl History {
    /// Before anything has happened.
    #[must_use]
    pub fn new(script: &Arc<Script>) -> Self {
        let mut history = Self {
            steps: Vec::new(),
            chains: Vec::new(),
            runs: Vec::new(),
            snapshots: BTreeMap::new(),
            members: BTreeMap::new(),
            instances: BTreeMap::new(),
            mails: Vec::new(),
            dead_letters: Vec::new(),
            doors: Doors::default(),
            before: BTreeMap::new(),
            after: BTreeMap::new(),
            switches: Switches::of(script),
            alarms: BTreeMap::new(),
            sessions: BTreeMap::new(),
            script: Arc::clone(script),
        };
        for snapshot in &script.snapshots {
            let life = Life {
                snapshot: Arc::new(snapshot.clone()),
                created_by: None,
                failed: None,
                deleted: None,
            };
            history
                .snapshots
                .entry(snapshot.id.clone())
                .or_default()
                .push(life);
        }
        history
    }

    /// Takes a step in.
    pub fn take(&mut self, step: Step) {
        let run = match &step.what {
            What::Called(record) => self.called(record),
            What::Ended { run, ending } => {
                self.runs[*run].ended = Some((step.at, ending.clone()));
                None
            }
            What::DeadLetter { chain } => {
                self.dead_letters.push(*chain);
                None
            }
            _ => None,
        };
        for effect in step.what.effects() {
            self.changed(step.at, run, effect);
        }
        self.steps.push(step);
    }

    /// Takes in what a step enables or disables.
    pub(crate) fn turn(&mut self, at: Timestamp, what: &What, account: Option<&Account>) {
        if self.script.imports.is_some() {
            self.switches.look(at, what, account, &self.after);
        }
    }

    fn called(&mut self, record: &Arc<Record>) -> Option<usize> {
        let number = usize::try_from(record.who).ok()?;
        let run = self.runs.get_mut(number)?;
        let busy = record.answer.as_ref().is_some_and(|(_, code)| {
            matches!(code.as_deref(), Some("Throttling" | "ThrottlingException"))
        });
        run.troubled += usize::from(record.fault.is_some() || busy);
        run.calls.push(Arc::clone(record));
        Some(number)
    }

    fn changed(&mut self, at: Timestamp, run: Option<usize>, effect: &Effect) {
        match effect {
            Effect::SnapshotCreated(snapshot) => {
                let life = Life {
                    snapshot: Arc::clone(snapshot),
                    created_by: run,
                    failed: None,
                    deleted: None,
                };
                self.snapshots
                    .entry(snapshot.id.clone())
                    .or_default()
                    .push(life);
            }
            Effect::SnapshotChanged { snapshot, .. } => {
                if let Some(life) = self.life_mut(&snapshot.id) {
                    life.snapshot = Arc::clone(snapshot);
                    life.failed = (snapshot.status == "failed").then_some(at);
                }
            }
            Effect::SnapshotDeleted(snapshot) => {
                if let Some(life) = self.life_mut(&snapshot.id) {
                    life.deleted = Some((at, run));
                }
            }
            Effect::AlarmChanged { alarm, .. } => {
                let changes = self.alarms.entry(alarm.name.clone()).or_default();
                changes.push((at, alarm.state));
            }
            Effect::Published(message) => self.mails.extend(run.map(|run| Mail {
                run,
                message: message.clone(),
                answered: true,
            })),
            _ => {}
        }
    }

    /// Takes in which instances the clusters have, but for those that are being deleted.
    pub(crate) fn recount(&mut self, account: &Account) {
        let instances = account.rds.instances.truth();
        let stays = |id: &&String| instances.get(*id).is_some_and(|it| it.status != "deleting");
        let clusters = account.rds.clusters.truth().iter();
        let members = clusters.map(|(id, cluster)| {
            let stay = cluster.members.iter().filter(stays).cloned();
            (id.clone(), stay.collect())
        });
        self.members = members.collect();
        for (id, instance) in instances {
            if !self.instances.contains_key(id) {
                self.instances.insert(id.clone(), instance.tags.clone());
            }
        }
    }

    /// Takes in the tags of snapshots that were tagged.
    pub(crate) fn retag(&mut self, effects: &[Effect], account: &Account) {
        for effect in effects {
            let Effect::Other { subject, .. } = effect else {
                continue;
            };
            let id = subject.rsplit(':').next().unwrap_or_default();
            let tagged = account.rds.snapshots.truth().get(id);
            if let (Some(tagged), Some(life)) = (tagged, self.life_mut(id)) {
                life.snapshot = Arc::clone(tagged);
            }
        }
    }

    fn life_mut(&mut self, id: &str) -> Option<&mut Life> {
        self.snapshots.get_mut(id)?.last_mut()
    }

    /// The youngest snapshot of this name that ever was.
    #[must_use]
    pub fn life(&self, id: &str) -> Option<&Life> {
        self.snapshots.get(id)?.last()
    }

    /// All snapshots that are there.
    pub fn there(&self) -> impl Iterator<Item = &Life> {
        self.snapshots
            .values()
            .flatten()
            .filter(|life| life.deleted.is_none())
    }

    /// The chain of a run.
    #[must_use]
    pub fn chain_of(&self, run: usize) -> &Chain {
        &self.chains[self.runs[run].chain]
    }

    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }

    /// The run and the call of the last step, if that was a call of a run.
    #[must_use]
    pub fn last_call(&self) -> Option<(usize, &Record)> {
        let What::Called(record) = &self.last()?.what else {
            return None;
        };
        let run = usize::try_from(record.who).ok()?;
        (run < self.runs.len()).then_some((run, &**record))
    }

    /// The run and the ending of the last step, if a run ended in it.
    #[must_use]
    pub fn last_ending(&self) -> Option<(usize, &Ending)> {
        match &self.last()?.what {
            What::Ended { run, ending } => Some((*run, ending)),
            _ => None,
        }
    }

    /// Whether the last step was the script's end.
    #[must_use]
    pub fn over(&self) -> bool {
        matches!(self.last().map(|step| &step.what), Some(What::Over))
    }

    /// The earliest moment that a listing made by `run` may show.
    #[must_use]
    pub fn sees_since(&self, run: usize) -> Timestamp {
        let stale = match self.script.weather.stale {
            0 => 0,
            _ => self.script.weather.stale_seconds,
        };
        self.runs[run].began - SignedDuration::from_secs(stale)
    }

    /// What the runs of a chain created and deleted: the snapshots' names.
    pub fn effects_of(&self, chain: usize) -> impl Iterator<Item = &Effect> {
        let runs = self.chains[chain].runs.iter();
        runs.flat_map(|run| self.effects_of_run(*run))
    }

    /// What a run created and deleted by its calls.
    pub fn effects_of_run(&self, run: usize) -> impl Iterator<Item = &Effect> {
        let calls = self.runs[run].calls.iter();
        calls.flat_map(|record| own(record))
    }
}

/// What a call itself changed, and not what was due when it came.
pub fn own(record: &Record) -> impl Iterator<Item = &Effect> {
    let of_call = |effect: &&Effect| match effect {
        Effect::SnapshotCreated(_) => record.call.operation.starts_with("Create"),
        Effect::SnapshotDeleted(_) => record.call.operation.starts_with("Delete"),
        Effect::InstanceCreated(_) => record.call.operation == "CreateDBInstance",
        Effect::InstanceDeleted(_) => record.call.operation == "DeleteDBInstance",
        Effect::Published(_) => true,
        Effect::LabelMoved { .. } => {
            ["PutSecretValue", "UpdateSecretVersionStage"].contains(&record.call.operation.as_str())
        }
        Effect::Other { operation, .. } => [
            "PutSecretValue",
            "UpdateSchedule",
            "AddTagsToResource",
            "RemoveTagsFromResource",
            "ModifyDBClusterEndpoint",
        ]
        .contains(&operation.as_str()),
        _ => false,
    };
    record.effects.iter().filter(of_call)
}
