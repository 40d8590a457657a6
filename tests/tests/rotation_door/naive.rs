//! Functions that do it wrong, to see that the harness notices.

use std::sync::Arc;

use nightshift_tests::door::{Credential, DOCTOR, Set, Step, Subject};
use serde_json::json;

/// What is wrong with a function.
#[derive(Clone, Copy, Default)]
pub struct Naive {
    /// The new password is added to the old one, whatever the accounts have; else it replaces it
    /// in setSecret, well before the label moves.
    pub retains: bool,
    /// testSecret fails for the version of this number.
    pub fails_to_test: Option<u64>,
    /// Its doctor takes the old password away without a look at which that is; else it has none.
    pub discards: bool,
    /// It prints what it has just set.
    pub prints: Option<fn(&str) -> String>,
}

impl Naive {
    /// The function, which works on the accounts of `app` as `root`.
    pub fn on(self, set: &Arc<Set>) -> Subject {
        let set = Arc::clone(set);
        Subject::Here(Arc::new(move |step, token| {
            let set = Arc::clone(&set);
            Box::pin(async move { self.step(&set, step, &token).await })
        }))
    }

    async fn step(self, set: &Set, step: &str, token: &str) -> Step {
        let mut said = Step {
            result: Ok("null".into()),
            log: vec![],
        };
        match step {
            "createSecret" => create(set, token).await,
            "setSecret" => said.log.extend(self.set_password(set, token).await),
            "testSecret" => {
                set.pair.caught_up().await;
                let number = token.rsplit('-').next().and_then(|it| it.parse().ok());
                if number.is_some() && number == self.fails_to_test {
                    said.result = Err("no luck".into());
                }
            }
            DOCTOR => {
                set.secrets.give_up().await;
                if self.discards {
                    discard(set).await;
                }
            }
            _ => finish(set, token).await,
        }
        said
    }

    async fn set_password(self, set: &Set, token: &str) -> Option<String> {
        let pending = version(set, token);
        let retain = if self.retains {
            " RETAIN CURRENT PASSWORD"
        } else {
            ""
        };
        for host in ["%", "127.0.0.1"] {
            let (user, password) = (&pending.username, &pending.password);
            let alter = format!("ALTER USER '{user}'@'{host}' IDENTIFIED BY '{password}'{retain}");
            set.pair.writer.root(&alter).await;
        }
        Some(self.prints?(&pending.password))
    }
}

async fn create(set: &Set, token: &str) {
    if set.secrets.versions().iter().any(|it| it.version == token) {
        return;
    }
    let random = json!({"ExcludePunctuation": true});
    let random = set.secrets.call("GetRandomPassword", &random).await;
    let content = json!({"username": "app", "password": random["RandomPassword"]});
    let put = json!({
        "SecretId": set.secrets.arn(), "ClientRequestToken": token,
        "SecretString": content.to_string(), "VersionStages": ["AWSPENDING"],
    });
    set.secrets.call("PutSecretValue", &put).await;
}

async fn discard(set: &Set) {
    for host in ["%", "127.0.0.1"] {
        let discard = format!("ALTER USER app@'{host}' DISCARD OLD PASSWORD");
        set.pair.writer.root(&discard).await;
    }
}

async fn finish(set: &Set, token: &str) {
    let current = set.secrets.current().await.version;
    let update = json!({
        "SecretId": set.secrets.arn(), "VersionStage": "AWSCURRENT",
        "MoveToVersionId": token, "RemoveFromVersionId": current,
    });
    set.secrets.call("UpdateSecretVersionStage", &update).await;
}

fn version(set: &Set, token: &str) -> Credential {
    let versions = set.secrets.versions();
    versions.into_iter().find(|it| it.version == token).unwrap()
}
