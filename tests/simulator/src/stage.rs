//! Plays a script: lets time pass, delivers triggers as Lambda does, runs the functions.

mod beginning;
mod platform;
mod readers;
mod remedies;
pub(crate) mod schedules;
mod secrets;

use std::{collections::BTreeMap, sync::Arc};

use fastrand::Rng;
use futures_util::{StreamExt, stream::FuturesUnordered};
use jiff::{SignedDuration, Timestamp};
use simulated_aws::{Account, Aws, Effect, SimulatedTime, rds, secrets::Invocation};

use self::platform::{Attempt, Platform, Tried};
use crate::{
    Function, Violation,
    database::Servers,
    dice::Dice,
    events,
    eye::Eye,
    history::History,
    script::{ByHand, Deed, ROTATES, Script},
    step::What,
};

/// The inbox.
pub const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";

/// A script that was played.
#[derive(Debug)]
pub struct Played {
    /// Everything that happened.
    pub history: History,
    /// The invariant that did not hold, if one did not; the last step is the one after which.
    pub violation: Option<Violation>,
}

/// Plays `script` with these functions, in simulated time and on this thread alone.
///
/// # Panics
/// When the async runtime cannot be built.
#[must_use]
pub fn play(script: Script, functions: &[&dyn Function]) -> Played {
    // The SDK draws its jitter from here.
    fastrand::seed(script.seed);
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_time().start_paused(true).build();
    #[expect(clippy::expect_used, reason = "nobody can go on without a runtime")]
    let runtime = runtime.expect("a runtime of one thread needs nothing of the system");
    runtime.block_on(async { Stage::set(script, functions).played().await })
}

/// What is to be done at some moment.
enum Due {
    /// Lambda gets an event.
    Deliver(Arrival),
    /// Lambda tries a chain, again.
    Try(Attempt),
    /// A person does something.
    Act(Deed),
    /// A reader knows of a change.
    Know(String),
    /// The weather turns fair.
    Calm,
}

/// An event on its way to a function.
#[derive(Clone)]
struct Arrival {
    function: &'static str,
    time: Timestamp,
    payload: serde_json::Value,
    about: Option<usize>,
    rotation: Option<Invocation>,
}

impl Arrival {
    fn new(function: &'static str, time: Timestamp, payload: serde_json::Value) -> Self {
        Self {
            function,
            time,
            payload,
            about: None,
            rotation: None,
        }
    }
}

struct Stage<'a> {
    script: Arc<Script>,
    aws: Aws,
    eye: Arc<Eye>,
    servers: Servers,
    platform: Platform<'a>,
    due: BTreeMap<(Timestamp, u64), Due>,
    noted: u64,
    dice: Dice,
}

