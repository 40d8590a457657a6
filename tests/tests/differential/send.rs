//! Steps through the SDK's clients.

use std::fmt::Debug;

use aws_config::SdkConfig;
use aws_sdk_rds::{
    config::http::HttpResponse,
    error::{ProvideErrorMetadata, SdkError},
};
use aws_sdk_secretsmanager::{operation::get_secret_value::GetSecretValueOutput, types as secret};
use aws_sdk_sns::types::MessageAttributeValue;
use serde_json::Value;

use crate::{
    debugged,
    step::{Outcome, Step},
};

/// The clients of one account.
pub struct Clients {
    rds: aws_sdk_rds::Client,
    sns: aws_sdk_sns::Client,
    secrets: aws_sdk_secretsmanager::Client,
}

/// Calls an operation with those of the step's parameters that these setters take.
macro_rules! call {
    ($client:expr, $step:ident . $operation:ident $(, $set:ident = $value:expr)* $(,)?) => {
        outcome(&$client.$operation()$(.$set($value))*.send().await)
    };
}

impl Clients {
    pub fn new(config: &SdkConfig) -> Self {
        Self {
            rds: aws_sdk_rds::Client::new(config),
            sns: aws_sdk_sns::Client::new(config),
            secrets: aws_sdk_secretsmanager::Client::new(config),
        }
    }

    /// Makes the call.
    pub async fn send(&self, step: &Step) -> Outcome {
        match step.operation {
            name if name.contains("Secret") => self.secrets(step).await,
            name if name.contains("DB") || name.contains("TagsF") || name.contains("TagsT") => {
                self.rds(step).await
            }
            _ => self.sns(step).await,
        }
    }

    async fn rds(&self, step: &Step) -> Outcome {
        match step.operation {
            name if name.contains("Snapshot") => self.snapshots(step).await,
            name if name.contains("Instance") => self.instances(step).await,
            name if name.contains("Tags") => self.tags(step).await,
            _ => self.clusters(step).await,
        }
    }

    async fn clusters(&self, step: &Step) -> Outcome {
        let (rds, get) = (&self.rds, |name| step.get(name));
        match step.operation {
            "CreateDBCluster" => call!(
                rds,
                step.create_db_cluster,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_engine = get("Engine"),
                set_engine_version = get("EngineVersion"),
                set_db_cluster_parameter_group_name = get("DBClusterParameterGroupName"),
                set_master_username = get("MasterUsername"),
                set_master_user_password = get("MasterUserPassword"),
                set_deletion_protection = step.flag("DeletionProtection"),
                set_tags = step.tags(),
            ),
            "DescribeDBClusters" => call!(
                rds,
                step.describe_db_clusters,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_filters = step.filters(),
                set_max_records = step.number("MaxRecords"),
                set_marker = get("Marker"),
            ),
            "StopDBCluster" => call!(
                rds,
                step.stop_db_cluster,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
            ),
            "StartDBCluster" => call!(
                rds,
                step.start_db_cluster,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
            ),
            "DeleteDBCluster" => call!(
                rds,
                step.delete_db_cluster,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_skip_final_snapshot = step.flag("SkipFinalSnapshot"),
                set_final_db_snapshot_identifier = get("FinalDBSnapshotIdentifier"),
            ),
            "CreateDBClusterParameterGroup" => call!(
                rds,
                step.create_db_cluster_parameter_group,
                set_db_cluster_parameter_group_name = get("DBClusterParameterGroupName"),
                set_db_parameter_group_family = get("DBParameterGroupFamily"),
                set_description = get("Description"),
            ),
            "DescribeDBClusterParameterGroups" => call!(
                rds,
                step.describe_db_cluster_parameter_groups,
                set_db_cluster_parameter_group_name = get("DBClusterParameterGroupName"),
            ),
            other => panic!("no such step: {other}"),
        }
    }

