//! Making a script that shows a defect as short as it can be.

use std::collections::BTreeMap;

use simulated_aws::Fault;

use crate::{
    Function, Played, Script, play,
    script::{Act, Database, DatabaseWeather, Remedies},
    step::What,
};

/// A script that shows a defect, and its history.
#[derive(Debug)]
pub struct Shrunk {
    /// The script.
    pub script: Script,
    /// What happens in it.
    pub played: Played,
    /// How many scripts were tried.
    pub tried: usize,
}

struct Shrinker<'a> {
    functions: &'a [&'a dyn Function],
    best: Script,
    played: Played,
    tried: usize,
    tries: usize,
}

/// Leaves out of `script` what can be left out with the same invariant still broken, in at most
/// `tries` tries. None if nothing is broken in it.
#[must_use]
pub fn shrink(script: Script, tries: usize, functions: &[&dyn Function]) -> Option<Shrunk> {
    let played = play(script.clone(), functions);
    played.violation.as_ref()?;
    let mut shrinker = Shrinker {
        functions,
        best: script,
        played,
        tried: 1,
        tries,
    };
    loop {
        let before = shrinker.best.size();
        shrinker.round();
        if shrinker.best.size() == before || shrinker.spent() {
            break;
        }
    }
    let Shrinker {
        best: script,
        played,
        tried,
        ..
    } = shrinker;
    Some(Shrunk {
        script,
        played,
        tried,
    })
}

impl Script {
    /// How much there is in it.
    fn size(&self) -> usize {
        let arrivals: usize = self
            .deliveries
            .iter()
            .map(|delivery| delivery.arrivals.len())
            .sum();
        self.clusters.len()
            + self.snapshots.len()
            + self.deliveries.len()
            + arrivals
            + self.acts.len()
            + self.deaths.len()
            + self.database.as_ref().map_or(0, |it| it.secrets.len())
            + self.jobs.as_ref().map_or(0, |it| it.jobs.len())
            + self.remedies.as_ref().map_or(0, |it| it.clients().count())
            + self.faults.as_ref().map_or(10_000, BTreeMap::len)
    }
}

