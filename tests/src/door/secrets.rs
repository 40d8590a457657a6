//! What a person, an application and Secrets Manager's own scheduler ask of Secrets Manager. These
//! calls go past the proxy, which sees the function's alone.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use simulated_aws::{
    Aws,
    secrets::{Content, PENDING},
};

use crate::rotation::{Cloud, Login, Secret, SecretsManager, token};

/// Versions without a label that are kept, at the most: Secrets Manager keeps 100 versions, and
/// those of the last 24 hours for sure, which is less than a matrix makes in an hour.
/// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html>
const KEPT: usize = 5;

/// Versions that were current before the first case.
const OLDER: u64 = 4;

/// Its name.
const NAME: &str = "app-login";

/// The one secret that is rotated.
#[derive(Clone, Debug)]
pub struct AppSecret {
    aws: Aws,
    manager: SecretsManager,
    secret: Secret,
}

/// A version of the secret, as an application reads it.
#[derive(Clone)]
pub struct Credential {
    /// The version's identifier.
    pub version: String,
    /// The user.
    pub username: String,
    /// Its password. For this reason the type has no `Debug`.
    pub password: String,
}

impl AppSecret {
    /// Makes it, for this strategy, and gives it versions that were current once. A function may
    /// read them, so that what a rotation sends would otherwise grow with every case.
    pub(super) async fn create(cloud: &Cloud, strategy: &str, login: Login<'_>) -> Self {
        let manager = cloud.secrets;
        let secret = manager.create(NAME, strategy, &login.content()).await;
        for number in 1..=OLDER {
            let password = &format!("an older password, number {number}");
            let content = Login { password, ..login }.content().to_string();
            let put = json!({
                "ClientRequestToken": older(number), "SecretString": content,
                "VersionStages": ["OLDER"],
            });
            secret.call("PutSecretValue", put).await;
        }
        let remove = json!({"VersionStage": "OLDER", "RemoveFromVersionId": older(OLDER)});
        secret.call("UpdateSecretVersionStage", remove).await;
        Self {
            aws: cloud.aws.clone(),
            manager,
            secret,
        }
    }

    /// Its ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.secret.arn
    }

    /// One call. What is refused ends the test.
    pub async fn call(&self, operation: &str, input: &Value) -> Value {
        self.manager.call(operation, input).await
    }

    /// Begins a rotation: from now on `token` is a version that carries `AWSPENDING`.
    pub async fn begin(&self, token: &str, function: &str) {
        self.secret.begin(token, function).await;
    }

    /// What a person does with a rotation that is stuck: `AWSPENDING` is taken off.
    /// <https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot_rotation.html>
    pub async fn give_up(&self) {
        if let Some(version) = self.stuck().await {
            let remove = json!({"VersionStage": PENDING, "RemoveFromVersionId": version});
            self.secret.call("UpdateSecretVersionStage", remove).await;
        }
    }

    /// The version that carries `AWSPENDING`, if it is not the current one.
    pub(super) async fn stuck(&self) -> Option<String> {
        let pending = self.secret.holder(PENDING).await?;
        (self.secret.holder("AWSCURRENT").await.as_ref() != Some(&pending)).then_some(pending)
    }

    /// The versions that carry labels, with them.
    pub async fn labels(&self) -> BTreeMap<String, Vec<String>> {
        self.secret.labels().await
    }

    /// What the version labelled `AWSCURRENT` says.
    pub async fn current(&self) -> Credential {
        let (version, content) = self.secret.value("AWSCURRENT").await;
        credential(&version, &content)
    }

    /// What the version labelled `AWSPREVIOUS` says, if there is one.
    pub(super) async fn previous(&self) -> Option<Credential> {
        self.secret.holder("AWSPREVIOUS").await?;
        let (version, content) = self.secret.value("AWSPREVIOUS").await;
        Some(credential(&version, &content))
    }

    /// Every version that has a value, whether it carries a label or not; the newest last.
    #[must_use]
    pub fn versions(&self) -> Vec<Credential> {
        self.aws.with(|account, _| {
            let Some(secret) = account.secrets.secrets.get(NAME) else {
                return Vec::new();
            };
            let mut versions: Vec<_> = secret.versions.values().collect();
            versions.sort_by_key(|version| version.created);
            let valued = versions.into_iter().filter_map(|version| {
                let Some(Content::Text(value)) = &version.content else {
                    return None;
                };
                let content: Value = serde_json::from_str(value.reveal()).unwrap_or_default();
                Some(credential(&version.id, &content))
            });
            valued.collect()
        })
    }

    /// Forgets old versions, as a day would.
    pub(super) fn prune(&self) {
        self.aws.with(|account, _| {
            let now = crate::payload::now();
            account.secrets.secrets.change(now, NAME, |secret| {
                let bare = secret.versions.values().filter(|it| it.labels.is_empty());
                let mut bare: Vec<_> = bare.map(|it| (it.created, it.id.clone())).collect();
                bare.sort();
                bare.truncate(bare.len().saturating_sub(KEPT));
                for (_, id) in bare {
                    secret.versions.remove(&id);
                }
            });
        });
    }
}

fn older(number: u64) -> String {
    token(1_000_000 + number)
}

fn credential(version: &str, content: &Value) -> Credential {
    let text = |field: &str| content[field].as_str().unwrap_or_default().to_owned();
    Credential {
        version: version.to_owned(),
        username: text("username"),
        password: text("password"),
    }
}
