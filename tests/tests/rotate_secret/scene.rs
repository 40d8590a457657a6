//! A cluster of a real writer and a real replica, its secrets, and the function.

use std::{net::SocketAddr, process::Command, sync::Arc, time::Duration};

use hyper::Method;
use jiff::Timestamp;
use nightshift_tests::{
    http::{self, Answer, Request},
    lambda::{Invocation, Lambda, Settings},
    mysql::Pair,
    payload::now,
    process::{Group, Process},
    repo,
    scenario::LIMIT,
};
use serde_json::{Value, json};
use simulated_aws::{
    Account, Aws, Effect, Faults, Place, Record, Server, SimulatedTime, Whim, Witness, rds,
};
use std::sync::Mutex;

const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
/// The steps in Secrets Manager's order.
pub const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];

/// The mails that were sent.
#[derive(Default)]
struct Mails(Mutex<Vec<String>>);

impl Witness for Mails {
    fn carried_out(&self, record: &Record, _account: &Account) {
        for effect in &record.effects {
            if let Effect::Published(message) = effect {
                let text = message
                    .bodies
                    .get("email")
                    .or_else(|| message.bodies.values().next());
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
    pub secret: String,
    secrets: SocketAddr,
    mails: Arc<Mails>,
    _stand_in: Option<Process>,
    _server: Server,
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
        let pair = Pair::start().await;
        pair.writer.root("CREATE USER boss@'%' IDENTIFIED BY 'boss-1'; GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION").await;
        pair.writer.root(sql).await;
        pair.caught_up().await;
        let mails = Arc::new(Mails::default());
        let aws = Aws::new(
            account(&pair),
            Faults::none(1),
            SimulatedTime::from(now()),
            Arc::<Mails>::clone(&mails),
        );
        let server = Server::start(aws).await.unwrap();
        let mut policy = json!({
            "strategy": strategy, "ca": pair.writer.ca(), "settle": "0s", "reader_wait": "10s",
        });
        policy
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let secrets = match &stand_in {
            Some(process) => process.listening(Duration::from_mins(1)).await,
            None => server
                .url()
                .strip_prefix("http://")
                .unwrap()
                .parse()
                .unwrap(),
        };
        let settings = Settings::new()
            .mode("apply")
            .endpoint(&server.url())
            .set(
                "AWS_ENDPOINT_URL_SECRETS_MANAGER",
                format!("http://{secrets}"),
            )
            .inbox(INBOX)
            .policy(&policy);
        let function = Lambda::start("rotate-secret", settings).await;
        let mut scene = Self {
            pair,
            function,
            secret: String::new(),
            secrets,
            mails,
            _stand_in: stand_in,
            _server: server,
        };
        let boss = scene
            .create("boss-login", "boss", "boss-1", "superuser", None)
            .await;
        let master = superuser.then_some(boss.as_str());
        scene.secret = scene
            .create("app-login", "app", "first", strategy, master)
            .await;
        scene
    }

    async fn create(
        &self,
        name: &str,
        user: &str,
        password: &str,
        tag: &str,
        master: Option<&str>,
    ) -> String {
        let mut content = json!({
            "engine": "mysql", "host": "127.0.0.1", "port": self.pair.writer.port(), "username": user,
            "password": password, "dbClusterIdentifier": "orders", "team": "shop",
        });
        if let Some(master) = master {
            content["masterarn"] = master.into();
        }
        let made = self.secrets("CreateSecret", &json!({
            "Name": name, "SecretString": content.to_string(), "ClientRequestToken": token(name, 0),
            "Tags": [{"Key": "nightshift:rotation", "Value": tag}],
        })).await;
        made["ARN"].as_str().unwrap().to_owned()
    }

    /// One call to Secrets Manager.
    pub async fn secrets(&self, operation: &str, input: &Value) -> Value {
        let answer = self.asked(operation, input).await;
        assert!(answer.status.is_success(), "{operation}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }

    async fn asked(&self, operation: &str, input: &Value) -> Answer {
        let request = Request::new(Method::POST, "/", input.to_string())
            .header("x-amz-target", &format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=123456789012/20261121/eu-central-1/secretsmanager/aws4_request, SignedHeaders=host, Signature=x");
        http::send(self.secrets, request).await.unwrap()
    }

    /// Begins a rotation and returns its token.
    pub async fn begin(&self, number: u32) -> String {
        let token = token("rotation", number);
        let rotation = json!({
            "SecretId": self.secret, "ClientRequestToken": token, "RotationLambdaARN": self.function.arn(),
            "RotationRules": {"AutomaticallyAfterDays": 30}, "RotateImmediately": true,
        });
        // moto misses the function, which runs elsewhere, but stages the version as AWS does.
        self.asked("RotateSecret", &rotation).await;
        assert_eq!(self.holder("AWSPENDING").await, Some(token.clone()));
        token
    }

    pub async fn step(&self, token: &str, step: &str) -> Invocation {
        let event = json!({"Step": step, "SecretId": self.secret, "ClientRequestToken": token});
        self.function.invoke(&event, LIMIT).await
    }

    /// The doctor comes, by its schedule or by a tick.
    pub async fn visit(&self, tick: bool) -> Value {
        let arn =
            "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/nightshift-rotate-secret";
        let event = json!({"scheduled_time": now().to_string(), "schedule_arn": arn});
        let run = self
            .function
            .invoke(&json!({"event": event, "tick": tick}), LIMIT)
            .await;
        run.result
            .unwrap_or_else(|error| panic!("{error:?}\n{}", run.log.join("\n")))
    }

    /// The version that carries `stage`, if one does.
    pub async fn holder(&self, stage: &str) -> Option<String> {
        let described = self
            .secrets("DescribeSecret", &json!({"SecretId": self.secret}))
            .await;
        let versions = described["VersionIdsToStages"].as_object().unwrap();
        let holds = |stages: &Value| stages.as_array().unwrap().contains(&stage.into());
        let holder = versions.iter().find(|(_, stages)| holds(stages));
        holder.map(|(id, _)| id.clone())
    }

    /// What the version labelled `stage` holds.
    pub async fn value(&self, stage: &str) -> Value {
        let value = self
            .secrets(
                "GetSecretValue",
                &json!({"SecretId": self.secret, "VersionStage": stage}),
            )
            .await;
        serde_json::from_str(value["SecretString"].as_str().unwrap()).unwrap()
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

/// 32 characters, as Secrets Manager wants them at least.
fn token(of: &str, number: u32) -> String {
    format!("{of}-{number:0>width$}", width = 35 - of.len())
}

fn account(pair: &Pair) -> Account {
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let mut account = Account::new(place, Whim::plain(1));
    account.sns.add_topic(&account.place, "inbox");
    account.outside(now(), |service, at| {
        let cluster = rds::Cluster::new(at.place, "orders", at.now);
        service.add_cluster(cluster, at);
        for id in ["orders-0", "orders-1"] {
            service.add_instance(rds::Instance::new(at.place, id, "orders", at.now), at);
        }
        let here = |port| ("127.0.0.1".to_owned(), port);
        let servers = [
            ("orders", &pair.writer),
            ("orders-0", &pair.writer),
            ("orders-1", &pair.replica),
        ];
        service
            .servers
            .extend(servers.map(|(id, server)| (id.to_owned(), here(server.port()))));
    });
    account
}
