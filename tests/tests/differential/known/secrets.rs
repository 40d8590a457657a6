//! What ministack answers otherwise than the simulator: Secrets Manager.

use serde_json::Value;

use super::{
    Decided::{By, Undecided},
    Known,
};
use crate::step::{Outcome, Step};

/// The differences.
pub const KNOWN: &[Known] = &[
    Known::new(
        &["CreateSecret"],
        "outcome",
        ("400 ValidationException", "ok"),
        "a name has letters, digits and /_+=.@- only",
        secrets!("API_CreateSecret"),
    )
    .when(|step| step.get("Name").is_some_and(|name| name.contains([' ', '?'])))
    .parting(),
    Known::new(
        &["CreateSecret"],
        "version_id",
        ("*", "*-*-*-*-*"),
        "the request token becomes the identifier of the first version",
        secrets!("API_CreateSecret"),
    )
    .when(|step| step.has("SecretString"))
    .parting_if(|_, told| told.code.is_none() && told.changed),
    Known::new(
        &["CreateSecret"],
        "outcome",
        ("ok", "400 ResourceExistsException"),
        "the same call again, to whose token the same value belongs, is ignored",
        secrets!("API_CreateSecret"),
    )
    .when(|step| step.has("SecretString")),
    Known::new(
        &["CreateSecret"],
        "outcome",
        ("400 InvalidParameterException", "*"),
        "a tag's key comes once",
        By("https://docs.aws.amazon.com/secretsmanager/latest/userguide/managing-secrets_tagging.html"),
    )
    .when(|step| step.get("Tags").as_deref() == Some("a=1,a=2"))
    .parting(),
    Known::new(
        &["CreateSecret"],
        "outcome",
        ("400 InvalidRequestException", "400 ResourceExistsException"),
        "the secret of this name is to be deleted",
        secrets!("API_CreateSecret"),
    ),
    Known::new(
        &["ListSecretVersionIds"],
        "versions[]",
        ("(nothing)", "*-*-*-*-*"),
        "a secret has its first version with its first value",
        secrets!("API_CreateSecret"),
    ),
    Known::new(
        &["ListSecretVersionIds"],
        "versions[]",
        ("(nothing)", "*00000"),
        "versions without labels are listed only if they are asked for",
        secrets!("API_ListSecretVersionIds"),
    )
    .when(|step| step.flag("IncludeDeprecated") != Some(true)),
    Known::new(
        &["ListSecretVersionIds"],
        "versions[].last_accessed_date",
        ("(a moment)", "(nothing)"),
        "a version that was read tells the day",
        secrets!("API_SecretVersionsListEntry"),
    ),
    Known::new(
        &["GetSecretValue"],
        "outcome",
        ("400 ResourceNotFoundException", "ok"),
        "a secret has its first version with its first value",
        secrets!("API_CreateSecret"),
    )
    .when(|step| {
    let label = step.get("VersionStage").unwrap_or_default();
    !step.has("VersionId") && ["", "AWSCURRENT", "AWSPREVIOUS"].contains(&&*label)
    }),
    Known::new(
        &["GetSecretValue"],
        "outcome",
        ("400 InvalidRequestException", "ok"),
        "an identifier and a label must be of the same version",
        secrets!("API_GetSecretValue"),
    )
    .when(|step| step.has("VersionId") && step.has("VersionStage")),
    Known::new(
        &["PutSecretValue"],
        "outcome",
        ("400 ResourceExistsException", "ok"),
        "another value for a version that is there",
        secrets!("API_PutSecretValue"),
    )
    .parting(),
    Known::new(
        &["PutSecretValue"],
        "version_stages[]",
        ("*", "*"),
        "the same value for a version that is there: nothing is done, and no label moves",
        secrets!("API_PutSecretValue"),
    )
    .parting_if(|_, told| told.code.is_none() && !told.changed),
    Known::new(
        &["PutSecretValue"],
        "version_stages[]",
        ("AWSCURRENT", "(nothing)"),
        "the first version is the current one, whatever labels are asked for",
        secrets!("API_PutSecretValue"),
    )
    .when(|step| step.has("VersionStages"))
    .parting_if(first_version),
    Known::new(
        &["UpdateSecretVersionStage"],
        "outcome",
        ("400 InvalidParameterException", "ok"),
        "the label is not on the version that it shall be taken from",
        secrets!("API_UpdateSecretVersionStage"),
    )
    .when(takes_a_free_label)
    .parting(),
    Known::new(
        &["DeleteSecret"],
        "outcome",
        ("400 InvalidParameterException", "400 ResourceNotFoundException"),
        "a recovery window of 6 days for a secret that is not there",
        Undecided("which of a call's several faults is told is not documented"),
    )
    .when(|step| step.has("RecoveryWindowInDays")),
    Known::new(
        &["DeleteSecret"],
        "outcome",
        ("ok", "400 ResourceNotFoundException"),
        "to delete by force what is not there is no error",
        secrets!("API_DeleteSecret"),
    )
    .when(|step| step.flag("ForceDeleteWithoutRecovery") == Some(true)),
    Known::new(
        &["RestoreSecret"],
        "outcome",
        ("ok", "400 InvalidRequestException"),
        "a secret that is not to be deleted",
        Undecided("the reference has the error for another state; the secret stays as it is"),
    ),
];

/// Whether a label that is mostly on no version shall be taken from one.
fn takes_a_free_label(step: &Step) -> bool {
    let label = step.get("VersionStage").unwrap_or_default();
    step.has("RemoveFromVersionId") && ["AWSPENDING", "mine"].contains(&&*label)
}

/// Whether it has become the current one without being asked to.
fn first_version(step: &Step, told: &Outcome) -> bool {
    let labels = told.body["version_stages"].as_array();
    let current = Value::from("AWSCURRENT");
    let is_current = labels.is_some_and(|labels| labels.contains(&current));
    step.get("VersionStages").as_deref() != Some("AWSCURRENT") && is_current
}
