//! A real MySQL server on loopback, or a writer and a replica, each a process
//! that ends with the test. `tests/mysql/install.sh` installs what runs.
//!
//! ```no_run
//! # use nightshift_tests::mysql::Pair;
//! # async fn scenario() {
//! let pair = Pair::start().await;
//! pair.writer.root("CREATE USER app@'%' IDENTIFIED BY 'first'").await;
//! pair.caught_up().await;
//! assert!(pair.replica.login("app", "first").await.is_ok());
//! # }
//! ```

mod framing;
mod pair;
mod relay;

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, id};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mysql_async::prelude::Queryable;
use mysql_async::{Conn, Error, OptsBuilder, Row, SslOpts, Value};
use tokio::sync::Mutex;

use crate::process::{Group, Process};
use crate::repo;

pub use pair::Pair;
pub use relay::{Cut, Held, Relay};

/// Much more than a start takes, also when the template must be made first and
/// other tests wait for it.
const START_LIMIT: Duration = Duration::from_mins(2);

/// One server. It takes connections with TLS only, has a binary log with GTIDs,
/// and beside MySQL's own accounts only `root` and `replication`, both from
/// 127.0.0.1. Its process and its directory are gone when it is dropped.
///
/// It looks no host names up: accounts are `'%'` or `'127.0.0.1'`.
pub struct Mysql {
    directory: PathBuf,
    server_id: u32,
    options: Vec<String>,
    port: u16,
    ca: String,
    root_password: String,
    process: Mutex<Option<Process>>,
}

impl Mysql {
    /// Starts a server that has nothing to do with any other, and waits until it
    /// takes connections.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// The same with further options of mysqld, such as `--tls-version=TLSv1.2`.
    pub async fn start_with(options: &[&str]) -> Self {
        Self::start_numbered(1, options).await
    }

