//! What the team wants: the stacks that it deploys before the night, with their policies.

use serde_json::{Value, json};

use super::NIGHTSHIFT;
use crate::lambda::{ACCOUNT, REGION};
use crate::night::past::{BILLING, ORDERS};
use crate::night::{Mode, jobs, readers, trouble};
use crate::stack::{Stack, Wanted};

/// How long the old password stays. The default of a day would end after the night.
pub const GRACE: &str = "2h";
const SUBNET: &str = "subnet-0123456789abcdef0";
const VPC: &str = "vpc-0123456789abcdef0";
const GROUP: &str = "sg-0123456789abcdef0";

/// What the team wants of prune-snapshots for its main cluster: a first prune of 400 nights is
/// more than the rails let pass, so the team has read the plan and lifted two of them.
#[must_use]
pub fn orders_policy(place: &str) -> Value {
    let mut policy = billing_policy(place);
    policy["clusters"] = json!({"ids": [ORDERS]});
    policy["max_deletes"] = 400.into();
    policy["max_delete_percent"] = 95.into();
    // In mode plan the newest snapshot stays that of the night before.
    policy["rpo"] = "30h".into();
    policy
}

/// The same for the second cluster, under the default rails.
#[must_use]
pub fn billing_policy(place: &str) -> Value {
    json!({
        "schedule": "nightly",
        "clusters": {"tag": {"key": "team", "value": "billing"}},
        "keep": {"within": "48h", "daily": 7, "weekly": 8, "monthly": 12, "yearly": 3},
        "time_zone": place,
    })
}

fn take_policy(place: &str) -> Value {
    json!({"schedule": "nightly", "time_zone": place})
}

/// Somebody's new policy, with one word mistyped.
pub(super) fn misspelt_policy() -> Value {
    json!({"schedule": "monthly", "keep": {"montly": 24}})
}

/// What the team wants of rotate-secret.
fn rotate_policy(ca: &str) -> Value {
    json!({
        "grace": GRACE,
        // Amazon's own roots are the default.
        "ca": ca,
        // The night is over already when it is played.
        "expire_after": "12h",
    })
}

/// What the team wants of scale-readers.
fn readers_policy(place: &str) -> Value {
    json!({
        "cluster": BILLING, "min": 1, "max": 3, "time_zone": place,
        "out_alarms": [readers::alarm("busy")], "in_alarms": [readers::alarm("idle")],
        // The night is over already when it is played.
        "expire_after": "12h",
    })
}

/// The whole application.
pub(super) fn whole(place: &str, ca: &str, mode: Mode) -> Wanted {
    // A network that is nowhere: here functions are processes of this machine.
    let network = |name, value: &str| (name, value.to_owned());
    Wanted {
        template: "infra/nightshift.yaml",
        name: NIGHTSHIFT,
        parameters: vec![
            ("NamePrefix", NIGHTSHIFT.to_owned()),
            ("Mode", mode.as_str().to_owned()),
            ("TimeZone", place.to_owned()),
            ("TakeSnapshotPolicy", take_policy(place).to_string()),
            ("PruneSnapshotsPolicy", orders_policy(place).to_string()),
            ("RotateSecret", "true".to_owned()),
            ("RotateSecretPolicy", rotate_policy(ca).to_string()),
            ("RotateSecretSchedule", "cron(20 5 * * ? *)".to_owned()),
            ("RotateSecretTick", "cron(20 3 * * ? *)".to_owned()),
            network("RotateSecretSubnetIds", SUBNET),
            network("RotateSecretVpcId", VPC),
            network("RotateSecretSecurityGroupIds", GROUP),
            ("RunJob", "true".to_owned()),
            network("RunJobSubnetIds", SUBNET),
            network("RunJobVpcId", VPC),
            network("RunJobSecurityGroupIds", GROUP),
            ("ImportEvents", "true".to_owned()),
            network("ImportEventsSubnetIds", SUBNET),
            network("ImportEventsVpcId", VPC),
            network("ImportEventsSecurityGroupIds", GROUP),
            ("ScaleReaders", "true".to_owned()),
            ("ScaleReadersClusterIdentifier", BILLING.to_owned()),
            ("ScaleReadersPolicy", readers_policy(place).to_string()),
            ("ScaleReadersSchedule", "cron(40 5 * * ? *)".to_owned()),
            ("ScaleReadersTick", "cron(5,25 4 * * ? *)".to_owned()),
            ("RemedyAlarm", "true".to_owned()),
            ("RemedyAlarmClusterIdentifier", ORDERS.to_owned()),
            ("RemedyAlarmPolicy", trouble::policy(ca).to_string()),
            ("RemedyAlarmDatabaseSecretArn", arn(trouble::LOOK.0)),
            ("RemedyAlarmRemedySecretArn", arn(trouble::END.0)),
            ("RemedyAlarmLongTransactionSeconds", "0".to_owned()),
            ("RemedyAlarmTick", "cron(30 2 * * ? *)".to_owned()),
            network("RemedyAlarmSubnetIds", SUBNET),
            network("RemedyAlarmVpcId", VPC),
            network("RemedyAlarmSecurityGroupIds", GROUP),
        ],
        timeouts: vec![("run-job", jobs::SECONDS)],
    }
}

/// A secret's ARN as a role names it; what it ends with is Secrets Manager's.
fn arn(secret: &str) -> String {
    format!("arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:{secret}-a1b2c3")
}

/// One more prune-snapshots beside the whole application, with its inbox.
pub(super) fn alone(
    main: &Stack,
    (name, mode): (&'static str, Mode),
    (expression, place): (&str, &str),
    policy: &Value,
) -> Wanted {
    Wanted {
        template: "infra/functions/prune-snapshots.yaml",
        name,
        parameters: vec![
            ("NamePrefix", name.to_owned()),
            ("Mode", mode.as_str().to_owned()),
            ("Policy", policy.to_string()),
            ("ScheduleExpression", expression.to_owned()),
            ("TimeZone", place.to_owned()),
            ("TickExpression", String::new()),
            ("InboxTopicArn", main.topic()),
            ("ReportFailureArn", main.function("report-failure")),
        ],
        timeouts: vec![],
    }
}