    async fn snapshots(&self, step: &Step) -> Outcome {
        let (rds, get) = (&self.rds, |name| step.get(name));
        match step.operation {
            "CreateDBClusterSnapshot" => call!(
                rds,
                step.create_db_cluster_snapshot,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_db_cluster_snapshot_identifier = get("DBClusterSnapshotIdentifier"),
                set_tags = step.tags(),
            ),
            "CopyDBClusterSnapshot" => call!(
                rds,
                step.copy_db_cluster_snapshot,
                set_source_db_cluster_snapshot_identifier =
                    get("SourceDBClusterSnapshotIdentifier"),
                set_target_db_cluster_snapshot_identifier =
                    get("TargetDBClusterSnapshotIdentifier"),
                set_copy_tags = step.flag("CopyTags"),
                set_tags = step.tags(),
            ),
            "DeleteDBClusterSnapshot" => call!(
                rds,
                step.delete_db_cluster_snapshot,
                set_db_cluster_snapshot_identifier = get("DBClusterSnapshotIdentifier"),
            ),
            "DescribeDBClusterSnapshots" => call!(
                rds,
                step.describe_db_cluster_snapshots,
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_db_cluster_snapshot_identifier = get("DBClusterSnapshotIdentifier"),
                set_snapshot_type = get("SnapshotType"),
                set_filters = step.filters(),
                set_max_records = step.number("MaxRecords"),
                set_marker = get("Marker"),
            ),
            other => panic!("no such step: {other}"),
        }
    }

    async fn instances(&self, step: &Step) -> Outcome {
        let (rds, get) = (&self.rds, |name| step.get(name));
        match step.operation {
            "CreateDBInstance" => call!(
                rds,
                step.create_db_instance,
                set_db_instance_identifier = get("DBInstanceIdentifier"),
                set_db_cluster_identifier = get("DBClusterIdentifier"),
                set_db_instance_class = get("DBInstanceClass"),
                set_engine = get("Engine"),
                set_promotion_tier = step.number("PromotionTier"),
                set_tags = step.tags(),
            ),
            "DeleteDBInstance" => call!(
                rds,
                step.delete_db_instance,
                set_db_instance_identifier = get("DBInstanceIdentifier"),
                set_skip_final_snapshot = step.flag("SkipFinalSnapshot"),
                set_final_db_snapshot_identifier = get("FinalDBSnapshotIdentifier"),
            ),
            "DescribeDBInstances" => call!(
                rds,
                step.describe_db_instances,
                set_db_instance_identifier = get("DBInstanceIdentifier"),
                set_filters = step.filters(),
                set_max_records = step.number("MaxRecords"),
            ),
            other => panic!("no such step: {other}"),
        }
    }

    async fn tags(&self, step: &Step) -> Outcome {
        let (rds, get) = (&self.rds, |name| step.get(name));
        match step.operation {
            "AddTagsToResource" => call!(
                rds,
                step.add_tags_to_resource,
                set_resource_name = get("ResourceName"),
                set_tags = step.tags(),
            ),
            "RemoveTagsFromResource" => call!(
                rds,
                step.remove_tags_from_resource,
                set_resource_name = get("ResourceName"),
                set_tag_keys = step.list("TagKeys"),
            ),
            "ListTagsForResource" => call!(
                rds,
                step.list_tags_for_resource,
                set_resource_name = get("ResourceName"),
            ),
            other => panic!("no such step: {other}"),
        }
    }

    async fn sns(&self, step: &Step) -> Outcome {
        let (sns, get) = (&self.sns, |name| step.get(name));
        match step.operation {
            "CreateTopic" => {
                let attributes = step.pairs("Attributes");
                call!(
                    sns,
                    step.create_topic,
                    set_name = get("Name"),
                    set_attributes = attributes.map(|pairs| pairs.into_iter().collect()),
                )
            }
            "ListTopics" => call!(sns, step.list_topics),
            "GetTopicAttributes" => {
                call!(
                    sns,
                    step.get_topic_attributes,
                    set_topic_arn = get("TopicArn")
                )
            }
            "Subscribe" => call!(
                sns,
                step.subscribe,
                set_topic_arn = get("TopicArn"),
                set_protocol = get("Protocol"),
                set_endpoint = get("Endpoint"),
                set_return_subscription_arn = step.flag("ReturnSubscriptionArn"),
            ),
            "ListSubscriptionsByTopic" => call!(
                sns,
                step.list_subscriptions_by_topic,
                set_topic_arn = get("TopicArn"),
            ),
            "Publish" => {
                let attributes = step.pairs("MessageAttributes");
                let attribute = |(name, value): (String, String)| {
                    let built = MessageAttributeValue::builder().data_type("String");
                    (name, built.string_value(value).build().unwrap())
                };
                call!(
                    sns,
                    step.publish,
                    set_topic_arn = get("TopicArn"),
                    set_subject = get("Subject"),
                    set_message = get("Message"),
                    set_message_structure = get("MessageStructure"),
                    set_message_attributes =
                        attributes.map(|pairs| pairs.into_iter().map(attribute).collect()),
                )
            }
            other => panic!("no such step: {other}"),
        }
    }

