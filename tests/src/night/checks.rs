//! Whether the night's outcome is what the policies say. Nothing here believes a report: what
//! counts is what is there, before and after, and the calls that RDS has seen.

mod apply;
mod import;
mod jobs;
mod logins;
mod mails;
mod plan;
mod readers;
mod trouble;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

pub use self::logins::Passwords;
use super::database::Look;
use super::expect::id;
use super::paper::{Ink, Paper};
use super::programme::What;
use super::stage::Stage;
use super::trouble::{Became, NOTES};
use super::{Mode, Told};

/// What is wrong with hundreds of names is seen from the first of them.
const LONGEST: usize = 800;

/// Something that must be true of the night.
pub struct Check {
    /// What is true, if it is.
    pub text: String,
    /// What was found instead.
    pub fault: Option<String>,
}

impl Check {
    /// True if `found` is what is `wanted`.
    fn same<T: PartialEq + std::fmt::Debug>(
        text: impl Into<String>,
        found: &T,
        wanted: &T,
    ) -> Self {
        let fault = || format!("expected {wanted:?}, found {found:?}");
        Self {
            text: text.into(),
            fault: (found != wanted).then(fault),
        }
    }
}

/// What is seen when the night is over.
pub struct Seen {
    /// Every call that RDS got.
    pub calls: Vec<Value>,
    /// The tables behind one of the clusters, on its writer and its reader.
    pub tables: [Look; 2],
    /// What the EVENT would have left of the sessions.
    pub sessions: Vec<Vec<String>>,
    /// What the schedules of the EVENT's job hand to run-job.
    pub inputs: [Value; 2],
    /// What became of the applications in trouble.
    pub trouble: Option<Became>,
    /// Which passwords log in.
    pub passwords: Passwords,
    /// Passwords and stored hashes in what was said and printed: after which words.
    pub leaks: Vec<String>,
}

/// The night, for the checks.
struct Night<'a> {
    stage: &'a Stage,
    told: &'a [Told],
    /// The calls of the functions that are no reads: action, and whether RDS agreed.
    effects: Vec<(&'a str, bool)>,
    /// What remedy-alarm noted on a cluster, call by call.
    notes: Vec<&'a str>,
    trouble: &'a Option<Became>,
    tables: &'a [Look; 2],
    sessions: &'a Vec<Vec<String>>,
    inputs: &'a [Value; 2],
    passwords: &'a Passwords,
    leaks: &'a Vec<String>,
}

/// All checks of a night in this mode.
pub fn of(stage: &Stage, mode: Mode, told: &[Told], seen: &Seen) -> Vec<Check> {
    let by_functions = seen.calls.iter().filter(|call| !call["app"].is_null());
    let (notes, effects): (Vec<_>, Vec<_>) = by_functions.partition(|call| note(call).is_some());
    let effects = effects
        .into_iter()
        .map(|call| {
            (
                call["action"].as_str().unwrap_or_default(),
                call["status"] == 200,
            )
        })
        .filter(|(action, _)| !action.starts_with("Describe"))
        .collect();
    let night = Night {
        stage,
        told,
        effects,
        notes: notes.into_iter().filter_map(note).collect(),
        trouble: &seen.trouble,
        tables: &seen.tables,
        sessions: &seen.sessions,
        inputs: &seen.inputs,
        passwords: &seen.passwords,
        leaks: &seen.leaks,
    };
    match mode {
        Mode::Apply => night.applied(),
        Mode::Plan => night.planned(),
    }
}

/// The tag that a call puts on a cluster, where it is one of remedy-alarm's.
fn note(call: &Value) -> Option<&str> {
    let key = call["params"]["Tags.Tag.1.Key"].as_str();
    key.filter(|key| NOTES.contains(key))
}

/// Without remedy-alarm's notes on the clusters, which are checked by themselves.
fn without_notes(inventory: &Value) -> Value {
    let mut inventory = inventory.clone();
    let clusters = inventory["clusters"].as_array_mut();
    let clusters = clusters.into_iter().flatten();
    for tags in clusters.filter_map(|cluster| cluster["tags"].as_object_mut()) {
        tags.retain(|key, _| !NOTES.contains(&key.as_str()));
    }
    inventory
}

/// Prints the checks. Returns whether all hold.
pub fn print(paper: &Paper, checks: &[Check]) -> bool {
    for Check { text, fault } in checks {
        let mark = match fault {
            None => paper.ink(Ink::Green, "✓"),
            Some(_) => paper.ink(Ink::Red, "✗"),
        };
        let mut lines = super::paper::wrap(text, super::paper::WIDTH - 4).into_iter();
        paper.line(&format!("  {mark} {}", lines.next().unwrap_or_default()));
        for line in lines {
            paper.line(&format!("    {line}"));
        }
        if let Some(fault) = fault {
            let fault: String = fault.chars().take(LONGEST).collect();
            paper.text(6, Some(Ink::Red), &fault);
        }
    }
    checks.iter().all(|check| check.fault.is_none())
}

impl Night<'_> {
    /// The first delivery of a schedule of this name.
    fn due(&self, name: &str) -> &Told {
        let is = |told: &&Told| match &told.happening.what {
            What::Due {
                schedule, again, ..
            } => schedule.name == name && !again,
            _ => false,
        };
        let found = self.told.iter().find(is);
        found.unwrap_or_else(|| panic!("the night has no {name}"))
    }

    /// The name of tonight's snapshot.
    fn tonights(&self, cluster: &str) -> String {
        let tonight = &self.stage.tonight;
        tonight.name(cluster, tonight.day, 1)
    }

    /// The last inventory.
    fn end(&self) -> &Value {
        self.told
            .last()
            .map_or(&self.stage.before, |told| &told.after)
    }

    /// The run that ended with an error was tried as often as Lambda tries, and no other was
    /// tried twice.
    fn failure(&self) -> Check {
        let runs = self.told.iter().flat_map(|told| &told.woken.runs);
        let again: Vec<(&str, u64, bool)> = runs
            .filter(|run| run.step.is_none() && (run.failed || run.attempts > 1))
            .map(|run| (&*run.function, run.attempts, run.failed))
            .collect();
        let text = "monthly-prune-snapshots, whose policy is wrong, was tried 3 times and given \
                    up; every other run ended well at its first try";
        Check::same(text, &again, &vec![("monthly-prune-snapshots", 3, true)])
    }
}

/// Snapshots by their identifiers.
fn by_id(inventory: &Value) -> BTreeMap<&str, &Value> {
    let snapshots = inventory["snapshots"].as_array().expect("a list");
    snapshots.iter().map(|each| (id(each), each)).collect()
}

/// The identifiers that are in `one` and not in `other`.
fn only_in(one: &Value, other: &Value) -> BTreeSet<String> {
    let (one, other) = (by_id(one), by_id(other));
    let only = one.keys().filter(|id| !other.contains_key(*id));
    only.map(|id| (*id).to_owned()).collect()
}

/// The identifiers of snapshots that came into being between two inventories.
pub fn new_ids(before: &Value, after: &Value) -> Vec<String> {
    only_in(after, before).into_iter().collect()
}

/// The subjects of the first run's actions with this outcome, if there was a run.
fn acted(told: &Told, action: &str, outcome: &str) -> Option<BTreeSet<String>> {
    let rows = told.woken.runs.first()?.rows().iter();
    let subjects = rows
        .filter(|row| row["action"] == action && row["outcome"] == outcome)
        .filter_map(|row| row["subject"].as_str().map(str::to_owned));
    Some(subjects.collect())
}
