//! SDK types become ours. What Secrets Manager leaves out of an answer becomes "unknown".

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aurora_model::Tags;
use aws_sdk_secretsmanager::{
    operation::describe_secret::DescribeSecretOutput,
    primitives::DateTime,
    types::{RotationRulesType, SecretListEntry, SecretVersionsListEntry, Tag},
};
use jiff::Timestamp;

use crate::{Described, Listed, RotationRules};

pub(crate) fn described(secret: DescribeSecretOutput) -> Described {
    Described {
        arn: secret.arn.unwrap_or_default(),
        name: secret.name.unwrap_or_default(),
        rotation_enabled: secret.rotation_enabled,
        rotation_lambda: secret.rotation_lambda_arn,
        rotation_rules: secret.rotation_rules.map(rules),
        owning_service: secret.owning_service,
        tags: tags(secret.tags.unwrap_or_default()),
        versions: versions(secret.version_ids_to_stages.unwrap_or_default()),
        created: time(secret.created_date),
        changed: time(secret.last_changed_date),
        last_rotated: time(secret.last_rotated_date),
        next_rotation: time(secret.next_rotation_date),
        deleted: time(secret.deleted_date),
    }
}

/// A listing has the same under other names.
pub(crate) fn entry(secret: SecretListEntry) -> Described {
    Described {
        arn: secret.arn.unwrap_or_default(),
        name: secret.name.unwrap_or_default(),
        rotation_enabled: secret.rotation_enabled,
        rotation_lambda: secret.rotation_lambda_arn,
        rotation_rules: secret.rotation_rules.map(rules),
        owning_service: secret.owning_service,
        tags: tags(secret.tags.unwrap_or_default()),
        versions: versions(secret.secret_versions_to_stages.unwrap_or_default()),
        created: time(secret.created_date),
        changed: time(secret.last_changed_date),
        last_rotated: time(secret.last_rotated_date),
        next_rotation: time(secret.next_rotation_date),
        deleted: time(secret.deleted_date),
    }
}

pub(crate) fn listed(version: SecretVersionsListEntry) -> Listed {
    Listed {
        id: version.version_id.unwrap_or_default(),
        stages: stages(version.version_stages),
        created: time(version.created_date),
    }
}

pub(crate) fn stages(stages: Option<Vec<String>>) -> BTreeSet<String> {
    stages.unwrap_or_default().into_iter().collect()
}

pub(crate) fn time(time: Option<DateTime>) -> Option<Timestamp> {
    let time = time?;
    let nanoseconds = i32::try_from(time.subsec_nanos()).ok()?;
    Timestamp::new(time.secs(), nanoseconds).ok()
}

fn rules(rules: RotationRulesType) -> RotationRules {
    RotationRules {
        after_days: rules
            .automatically_after_days
            .and_then(|days| u16::try_from(days).ok()),
        schedule: rules.schedule_expression,
        window: rules.duration,
    }
}

fn tags(tags: Vec<Tag>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.into_iter().filter_map(pair).collect()
}

fn versions(versions: HashMap<String, Vec<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let versions = versions.into_iter();
    versions
        .map(|(id, labels)| (id, stages(Some(labels))))
        .collect()
}
