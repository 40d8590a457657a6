//! Playing many seeds.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread,
    time::Duration,
};

use simulated_aws::{Call, Record, rds::Tags};

use crate::{Function, Played, Script, history::History, play, script, step::What};

/// What makes a call one of its own for permissions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shape {
    /// Whose call it is.
    pub function: &'static str,
    /// The operation.
    pub operation: String,
    /// The members it sends.
    pub members: Vec<String>,
    /// What the tag by which roles tell resources apart says of the resource it names.
    pub tag: Option<String>,
}

/// The tags by which roles tell what a function may touch: of snapshots, instances and secrets.
const TAGS: [&str; 2] = ["nightshift:managed-by", script::TAG];

/// A call, with the resource it names.
#[derive(Clone, Debug)]
pub struct Sample {
    /// The call.
    pub call: Arc<Call>,
    /// The end of the resource's ARN, and its tags, if there is one.
    pub resource: Option<(String, Tags)>,
}

/// What a search has seen.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Scripts played.
    pub scripts: u64,
    /// Things that happened.
    pub steps: u64,
    /// Calls among them.
    pub calls: u64,
    /// Runs of functions.
    pub runs: u64,
    /// How often each operation answered what: `CreateDBClusterSnapshot` and `200` or the code.
    pub answers: BTreeMap<(String, String), u64>,
    /// One call of each function, operation and shape, for those who judge permissions.
    pub samples: BTreeMap<Shape, Sample>,
    /// The seeds that show a defect, with the name of the invariant.
    pub found: Vec<(u64, &'static str)>,
}

impl Tally {
    /// Adds what one script showed.
    pub fn add(&mut self, seed: u64, played: &Played) {
        self.scripts += 1;
        self.steps += played.history.steps.len() as u64;
        self.runs += played.history.runs.len() as u64;
        for step in &played.history.steps {
            let What::Called(record) = &step.what else {
                continue;
            };
            self.calls += 1;
            self.sample(&played.history, record);
            let Some((status, code)) = &record.answer else {
                continue;
            };
            let code = code.clone().unwrap_or_else(|| status.to_string());
            *self
                .answers
                .entry((record.call.operation.clone(), code))
                .or_default() += 1;
        }
        self.found.extend(
            played
                .violation
                .as_ref()
                .map(|violation| (seed, violation.invariant)),
        );
    }

    fn sample(&mut self, history: &History, record: &Record) {
        let run = usize::try_from(record.who).ok();
        let Some(run) = run.filter(|run| *run < history.runs.len()) else {
            return;
        };
        let function = history.chain_of(run).function;
        let resource = named(history, &record.call);
        let input = record.call.input.as_object();
        let shape = Shape {
            function,
            operation: record.call.operation.clone(),
            members: input
                .into_iter()
                .flat_map(|input| input.keys().cloned())
                .collect(),
            tag: resource
                .as_ref()
                .and_then(|(_, tags)| TAGS.iter().find_map(|key| tags.get(*key).cloned())),
        };
        self.samples.entry(shape).or_insert_with(|| Sample {
            call: Arc::clone(&record.call),
            resource,
        });
    }

    /// Adds what another search has seen.
    pub fn join(&mut self, other: Self) {
        self.scripts += other.scripts;
        self.steps += other.steps;
        self.calls += other.calls;
        self.runs += other.runs;
        for (answer, count) in other.answers {
            *self.answers.entry(answer).or_default() += count;
        }
        self.samples.extend(other.samples);
        self.found.extend(other.found);
        self.found.sort_unstable();
    }
}

/// The resource that a call names: a snapshot, an instance, or a secret by its ARN. The tag that says how a
/// secret is rotated stays as it was at the beginning.
fn named(history: &History, call: &Call) -> Option<(String, Tags)> {
    if let Some(id) = call.text("DBClusterSnapshotIdentifier") {
        let tags = history.life(id)?.snapshot.tags.clone();
        return Some((id.to_owned(), tags));
    }
    let of_arn = || Some(call.text("ResourceName")?.split_once(":db:")?.1);
    if let Some(id) = call.text("DBInstanceIdentifier").or_else(of_arn) {
        return Some((id.to_owned(), history.instances.get(id)?.clone()));
    }
    let end = call.text("SecretId")?.rsplit(':').next()?;
    if history.script.jobs.is_some() {
        // A role is held against the secret's ARN, however a call names it.
        let event = end.starts_with("event-login-");
        let who = if event { "import" } else { "run" };
        let tag = ("nightshift:job".to_owned(), who.to_owned());
        return Some((format!("{end}-000000"), Tags::from([tag])));
    }
    let mut secrets = history.script.database.iter().flat_map(|it| &it.secrets);
    let secret = secrets.find(|it| {
        let unique = end.strip_prefix(it.name.as_str());
        // Six characters that Secrets Manager adds to the name.
        unique.is_some_and(|unique| unique.len() == 7 && unique.starts_with('-'))
    })?;
    let tag = (script::TAG.to_owned(), secret.tag.to_owned());
    Some((end.to_owned(), Tags::from([tag])))
}

/// The stack of a thread that plays scripts, in bytes: without the optimiser, the futures of a run
/// lie on it several times, and the 2 MiB that threads have by default overflow.
pub const STACK: usize = 16 << 20;

/// How far a search goes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The first seed.
    pub first: u64,
    /// At most so many scripts.
    pub scripts: u64,
    /// No script is begun after this long.
    pub time: Option<Duration>,
    /// So many seeds are played at a time, each on a thread of its own.
    pub threads: usize,
    /// Whether the first defect ends the search.
    pub stop: bool,
}

/// Plays the seeds from `limits.first` on.
pub fn search(limits: Limits, focus: &'static str, functions: &[&dyn Function]) -> Tally {
    let (next, done) = (AtomicU64::new(limits.first), AtomicBool::new(false));
    let total = Mutex::new(Tally::default());
    let work = || {
        let tally = worker(limits, focus, functions, &next, &done);
        total
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .join(tally);
    };
    thread::scope(|scope| {
        for _ in 0..limits.threads {
            let roomy = thread::Builder::new().stack_size(STACK);
            if roomy.spawn_scoped(scope, work).is_err() {
                work();
            }
        }
        if let Some(time) = limits.time {
            wait(time, &next, limits, &done);
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn worker(
    limits: Limits,
    focus: &'static str,
    functions: &[&dyn Function],
    next: &AtomicU64,
    done: &AtomicBool,
) -> Tally {
    let mut tally = Tally::default();
    while !done.load(Ordering::Relaxed) {
        let seed = next.fetch_add(1, Ordering::Relaxed);
        if seed >= limits.first.saturating_add(limits.scripts) {
            break;
        }
        let played = play(Script::of(seed, focus), functions);
        tally.add(seed, &played);
        if limits.stop && played.violation.is_some() {
            done.store(true, Ordering::Relaxed);
        }
    }
    tally
}

fn wait(time: Duration, next: &AtomicU64, limits: Limits, done: &AtomicBool) {
    const LOOK: Duration = Duration::from_millis(50);
    let mut left = time;
    let more = || next.load(Ordering::Relaxed) < limits.first.saturating_add(limits.scripts);
    while left > Duration::ZERO && more() && !done.load(Ordering::Relaxed) {
        thread::sleep(LOOK);
        left = left.saturating_sub(LOOK);
    }
    done.store(true, Ordering::Relaxed);
}
