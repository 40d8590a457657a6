//! The calls that rotate-secret really makes: whole rotations and a round of the doctor, with a real
//! writer and a real replica, and the simulated AWS.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hyper::Method;
use iam_evaluation::Tags;
use jiff::Timestamp;
use nightshift_tests::{
    http::{self, Request},
    lambda::{Lambda, Settings},
    mysql::Pair,
    payload::{now, scheduled},
    proxy::{Call, Proxy, Upstreams},
    scenario::LIMIT,
};
use serde_json::{Value, json};
use simulated_aws::{
    Account, Aws, Effect, Faults, Place, Record, Server, SimulatedTime, Whim, Witness, rds,
};

use crate::recorded::Recorded;

const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
const STEPS: [&str; 4] = ["createSecret", "setSecret", "testSecret", "finishSecret"];
/// Beyond `stuck_after` of the policy below; versions are dated to the second.
const STUCK: Duration = Duration::from_secs(3);
const TAG: &str = "nightshift:rotation";

/// Nobody needs to see what happens: the proxy records the calls.
struct Unseen;

impl Witness for Unseen {
    fn carried_out(&self, _record: &Record, _account: &Account) {}

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, _effects: &[Effect], _account: &Account) {}
}

/// A cluster, and the secrets of a user and of a superuser that sets its passwords.
struct Scene {
    pair: Pair,
    aws: SocketAddr,
    proxy: Proxy,
    secret: String,
    tags: BTreeMap<String, Tags>,
    _server: Server,
}

/// Rotates a secret once with an inbox and once without, each time after a rotation that was given
/// up and that the doctor has cleared away.
pub(crate) async fn recorded() -> Recorded {
    let scene = Scene::start().await;
    let with_inbox = scene.calls(["given-up-1", "rotation-1"], Some(INBOX)).await;
    let without_inbox = scene.calls(["given-up-2", "rotation-2"], None).await;
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
            "CREATE USER boss@'%' IDENTIFIED BY 'boss-1'; GRANT ALL ON *.* TO boss@'%'",
            "CREATE USER app@'%' IDENTIFIED BY 'first'",
        ] {
            pair.writer.root(sql).await;
        }
        pair.caught_up().await;
        let time = SimulatedTime::from(now());
        let aws = Aws::new(account(&pair), Faults::none(1), time, Arc::new(Unseen));
        let server = Server::start(aws).await.unwrap();
        let aws: SocketAddr = server.url()["http://".len()..].parse().unwrap();
        let upstreams = Upstreams {
            rds: aws,
            others: Some(aws),
        };
        let mut scene = Self {
            pair,
            aws,
            proxy: Proxy::start(upstreams).await,
            secret: String::new(),
            tags: BTreeMap::new(),
            _server: server,
        };
        let boss = json!({"username": "boss", "password": "boss-1"});
        let boss = scene.create("boss-login", boss, "superuser").await;
        let app = json!({"username": "app", "password": "first", "masterarn": boss});
        scene.secret = scene.create("app-login", app, "dual-password").await;
        scene
    }

    async fn create(&mut self, name: &str, mut content: Value, tag: &str) -> String {
        content["engine"] = "mysql".into();
        content["host"] = "127.0.0.1".into();
        content["port"] = self.pair.writer.port().into();
        content["dbClusterIdentifier"] = "orders".into();
        let made = json!({
            "Name": name, "SecretString": content.to_string(), "ClientRequestToken": token(name),
            "Tags": [{"Key": TAG, "Value": tag}],
        });
        let made = self.secrets("CreateSecret", &made).await;
        let arn = made["ARN"].as_str().unwrap().to_owned();
        let tags = Tags::from([(TAG.to_owned(), tag.to_owned())]);
        self.tags.insert(arn.clone(), tags);
        arn
    }

    /// The function's calls: in a rotation that ends after its first step, in the doctor's round
    /// that finds it, in another rotation, and in the round after that.
    async fn calls(&self, [given_up, whole]: [&str; 2], inbox: Option<&str>) -> Vec<Call> {
        self.proxy.reset();
        let policy = json!({
            "ca": self.pair.writer.ca(), "settle": "0s", "reader_wait": "10s", "stuck_after": "1s",
        });
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
        self.proxy.calls()
    }

    async fn rotate(&self, function: &Lambda, name: &str, steps: &[&str]) {
        let token = token(name);
        let begin = json!({
            "SecretId": self.secret, "ClientRequestToken": token, "RotateImmediately": true,
            "RotationLambdaARN": function.arn(), "RotationRules": {"AutomaticallyAfterDays": 30},
        });
        self.secrets("RotateSecret", &begin).await;
        for step in steps {
            let event = json!({"Step": step, "SecretId": self.secret, "ClientRequestToken": token});
            self.run(function, &event).await;
        }
    }

    async fn run(&self, function: &Lambda, event: &Value) {
        let run = function.invoke(event, LIMIT).await;
        assert!(run.result.is_ok(), "{event}: {run:?}");
    }

    /// A call to Secrets Manager that is not the function's.
    async fn secrets(&self, operation: &str, input: &Value) -> Value {
        let scope = "test/20261121/eu-central-1/secretsmanager/aws4_request";
        let request = Request::new(Method::POST, "/", input.to_string())
            .header("x-amz-target", &format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header(
                "authorization",
                &format!("AWS4-HMAC-SHA256 Credential={scope}"),
            );
        let answer = http::send(self.aws, request).await.unwrap();
        assert!(answer.status.is_success(), "{operation}: {}", answer.text());
        serde_json::from_slice(&answer.body).unwrap()
    }
}

/// At least 32 characters, as Secrets Manager wants them.
fn token(name: &str) -> String {
    format!("{name:0<36}")
}

fn account(pair: &Pair) -> Account {
    let place = Place {
        account: "123456789012".into(),
        region: "eu-central-1".into(),
    };
    let mut account = Account::new(place, Whim::plain(1));
    account.sns.add_topic(&account.place, "inbox");
    account.outside(now(), |service, at| {
        service.add_cluster(rds::Cluster::new(at.place, "orders", at.now), at);
        for id in ["orders-0", "orders-1"] {
            service.add_instance(rds::Instance::new(at.place, id, "orders", at.now), at);
        }
        let servers = [
            ("orders", &pair.writer),
            ("orders-0", &pair.writer),
            ("orders-1", &pair.replica),
        ];
        let here = |(id, server): (&str, &nightshift_tests::mysql::Mysql)| {
            (id.to_owned(), ("127.0.0.1".to_owned(), server.port()))
        };
        service.servers.extend(servers.map(here));
    });
    account
}
