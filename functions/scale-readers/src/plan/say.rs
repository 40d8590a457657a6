//! Decisions, and the words they are told in.

use aurora_model::{
    Choice, Decision,
    reader::{CustomEndpoint, DbInstance},
    words::{count, list},
};
use jiff::Timestamp;

use super::{Decided, Scene, new::Cause};
use crate::{
    change::{Change, Delete, Drain, Return},
    changes::created,
    endpoints,
    fleet::{Reader, Stand, draining_since},
    wish::{Asked, Asker, Least, after},
};

impl Scene<'_> {
    pub(super) fn decide(&self, subject: &str, choice: Choice<Change>, reason: String) -> Decided {
        Decision::new(&self.seen.cluster.id, subject, choice, reason)
    }

    /// A decision about the readers as a whole.
    pub(super) fn cluster(&self, choice: Choice<Change>, reason: String) -> Decided {
        self.decide(&self.seen.cluster.id, choice, reason)
    }

    pub(super) fn keep(&self, why: &str) -> Decided {
        let readers = count(self.fleet.staying(), "reader");
        let reason = format!(
            "{readers}, between {} and {}: {why}",
            self.least.readers, self.policy.max
        );
        self.cluster(Choice::Keep, reason)
    }

    /// Uses a reader again that was to go, after what is decided `before`.
    pub(super) fn back(
        &self,
        instance: &DbInstance,
        reason: String,
        before: &[Decided],
    ) -> Decided {
        let endpoints = self.endpoints_after(before);
        let change = Return {
            arn: instance.arn.clone(),
            endpoints: endpoints::with(&endpoints, &instance.id, &instance.tags),
            keys: endpoints::keys(&instance.tags),
        };
        self.decide(&instance.id, Choice::Act(Change::Return(change)), reason)
    }

    /// Begins to empty a reader, after so many others, by giving these endpoints what they are left with.
    pub(super) fn drain(
        &self,
        reader: &Reader<'_>,
        before: usize,
        endpoints: Vec<CustomEndpoint>,
    ) -> Decided {
        let instance = reader.instance;
        let change = Drain {
            arn: instance.arn.clone(),
            since: self.now,
            endpoints,
        };
        let staying = self.fleet.staying() - before;
        let reason = format!(
            "{staying} → {}: {}; {}. It goes at {} connections or fewer, or at {}",
            count(staying - 1, "reader"),
            self.because_asked(),
            out_of(&change),
            self.policy.drain.below_connections,
            self.clock(after(self.now, self.policy.drain.max_wait))
        );
        self.decide(&instance.id, Choice::Act(Change::Drain(change)), reason)
    }

    /// A reader that was to go and that a custom endpoint still leads to: the run that was to take it
    /// out was cut short, or somebody has put it in again.
    pub(super) fn again(
        &self,
        reader: &Reader<'_>,
        since: Timestamp,
        endpoints: Vec<CustomEndpoint>,
    ) -> Decided {
        let change = Drain {
            arn: reader.instance.arn.clone(),
            since,
            endpoints,
        };
        let reason = format!(
            "it is to go since {}; {}",
            self.clock(since),
            out_of(&change)
        );
        self.decide(
            &reader.instance.id,
            Choice::Act(Change::Drain(change)),
            reason,
        )
    }

    pub(super) fn delete(&self, reader: &Reader<'_>, reason: String) -> Decided {
        let change = Delete {
            cluster_arn: self.seen.cluster.arn.clone(),
            created: created(reader.instance),
            draining: draining_since(&reader.instance.tags),
            // One that serves nobody is missed by nobody.
            least: if reader.stand == Stand::Broken {
                0
            } else {
                self.least.readers
            },
        };
        self.decide(
            &reader.instance.id,
            Choice::Act(Change::Delete(change)),
            reason,
        )
    }

    /// Why no reader goes although fewer are allowed.
    pub(super) fn nobody_may_go(&self, alone: &[&Reader<'_>]) -> String {
        let Some(first) = alone.first() else {
            return "fewer are allowed, but Nightshift made none of the readers that serve".into();
        };
        let id = &first.instance.id;
        let endpoint = endpoints::needing(&self.seen.endpoints, first.instance, &self.fleet);
        let endpoint = endpoint.map_or("", |endpoint| &endpoint.id);
        format!(
            "fewer are allowed, but {id} is the only one that answers for the custom endpoint {endpoint}"
        )
    }

    /// Why a reader is added.
    pub(super) fn because(&self, cause: &Cause<'_>) -> String {
        match *cause {
            Cause::Least(Least {
                readers,
                until: None,
            }) => format!("policy.min is {readers}"),
            Cause::Least(Least {
                readers,
                until: Some(until),
            }) => {
                format!("the schedule wants {readers} until {}", self.clock(until))
            }
            Cause::Asked(Asker::Alarm(alarm)) => format!(
                "the alarm {} stands since {}",
                alarm.name,
                self.clock(alarm.since)
            ),
            Cause::Asked(Asker::Remedy(at)) => {
                format!("remedy-alarm asked for a reader at {}", self.clock(at))
            }
        }
    }

    pub(super) fn because_asked(&self) -> String {
        match self.asked {
            Asked::More(asker) => self.because(&Cause::Asked(asker)),
            Asked::Fewer(since) if since > Timestamp::UNIX_EPOCH => {
                let names = if self.policy.in_alarms.is_empty() {
                    &self.policy.out_alarms
                } else {
                    &self.policy.in_alarms
                };
                let how = if self.policy.in_alarms.is_empty() {
                    "quiet"
                } else {
                    "low"
                };
                format!("{} {how} since {}", list(names), self.clock(since))
            }
            Asked::Fewer(_) => "the schedule wants no more".into(),
            Asked::Nothing => "no alarm asks for anything".into(),
        }
    }

    /// When the next reader may be added, if this run changes something.
    pub(super) fn next(&self) -> Timestamp {
        after(self.now, self.policy.cooldown_out)
    }

    /// A time of day in the policy's zone, with the date where it is another day.
    pub(super) fn clock(&self, at: Timestamp) -> String {
        let (local, today) = (
            self.policy.time_zone.local(at),
            self.policy.time_zone.local(self.now),
        );
        let form = if local.date() == today.date() {
            "%H:%M"
        } else {
            "%Y-%m-%d %H:%M"
        };
        local.strftime(form).to_string()
    }
}

/// Where applications still reach a reader that is to go, and where no longer.
fn out_of(drain: &Drain) -> String {
    let named: Vec<_> = drain
        .endpoints
        .iter()
        .map(|endpoint| endpoint.id.clone())
        .collect();
    let reader = "the reader endpoint cannot leave it out";
    if named.is_empty() {
        return format!("no custom endpoint leads to it, and {reader}");
    }
    format!("taken out of {}; {reader}", list(&named))
}
