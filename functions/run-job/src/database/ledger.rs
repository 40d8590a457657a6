//! The ledger: what a job has done, and where it stands.

use aurora_sql::SqlError;
use jiff::Timestamp;
use jobs::JobName;
use serde::{Deserialize, Serialize};

use super::Key;

/// The number of a run in the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunId(pub u64);

/// Who has a run in hand: a text that no other attempt at it has, such as Lambda's request id with a
/// number. Every change to a run names its holder and changes nothing where another has it now: that
/// keeps two runs apart even where the lock was lost with its connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder(pub String);

/// What the ledger knows of a job.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Standing {
    /// A person, or too many failures, paused it.
    pub paused: Option<Pause>,
    /// How many runs failed since one ended well.
    pub failures: u32,
    /// The schedule's time of a run that is to be begun once the one under way is over.
    pub buffered: Option<Timestamp>,
    /// The run that is not over, if there is one: at most one at a time.
    pub open: Option<Run>,
    /// The run that ended last, or was left out last.
    pub last: Option<Run>,
    /// Runs that are over and of whose end the team was not told, the oldest first.
    pub untold: Vec<Run>,
}

/// Why a job is paused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Since when; a person who sets the switch by hand may leave it out.
    pub since: Option<Timestamp>,
    /// Who paused it, and why.
    pub why: String,
}

/// One run, from its schedule's time to its end; it may take many invocations.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number.
    pub id: RunId,
    /// The schedule's time. A job has one run for each.
    pub slot: Timestamp,
    /// When it was begun.
    pub began: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it stands.
    pub state: State,
    /// Why it failed or was stopped.
    pub error: Option<String>,
    /// What the job was when it was begun, so that a run never goes on with another job's place: see
    /// [`NewRun::spec`].
    pub spec: String,
    /// Where it goes on.
    pub place: Place,
    /// What it has done.
    pub tally: Tally,
    /// How many invocations have had it in hand.
    pub attempts: u32,
    /// Whether the team was told of its end; while it is not over, of what holds it up.
    pub told: bool,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It is not over.
    Running,
    /// It did all there was.
    Done,
    /// It failed.
    Failed,
    /// It was ended before it was through: by a rail, or because the job is another one now.
    Stopped,
    /// It was never begun, because another was not over.
    Skipped,
}

/// Where a run goes on. Kept as JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// How a table is walked: `primary`, or the name of an index; empty before that was decided. It
    /// stays the same for the whole run.
    pub walk: String,
    /// Everything up to here is done.
    pub after: Option<Key>,
    /// The size of the next step.
    pub rows: u32,
    /// About how many rows there were to do when the run began.
    pub estimate: Option<u64>,
    /// For a call or a statement: that it was sent, by the holder named here.
    pub sent: Option<String>,
    /// For partitions: what is being done to them, so that it is counted once, also where it is not
    /// known whether it took effect.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A change of a table's partitions. Whether it took effect is seen in the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// These are added, all at once.
    Add(Vec<String>),
    /// One is taken away.
    Take {
        /// Its name.
        partition: String,
        /// How many rows it has; of no account where they go `into` a table, which has them then.
        rows: u64,
        /// The archive table, as `schema.table`, that its rows are exchanged into.
        into: Option<String>,
    },
}

/// What a run has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Steps that were committed.
    pub steps: u64,
    /// Rows of the table itself that are gone.
    pub rows: u64,
    /// Rows that were copied.
    pub copied: u64,
    /// Rows of children that are gone.
    pub children: u64,
    /// All the rows' checksums, each the XOR of the rows' CRC-32.
    pub checksum: u64,
    /// How long the job worked, in milliseconds, without waiting.
    pub busy_ms: u64,
}

/// A run that is to be begun.
#[derive(Clone, Debug, PartialEq)]
pub struct NewRun {
    /// The schedule's time.
    pub slot: Timestamp,
    /// Now.
    pub at: Timestamp,
    /// A digest of what the job does: a change of it ends a run that is not over.
    pub spec: String,
    /// Who has it in hand.
    pub holder: Holder,
}

/// What became of beginning a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Begun {
    /// It is begun.
    New(Run),
    /// There is a run for that time already.
    There(Run),
}

