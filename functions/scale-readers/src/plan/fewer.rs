//! Fewer readers: which one goes, and when it is gone.

use aurora_model::{Choice, Decision, reader::CustomEndpoint};

use super::{Decided, Scene};
use crate::{
    change::Change,
    endpoints,
    fleet::{Reader, Stand},
    policy::Remove,
    wish::after,
};

impl Scene<'_> {
    /// Begins to empty readers, up to `surplus` of them.
    pub(super) fn fewer(&self, surplus: usize) -> Vec<Decided> {
        let mut own = self.fleet.those(|stand| stand == Stand::Serving);
        let serving = own.len();
        own.retain(|reader| reader.ours());
        own.sort_by_key(|reader| (reader.instance.created, &reader.instance.id));
        if self.policy.remove == Remove::Newest {
            own.reverse();
        }
        // The last reader that serves never goes by a plan for a floor of none of the others.
        let step = surplus.min(self.policy.step_in.into()).min(serving);
        let (mut decided, mut alone) = (Vec::new(), Vec::new());
        for reader in own {
            let id = &reader.instance.id;
            let endpoints = self.endpoints_after(&decided);
            if decided.len() == step {
                break;
            }
            if endpoints::needing(&endpoints, reader.instance, &self.fleet).is_some() {
                alone.push(reader);
            } else {
                let left = endpoints::without(&endpoints, id);
                decided.push(self.drain(reader, decided.len(), left));
            }
        }
        if decided.is_empty() {
            decided.push(self.cluster(Choice::Leave, self.nobody_may_go(&alone)));
        }
        decided
    }

    /// The custom endpoints as these decisions leave them. Each goes on from there: RDS takes a whole list
    /// in place of another.
    pub(super) fn endpoints_after(&self, decided: &[Decided]) -> Vec<CustomEndpoint> {
        let changed = decided.iter().filter_map(|it| match &it.choice {
            Choice::Act(Change::Drain(drain)) => Some(&drain.endpoints),
            Choice::Act(Change::Return(back)) => Some(&back.endpoints),
            _ => None,
        });
        changed.fold(self.seen.endpoints.clone(), |all, changed| {
            endpoints::given(&all, changed)
        })
    }

    /// What becomes of the readers that were to go before this run.
    pub(super) fn draining(&self, decided: &[Decided]) -> Vec<Decided> {
        let undecided = self.draining_now().into_iter().filter(|reader| {
            decided
                .iter()
                .all(|decision| decision.subject != reader.instance.id)
        });
        let mut all = Vec::new();
        for reader in undecided {
            all.push(self.goes_on(reader, &all));
        }
        all
    }

    fn goes_on(&self, reader: &Reader<'_>, before: &[Decided]) -> Decided {
        let Stand::Draining(since) = reader.stand else {
            return self.decide(&reader.instance.id, Choice::Keep, "it serves".into());
        };
        let (id, endpoints) = (&reader.instance.id, self.endpoints_after(before));
        if let Some(endpoint) = endpoints::needing(&endpoints, reader.instance, &self.fleet) {
            let endpoint = &endpoint.id;
            let reason = format!(
                "it was to go, and is the only one that answers for the custom endpoint {endpoint} now: it stays"
            );
            return self.back(reader.instance, reason, before);
        }
        let still = endpoints::without(&endpoints, id);
        if !still.is_empty() {
            return self.again(reader, since, still);
        }
        let drain = &self.policy.drain;
        let until = after(since, drain.max_wait);
        let connections = self.seen.connections.get(&reader.instance.id).copied();
        let said = connections.map_or_else(
            || "how many connections it has cannot be read".into(),
            |open| format!("it has {open:.0} connections"),
        );
        let empty = connections.is_some_and(|open| open <= f64::from(drain.below_connections));
        if !empty && self.now < until {
            let reason = format!(
                "{said}; it goes at {} or fewer, or at {}",
                drain.below_connections,
                self.clock(until)
            );
            return self.decide(&reader.instance.id, Choice::Wait, reason);
        }
        match self.flapping() {
            Some(flapping) => Decision {
                subject: reader.instance.id.clone(),
                choice: Choice::Wait,
                ..flapping
            },
            None if empty => self.delete(reader, format!("it is no longer needed; {said}")),
            None => self.delete(
                reader,
                format!(
                    "it was given {} to be emptied, and they are over; {said}",
                    drain.max_wait
                ),
            ),
        }
    }
}
