//! A cluster of a real writer and a real replica, its secrets, and the function.

use std::{
    process::Command,
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::Timestamp;
pub use nightshift_tests::rotation::STEPS;
use nightshift_tests::{
    lambda::{Invocation, Lambda, Settings},
    mysql::Pair,
    payload::now,
    process::{Group, Process},
    repo,
    rotation::{Cloud, INBOX, Login, Public, Secret, SecretsManager, event, policy, token},
    scenario::LIMIT,
};
use serde_json::{Value, json};
use simulated_aws::{Account, Effect, Record, Witness};

/// The user's password before any rotation: as the statements of the tests have it, and long enough
/// to be searched for.
pub const FIRST: &str = "first-of-all";
const BOSS: &str = "boss-and-all";

/// The mails that were sent.
#[derive(Default)]
struct Mails(Mutex<Vec<String>>);

impl Witness for Mails {
    fn carried_out(&self, record: &Record, _account: &Account) {
        for effect in &record.effects {
            if let Effect::Published(message) = effect {
                let text = message.bodies.get("email");
                let text = text.or_else(|| message.bodies.values().next());
                self.0.lock().unwrap().extend(text.cloned());
            }
        }
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, _effects: &[Effect], _account: &Account) {}
}

/// A cluster `orders`, the user `app` with a secret `app-login`, and the function.
pub struct Scene {
    pub pair: Pair,
    pub function: Lambda,
    pub secret: Secret,
    public: tokio::sync::Mutex<Public>,
    mails: Arc<Mails>,
    _stand_in: Option<Process>,
    _cloud: Cloud,
}

impl Scene {
    /// The user is made by `sql`; the secret's strategy is `strategy`, and `masterarn` names the
    /// superuser's secret where `superuser` says so.
    pub async fn of(sql: &str, strategy: &str, superuser: bool) -> Self {
        Self::with(sql, strategy, superuser, json!({})).await
    }

    /// The same with more in the policy.
    pub async fn with(sql: &str, strategy: &str, superuser: bool, more: Value) -> Self {
        Self::whole(sql, strategy, superuser, more, None).await
    }

    /// The same with somebody else's Secrets Manager: `name`, which `script` starts.
    pub async fn on(name: &str, script: &[&str], sql: &str, strategy: &str) -> Self {
        let mut command = Command::new(repo::python());
        command.arg(repo::root().join(script[0])).args(&script[1..]);
        let stand_in = Process::start(name, command, Group::Own);
        Self::whole(sql, strategy, true, json!({}), Some(stand_in)).await
    }

    async fn whole(
        sql: &str,
        strategy: &str,
        superuser: bool,
        more: Value,
        stand_in: Option<Process>,
    ) -> Self {
        let pair = servers(sql).await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let mails = Arc::new(Mails::default());
        let cloud = Cloud::start(ports, Arc::<Mails>::clone(&mails)).await;
        let secrets = match &stand_in {
            Some(process) => process.listening(Duration::from_mins(1)).await,
            None => cloud.address,
        };
        let mut policy = policy(strategy, pair.writer.ca(), "0s");
        let more = more.as_object().unwrap().clone();
        policy.as_object_mut().unwrap().extend(more);
        let settings = Settings::new()
            .mode("apply")
            .endpoint(&cloud.url())
            .set(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                format!("http://{secrets}"),
            )
            .inbox(INBOX)
            .policy(&policy);
        let function = Lambda::start("rotate-secret", settings).await;
        let manager = SecretsManager::at(secrets);
        let secret = secret(manager, ports[0], strategy, superuser).await;
        Self {
            pair,
            function,
            secret,
            public: tokio::sync::Mutex::new(Public::without(&[FIRST, BOSS])),
            mails,
            _stand_in: stand_in,
            _cloud: cloud,
        }
    }

    /// Begins a rotation and returns its token.
    pub async fn begin(&self, number: u64) -> String {
        let token = token(number);
        self.secret.begin(&token, &self.function.arn()).await;
        token
    }

    pub async fn step(&self, token: &str, step: &str) -> Invocation {
        self.run(&event(&self.secret.arn, token, step)).await
    }

    /// The doctor comes, by its schedule or by a tick.
    pub async fn visit(&self, tick: bool) -> Value {
        let arn =
            "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-rotate-secret";
        let event = json!({"scheduled_time": now().to_string(), "schedule_arn": arn});
        let run = self.run(&json!({"event": event, "tick": tick})).await;
        run.value().clone()
    }

    /// Runs the function. If a secret is in what it says, or in a mail, the test ends.
    async fn run(&self, event: &Value) -> Invocation {
        let run = self.function.invoke(event, LIMIT).await;
        let public = &mut *self.public.lock().await;
        public.hear_run(&run);
        for mail in self.mails() {
            public.hear(mail);
        }
        public.passwords_of(&self.secret).await;
        public.hashes_on(&self.pair.writer).await;
        public.has_no_secret();
        run
    }

    /// What the function has said so far, and the secrets that are not in it.
    pub async fn public(&self) -> tokio::sync::MutexGuard<'_, Public> {
        self.public.lock().await
    }

    /// The version that carries `stage`, if one does.
    pub async fn holder(&self, stage: &str) -> Option<String> {
        self.secret.holder(stage).await
    }

    /// What the version labelled `stage` holds.
    pub async fn value(&self, stage: &str) -> Value {
        self.secret.value(stage).await.1
    }

    /// Whether this user and password log in on the writer and on the replica.
    pub async fn opens(&self, user: &str, password: &str) -> (bool, bool) {
        self.pair.caught_up().await;
        (
            self.pair.writer.login(user, password).await.is_ok(),
            self.pair.replica.login(user, password).await.is_ok(),
        )
    }

    pub fn mails(&self) -> Vec<String> {
        self.mails.0.lock().unwrap().clone()
    }
}

/// A writer and a replica with the user that `sql` makes, and a superuser.
async fn servers(sql: &str) -> Pair {
    let pair = Pair::start().await;
    let boss = format!(
        "CREATE USER boss@'%' IDENTIFIED BY '{BOSS}'; GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION"
    );
    pair.writer.root(&boss).await;
    pair.writer.root(sql).await;
    pair.caught_up().await;
    pair
}

async fn secret(manager: SecretsManager, port: u16, strategy: &str, superuser: bool) -> Secret {
    let login = |user, password, master| Login {
        user,
        password,
        port,
        master,
    };
    let boss = login("boss", BOSS, None).content();
    let boss = manager.create("boss-login", "superuser", &boss).await.arn;
    let app = login("app", FIRST, superuser.then_some(&*boss)).content();
    manager.create("app-login", strategy, &app).await
}
