//! The words of Nightshift as plain data, and the rules that several functions share.
//!
//! No SDK, no runtime, no clock and no environment: everything here can be decided, compared
//! and tested without AWS. The words are those of `ARCHITECTURE.md`: a *policy* and an
//! *observation* make a *plan* of *decisions*; applying it gives *outcomes*; all of it is the
//! *report*.

mod alarm;
pub mod cluster;
mod headline;
pub mod instance;
pub mod name;
mod outcome;
pub mod plan;
pub mod rails;
pub mod reader;
pub mod report;
pub mod schedule;
pub mod selector;
pub mod snapshot;
pub mod span;
pub mod tags;
pub mod window;
pub mod words;
pub mod zone;

pub use alarm::{AlarmMetric, AlarmState};
pub use cluster::{Cluster, ClusterStatus};
pub use instance::{ClusterEndpoints, Instance, InstanceStatus, Member};
pub use outcome::{Outcome, RunOutcome};
pub use plan::{Choice, Decision, Note, Plan, Severity};
pub use rails::{Breach, Rail};
pub use report::{Count, LostRun, Measure, Report, Row, Section};
pub use schedule::ScheduleName;
pub use selector::Selector;
pub use snapshot::{NewSnapshot, Quota, Snapshot, SnapshotKind, SnapshotStatus};
pub use span::Span;
pub use tags::Tags;
pub use zone::Zone;