impl Shrinker<'_> {
    fn spent(&self) -> bool {
        self.tried >= self.tries
    }

    /// Keeps `candidate` if it breaks the same invariant.
    fn keep(&mut self, candidate: Script) -> bool {
        if self.spent() {
            return false;
        }
        self.tried += 1;
        let played = play(candidate.clone(), self.functions);
        let name = |played: &Played| {
            played
                .violation
                .as_ref()
                .map(|violation| violation.invariant)
        };
        let same = name(&played) == name(&self.played);
        if same {
            self.best = candidate;
            self.played = played;
        }
        same
    }

    fn round(&mut self) {
        self.fair_weather();
        self.list(|script| &mut script.deliveries);
        self.list(|script| &mut script.deaths);
        self.list(|script| &mut script.acts);
        self.clusters();
        self.secrets();
        self.jobs();
        self.clients();
        self.fair_servers();
        self.list(|script| &mut script.snapshots);
        self.arrivals();
        self.faults();
    }

    fn fair_weather(&mut self) {
        let mut explicit = self.best.clone();
        explicit.faults.get_or_insert_with(|| faults(&self.played));
        self.keep(explicit);
        let fair = self.best.weather.fair();
        let mut all = self.best.clone();
        all.weather = fair.clone();
        if self.keep(all) {
            return;
        }
        let one: [fn(&mut Script, &crate::script::Weather); 4] = [
            |script, fair| script.weather.stale = fair.stale,
            |script, _| script.weather.largest_page = 100,
            |script, fair| script.weather.snapshot_fails = fair.snapshot_fails,
            |script, fair| {
                (script.weather.events_lost, script.weather.events_twice) =
                    (fair.events_lost, fair.events_twice);
            },
        ];
        for change in one {
            let mut candidate = self.best.clone();
            change(&mut candidate, &fair);
            self.keep(candidate);
        }
    }

    /// Leaves out items of a list: halves, quarters, and so on down to single ones.
    fn list<T: Clone>(&mut self, items: fn(&mut Script) -> &mut Vec<T>) {
        let mut size = items(&mut self.best).len().div_ceil(2);
        while size > 0 {
            let mut from = 0;
            while from < items(&mut self.best).len() && !self.spent() {
                let mut candidate = self.best.clone();
                let list = items(&mut candidate);
                list.drain(from..(from + size).min(list.len()));
                if !self.keep(candidate) {
                    from += size;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }

    /// A cluster goes with its snapshots.
    fn clusters(&mut self) {
        for cluster in self.best.clusters.clone() {
            let mut candidate = self.best.clone();
            candidate.clusters.retain(|other| other.id != cluster.id);
            candidate
                .snapshots
                .retain(|snapshot| snapshot.cluster != cluster.id);
            if let Some(database) = &mut candidate.database {
                database.servers.retain(|it| it.cluster != cluster.id);
                database.accounts.retain(|it| it.cluster != cluster.id);
                database.secrets.retain(|it| it.cluster != cluster.id);
            }
            if let Some(jobs) = &mut candidate.jobs {
                jobs.servers.retain(|it| it.cluster != cluster.id);
                jobs.jobs.retain(|it| it.cluster != cluster.id);
                jobs.stores.retain(|(of, _)| *of != cluster.id);
                candidate
                    .deliveries
                    .retain(|it| it.payload["policy"]["cluster"] != *cluster.id);
            }
            if let Some(imports) = &mut candidate.imports {
                imports.events.retain(|it| it.cluster != cluster.id);
            }
            if let Some(readers) = &mut candidate.readers {
                readers.plans.retain(|it| it.cluster != cluster.id);
                candidate
                    .deliveries
                    .retain(|it| it.payload["policy"]["cluster"] != *cluster.id);
            }
            if let Some(remedies) = &mut candidate.remedies {
                remedies.plans.retain(|it| it.cluster != cluster.id);
                candidate
                    .deliveries
                    .retain(|it| it.payload["policy"]["cluster"] != *cluster.id);
            }
            let acts = std::mem::take(&mut candidate.acts).into_iter();
            let elsewhere = |act: &Act| !format!("{:?}", act.deed).contains(&cluster.id);
            candidate.acts = acts.filter(elsewhere).collect();
            self.keep(candidate);
        }
    }

    /// Secrets that are rotated; their users stay.
    fn secrets(&mut self) {
        let names = |script: &Script| {
            let secrets = script.database.iter().flat_map(Database::rotated);
            secrets.map(|it| it.name.clone()).collect::<Vec<_>>()
        };
        for name in names(&self.best) {
            let mut candidate = self.best.clone();
            if let Some(database) = &mut candidate.database {
                database.secrets.retain(|it| it.name != name);
            }
            self.keep(candidate);
        }
    }

    /// Jobs; their tables stay.
    fn jobs(&mut self) {
        let names = |script: &Script| {
            let jobs = script.jobs.iter().flat_map(|jobs| &jobs.jobs);
            jobs.map(|job| job.name.clone()).collect::<Vec<_>>()
        };
        for name in names(&self.best) {
            let mut candidate = self.best.clone();
            if let Some(jobs) = &mut candidate.jobs {
                jobs.jobs.retain(|job| job.name != name);
            }
            let others = |payload: &serde_json::Value| payload["policy"]["job"] != *name;
            candidate.deliveries.retain(|it| others(&it.payload));
            self.keep(candidate);
        }
    }

    /// Clients of the servers.
    fn clients(&mut self) {
        let all = |script: &Script| script.remedies.iter().flat_map(Remedies::clients).count();
        for number in (0..all(&self.best)).rev() {
            let mut candidate = self.best.clone();
            if let Some(remedies) = &mut candidate.remedies {
                remedies.leave_out(number);
                self.keep(candidate);
            }
        }
    }

    fn fair_servers(&mut self) {
        let mut candidate = self.best.clone();
        if let Some(database) = &mut candidate.database {
            database.weather = DatabaseWeather::default();
            self.keep(candidate);
        } else if let Some(jobs) = &mut candidate.jobs {
            jobs.weather = DatabaseWeather::default();
            self.keep(candidate);
        } else if let Some(remedies) = &mut candidate.remedies {
            (remedies.weather, remedies.startled) = (DatabaseWeather::default(), 0);
            self.keep(candidate);
        }
    }

    fn arrivals(&mut self) {
        for number in 0..self.best.deliveries.len() {
            let mut candidate = self.best.clone();
            let Some(delivery) = candidate.deliveries.get_mut(number) else {
                return;
            };
            if delivery.arrivals.len() > 1 {
                delivery.arrivals.truncate(1);
                self.keep(candidate);
            }
        }
    }

    fn faults(&mut self) {
        let all: Vec<u64> = self
            .best
            .faults
            .iter()
            .flatten()
            .map(|(number, _)| *number)
            .collect();
        let mut size = all.len().div_ceil(2);
        while size > 0 {
            for part in all.chunks(size) {
                let mut candidate = self.best.clone();
                candidate
                    .faults
                    .iter_mut()
                    .for_each(|faults| faults.retain(|number, _| !part.contains(number)));
                if candidate.size() < self.best.size() {
                    self.keep(candidate);
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }
}

/// The faults that really befell calls, by the calls' numbers.
fn faults(played: &Played) -> BTreeMap<u64, Fault> {
    let calls = played
        .history
        .steps
        .iter()
        .filter_map(|step| match &step.what {
            What::Called(record) => Some((record.number, record.fault.clone()?)),
            _ => None,
        });
    calls.collect()
}
