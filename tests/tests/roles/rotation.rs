//! The calls that rotate-secret really makes: whole rotations and a round of the doctor, with a real
//! writer and a real replica, and the simulated AWS.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use iam_evaluation::Tags;
use nightshift_tests::{
    lambda::{Lambda, Settings},
    mysql::Pair,
    payload::{now, scheduled},
    proxy::{Call, Proxy},
    rotation::{Cloud, INBOX, Login, Public, STEPS, Secret, Unseen, event, policy, token},
    scenario::LIMIT,
};
use serde_json::Value;

use crate::recorded::Recorded;

/// Beyond `stuck_after` of the policy below; versions are dated to the second.
const STUCK: Duration = Duration::from_secs(3);
const TAG: &str = "nightshift:rotation";
const BOSS: &str = "boss-and-all";
const FIRST: &str = "first-of-all";

/// A cluster, and the secrets of a user and of a superuser that sets its passwords.
struct Scene {
    pair: Pair,
    proxy: Proxy,
    secret: Secret,
    tags: BTreeMap<String, Tags>,
    public: Public,
    _cloud: Cloud,
}

/// Rotates a secret once with an inbox and once without, each time after a rotation that was given
/// up and that the doctor has cleared away.
pub(crate) async fn recorded() -> Recorded {
    let mut scene = Scene::start().await;
    let with_inbox = scene.calls([1, 2], Some(INBOX)).await;
    let without_inbox = scene.calls([3, 4], None).await;
    Recorded {
        with_inbox,
        without_inbox,
        tags: scene.tags,
    }
}

impl Scene {
    async fn start() -> Self {
        let pair = Pair::start().await;
        for sql in [
            format!("CREATE USER boss@'%' IDENTIFIED BY '{BOSS}'; GRANT ALL ON *.* TO boss@'%'"),
            format!("CREATE USER app@'%' IDENTIFIED BY '{FIRST}'"),
        ] {
            pair.writer.root(&sql).await;
        }
        pair.caught_up().await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let cloud = Cloud::start(ports, Arc::new(Unseen)).await;
        let login = |user, password, master| Login {
            user,
            password,
            port: ports[0],
            master,
        };
        let content = login("boss", BOSS, None).content();
        let boss = cloud
            .secrets
            .create("boss-login", "superuser", &content)
            .await;
        let content = login("app", FIRST, Some(&boss.arn)).content();
        let secret = cloud
            .secrets
            .create("app-login", "dual-password", &content)
            .await;
        let tagged = |tag: &str| Tags::from([(TAG.to_owned(), tag.to_owned())]);
        Self {
            pair,
            proxy: cloud.proxy().await,
            tags: BTreeMap::from([
                (boss.arn, tagged("superuser")),
                (secret.arn.clone(), tagged("dual-password")),
            ]),
            secret,
            public: Public::without(&[FIRST, BOSS]),
            _cloud: cloud,
        }
    }

    /// The function's calls: in a rotation that ends after its first step, in the doctor's round
    /// that finds it, in another rotation, and in the round after that.
    async fn calls(&mut self, [given_up, whole]: [u64; 2], inbox: Option<&str>) -> Vec<Call> {
        self.proxy.reset();
        let mut policy = policy("dual-password", self.pair.writer.ca(), "0s");
        policy["stuck_after"] = "1s".into();
        let settings = Settings::new()
            .mode("apply")
            .endpoint(&self.proxy.url())
            .policy(&policy);
        let settings = match inbox {
            Some(topic) => settings.inbox(topic),
            None => settings,
        };
        let function = Lambda::start("rotate-secret", settings).await;
        self.rotate(&function, given_up, &STEPS[..1]).await;
        tokio::time::sleep(STUCK).await;
        self.run(&function, &scheduled(&policy, now())).await;
        let released = |call: &Call| {
            let asks = |parameter| call.params.contains_key(parameter);
            asks("RemoveFromVersionId") && !asks("MoveToVersionId")
        };
        let calls = self.proxy.calls();
        assert!(calls.iter().any(released), "the doctor left it: {calls:#?}");
        self.rotate(&function, whole, &STEPS).await;
        self.run(&function, &scheduled(&policy, now())).await;
        let calls = self.proxy.calls();
        for call in &calls {
            self.public.hear_call(call);
        }
        self.public.has_no_secret();
        calls
    }

    async fn rotate(&mut self, function: &Lambda, number: u64, steps: &[&str]) {
        let token = token(number);
        self.secret.begin(&token, &function.arn()).await;
        for step in steps {
            let event = event(&self.secret.arn, &token, step);
            self.run(function, &event).await;
        }
    }

    async fn run(&mut self, function: &Lambda, event: &Value) {
        let run = function.invoke(event, LIMIT).await;
        self.public.hear_run(&run);
        self.public.passwords_of(&self.secret).await;
        self.public.hashes_on(&self.pair.writer).await;
        self.public.has_no_secret();
        assert!(run.result.is_ok(), "{event}: {run:?}");
    }
}
