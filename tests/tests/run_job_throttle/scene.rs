//! Servers, users on them, and the function's own sessions there.

use std::time::Duration;

use jobs::policy::{Limit, Throttle};
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::mysql::Mysql;
use run_job::{
    database::{Access, Database, Endpoint, Login, Readings, Signal},
    mysql::{Connected, Servers},
    throttle::{Gate, Own, Replica, Scope, Verdict},
};
use secrets::Secret;
use tokio::time::{Instant, sleep};

/// The password of every user here.
pub const PASSWORD: &str = "a-password";

/// Makes a user who may do this: `PROCESS ON *.*`.
pub async fn user(server: &Mysql, name: &str, grants: &[&str]) {
    let create = format!("CREATE USER {name}@'%' IDENTIFIED BY '{PASSWORD}'");
    server.root(&create).await;
    for grant in grants {
        server.root(&format!("GRANT {grant} TO {name}@'%'")).await;
    }
}

pub fn at(port: u16) -> Endpoint {
    let host = "localhost".to_owned();
    Endpoint { host, port }
}

pub fn access(server: &Mysql) -> Access {
    Access {
        ca: Some(server.ca().to_owned()),
        plain_text: false,
        database: None,
        connect: Duration::from_secs(20),
        statement: Duration::from_secs(20),
        lock_wait: Duration::from_secs(20),
        until: Instant::now() + Duration::from_mins(5),
    }
}

/// Logs in as the function does.
pub async fn open(server: &Mysql, user: &str) -> Connected {
    let password = &Secret::new(PASSWORD);
    let login = Login { user, password };
    let (to, access) = (at(server.port()), access(server));
    Servers.open(&to, login, &access).await.unwrap()
}

/// The number, or why there is none.
pub async fn read(session: &mut Connected, signal: Signal<'_>) -> Result<f64, String> {
    let reading = session.reading(signal).await;
    reading.map_err(|error| error.to_string())
}

/// Logs in as the team's application does.
pub async fn client(server: &Mysql, user: &str) -> Conn {
    server.login(user, PASSWORD).await.unwrap()
}

/// Runs `sql` beside the test; its outcome is of no interest.
pub fn beside(mut client: Conn, sql: &'static str) -> tokio::task::JoinHandle<()> {
    tokio::spawn(async move {
        let _ = client.query_drop(sql).await;
    })
}

/// Asks until `holds`, for 20 s at most.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let by = Instant::now() + Duration::from_secs(20);
    while !holds().await {
        assert!(Instant::now() < by, "{what}: not within 20 s");
        sleep(Duration::from_millis(50)).await;
    }
}

/// No limits but those that `set` sets.
pub fn limits(set: impl FnOnce(&mut Throttle)) -> Throttle {
    let mut limits = Throttle {
        replica_lag: None,
        history_list_length: None,
        threads_running: None,
        commit_ms: None,
        lock_waits: None,
        query: None,
        every_ms: 200,
        ..Throttle::default()
    };
    set(&mut limits);
    limits
}

/// A limit above which one waits.
#[expect(clippy::unnecessary_wraps, reason = "as the policy has it")]
pub fn soft(soft: u64) -> Option<Limit> {
    let critical = None;
    let soft = Some(soft);
    Some(Limit { soft, critical })
}

/// A gate to these servers, for the user `job`.
pub fn gate<'a>(
    writer: &Mysql,
    readers: &[(&str, u16)],
    password: &'a Secret,
    limits: &'a Throttle,
) -> Gate<'a, Servers> {
    Gate::new(&Servers, scope(writer, readers, password, limits))
}

pub fn scope<'a>(
    writer: &Mysql,
    readers: &[(&str, u16)],
    password: &'a Secret,
    limits: &'a Throttle,
) -> Scope<'a> {
    let reader = |(name, port): &(&str, u16)| Replica {
        name: (*name).to_owned(),
        endpoint: at(*port),
    };
    Scope {
        writer: at(writer.port()),
        readers: readers.iter().map(reader).collect(),
        aurora: false,
        login: Login {
            user: "job",
            password,
        },
        access: access(writer),
        limits,
        metrics: None,
    }
}

/// What the gate says, once it has looked again.
pub async fn look(gate: &mut Gate<'_, Servers>, own: Own) -> Verdict {
    sleep(Duration::from_millis(250)).await;
    gate.pass(own).await
}

/// Why one has to wait.
pub fn why(verdict: Verdict) -> String {
    match verdict {
        Verdict::Wait { why, again } => {
            assert!(again <= Duration::from_millis(200), "{again:?}");
            why
        }
        other => panic!("expected to wait, got {other:?}"),
    }
}
