//! What the team wants of the readers of one cluster.

mod check;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use aurora_model::{Span, Zone, window::Window};
use handler::{Mode, PolicyError, policy::object};
use schemars::JsonSchema;
use serde::Deserialize;

/// How many readers a cluster has, of which classes, and how fast that changes.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The cluster's identifier.
    pub cluster: String,
    /// The fewest readers, those that Nightshift did not make included: from 0 to 15. Default: 1.
    #[serde(default = "one")]
    pub min: u8,
    /// The most readers, those that Nightshift did not make included: from `min` to 15.
    pub max: u8,
    /// Times at which more than `min` are wanted. Where several hold, the largest counts.
    #[serde(default, deserialize_with = "object::list")]
    pub schedule_floors: Vec<Floor>,
    /// The time zone of `schedule_floors`. Default: UTC.
    #[serde(default)]
    pub time_zone: Zone,
    /// The alarms that ask for more readers. Any of them does.
    #[serde(default)]
    pub out_alarms: Vec<String>,
    /// The alarms that allow fewer readers. All of them must. Where there is none, readers above the
    /// floor go once no alarm has asked for more for as long as `stabilise`.
    #[serde(default)]
    pub in_alarms: Vec<String>,
    /// How many readers one alarm adds at once: from 1 to 15. Default: 1.
    #[serde(default = "one")]
    pub step_out: u8,
    /// How many readers are drained at once: from 1 to 15. Default: 1.
    #[serde(default = "one")]
    pub step_in: u8,
    /// How long after the last change no reader is added for an alarm. Default: 5m.
    #[serde(default = "five_minutes")]
    pub cooldown_out: Span,
    /// How long after the last change no reader is taken away. Default: 15m.
    #[serde(default = "quarter_of_an_hour")]
    pub cooldown_in: Span,
    /// How long the alarms must have allowed fewer readers without a break. Default: 15m.
    #[serde(default = "quarter_of_an_hour")]
    pub stabilise: Span,
    /// The instance classes of a new reader, the first that can be had is taken: `db.r7g.large`,
    /// `db.serverless`, or `as-writer` for the writer's. Default: `as-writer`.
    #[serde(default = "as_writer")]
    pub classes: Vec<String>,
    /// The Availability Zones of a new reader. The one with the fewest instances comes first.
    /// Default: those of the cluster.
    #[serde(default)]
    pub zones: Vec<String>,
    /// Which readers a failover prefers: from 0, first, to 15, last. Default: 15.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Concepts.AuroraHighAvailability.html>
    #[serde(default = "last_tier")]
    pub promotion_tier: u8,
    /// How long a reader may be in use once it is to go.
    #[serde(default, deserialize_with = "object::object")]
    pub drain: Drain,
    /// Which of Nightshift's readers goes first. Default: newest.
    #[serde(default)]
    pub remove: Remove,
    /// How many readers may come and go within an hour. Beyond it nothing is changed until a person has
    /// looked, or the hour is over: from 1 to 12. Default: 6.
    #[serde(default = "six")]
    pub flap_limit: u32,
    /// What all readers together may cost a month of 730 hours, in the currency of `prices`. Without it
    /// cost is not looked at.
    pub max_monthly_cost: Option<f64>,
    /// What a reader of a class costs an hour. With `max_monthly_cost`, a class without a price is not
    /// used.
    #[serde(default)]
    pub prices: BTreeMap<String, f64>,
    /// How old a trigger may be and still be acted on. Default: 1h.
    #[serde(default = "an_hour")]
    pub expire_after: Span,
    /// `plan` to decide and report only. Default: what the deployment says.
    pub mode: Option<Mode>,
}

/// A time at which more readers are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Floor {
    /// The fewest readers meanwhile: from 1 to `max`.
    pub readers: u8,
    /// When.
    pub window: Window,
}

/// How a reader is emptied before it is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Drain {
    /// How long to wait at most for its connections to end. Default: 30m.
    pub max_wait: Span,
    /// With at most this many connections it is as good as empty; monitoring and Aurora itself keep a
    /// few open. Default: 5.
    pub below_connections: u32,
}

impl Default for Drain {
    fn default() -> Self {
        Self {
            max_wait: Span::seconds(30 * 60),
            below_connections: 5,
        }
    }
}

/// Which reader goes first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Remove {
    /// The one that was created last: its caches are the coldest.
    #[default]
    Newest,
    /// The one that was created first.
    Oldest,
}

/// In `classes`: whatever class the writer is of.
pub const AS_WRITER: &str = "as-writer";

const fn one() -> u8 {
    1
}

const fn six() -> u32 {
    6
}

const fn last_tier() -> u8 {
    15
}

const fn five_minutes() -> Span {
    Span::seconds(5 * 60)
}

const fn quarter_of_an_hour() -> Span {
    Span::seconds(15 * 60)
}

const fn an_hour() -> Span {
    Span::hours(1)
}

fn as_writer() -> Vec<String> {
    vec![AS_WRITER.into()]
}

impl handler::Policy for Policy {
    fn mode(&self) -> Option<Mode> {
        self.mode
    }

    fn expire_after(&self) -> Span {
        self.expire_after
    }

    fn check(&self) -> Result<(), PolicyError> {
        check::all(self)
    }
}
