//! Secrets Manager.

use aws_sdk_secretsmanager::{
    Client, operation::get_secret_value::GetSecretValueOutput, types::Tag,
};
use serde_json::Value;

use super::{outcome, parameter::Parameter};
use crate::step::{Outcome, Step};

/// Makes the call.
pub async fn send(secrets: &Client, step: &Step) -> Option<Outcome> {
    if step.operation == "GetSecretValue" {
        return Some(get_secret_value(secrets, step).await);
    }
    call!(secrets, step, {
        CreateSecret create_secret {
            Name set_name,
            Description set_description,
            ClientRequestToken set_client_request_token,
            SecretString set_secret_string,
            Tags set_tags,
        }
        DescribeSecret describe_secret { SecretId set_secret_id }
        PutSecretValue put_secret_value {
            SecretId set_secret_id,
            ClientRequestToken set_client_request_token,
            SecretString set_secret_string,
            VersionStages set_version_stages,
        }
        ListSecretVersionIds list_secret_version_ids {
            SecretId set_secret_id,
            IncludeDeprecated set_include_deprecated,
        }
        UpdateSecretVersionStage update_secret_version_stage {
            SecretId set_secret_id,
            VersionStage set_version_stage,
            RemoveFromVersionId set_remove_from_version_id,
            MoveToVersionId set_move_to_version_id,
        }
        DeleteSecret delete_secret {
            SecretId set_secret_id,
            RecoveryWindowInDays set_recovery_window_in_days,
            ForceDeleteWithoutRecovery set_force_delete_without_recovery,
        }
        RestoreSecret restore_secret { SecretId set_secret_id }
        ListSecrets list_secrets {}
    })
}

/// The SDK does not show the value.
async fn get_secret_value(secrets: &Client, step: &Step) -> Outcome {
    let call = secrets
        .get_secret_value()
        .set_secret_id(step.get("SecretId"))
        .set_version_id(step.get("VersionId"))
        .set_version_stage(step.get("VersionStage"));
    let sent = call.send().await;
    let mut told = outcome(&sent);
    let content = sent
        .as_ref()
        .ok()
        .and_then(GetSecretValueOutput::secret_string);
    if let Some(content) = content {
        told.body["secret_string"] = Value::from(content);
    }
    told
}

impl Parameter for Vec<Tag> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        Some(step.pairs(name)?.into_iter().map(tag).collect())
    }
}
