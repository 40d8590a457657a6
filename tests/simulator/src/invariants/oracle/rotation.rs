//! What the simulator knows by itself of how passwords are rotated.

use jiff::SignedDuration;
use serde_json::Value;
use simulated_aws::secrets::{CURRENT, PENDING, Secret, Version};

use crate::{
    history::History,
    script::{ByHand, Database, Deed, SecretPlan},
};

/// How a secret is really rotated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Two passwords of one user.
    Dual,
    /// One password of one user.
    Single,
    /// Two users.
    Alternating,
    /// Not at all.
    Never,
}

/// How a secret is really rotated: as its tag says, or where its server has no dual passwords, as
/// the policy's fallback says.
#[must_use]
pub fn way(database: &Database, plan: &SecretPlan) -> Way {
    let dual = database
        .server(&plan.cluster)
        .is_some_and(|server| server.dual);
    let named = |name: &str| match name {
        "single-user" => Way::Single,
        "alternating-users" => Way::Alternating,
        _ => Way::Never,
    };
    match plan.tag {
        "dual-password" if dual => Way::Dual,
        "dual-password" => named(database.policy.fallback),
        other => named(other),
    }
}

/// Whether both are the same user, or two that take turns.
#[must_use]
pub fn same_pair(one: &str, other: &str) -> bool {
    one.trim_end_matches("_clone") == other.trim_end_matches("_clone")
}

/// The version that is pending and not current.
#[must_use]
pub fn unfinished(secret: &Secret) -> Option<&Version> {
    let pending = secret.labelled(PENDING)?;
    (!pending.labels.contains(CURRENT)).then_some(pending)
}

/// Whether a person changed something of the secret or of its user so short a time ago.
#[must_use]
pub fn touched(history: &History, plan: &SecretPlan, within: SignedDuration) -> bool {
    let Some(now) = history.last().map(|step| step.at) else {
        return false;
    };
    let lag = SignedDuration::from_secs(10);
    let recent = history.script.acts.iter().filter(|act| {
        let age = now.duration_since(act.at);
        age >= SignedDuration::ZERO && age <= within + lag
    });
    { recent }.any(|act| match &act.deed {
        Deed::ByHand(
            ByHand::Alter {
                cluster, account, ..
            }
            | ByHand::Drop { cluster, account }
            | ByHand::Lock {
                cluster, account, ..
            }
            | ByHand::Right {
                cluster, account, ..
            },
        ) => *cluster == plan.cluster && same_pair(&account.user, &plan.user),
        Deed::ByHand(ByHand::Put { secret, .. } | ByHand::RemovePending { secret }) => {
            *secret == plan.name
        }
        _ => false,
    })
}

/// Whether the last look at the secret says that a person is needed, and a mail has said so.
#[must_use]
pub fn told(history: &History, plan: &SecretPlan) -> bool {
    let alerts = |report: &Value| {
        let mut rows = report["rows"].as_array().into_iter().flatten();
        rows.any(|row| {
            let failed = row["outcome"] == "failed" && row["retry"] == false;
            row["subject"] == plan.name.as_str() && (row["verdict"] == "alert" || failed)
        })
    };
    let mut mails = history.mails.iter();
    mails.any(|mail| {
        let body = mail
            .message
            .bodies
            .get("sqs")
            .or_else(|| mail.message.bodies.get("lambda"));
        let report = body.and_then(|body| serde_json::from_str::<Value>(body).ok());
        report.is_some_and(|report| alerts(&report))
    })
}
