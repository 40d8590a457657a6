//! The decision: what becomes of a cluster's readers now, and why.

mod fewer;
mod flap;
mod new;
mod say;
#[cfg(test)]
mod tests;

use aurora_model::{Choice, Decision, Note, Plan, Severity, tags, words::list};
use jiff::Timestamp;

use self::new::Cause;
use crate::{
    Policy,
    change::Change,
    changes::Changes,
    fleet::{Fleet, Observation, Reader, Stand, Unsettled, draining_since},
    wish::{Asked, Least, after, asked, least, request},
};

/// When and for which request a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion<'a> {
    /// The wall clock.
    pub now: Timestamp,
    /// Lambda's id of the request, the same over Lambda's own retries.
    pub request_id: &'a str,
    /// Whether it is the daily look, which tells also of what nothing can be decided about.
    pub daily: bool,
}

/// The plan for this occasion. It is made from what there is, never from the trigger: whatever woke the
/// function, and however often, the same state gives the same plan.
#[must_use]
pub fn plan(policy: &Policy, seen: &Observation, occasion: Occasion<'_>) -> Plan<Change> {
    let mut plan = Plan::empty();
    plan.notes = missing(policy, seen);
    let scene = match Fleet::of(seen) {
        Ok(fleet) => Scene::of(policy, seen, fleet, occasion.now),
        Err(unsettled) => {
            plan.decisions
                .push(undecided(&seen.cluster.id, &unsettled, occasion.daily));
            return plan;
        }
    };
    plan.decisions = scene.made_before(occasion.request_id);
    let (decisions, note) = scene.within_limit(scene.decisions());
    plan.decisions.extend(decisions);
    plan.notes.extend(note);
    plan
}

/// What may pass by itself is waited for. Should it not, somebody hears of it once a day.
fn undecided(cluster: &str, unsettled: &Unsettled, daily: bool) -> Decided {
    let (choice, then) = match unsettled {
        Unsettled::Writers(0) if daily => (
            Choice::Alert,
            "as long as that lasts, no reader comes or goes. A secondary cluster of a global database has no writer of its own and is not served",
        ),
        _ if daily && unsettled.may_last() => (
            Choice::Alert,
            "as long as that lasts, no reader comes or goes",
        ),
        _ => (Choice::Wait, "the next tick looks again"),
    };
    Decision::new(cluster, cluster, choice, format!("{unsettled}; {then}"))
}

/// An alarm that the policy names and that is not there never asks for anything: somebody should know.
fn missing(policy: &Policy, seen: &Observation) -> Vec<Note> {
    let there = |name: &&String| seen.alarms.iter().any(|alarm| alarm.name == **name);
    let named = policy.out_alarms.iter().chain(&policy.in_alarms);
    let missing: Vec<_> = named.filter(|name| !there(name)).cloned().collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let text = format!(
        "There is no alarm called {} in this account and region; correct policy.out_alarms or policy.in_alarms.",
        list(&missing)
    );
    vec![Note::new(Severity::Warning, text)]
}

/// All that a decision is made from.
struct Scene<'a> {
    policy: &'a Policy,
    seen: &'a Observation,
    fleet: Fleet<'a>,
    changes: Changes,
    least: Least,
    asked: Asked<'a>,
    now: Timestamp,
}

type Decided = Decision<Change>;

impl<'a> Scene<'a> {
    fn of(policy: &'a Policy, seen: &'a Observation, fleet: Fleet<'a>, now: Timestamp) -> Self {
        let changes = Changes::of(&fleet, &seen.cluster.tags, now);
        let request = request(&seen.cluster.tags, &changes, now);
        let (least, asked) = (least(policy, now), asked(policy, &seen.alarms, request));
        Self {
            policy,
            seen,
            fleet,
            changes,
            least,
            asked,
            now,
        }
    }

    fn decisions(&self) -> Vec<Decided> {
        let mut decisions = self.promoted();
        decisions.extend(self.broken());
        decisions.extend(self.number());
        decisions.extend(self.draining(&decisions));
        decisions
    }

    /// What an earlier attempt of this very request added.
    fn made_before(&self, request_id: &str) -> Vec<Decided> {
        let readers = self.fleet.those(|stand| stand != Stand::Going).into_iter();
        let ours = readers.filter(|it| it.instance.tags.get(tags::CREATED_BY) == Some(request_id));
        let told = ours.map(|reader| {
            let status = &reader.instance.status;
            let reason = format!(
                "an earlier attempt of this run created it, and ended before its end; it is {status}"
            );
            self.decide(&reader.instance.id, Choice::Act(Change::Created), reason)
        });
        told.collect()
    }

    /// A reader that was to go and has become the writer stays.
    fn promoted(&self) -> Vec<Decided> {
        let writer = self.fleet.writer;
        if draining_since(&writer.tags).is_none() {
            return Vec::new();
        }
        let reason = "it was to go, and has become the writer: it stays";
        vec![self.back(writer, reason.into(), &[])]
    }