impl<'a> Stage<'a> {
    fn set(script: Script, functions: &[&'a dyn Function]) -> Self {
        let account = beginning::account(&script);
        let script = Arc::new(remedies::by_arn(script, &account));
        let time = SimulatedTime::from(script.begins);
        let servers = secrets::servers(&script);
        let eye = Arc::new(Eye::on(&script, time, servers.clone()));
        let mut faults = script
            .weather
            .faults(Dice::of(script.seed, "faults").seed(), script.calm);
        faults.planned.clone_from(&script.faults);
        let aws = Aws::new(account, faults, time, Arc::<Eye>::clone(&eye));
        let platform = Platform::new(
            Arc::clone(&script),
            functions,
            aws.clone(),
            Arc::clone(&eye),
            servers.clone(),
        );
        let dice = Dice::of(script.seed, "stage");
        let mut stage = Self {
            script,
            aws,
            eye,
            servers,
            platform,
            due: BTreeMap::new(),
            noted: 0,
            dice,
        };
        stage.note_script();
        stage
    }

    fn note(&mut self, at: Timestamp, due: Due) {
        self.noted += 1;
        self.due.insert((at, self.noted), due);
    }

    fn note_script(&mut self) {
        let script = Arc::clone(&self.script);
        for act in &script.acts {
            self.note(act.at, Due::Act(act.deed.clone()));
        }
        self.note(script.calm, Due::Calm);
        for delivery in &script.deliveries {
            for at in &delivery.arrivals {
                let payload = delivery.payload.clone();
                let arrival = Arrival::new(delivery.function, delivery.time, payload);
                self.note(*at, Due::Deliver(arrival));
            }
        }
    }

    async fn played(mut self) -> Played {
        let time = self.aws.time();
        let mut running = FuturesUnordered::new();
        while !self.eye.violated() {
            self.pass_on();
            let now = time.now();
            if let Some(due) = self.next_due(now) {
                running.extend(self.now(due));
                continue;
            }
            let next = self.next_moment();
            if running.is_empty() && next.is_none() {
                self.eye.step(What::Over);
                break;
            }
            let wake = time.instant(next.unwrap_or(now + SignedDuration::from_hours(1)));
            tokio::select! {
                biased;
                Some(ended) = running.next(), if !running.is_empty() => {
                    if let Some((at, due)) = self.platform.ended(ended) {
                        self.note(at, due);
                    }
                }
                () = tokio::time::sleep_until(wake) => self.aws.advance(),
            }
        }
        drop(running);
        let (history, violation) = self.eye.closed();
        Played { history, violation }
    }

    fn next_due(&mut self, now: Timestamp) -> Option<Due> {
        let (at, _) = *self.due.keys().next()?;
        if at > now {
            return None;
        }
        self.aws.advance();
        self.due.pop_first().map(|(_, due)| due)
    }

    /// The next moment at which something is due, in the script or by itself; none after the end.
    fn next_moment(&self) -> Option<Timestamp> {
        let due = self.due.keys().next().map(|(at, _)| *at);
        let own = self.aws.with(|account, _| account.next_change());
        let own = own.filter(|at| *at <= self.script.ends);
        due.into_iter().chain(own).min()
    }

    fn now(&mut self, due: Due) -> Option<platform::Running<'a>> {
        match due {
            Due::Deliver(arrival) => {
                let attempt = self.platform.take(arrival);
                self.try_(attempt)
            }
            Due::Try(attempt) => self.try_(attempt),
            Due::Act(deed) => {
                self.act(&deed);
                None
            }
            Due::Know(instance) => {
                self.eye.step(What::CaughtUp { instance });
                None
            }
            Due::Calm => {
                self.calm();
                None
            }
        }
    }

