//! What `make bench-rotation` stands on: a writer and its replica, a simulated AWS, and for each
//! function to be measured a user of its own with a secret. The functions themselves are started,
//! and timed, by `tests/bench/rotation.py`.
//!
//! `bench-rotation STRATEGY…` makes one user and one secret for each strategy named, in this order,
//! and prints what a function needs to know as one line of JSON. Then it obeys lines:
//!
//! | line | what it does | answer |
//! |---|---|---|
//! | `begin N` | begins a rotation of the N-th secret, counted from 0, as `RotateSecret` does | its token |
//! | `check N TOKEN` | asks whether `AWSCURRENT` is the version TOKEN, and opens the door on writer and replica | `ok`, or what is wrong |
//!
//! At the end of its input it ends, and the servers with it.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a program for people, outside the functions: what cannot be set up ends it"
)]

use std::io::{self, Write};
use std::sync::Arc;

use hyper::Method;
use jiff::Timestamp;
use nightshift_tests::http::{self, Request};
use nightshift_tests::lambda::{ACCOUNT, REGION};
use nightshift_tests::mysql::Pair;
use nightshift_tests::payload::now;
use serde_json::{Value, json};
use simulated_aws::{
    Account, Aws, Effect, Faults, Place, Record, Server, SimulatedTime, Whim, Witness, rds,
};

/// The superuser's password, and the users' first one.
const FIRST: &str = "bench-before-the-first-rotation";
const INBOX: &str = "arn:aws:sns:eu-central-1:123456789012:inbox";
const FUNCTION: &str = "arn:aws:lambda:eu-central-1:123456789012:function:bench";

fn main() {
    let strategies: Vec<_> = std::env::args()
        .skip(1)
        .map(|name| Strategy::named(&name))
        .collect();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build();
    runtime
        .expect("a runtime starts")
        .block_on(serve(&strategies));
}

async fn serve(strategies: &[Strategy]) {
    let mut bench = Bench::start().await;
    for (number, strategy) in strategies.iter().enumerate() {
        bench.add(number, *strategy).await;
    }
    bench.pair.caught_up().await;
    tell(&bench.description().await.to_string());
    for line in io::stdin().lines() {
        let line = line.expect("lines of text come in");
        let words: Vec<_> = line.split_whitespace().collect();
        let answer = match *words {
            ["begin", number] => bench.begin(index(number)).await,
            ["check", number, token] => bench.check(index(number), token).await,
            _ => panic!("{line}: no such request"),
        };
        tell(&answer);
    }
}

fn tell(line: &str) {
    println!("{line}");
    io::stdout().flush().expect("somebody listens");
}

fn index(number: &str) -> usize {
    number.parse().expect("secrets have numbers")
}

/// A strategy, and who carries it out.
#[derive(Clone, Copy)]
enum Strategy {
    /// Two passwords, set by the user itself.
    DualOwn,
    /// One password, set by the user itself.
    SingleUser,
    /// Two users by turns, set by the superuser.
    Alternating,
}

impl Strategy {
    fn named(name: &str) -> Self {
        match name {
            "dual-password-own" => Self::DualOwn,
            "single-user" => Self::SingleUser,
            "alternating-users" => Self::Alternating,
            _ => panic!("{name}: there are dual-password-own, single-user, alternating-users"),
        }
    }

    /// As a policy and the tag `nightshift:rotation` have it.
    const fn in_policy(self) -> &'static str {
        match self {
            Self::DualOwn => "dual-password",
            Self::SingleUser => "single-user",
            Self::Alternating => "alternating-users",
        }
    }
}

/// The servers, the simulated AWS, and the secrets.
struct Bench {
    pair: Pair,
    server: Server,
    boss: String,
    secrets: Vec<(String, Strategy)>,
    begun: u64,
}

impl Bench {
    async fn start() -> Self {
        let pair = Pair::start().await;
        let boss = format!("CREATE USER boss@'%' IDENTIFIED BY '{FIRST}'");
        let rights = "GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION";
        for statement in [&*boss, rights, "CREATE DATABASE shop"] {
            pair.writer.root(statement).await;
        }
        let time = SimulatedTime::from(now());
        let mut calm = Faults::none(1);
        // The simulated network takes its time; here the function's own is asked for.
        calm.latency = 0..=0;
        let aws = Aws::new(account(&pair), calm, time, Arc::new(Nobody));
        let server = Server::start(aws).await.expect("loopback has a free port");
        let mut bench = Self {
            pair,
            server,
            boss: String::new(),
            secrets: Vec::new(),
            begun: 0,
        };
        bench.boss = bench.create("boss", "superuser", None).await;
        bench
    }