    /// Readers that take no reads. Nightshift's own that never came to serve are removed.
    fn broken(&self) -> Vec<Decided> {
        let broken = self.fleet.those(|stand| stand == Stand::Broken);
        let decided = broken.into_iter().map(|reader| {
            let status = &reader.instance.status;
            if reader.ours() && reader.instance.created.is_none() {
                let reason = format!("its creation ended as {status}: it never took a read");
                return self.delete(reader, reason);
            }
            let reason = format!("the reader is {status} and takes no reads; a person must look");
            self.decide(&reader.instance.id, Choice::Alert, reason)
        });
        decided.collect()
    }

    /// How many readers there should be, and what follows.
    fn number(&self) -> Vec<Decided> {
        let staying = self.fleet.staying();
        if let Some(short) = self
            .least
            .readers
            .checked_sub(staying)
            .filter(|short| *short > 0)
        {
            return self.add(short, Cause::Least(self.least));
        }
        match self.asked {
            Asked::More(asker) => match self.why_not_more() {
                Some(not) => vec![not],
                None => self.add(self.policy.step_out.into(), Cause::Asked(asker)),
            },
            Asked::Fewer(since) => match self.why_not_fewer(staying, since) {
                Some(not) => vec![not],
                None => self.fewer(staying - self.least.readers),
            },
            Asked::Nothing => vec![self.keep("no alarm asks for more or allows fewer")],
        }
    }

    /// Up to `wanted` readers more: those that were to go come first. An alarm has them all back, and
    /// is looked at again before it has any created.
    fn add(&self, wanted: usize, cause: Cause<'_>) -> Vec<Decided> {
        let draining = self.draining_now();
        let asked = matches!(cause, Cause::Asked(_));
        if asked && !draining.is_empty() {
            return self.all_back(&draining, &cause);
        }
        let back = draining.len().min(wanted);
        let mut decided = self.all_back(&draining[..back], &cause);
        if wanted > back {
            decided.extend(self.create(wanted - back, back, &cause));
        }
        decided
    }

    fn draining_now(&self) -> Vec<&Reader<'a>> {
        let draining = |stand| matches!(stand, Stand::Draining(_));
        self.fleet.those(draining)
    }

    fn all_back(&self, readers: &[&Reader<'_>], cause: &Cause<'_>) -> Vec<Decided> {
        let mut decided = Vec::new();
        for reader in readers {
            let reason = format!("it was to go; {}", self.because(cause));
            decided.push(self.back(reader.instance, reason, &decided));
        }
        decided
    }

    fn why_not_more(&self) -> Option<Decided> {
        if !self.draining_now().is_empty() {
            return None;
        }
        let coming = self.under_way();
        coming.or_else(|| self.too_soon(self.policy.cooldown_out))
    }

    fn why_not_fewer(&self, staying: usize, since: Timestamp) -> Option<Decided> {
        if staying <= self.least.readers {
            return Some(self.keep("fewer are allowed, but none is above the floor"));
        }
        if let Some(first) = self.draining_now().first() {
            let reason = format!(
                "{} is being emptied; one after the other",
                first.instance.id
            );
            return Some(self.cluster(Choice::Wait, reason));
        }
        let steady = after(since, self.policy.stabilise);
        if steady > self.now {
            let reason = format!(
                "fewer are allowed since {}, not yet for {}; the next change at the earliest at {}",
                self.clock(since),
                self.policy.stabilise,
                self.clock(steady)
            );
            return Some(self.cluster(Choice::Wait, reason));
        }
        self.under_way()
            .or_else(|| self.too_soon(self.policy.cooldown_in))
            .or_else(|| self.flapping())
    }

    /// A reader on its way counts: what it will do to the load is not known before it is there.
    fn under_way(&self) -> Option<Decided> {
        let under_way = self
            .fleet
            .those(|stand| matches!(stand, Stand::Coming | Stand::Going));
        let first = under_way.first()?;
        let doing = if first.stand == Stand::Coming {
            "created"
        } else {
            "deleted"
        };
        let reason = format!(
            "{} is being {doing}; the alarms are looked at again after that",
            first.instance.id
        );
        Some(self.cluster(Choice::Wait, reason))
    }

    fn too_soon(&self, cooldown: aurora_model::Span) -> Option<Decided> {
        let last = self.changes.last()?;
        let next = after(last, cooldown);
        let reason = || {
            format!(
                "the last change was at {}; the next change at the earliest at {}",
                self.clock(last),
                self.clock(next)
            )
        };
        (next > self.now).then(|| self.cluster(Choice::Wait, reason()))
    }
}

/// The plan where there is no cluster of the policy's name.
#[must_use]
pub fn no_cluster(policy: &Policy) -> Plan<Change> {
    let reason =
        "there is no cluster of this name in this account and region; correct policy.cluster";
    let mut plan = Plan::empty();
    plan.decisions.push(Decision::new(
        &policy.cluster,
        &policy.cluster,
        Choice::Alert,
        reason,
    ));
    plan
}
