//! Which EVENTs and schedules are enabled, and who enabled or disabled them when.

use std::{collections::BTreeMap, sync::Arc};

use jiff::Timestamp;
use simulated_aws::Account;

use crate::{
    script::{Import, Script},
    stage::schedules,
    step::What,
    store::Store,
};

/// Which EVENTs and schedules are enabled.
#[derive(Clone, Debug, Default)]
pub struct Switches {
    on: BTreeMap<String, bool>,
    /// What was enabled or disabled, the oldest first.
    pub turns: Vec<Turn>,
}

/// Something was enabled or disabled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// What: see [`Import::switches`].
    pub what: String,
    /// Whether it is enabled from then on.
    pub on: bool,
    /// The run that did it; none for people.
    pub by: Option<usize>,
}

impl Import {
    /// What its EVENT, its schedule and its tick are called here.
    #[must_use]
    pub fn switches(&self) -> [String; 3] {
        let event = of_event(&self.cluster, &self.event);
        [event, self.schedule.clone(), self.tick.clone()]
    }
}

fn of_event(cluster: &str, event: &str) -> String {
    format!("{cluster} {event}")
}

impl Switches {
    /// As the script begins: the schedules are disabled.
    #[must_use]
    pub fn of(script: &Script) -> Self {
        let stores = script.jobs.iter().flat_map(|jobs| &jobs.stores);
        let on = stores.flat_map(|(cluster, store)| events(cluster, store));
        Self {
            on: on.collect(),
            turns: Vec::new(),
        }
    }

    /// Whether it is enabled.
    #[must_use]
    pub fn on(&self, what: &str) -> bool {
        self.on.get(what).copied().unwrap_or(false)
    }

    /// Takes in what a step has changed.
    pub(crate) fn look(
        &mut self,
        at: Timestamp,
        what: &What,
        account: Option<&Account>,
        stores: &BTreeMap<String, Arc<Store>>,
    ) {
        let by = match what {
            What::Called(record) => usize::try_from(record.who).ok(),
            What::Asked(query) => Some(query.who),
            _ => None,
        };
        let schedules = account.into_iter().flat_map(schedules::states);
        let schedules = schedules.map(|(key, on)| (key.clone(), on));
        let events = stores.iter().flat_map(|(cluster, it)| events(cluster, it));
        for (what, on) in schedules.chain(events).collect::<Vec<_>>() {
            if self.on.insert(what.clone(), on).unwrap_or(false) != on {
                self.turns.push(Turn { at, what, on, by });
            }
        }
    }
}

fn events(cluster: &str, store: &Store) -> impl Iterator<Item = (String, bool)> {
    let events = store.events.iter();
    events.map(move |(event, on)| (of_event(cluster, event), *on))
}