/// How a run ends.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// [`State::Done`], [`State::Failed`] or [`State::Stopped`].
    pub state: State,
    /// Why, unless it is done.
    pub error: Option<String>,
    /// Now.
    pub at: Timestamp,
    /// Whether the job is paused with it, and why.
    pub pause: Option<String>,
    /// The name for its row in `event_execution_log`: 1 to 100 characters.
    pub log_as: String,
}

/// A schedule that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skip {
    /// The schedule's time.
    pub slot: Timestamp,
    /// Now.
    pub at: Timestamp,
    /// Why.
    pub why: String,
    /// What the job does, as in [`NewRun::spec`].
    pub spec: String,
    /// The name for its row in `event_execution_log`; none where the EVENT itself ran and keeps its
    /// own account there.
    pub log_as: Option<String>,
    /// Whether the team knows already.
    pub told: bool,
}

/// The ledger, through one login.
pub trait Ledger {
    /// Creates the tables where they are not there: whether they are there now, of whatever version.
    /// `false` where the login may not create them.
    ///
    /// # Errors
    /// When the server cannot be asked, or refuses for another reason than a missing right.
    fn install(&mut self) -> impl Future<Output = Result<bool, SqlError>>;

    /// What the ledger knows of `job`; `None` where there is no ledger, or one of another version.
    ///
    /// # Errors
    /// When it cannot be read.
    fn standing(
        &mut self,
        job: &JobName,
    ) -> impl Future<Output = Result<Option<Standing>, SqlError>>;

    /// Begins a run, unless there is one for that time, or one that is not over. A schedule that was
    /// kept for this time is kept no more.
    ///
    /// # Errors
    /// When it cannot be written.
    fn begin(
        &mut self,
        job: &JobName,
        new: &NewRun,
    ) -> impl Future<Output = Result<Begun, SqlError>>;

    /// Takes a run that is not over in hand: from here on nobody else's changes to it count. Whether
    /// it was still not over.
    ///
    /// # Errors
    /// When it cannot be written.
    fn take_up(
        &mut self,
        run: RunId,
        holder: &Holder,
    ) -> impl Future<Output = Result<bool, SqlError>>;

    /// Sets where a run goes on, outside a step. Whether the holder still has it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn put(
        &mut self,
        run: RunId,
        holder: &Holder,
        place: &Place,
    ) -> impl Future<Output = Result<bool, SqlError>>;

    /// Ends a run, notes it in `event_execution_log`, counts failures and pauses the job, all in one
    /// transaction: whether the holder still had it. From here on the team is not told of it.
    ///
    /// # Errors
    /// When it cannot be written.
    fn end(
        &mut self,
        run: RunId,
        holder: &Holder,
        end: &End,
    ) -> impl Future<Output = Result<bool, SqlError>>;

    /// Notes that the team was told of a run's end, or of what holds up one that is not over.
    ///
    /// # Errors
    /// When it cannot be written.
    fn told(&mut self, run: RunId) -> impl Future<Output = Result<(), SqlError>>;

    /// Notes a schedule that is left out; it is kept no more. `false` where there is a run for that
    /// time.
    ///
    /// # Errors
    /// When it cannot be written.
    fn skip(&mut self, job: &JobName, skip: &Skip) -> impl Future<Output = Result<bool, SqlError>>;

    /// Notes that a run for this time is to be begun once the one under way is over, or that none is.
    ///
    /// # Errors
    /// When it cannot be written.
    fn buffer(
        &mut self,
        job: &JobName,
        slot: Option<Timestamp>,
    ) -> impl Future<Output = Result<(), SqlError>>;

    /// Notes that a look at the job, of this [`jobs::proof`], found nothing in its way. Nothing else of
    /// the ledger changes, and nothing is created in it but the job's row.
    ///
    /// # Errors
    /// When it cannot be written.
    fn prove(
        &mut self,
        job: &JobName,
        at: Timestamp,
        proof: &str,
    ) -> impl Future<Output = Result<(), SqlError>>;

    /// Whether the job is paused now: asked before each step.
    ///
    /// # Errors
    /// When it cannot be read.
    fn paused(&mut self, job: &JobName) -> impl Future<Output = Result<Option<Pause>, SqlError>>;
}
