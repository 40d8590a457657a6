//! The jobs that the team has given to run-job: what they want, and when.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::past::ORDERS;
use super::stage::NIGHTSHIFT;
use super::tonight::Tonight;
use crate::cloud::Cloud;
use crate::stack::{Stack, Wanted, deploy};

/// The job that deletes old rows of a table.
pub const PURGE: &str = "purge-access-logs";
/// The job that keeps a table's partitions.
pub const ROTATE: &str = "rotate-events";
/// The secret with the user that both run as.
pub const SECRET: &str = "tech-n-ai/jobs";
/// How long the rows of both tables are kept, in days.
pub const DAYS: i64 = 30;
/// How many days are to have their partition ahead.
pub const AHEAD: i64 = 7;
/// When the purge begins.
const PURGE_AT: (i8, i8) = (4, 25);
/// The function's time. What it keeps back of it to end statements and to report leaves too little for
/// the purge, so that its ticks have something to do: its steps are small and its rests long, on a quick
/// machine too.
pub const SECONDS: u32 = 9;

/// One job.
pub struct Job {
    /// Its name.
    pub name: &'static str,
    /// When a run begins.
    pub schedule: &'static str,
    /// When a run goes on that is not over.
    tick: &'static str,
    /// What it does.
    does: Value,
}

/// Both.
#[must_use]
pub fn all() -> [Job; 2] {
    let keep = format!("{DAYS}d");
    [
        Job {
            name: ROTATE,
            schedule: "cron(35 2 * * ? *)",
            tick: "cron(45 2 * * ? *)",
            does: json!({"partitions": {
                "table": "events", "every": "1d", "ahead": AHEAD, "keep": keep,
                "past": {"exchange-into": "archive"},
            }}),
        },
        Job {
            name: PURGE,
            schedule: "cron(25 4 * * ? *)",
            // More than are needed: a slow machine takes more of them.
            tick: "cron(26/1 4 * * ? *)",
            does: json!({
                "purge": {"table": "access_logs", "column": "created_at", "older_than": keep},
                "chunk": {"most": 100, "nice_ratio": 3.0},
            }),
        },
    ]
}

/// Rows of `access_logs` older than this are to go.
#[must_use]
pub fn cutoff(tonight: &Tonight) -> Timestamp {
    let (hour, minute) = PURGE_AT;
    tonight.at(hour, minute, 0) - SignedDuration::from_hours(24 * DAYS)
}

impl Job {
    /// Its whole policy.
    #[must_use]
    pub fn policy(&self, place: &str, ca: &str) -> Value {
        let mut policy = self.does.clone();
        for (field, value) in [
            ("job", self.name),
            ("cluster", ORDERS),
            ("secret", SECRET),
            ("database", "shop"),
            ("time_zone", place),
            // Amazon's own roots are the default.
            ("ca", ca),
        ] {
            policy[field] = value.into();
        }
        policy
    }

    fn wanted(&self, place: &str, ca: &str) -> Wanted {
        Wanted {
            template: "infra/job.yaml",
            name: self.name,
            parameters: vec![
                ("NamePrefix", NIGHTSHIFT.to_owned()),
                ("Name", self.name.to_owned()),
                ("Policy", self.policy(place, ca).to_string()),
                ("ScheduleExpression", self.schedule.to_owned()),
                ("TickExpression", self.tick.to_owned()),
                ("TimeZone", place.to_owned()),
            ],
            timeouts: vec![],
        }
    }
}

/// Deploys both, beside the function.
pub async fn deploy_all(cloud: &Cloud, place: &str, ca: &str) -> [Stack; 2] {
    let (rds, others) = (cloud.rds().address(), cloud.ministack().await.address());
    let [first, second] = all().map(|job| deploy(job.wanted(place, ca), rds, others));
    tokio::join!(first, second).into()
}