    async fn secrets(&self, step: &Step) -> Outcome {
        let (secrets, get) = (&self.secrets, |name| step.get(name));
        let id = get("SecretId");
        match step.operation {
            "CreateSecret" => call!(
                secrets,
                step.create_secret,
                set_name = get("Name"),
                set_description = get("Description"),
                set_client_request_token = get("ClientRequestToken"),
                set_secret_string = get("SecretString"),
                set_tags = secret_tags(step),
            ),
            "DescribeSecret" => call!(secrets, step.describe_secret, set_secret_id = id),
            "GetSecretValue" => {
                let call = secrets.get_secret_value().set_secret_id(id);
                let call = call.set_version_id(get("VersionId"));
                let sent = call.set_version_stage(get("VersionStage")).send().await;
                let mut told = outcome(&sent);
                // The SDK does not show it.
                let content = sent
                    .as_ref()
                    .ok()
                    .and_then(GetSecretValueOutput::secret_string);
                if let Some(content) = content {
                    told.body["secret_string"] = Value::from(content);
                }
                told
            }
            "PutSecretValue" => call!(
                secrets,
                step.put_secret_value,
                set_secret_id = id,
                set_client_request_token = get("ClientRequestToken"),
                set_secret_string = get("SecretString"),
                set_version_stages = step.list("VersionStages"),
            ),
            "ListSecretVersionIds" => call!(
                secrets,
                step.list_secret_version_ids,
                set_secret_id = id,
                set_include_deprecated = step.flag("IncludeDeprecated"),
            ),
            "UpdateSecretVersionStage" => call!(
                secrets,
                step.update_secret_version_stage,
                set_secret_id = id,
                set_version_stage = get("VersionStage"),
                set_remove_from_version_id = get("RemoveFromVersionId"),
                set_move_to_version_id = get("MoveToVersionId"),
            ),
            "DeleteSecret" => call!(
                secrets,
                step.delete_secret,
                set_secret_id = id,
                set_recovery_window_in_days = step.number("RecoveryWindowInDays"),
                set_force_delete_without_recovery = step.flag("ForceDeleteWithoutRecovery"),
            ),
            "RestoreSecret" => call!(secrets, step.restore_secret, set_secret_id = id),
            "ListSecrets" => call!(secrets, step.list_secrets),
            other => panic!("no such step: {other}"),
        }
    }
}

fn secret_tags(step: &Step) -> Option<Vec<secret::Tag>> {
    let tag = |(key, value)| secret::Tag::builder().key(key).value(value).build();
    Some(step.pairs("Tags")?.into_iter().map(tag).collect())
}

fn outcome<T: Debug, E: ProvideErrorMetadata + Debug>(
    sent: &Result<T, SdkError<E, HttpResponse>>,
) -> Outcome {
    match sent {
        Ok(output) => Outcome {
            status: 200,
            code: None,
            body: debugged::read(&format!("{output:?}")),
            changed: true,
        },
        Err(error) => {
            let status = error
                .raw_response()
                .map(|response| response.status().as_u16());
            Outcome {
                status: status.unwrap_or_else(|| panic!("no answer: {error:?}")),
                code: error.code().map(str::to_owned),
                body: Value::Null,
                changed: true,
            }
        }
    }
}
