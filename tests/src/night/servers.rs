//! The servers behind one of the clusters: a real MySQL writer and a real reader, with the user of
//! an application.

use serde_json::{Value, json};

use super::past::ORDERS;
use crate::cloud::Rds;
use crate::mysql::{Mysql, Pair};

/// The application's user in the database.
pub const USER: &str = "shop";
/// Its password when the night begins.
pub const FIRST: &str = "as-it-was-for-30-days";
const HOST: &str = "127.0.0.1";

/// Both servers. They end when this is dropped.
pub struct Servers {
    pair: Pair,
}

impl Servers {
    /// Starts them, and makes the user, with the one right that `dual-password` asks for.
    pub async fn start() -> Self {
        let pair = Pair::start().await;
        let user = format!(
            "CREATE USER {USER}@'%' IDENTIFIED BY '{FIRST}'; \
             GRANT APPLICATION_PASSWORD_ADMIN ON *.* TO {USER}@'%'"
        );
        pair.writer.root(&user).await;
        pair.caught_up().await;
        Self { pair }
    }

    /// The authority that signed their certificates, as PEM.
    #[must_use]
    pub fn ca(&self) -> &str {
        self.pair.writer.ca()
    }

    /// The writer and the reader.
    #[must_use]
    pub fn both(&self) -> [&Mysql; 2] {
        [&self.pair.writer, &self.pair.replica]
    }

    /// What a secret holds for this user.
    #[must_use]
    pub fn login(&self, user: &str, password: &str) -> Value {
        json!({
            "engine": "mysql", "host": HOST, "port": self.pair.writer.port(), "username": user,
            "password": password, "dbClusterIdentifier": ORDERS,
        })
    }

    /// Waits until the reader has what the writer has.
    pub async fn caught_up(&self) {
        self.pair.caught_up().await;
    }

    /// Tells RDS where the cluster's endpoint and its instances lead.
    pub async fn announce(&self, rds: &Rds) {
        let [writer, reader] = self.both().map(Mysql::port);
        let cluster = json!({"endpoint": HOST, "reader_endpoint": HOST, "port": writer});
        rds.patch("cluster", ORDERS, cluster).await;
        for (number, port) in [(1, writer), (2, reader)] {
            let instance = json!({"address": HOST, "port": port});
            rds.patch("instance", &format!("{ORDERS}-{number}"), instance)
                .await;
        }
    }

    /// Whether this password logs in on the writer and on the reader.
    pub async fn opens(&self, password: &str) -> [bool; 2] {
        self.pair.caught_up().await;
        let [writer, reader] = self.both().map(|server| server.login(USER, password));
        let (writer, reader) = tokio::join!(writer, reader);
        [writer.is_ok(), reader.is_ok()]
    }
}
