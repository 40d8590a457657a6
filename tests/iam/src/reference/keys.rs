//! Which condition keys a request can have.

use super::Action;
use crate::policy::Key;

/// Whether a key can be in the context of an action's requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Supply {
    /// AWS supplies it, and so does the evaluation here.
    Supplied {
        /// Whether it has several values.
        multivalued: bool,
    },
    /// AWS supplies it; here it is not known what it would be.
    NotHere,
    /// AWS does not supply it with this action: a condition on it says nothing.
    Never,
}

/// The global keys that every request here has.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
pub(crate) const GLOBAL: [&str; 5] = [
    "aws:principalaccount",
    "aws:principalisawsservice",
    "aws:requestedregion",
    "aws:resourceaccount",
    "aws:securetransport",
];

/// The function whose code makes the request. Lambda adds it to what the code calls and to the log
/// it writes for it, and to nothing else: its own calls of EC2 do not have it.
/// <https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html>
pub(crate) const SOURCE_FUNCTION: &str = "lambda:sourcefunctionarn";

/// What a request here has besides: tags, and what services say of themselves.
const DERIVED: [&str; 11] = [
    "aws:requesttag",
    "aws:resourcetag",
    "aws:tagkeys",
    "iam:passedtoservice",
    "iam:resourcetag",
    "kms:calleraccount",
    "kms:encryptioncontextkeys",
    "kms:viaservice",
    "rds:req-tag",
    "rds:tagsfromrequest",
    "secretsmanager:resourcetag",
];

impl Action {
    /// Whether its requests can have the key.
    #[must_use]
    pub fn supplies(&self, key: &Key) -> Supply {
        if GLOBAL.contains(&key.name()) || key.name() == SOURCE_FUNCTION {
            return Supply::Supplied { multivalued: false };
        }
        // Other global keys exist with every action; what they would be is not known here.
        let of_types = self.resource_types().flat_map(|kind| kind.condition_keys());
        let mut documented = self.condition_keys().iter().chain(of_types);
        let Some(form) = documented.find(|form| is(key, form)) else {
            let known_tag = matches!(
                key.name(),
                "aws:requesttag" | "aws:resourcetag" | "aws:tagkeys"
            );
            let global = key.name().starts_with("aws:") && !known_tag;
            return if global {
                Supply::NotHere
            } else {
                Supply::Never
            };
        };
        let rds_tag = key.name().starts_with("rds:") && key.name().ends_with("-tag");
        let context = key.name().starts_with("kms:encryptioncontext:");
        if rds_tag || context || DERIVED.contains(&key.name()) || self.reads(key) {
            let multivalued = self.multivalued.contains(form);
            return Supply::Supplied { multivalued };
        }
        Supply::NotHere
    }

    /// Whether the key is a parameter of the call.
    fn reads(&self, key: &Key) -> bool {
        let values = self.reading().map(|reading| &reading.values);
        values.is_some_and(|values| values.contains_key(&key.written().to_ascii_lowercase()))
    }
}

/// Whether `key` is of the form `aws:ResourceTag/${TagKey}`.
fn is(key: &Key, form: &str) -> bool {
    let key = key.written().to_ascii_lowercase();
    let form = form.to_ascii_lowercase();
    // The reference writes this one form without braces.
    let form = form.strip_suffix("tag-key").unwrap_or(&form);
    match form.split_once("${") {
        Some((fixed, _)) => key.len() > fixed.len() && key.starts_with(fixed),
        None if form.ends_with('/') => key.len() > form.len() && key.starts_with(form),
        None => key == form,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reference::Reference;

    #[test]
    fn a_key_is_supplied_where_aws_documents_it_and_its_value_is_known_here() {
        let one = Supply::Supplied { multivalued: false };
        let several = Supply::Supplied { multivalued: true };
        for (action, key, expected) in [
            ("rds:DeleteDBClusterSnapshot", "aws:ResourceTag/team", one),
            ("rds:DeleteDBClusterSnapshot", "AWS:resourcetag/team", one),
            (
                "rds:DeleteDBClusterSnapshot",
                "aws:ResourceTag/",
                Supply::Never,
            ),
            (
                "rds:DeleteDBClusterSnapshot",
                "aws:RequestTag/team",
                Supply::Never,
            ),
            (
                "rds:DeleteDBClusterSnapshot",
                "rds:cluster-snapshot-tag/team",
                one,
            ),
            (
                "rds:DeleteDBClusterSnapshot",
                "rds:cluster-tag/team",
                Supply::Never,
            ),
            ("rds:DeleteDBClusterSnapshot", "aws:SecureTransport", one),
            (
                "rds:DeleteDBClusterSnapshot",
                "aws:SourceIp",
                Supply::NotHere,
            ),
            ("rds:AddTagsToResource", "aws:TagKeys", several),
            ("secretsmanager:TagResource", "aws:TagKeys", several),
            ("ec2:DescribeSubnets", "lambda:SourceFunctionArn", one),
            ("ec2:DescribeSubnets", "ec2:Region", Supply::NotHere),
            ("rds:AddTagsToResource", "rds:TagsFromRequest", one),
            ("rds:CreateDBInstance", "rds:DatabaseClass", one),
            ("rds:CreateDBInstance", "rds:BackupTarget", Supply::NotHere),
            ("kms:Decrypt", "kms:EncryptionContext:aws:sns:topicArn", one),
            ("kms:Decrypt", "kms:EncryptionContextKeys", several),
            (
                "secretsmanager:GetSecretValue",
                "secretsmanager:ResourceTag/team",
                one,
            ),
            (
                "secretsmanager:GetSecretValue",
                "secretsmanager:ResourceTag/",
                Supply::Never,
            ),
            (
                "secretsmanager:GetSecretValue",
                "secretsmanager:VersionStage",
                one,
            ),
            (
                "secretsmanager:GetSecretValue",
                "secretsmanager:resource/Type",
                Supply::NotHere,
            ),
            (
                "secretsmanager:GetSecretValue",
                "secretsmanager:resource/Other",
                Supply::Never,
            ),
        ] {
            let supplied = Reference::aws()
                .named(action)
                .unwrap()
                .supplies(&Key::new(key));
            assert_eq!(supplied, expected, "{key} with {action}");
        }
    }
}