    /// Makes the user `app<number>` and its secret.
    async fn add(&mut self, number: usize, strategy: Strategy) {
        let user = format!("app{number}");
        let create = format!("CREATE USER {user}@'%' IDENTIFIED BY '{FIRST}'");
        self.pair.writer.root(&create).await;
        let grant = format!("GRANT SELECT, INSERT, UPDATE ON shop.* TO {user}@'%'");
        self.pair.writer.root(&grant).await;
        let master = match strategy {
            Strategy::Alternating => Some(self.boss.clone()),
            Strategy::SingleUser => None,
            Strategy::DualOwn => {
                let right = format!("GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO {user}@'%'");
                self.pair.writer.root(&right).await;
                None
            }
        };
        let arn = self.create(&user, strategy.in_policy(), master).await;
        self.secrets.push((arn, strategy));
    }

    async fn create(&self, user: &str, tag: &str, master: Option<String>) -> String {
        let mut content = json!({
            "engine": "mysql", "host": "127.0.0.1", "port": self.pair.writer.port(), "dbname": "shop",
            "username": user, "password": FIRST, "dbClusterIdentifier": "orders",
        });
        if let Some(master) = master {
            content["masterarn"] = master.into();
        }
        let made = json!({
            "Name": format!("{user}-login"), "SecretString": content.to_string(),
            "ClientRequestToken": token(0), "Tags": [{"Key": "nightshift:rotation", "Value": tag}],
        });
        text(&self.call("CreateSecret", &made).await["ARN"])
    }

    /// What a function needs to know, and what it was measured on.
    async fn description(&self) -> Value {
        let version = self.pair.writer.root("SELECT VERSION()").await;
        let ca = self.pair.writer.directory().join("ca.pem");
        let policy = |strategy: Strategy| {
            json!({
                "strategy": strategy.in_policy(), "ca": self.pair.writer.ca(),
                // Rotations follow one another at once.
                "settle": "0s", "reader_wait": "10s",
            })
        };
        let secrets = self.secrets.iter();
        let secrets =
            secrets.map(|(arn, strategy)| json!({"arn": arn, "policy": policy(*strategy)}));
        json!({
            "url": self.server.url(), "inbox": INBOX, "ca": ca, "mysql": version[0][0],
            "secrets": secrets.collect::<Vec<_>>(),
        })
    }

    async fn begin(&mut self, number: usize) -> String {
        self.begun += 1;
        let token = token(self.begun);
        let rotate = json!({
            "SecretId": self.secrets[number].0, "ClientRequestToken": token,
            "RotationLambdaARN": FUNCTION, "RotationRules": {"AutomaticallyAfterDays": 30},
            "RotateImmediately": true,
        });
        self.call("RotateSecret", &rotate).await;
        token
    }

    async fn check(&self, number: usize, token: &str) -> String {
        let stage = json!({"SecretId": self.secrets[number].0, "VersionStage": "AWSCURRENT"});
        let current = self.call("GetSecretValue", &stage).await;
        let version = text(&current["VersionId"]);
        if version != token {
            return format!("AWSCURRENT is {version}");
        }
        let content: Value = serde_json::from_str(&text(&current["SecretString"]))
            .expect("the function wrote JSON into the secret");
        let (user, password) = (text(&content["username"]), text(&content["password"]));
        self.pair.caught_up().await;
        for server in [&self.pair.writer, &self.pair.replica] {
            match server.login(&user, &password).await {
                Ok(session) => drop(session.disconnect().await),
                Err(error) => return format!("AWSCURRENT does not open the door: {error}"),
            }
        }
        "ok".to_owned()
    }

    /// One call to Secrets Manager.
    async fn call(&self, operation: &str, input: &Value) -> Value {
        let url = self.server.url();
        let address = url.strip_prefix("http://").and_then(|it| it.parse().ok());
        let address = address.expect("the simulated AWS has a loopback address");
        let request = Request::new(Method::POST, "/", input.to_string())
            .header("x-amz-target", &format!("secretsmanager.{operation}"))
            .header("content-type", "application/x-amz-json-1.1")
            .header("authorization", "AWS4-HMAC-SHA256 Credential=test/20261121/eu-central-1/secretsmanager/aws4_request");
        let answer = http::send(address, request).await;
        let answer = answer.unwrap_or_else(|e| panic!("{operation}: {e}"));
        assert!(answer.status.is_success(), "{operation}: {}", answer.text());
        serde_json::from_slice(&answer.body).expect("Secrets Manager answers JSON")
    }
}

/// An account with a cluster whose endpoints are the two servers'.
fn account(pair: &Pair) -> Account {
    let place = Place {
        account: ACCOUNT.into(),
        region: REGION.into(),
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
        let servers = servers.map(|(id, server)| (id.to_owned(), here(server.port())));
        service.servers.extend(servers);
    });
    account
}

/// Nobody watches the account: mails are sent and not read.
struct Nobody;

impl Witness for Nobody {
    fn carried_out(&self, _: &Record, _: &Account) {}
    fn answered(&self, _: &Record) {}
    fn happened(&self, _: Timestamp, _: &[Effect], _: &Account) {}
}

/// A client request token: at least 32 characters.
/// <https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html>
fn token(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012}")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
