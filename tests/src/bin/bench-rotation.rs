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

use nightshift_tests::mysql::Pair;
use nightshift_tests::rotation::{Cloud, INBOX, Login, Secret, Unseen, policy, token};
use serde_json::{Value, json};

/// The superuser's password, and the users' first one.
const FIRST: &str = "bench-before-the-first-rotation";
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
    cloud: Cloud,
    boss: String,
    secrets: Vec<(Secret, Strategy)>,
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
        let ports = [pair.writer.port(), pair.replica.port()];
        let mut bench = Self {
            pair,
            // Here the function's own time is asked for.
            cloud: Cloud::at_once(ports, Arc::new(Unseen)).await,
            boss: String::new(),
            secrets: Vec::new(),
            begun: 0,
        };
        bench.boss = bench.create("boss", "superuser", None).await.arn;
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
            Strategy::Alternating => Some(&*self.boss),
            Strategy::SingleUser => None,
            Strategy::DualOwn => {
                let right = format!("GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO {user}@'%'");
                self.pair.writer.root(&right).await;
                None
            }
        };
        let secret = self.create(&user, strategy.in_policy(), master).await;
        self.secrets.push((secret, strategy));
    }

    async fn create(&self, user: &str, tag: &str, master: Option<&str>) -> Secret {
        let login = Login {
            user,
            password: FIRST,
            port: self.pair.writer.port(),
            master,
        };
        let name = format!("{user}-login");
        self.cloud
            .secrets
            .create(&name, tag, &login.content())
            .await
    }

    /// What a function needs to know, and what it was measured on.
    async fn description(&self) -> Value {
        let version = self.pair.writer.root("SELECT VERSION()").await;
        let ca = self.pair.writer.directory().join("ca.pem");
        // Rotations follow one another at once.
        let policy = |strategy: Strategy| policy(strategy.in_policy(), self.pair.writer.ca(), "0s");
        let secrets = self
            .secrets
            .iter()
            .map(|(secret, strategy)| json!({"arn": secret.arn, "policy": policy(*strategy)}));
        json!({
            "url": self.cloud.url(), "inbox": INBOX, "ca": ca, "mysql": version[0][0],
            "secrets": secrets.collect::<Vec<_>>(),
        })
    }

    async fn begin(&mut self, number: usize) -> String {
        self.begun += 1;
        let token = token(self.begun);
        self.secrets[number].0.begin(&token, FUNCTION).await;
        token
    }

    async fn check(&self, number: usize, token: &str) -> String {
        let (version, content) = self.secrets[number].0.value("AWSCURRENT").await;
        if version != token {
            return format!("AWSCURRENT is {version}");
        }
        let text = |field: &str| content[field].as_str().unwrap_or_default();
        let (user, password) = (text("username"), text("password"));
        self.pair.caught_up().await;
        for server in [&self.pair.writer, &self.pair.replica] {
            match server.login(user, password).await {
                Ok(session) => drop(session.disconnect().await),
                Err(error) => return format!("AWSCURRENT does not open the door: {error}"),
            }
        }
        "ok".to_owned()
    }
}