    fn try_(&mut self, attempt: Attempt) -> Option<platform::Running<'a>> {
        let instead = match self.platform.attempt(attempt) {
            Tried::Runs(running) => return Some(running),
            Tried::Waits(instead) => instead,
        };
        let (at, due) = instead?;
        self.note(at, due);
        None
    }

    fn calm(&mut self) {
        let rng = Rng::with_seed(self.dice.seed());
        let whim = self.script.weather.fair().whim(rng);
        self.aws.with(|account, _| account.whim = whim);
    }

    fn act(&mut self, deed: &Deed) {
        if let Deed::ByHand(deed) = deed {
            return self.by_hand(deed);
        }
        if let Deed::ToStore(cluster, deed) = deed {
            let now = self.aws.time().now();
            let mut world = self.servers.world();
            world.store_by_hand(cluster, |store| deed.done(store, now));
            drop(world);
            return self
                .eye
                .step(What::ByHand(format!("on {cluster}: {deed:?}")));
        }
        if let Deed::Schedule { schedule, enabled } = deed {
            let turn = |account: &mut Account, now| {
                let effects = schedules::turn(account, schedule, *enabled, now);
                ((), effects)
            };
            return self.aws.outside(turn);
        }
        if let Some(deed) = remedies::done(deed) {
            return self.aws.outside(deed);
        }
        if let Some(deed) = readers::done(deed) {
            return self.aws.outside(deed);
        }
        self.aws.outside(|account, now| {
            account.outside(now, |service, at| match deed {
                Deed::DeleteSnapshot(id) => drop(service.delete_snapshot(id, at)),
                Deed::Hold(id) => {
                    let arn = at.place.arn("rds", &format!("cluster-snapshot:{id}"));
                    service.tag(&arn, "nightshift:hold", "by hand", at);
                }
                Deed::TakeSnapshot { cluster, id } => {
                    let snapshot = rds::Snapshot::new(at.place, id, cluster, at.now);
                    service.add_snapshot(snapshot, at);
                }
                Deed::DeleteCluster(id) => drop(service.delete_cluster(id, at)),
                Deed::SetStatus { cluster, status } => {
                    service.set_cluster_status(cluster, status, at);
                }
                _ => {}
            })
        });
    }

    /// In the database first, then in the secret: as people do it who know what they do.
    fn by_hand(&mut self, deed: &ByHand) {
        let now = self.aws.time().now();
        let statement = secrets::statement(&mut self.servers.world(), deed);
        if let Some((cluster, statement)) = statement {
            let done = self.servers.world().by_hand(&cluster, &statement, now);
            let verdict = if done { "" } else { ", which is refused" };
            self.eye
                .step(What::ByHand(format!("on {cluster}: {statement}{verdict}")));
            let lags = self.servers.world().lags(&cluster);
            for (instance, lag) in lags {
                self.note(now + lag, Due::Know(instance));
            }
        }
        let deed = deed.clone();
        self.aws
            .outside(|account, now| ((), secrets::at_console(account, &deed, now)));
    }

    /// Events that RDS emits and deletions that `CloudTrail` records reach take-snapshot late,
    /// twice, or never.
    fn pass_on(&mut self) {
        for (at, who, effect) in self.eye.news() {
            if let Effect::Rotation(invocation) = effect {
                self.note(at, Due::Deliver(of_rotation(invocation, at)));
                continue;
            }
            if let Effect::ScheduleFired(firing) = &effect {
                if let Some(arrival) = schedules::fired(firing) {
                    self.note(at, Due::Deliver(arrival));
                }
                continue;
            }
            if let Effect::AlarmChanged { alarm, from } = &effect {
                let arrival = readers::rung(alarm, &self.script, at);
                let arrival = arrival
                    .or_else(|| remedies::rung(alarm, *from, &self.script, at, &mut self.dice));
                self.pass_on_late(arrival, at);
                continue;
            }
            let policy = self.script.policy("take-snapshot");
            let payload = match &effect {
                Effect::Event(event) => events::of_rds(event, policy),
                Effect::SnapshotDeleted(snapshot) => {
                    let function =
                        who.map(|run| self.eye.look(|history| history.chain_of(run).function));
                    Some(events::of_deletion(
                        snapshot,
                        &events::caller(function),
                        at,
                        policy,
                    ))
                }
                _ => None,
            };
            for late in payload
                .iter()
                .flat_map(|_| self.delays(at))
                .collect::<Vec<_>>()
            {
                let Some(payload) = payload.clone() else {
                    continue;
                };
                let arrival = Arrival::new("take-snapshot", at, payload);
                self.note(at + late, Due::Deliver(arrival));
            }
        }
    }

    /// As CloudWatch's actions and EventBridge's events come: late, twice, or never.
    fn pass_on_late(&mut self, arrival: Option<Arrival>, at: Timestamp) {
        let Some(arrival) = arrival else {
            return;
        };
        for late in self.delays(at) {
            self.note(at + late, Due::Deliver(arrival.clone()));
        }
    }

    fn delays(&mut self, at: Timestamp) -> Vec<SignedDuration> {
        let weather = if at < self.script.calm {
            self.script.weather.clone()
        } else {
            self.script.weather.fair()
        };
        let copies = match () {
            () if self.dice.chance(u32::from(weather.events_lost)) => 0,
            () if self.dice.chance(u32::from(weather.events_twice)) => 2,
            () => 1,
        };
        (0..copies)
            .map(|_| self.dice.seconds(1, weather.events_late))
            .collect()
    }
}

/// A step of a rotation, as Secrets Manager sends it.
fn of_rotation(invocation: Invocation, at: Timestamp) -> Arrival {
    let payload = events::of_rotation(&invocation);
    Arrival {
        rotation: Some(invocation),
        ..Arrival::new(ROTATES, at, payload)
    }
}
