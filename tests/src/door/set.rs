//! The set: servers, relays, the simulated AWS and its proxy, the secrets. All but the function.

use std::sync::Arc;
use std::time::Duration;

use mysql_async::{Conn, Error};

use super::elsewhere::Elsewhere;
use super::secrets::AppSecret;
use super::strategy::Strategy;
use crate::mysql::{Mysql, Pair, Relay};
use crate::proxy::Proxy;
use crate::rotation::{Cloud, Login, Unseen};

/// The superuser's password; printable, and like nothing else that is printed.
const BOSS: &str = "boss'Password\\0f\"the-door";
/// The user's first password.
const FIRST: &str = "app'Password\\0f\"the-door";

/// How fast everything goes.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long the application goes on with the secret it has read. AWS's caching clients: an
    /// hour, unless told otherwise.
    pub cache: Duration,
    /// The policy's `settle`, in whole seconds. It must be longer than `cache` by as much as
    /// finishSecret takes.
    pub settle: Duration,
    /// The application logs in once in this time.
    pub every: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            cache: Duration::from_millis(300),
            settle: Duration::from_secs(2),
            every: Duration::from_millis(20),
        }
    }
}

/// One way to a server, as one kind of client has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Door {
    /// Whether it is the replica's.
    pub replica: bool,
    /// Whether the client is on another machine than 127.0.0.1.
    pub elsewhere: bool,
}

/// Servers, relays, the simulated AWS and its proxy, the secrets.
pub struct Set {
    /// What is rotated, and how.
    pub strategy: Strategy,
    /// How fast.
    pub pace: Pace,
    /// The servers.
    pub pair: Pair,
    /// Before the writer; the function's connections, and nobody else's.
    pub writer: Relay,
    /// Before the replica, the same.
    pub reader: Relay,
    /// Before the simulated AWS; the function's calls, and nobody else's.
    pub proxy: Proxy,
    /// The secret.
    pub secrets: AppSecret,
    others: [Elsewhere; 2],
    _cloud: Cloud,
}

impl Set {
    /// Starts everything, and makes the user `app`, its secret `app-login`, and the superuser.
    pub async fn start(strategy: Strategy, pace: Pace) -> Arc<Self> {
        let pair = Pair::start().await;
        create_users(&pair, strategy).await;
        let writer = Relay::start(pair.writer.address()).await;
        let reader = Relay::start(pair.replica.address()).await;
        let others = [
            Elsewhere::start(pair.writer.address()).await,
            Elsewhere::start(pair.replica.address()).await,
        ];
        let cloud = Cloud::start([writer.port(), reader.port()], Arc::new(Unseen)).await;
        let secrets = create_secrets(&cloud, strategy, writer.port()).await;
        Arc::new(Self {
            strategy,
            pace,
            pair,
            writer,
            reader,
            proxy: cloud.proxy().await,
            secrets,
            others,
            _cloud: cloud,
        })
    }

    /// The ways in which the application goes.
    #[must_use]
    pub fn doors(&self) -> Vec<Door> {
        let elsewhere = (self.strategy.hosts().len() > 1).then_some(true);
        let from = [Some(false), elsewhere];
        let pairs = from
            .into_iter()
            .flatten()
            .flat_map(|elsewhere| [false, true].map(|replica| Door { replica, elsewhere }));
        pairs.collect()
    }

    /// Logs in, over TLS, at the server itself.
    ///
    /// # Errors
    /// What the server or the driver says.
    pub async fn enter(&self, door: Door, user: &str, password: &str) -> Result<Conn, Error> {
        let server = self.server(door.replica);
        let port = if door.elsewhere {
            self.others[usize::from(door.replica)].port()
        } else {
            server.port()
        };
        server.login_through(port, user, password).await
    }

    fn server(&self, replica: bool) -> &Mysql {
        if replica {
            &self.pair.replica
        } else {
            &self.pair.writer
        }
    }

    /// The superuser's password, which is in a secret as well.
    pub(super) fn boss() -> &'static str {
        BOSS
    }
}

impl Door {
    /// In a few words: `writer`, `replica from elsewhere`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match (self.replica, self.elsewhere) {
            (false, false) => "writer",
            (true, false) => "replica",
            (false, true) => "writer from elsewhere",
            (true, true) => "replica from elsewhere",
        }
    }
}

async fn create_secrets(cloud: &Cloud, strategy: Strategy, port: u16) -> AppSecret {
    let boss = Login {
        user: "boss",
        password: BOSS,
        port,
        master: None,
    };
    let boss = boss.content();
    let boss = cloud
        .secrets
        .create("boss-login", "superuser", &boss)
        .await
        .arn;
    let app = Login {
        user: "app",
        password: FIRST,
        port,
        master: strategy.has_superuser().then_some(&*boss),
    };
    AppSecret::create(cloud, strategy.in_policy(), app).await
}

async fn create_users(pair: &Pair, strategy: Strategy) {
    let boss = quoted(BOSS);
    let first = quoted(FIRST);
    let mut sql = vec![
        "CREATE DATABASE shop".to_owned(),
        "CREATE TABLE shop.orders (id INT)".to_owned(),
        format!("CREATE USER boss@'%' IDENTIFIED BY {boss}"),
        "GRANT ALL ON *.* TO boss@'%' WITH GRANT OPTION".to_owned(),
    ];
    for host in strategy.hosts() {
        sql.push(format!("CREATE USER app@'{host}' IDENTIFIED BY {first}"));
        sql.push(format!("GRANT SELECT, INSERT ON shop.* TO app@'{host}'"));
        if strategy == Strategy::DualOwn {
            let right = "GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO";
            sql.push(format!("{right} app@'{host}'"));
        }
    }
    for statement in sql {
        pair.writer.root(&statement).await;
    }
    pair.caught_up().await;
}

/// A text in MySQL's grammar.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', r"\\").replace('\'', "''"))
}
