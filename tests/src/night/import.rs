//! The hand-over of the EVENT to a job: what a person asks of the functions, and deploys, by hand.

mod written;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::event::{AT, EVENT};
use super::jobs;
use super::past::ORDERS;
use super::programme::{Happening, What};
use super::run::{Run, Woken};
use super::stage::{NIGHTSHIFT, Stage};
use super::{Told, world};
use crate::stack::{Stack, Wanted, deploy};

pub use written::Written;

/// The job in the EVENT's place, by the name that import-events gives it.
pub const JOB: &str = "shop-purge-sessions";
/// The secret with the user that import-events logs in as.
pub const SECRET: &str = "tech-n-ai/events";
/// The job's schedule, and the one of its ticks, as Scheduler knows them.
pub const SCHEDULES: [&str; 2] = [
    "nightshift-jobs/shop-purge-sessions",
    "nightshift-jobs/shop-purge-sessions-tick",
];
/// How long after the schedule its tick comes, in minutes. By default ticks have a `rate`, which no
/// night knows the hours of.
const TICK: i8 = 10;

/// What a person asks for by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hand {
    /// What import-events would make of the EVENT.
    Plan,
    /// What the job would do, of run-job.
    Prove,
    /// That the job takes the EVENT's place.
    CutOver,
    /// Who runs what.
    Status,
}

impl Hand {
    fn function(self) -> String {
        let name = match self {
            Self::Prove => "run-job",
            Self::Plan | Self::CutOver | Self::Status => "import-events",
        };
        format!("{NIGHTSHIFT}-{name}")
    }

    fn policy(self, night: &[Told], ca: &str) -> Value {
        let [schedule, tick] = SCHEDULES;
        let action = match self {
            Self::Plan => json!({"plan": {"events": [EVENT], "job_secret": jobs::SECRET}}),
            Self::CutOver => {
                json!({"cut-over": {"event": EVENT, "schedule": schedule, "tick": tick}})
            }
            Self::Status => json!({"status": {"schemas": ["shop"]}}),
            Self::Prove => {
                let mut policy = deployed(&written(night), ca);
                policy["mode"] = "plan".into();
                return policy;
            }
        };
        // The night is over already when it is played.
        json!({"cluster": ORDERS, "secret": SECRET, "action": action, "ca": ca, "expire_after": "24h"})
    }
}

/// Invokes the function, and waits for its answer.
pub async fn ask(stage: &Stage, hand: Hand, night: &[Told], time: Timestamp) -> Woken {
    let (function, ministack) = (hand.function(), stage.cloud.ministack().await);
    let payload = json!({
        "policy": hand.policy(night, stage.servers.ca()),
        "event": {"scheduled_time": time.to_string(), "schedule_arn": "by-hand"},
    });
    ministack.forget().await;
    let answer = ministack.invoke(&function, &payload).await;
    let failed = answer.is_err();
    let run = Run {
        function,
        step: None,
        attempts: 1,
        failed,
        result: answer.unwrap_or_else(|error| error),
    };
    Woken::of(vec![run], &ministack.mails().await)
}

/// What import-events has written in answer to [`Hand::Plan`].
pub fn written(night: &[Told]) -> Written {
    let is = |told: &&Told| matches!(told.happening.what, What::ByHand(Hand::Plan));
    let told = night.iter().find(is).expect("the plan is asked for first");
    Written::of(&told.woken.runs[0])
}

/// The policy that was written, with the authority of these servers: Amazon's own is the default.
fn deployed(written: &Written, ca: &str) -> Value {
    let mut policy = written.policy.clone();
    policy["ca"] = ca.into();
    policy
}

/// Deploys the job that was written.
pub async fn deploy_job(stage: &Stage, night: &[Told]) -> Stack {
    let written = written(night);
    let (hour, minute) = AT;
    let zone = TimeZone::get(&written.parameter("TimeZone")).expect("a time zone");
    let tick = stage.tonight.at(hour, minute + TICK, 0).to_zoned(zone);
    let mut parameters = vec![
        ("NamePrefix", NIGHTSHIFT.to_owned()),
        ("Policy", deployed(&written, stage.servers.ca()).to_string()),
        (
            "TickExpression",
            tick.strftime("cron(%-M %-H * * ? *)").to_string(),
        ),
    ];
    parameters.extend(written.parameters);
    let wanted = Wanted {
        template: "infra/job.yaml",
        name: JOB,
        parameters,
        timeouts: vec![],
    };
    let others = stage.cloud.ministack().await.address();
    deploy(wanted, stage.cloud.rds().address(), others).await
}

/// What EventBridge Scheduler makes of a schedule's hour: nothing, where it is disabled.
pub async fn unless_disabled(stage: &Stage, happening: Happening) -> Happening {
    let What::Due { schedule, .. } = &happening.what else {
        return happening;
    };
    if !world::is_disabled(&stage.cloud, schedule).await {
        return happening;
    }
    let what = What::Sleeps(schedule.clone());
    Happening { what, ..happening }
}