    /// Each server of a replication needs a number of its own.
    async fn start_numbered(server_id: u32, options: &[&str]) -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        // Ends with the test's process id, by which leftovers are known.
        let run = repo::root().join(".local/run");
        let directory = run.join(format!("mysql-{number}-{}", id()));
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        let (process, port) = launch(&directory, server_id, None, &options).await;
        Self {
            ca: read(&directory.join("ca.pem")),
            root_password: read(&directory.join("passwords/root")),
            directory,
            server_id,
            options,
            port,
            process: Mutex::new(Some(process)),
        }
    }

    /// Its port on 127.0.0.1, the same over restarts.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    /// The authority that signed its certificate, which is made out to
    /// `localhost` and 127.0.0.1, as PEM. All servers have the same.
    #[must_use]
    pub fn ca(&self) -> &str {
        &self.ca
    }

    /// Where its data and certificates are.
    #[must_use]
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// Runs statements as `root`, in a session of their own, and returns the rows
    /// of the first; NULL reads `NULL`. An error ends the test.
    pub async fn root(&self, sql: &str) -> Vec<Vec<String>> {
        let login = self.login("root", &self.root_password).await;
        let mut session = login.unwrap_or_else(|e| panic!("root does not log in: {e}"));
        let rows: Result<Vec<Row>, Error> = session.query(sql).await;
        let verb = sql.split_whitespace().next().unwrap_or_default();
        let rows = rows.unwrap_or_else(|e| panic!("{verb} by root: {}", without_sql(&e)));
        // The answer to SHUTDOWN is the last one.
        let _ = session.disconnect().await;
        rows.into_iter().map(text).collect()
    }

    /// Logs in over TLS, with the certificate verified.
    ///
    /// # Errors
    /// What the server or the driver says, such as 1045 for a wrong password.
    pub async fn login(&self, user: &str, password: &str) -> Result<Conn, Error> {
        self.login_through(self.port, user, password).await
    }

    /// The same on another port of 127.0.0.1, such as a [`Relay`]'s.
    ///
    /// # Errors
    /// As [`Mysql::login`].
    pub async fn login_through(
        &self,
        port: u16,
        user: &str,
        password: &str,
    ) -> Result<Conn, Error> {
        let tls = SslOpts::default()
            .with_root_certs(vec![self.ca.clone().into_bytes().into()])
            .with_disable_built_in_roots(true);
        let options = OptsBuilder::default()
            .ip_or_hostname("127.0.0.1")
            .tcp_port(port)
            .user(Some(user))
            .pass(Some(password))
            // Else the driver would leave TCP for the server's socket.
            .prefer_socket(false)
            .ssl_opts(tls);
        Conn::new(options).await
    }

    /// Shuts the server down as an administrator would, and waits for its end.
    pub async fn stop(&self) {
        let process = self.process.lock().await.take();
        let process = process.expect("the server runs");
        self.root("SHUTDOWN").await;
        process.handle().ended().await;
    }

    /// Kills the server at once, as a crash or a failover does.
    pub async fn kill(&self) {
        let process = self.process.lock().await.take();
        let process = process.expect("the server runs");
        let pid = read(&self.directory.join("mysqld.pid"));
        let killed = Command::new("sh")
            .args(["-c", "kill -s KILL \"$1\"", "sh", pid.trim()])
            .status();
        assert!(killed.is_ok_and(|status| status.success()), "kill {pid}");
        process.handle().ended().await;
    }

    /// Starts the server again, with the same data on the same port; one that
    /// runs is stopped before.
    pub async fn restart(&self) {
        let runs = self.process.lock().await.is_some();
        if runs {
            self.stop().await;
        }
        let port = Some(self.port);
        let (process, _) = launch(&self.directory, self.server_id, port, &self.options).await;
        *self.process.lock().await = Some(process);
    }

    /// Makes it read-only and a replica of `source`, also after a restart.
    /// It goes on behind the transactions it has.
    pub async fn follow(&self, source: &Self) {
        // STOP REPLICA only warns where none runs.
        let start = format!(
            "SET PERSIST super_read_only = ON; STOP REPLICA; \
             CHANGE REPLICATION SOURCE TO SOURCE_HOST = '127.0.0.1', SOURCE_PORT = {}, \
             SOURCE_USER = 'replication', SOURCE_PASSWORD = '{}', SOURCE_SSL = 1, \
             SOURCE_AUTO_POSITION = 1, SOURCE_CONNECT_RETRY = 1, SOURCE_RETRY_COUNT = 86400; \
             START REPLICA",
            source.port,
            read(&source.directory.join("passwords/replication")),
        );
        self.root(&start).await;
    }

    /// Makes a replica the writer, also after a restart. What it has not received
    /// of its source is lost; the source takes no notice.
    pub async fn promote(&self) {
        self.root(
            "STOP REPLICA; RESET REPLICA ALL; \
             SET PERSIST super_read_only = OFF; SET PERSIST read_only = OFF",
        )
        .await;
    }
}

impl Drop for Mysql {
    fn drop(&mut self) {
        // It would write into the directory as long as it runs.
        drop(self.process.get_mut().take());
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// Starts a server on the data in `directory`, which is made if there is none.
async fn launch(
    directory: &Path,
    server_id: u32,
    port: Option<u16>,
    options: &[String],
) -> (Process, u16) {
    let mut command = Command::new(repo::python());
    command
        .arg(repo::root().join("tests/mysql/server.py"))
        .arg(directory)
        .args(["--server-id", &server_id.to_string()]);
    if let Some(port) = port {
        command.args(["--port", &port.to_string()]);
    }
    command.args(options.iter().map(|option| format!("--with={option}")));
    let process = Process::start("mysql", command, Group::Own);
    let port = process.listening(START_LIMIT).await.port();
    (process, port)
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// A statement may have passwords in it, and the text of a syntax error quotes it.
fn without_sql(error: &Error) -> String {
    match error {
        Error::Server(error) => format!("error {} ({})", error.code, error.state),
        other => other.to_string(),
    }
}

fn text(row: Row) -> Vec<String> {
    let text = |value| match value {
        Value::Bytes(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        other => other.as_sql(true),
    };
    row.unwrap().into_iter().map(text).collect()
}
