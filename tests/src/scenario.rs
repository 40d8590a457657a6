//! What the scenarios of several functions begin with: clusters, snapshots,
//! and the ways in which a single call can go wrong.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::fault::Fault;

/// Lambda's time limit in the templates.
pub const LIMIT: Duration = Duration::from_mins(5);

/// The ways in which a call fails once and passes by: RDS throttles, RDS is
/// down, the connection breaks before or after the effect.
#[must_use]
pub fn passing_faults() -> [Fault; 4] {
    [
        Fault::Throttle,
        Fault::ServerError,
        Fault::CutBefore,
        Fault::CutAfter,
    ]
}

/// A cluster to seed, tagged for the schedule `nightly`.
#[must_use]
pub fn cluster(id: &str) -> Value {
    json!({
        "id": id, "status": "available", "engine": "aurora-mysql",
        "tags": {"nightshift:snapshot": "nightly", "team": "payments"},
        "instances": [
            {"id": format!("{id}-1"), "class": "db.r6g.large", "writer": true},
            {"id": format!("{id}-2"), "class": "db.r6g.large", "writer": false},
        ],
    })
}

/// A snapshot to seed that Nightshift took of `cluster` that many days before
/// `tonight`.
#[must_use]
pub fn taken(cluster: &str, tonight: Timestamp, days_ago: i64) -> Value {
    // Triggers tell whole seconds: without the minute, a snapshot of today would be of the future.
    let created = tonight - SignedDuration::from_mins(24 * 60 * days_ago + 1);
    json!({
        "id": format!("{cluster}-nightly-{}", (tonight - SignedDuration::from_hours(24 * days_ago)).strftime("%Y%m%d")),
        "cluster": cluster, "created": created.to_string(), "status": "available", "type": "manual",
        "tags": {
            "nightshift:managed-by": "nightshift", "nightshift:schedule": "nightly",
            "nightshift:taken-for": created.to_string(),
        },
    })
}

/// The same with some fields replaced.
#[must_use]
pub fn but(mut seed: Value, changes: Value) -> Value {
    if let (Value::Object(seed), Value::Object(changes)) = (&mut seed, changes) {
        seed.extend(changes);
    }
    seed
}
