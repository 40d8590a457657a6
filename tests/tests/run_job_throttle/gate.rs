//! The gate: when it looks, what it says, and how it comes back.

use std::time::Duration;

use jobs::policy::Lag;
use mysql_async::prelude::Queryable;
use nightshift_tests::mysql::{Mysql, Pair, Relay};
use run_job::{
    mysql::Servers,
    throttle::{Gate, Own, Verdict},
};
use secrets::Secret;
use tokio::time::{Instant, sleep};

use crate::{
    lag::{change, hold_up, pair},
    scene::{PASSWORD, at, beside, client, gate, limits, look, scope, soft, until, user, why},
};

/// Above one second.
#[expect(clippy::unnecessary_wraps, reason = "as the policy has it")]
fn lag() -> Option<Lag> {
    Some(Lag {
        soft_ms: Some(1_000),
        ..Lag::default()
    })
}

fn own() -> Own {
    Own::default()
}

async fn server() -> Mysql {
    let server = Mysql::start().await;
    let rights = ["PROCESS ON *.*", "SELECT ON performance_schema.*"];
    user(&server, "job", &rights).await;
    server
}

fn readers(pair: &Pair) -> [(&str, u16); 1] {
    [("orders-reader-1", pair.replica.port())]
}

/// The numbers of the connections that the user `job` has.
async fn connections(server: &Mysql) -> Vec<String> {
    let sql = "SELECT ID FROM performance_schema.processlist WHERE USER = 'job'";
    server.root(sql).await.concat()
}

#[tokio::test]
async fn the_replica_that_is_behind_is_named_with_its_lag_until_it_has_caught_up() {
    let pair = pair().await;
    let (password, limits) = (Secret::new(PASSWORD), limits(|all| all.replica_lag = lag()));
    let mut gate = gate(&pair.writer, &readers(&pair), &password, &limits);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    let mut holder = hold_up(&pair).await;
    change(&pair).await;
    sleep(Duration::from_millis(1_200)).await;
    let said = why(look(&mut gate, own()).await);
    assert!(
        said.starts_with("replica lag 1.") && said.ends_with(" s on orders-reader-1, above 1 s"),
        "{said}"
    );
    holder.query_drop("ROLLBACK").await.unwrap();
    until("it goes on", async || {
        look(&mut gate, own()).await == Verdict::Go
    })
    .await;
}

#[tokio::test]
async fn a_replica_whose_server_is_stopped_holds_the_job_back_until_it_is_there_again() {
    let pair = pair().await;
    let (password, limits) = (Secret::new(PASSWORD), limits(|all| all.replica_lag = lag()));
    let mut gate = gate(&pair.writer, &readers(&pair), &password, &limits);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    pair.replica.stop().await;
    let said = why(look(&mut gate, own()).await);
    let there = format!("localhost:{}", pair.replica.port());
    assert_eq!(
        said,
        format!(
            "replica lag on orders-reader-1 cannot be read: {there} was not reached (connection refused)"
        )
    );
    pair.replica.restart().await;
    until("it goes on", async || {
        look(&mut gate, own()).await == Verdict::Go
    })
    .await;
}

#[tokio::test]
async fn a_replica_that_the_policy_names_is_looked_at_too() {
    let pair = pair().await;
    let port = pair.replica.port();
    let address = jobs::policy::Address::new(&format!("localhost:{port}")).unwrap();
    let named = Lag {
        replicas: vec![address],
        ..lag().unwrap()
    };
    let (password, limits) = (
        Secret::new(PASSWORD),
        limits(|all| all.replica_lag = Some(named)),
    );
    let mut gate = gate(&pair.writer, &[], &password, &limits);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    pair.replica.root("STOP REPLICA").await;
    let said = why(look(&mut gate, own()).await);
    assert_eq!(
        said,
        format!("replica lag on localhost:{port} cannot be read: replication is stopped")
    );
}

#[tokio::test]
async fn a_monitoring_session_that_was_lost_is_opened_again() {
    let server = server().await;
    let history = |all: &mut jobs::policy::Throttle| all.history_list_length = soft(1_000_000);
    let (password, limits) = (Secret::new(PASSWORD), limits(history));
    let mut gate = gate(&server, &[], &password, &limits);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    let before = connections(&server).await;
    assert_eq!(look(&mut gate, own()).await, Verdict::Go);
    assert_eq!(connections(&server).await, before, "one session is kept");
    server.root(&format!("KILL {}", before[0])).await;
    assert_eq!(look(&mut gate, own()).await, Verdict::Go);
    let after = connections(&server).await;
    assert!(after.len() == 1 && after != before, "{before:?} {after:?}");

    server.kill().await;
    let said = why(look(&mut gate, own()).await);
    assert!(
        said.starts_with("history list length cannot be read: localhost:"),
        "{said}"
    );
    server.restart().await;
    until("it goes on", async || {
        look(&mut gate, own()).await == Verdict::Go
    })
    .await;
}

#[tokio::test]
async fn between_two_looks_the_last_answer_is_kept_and_without_limits_nobody_is_asked() {
    let server = server().await;
    let relay = Relay::start(server.address()).await;
    let password = Secret::new(PASSWORD);
    let through = |limits| {
        let mut scope = scope(&server, &[], &password, limits);
        scope.writer = at(relay.port());
        Gate::new(&Servers, scope)
    };
    let nothing = limits(|_| {});
    assert_eq!(through(&nothing).pass(own()).await, Verdict::Go);
    assert_eq!(relay.count(), 0);

    let seldom = limits(|all| {
        all.history_list_length = soft(1_000_000);
        all.every_ms = 30_000;
    });
    let mut gate = through(&seldom);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    let asked = relay.count();
    assert!(asked > 0);
    for _ in 0..100 {
        assert_eq!(gate.pass(own()).await, Verdict::Go);
    }
    assert_eq!(relay.count(), asked);
}

#[tokio::test]
async fn a_server_that_does_not_answer_takes_no_longer_than_a_look_may() {
    let server = server().await;
    let relay = Relay::start(server.address()).await;
    let set = |all: &mut jobs::policy::Throttle| {
        all.history_list_length = soft(1_000_000);
        all.threads_running = soft(64);
        all.lock_waits = soft(0);
    };
    let (password, limits) = (Secret::new(PASSWORD), limits(set));
    let mut scope = scope(&server, &[], &password, &limits);
    scope.writer = at(relay.port());
    let mut gate = Gate::new(&Servers, scope);
    assert_eq!(gate.pass(own()).await, Verdict::Go);
    relay.delay(Duration::from_secs(30));
    sleep(Duration::from_millis(250)).await;
    for limit in [6, 2] {
        let started = Instant::now();
        let said = why(gate.pass(own()).await);
        assert!(
            started.elapsed() < Duration::from_secs(limit),
            "{:?}",
            started.elapsed()
        );
        assert_eq!(said.matches("cannot be read").count(), 3, "{said}");
        sleep(Duration::from_millis(250)).await;
    }
}

#[tokio::test]
async fn who_waited_for_a_steps_locks_counts_when_the_step_is_over() {
    let server = server().await;
    let table = "CREATE SCHEMA shop; CREATE TABLE shop.orders (id INT PRIMARY KEY); \
                 INSERT shop.orders VALUES (1)";
    server.root(table).await;
    user(&server, "app", &["ALL ON shop.*"]).await;
    let (password, limits) = (
        Secret::new(PASSWORD),
        limits(|all| all.lock_waits = soft(0)),
    );
    let mut gate = gate(&server, &[], &password, &limits);
    let mut work = client(&server, "app").await;
    let own = Own {
        connection: work.id(),
        commit: None,
    };
    assert_eq!(gate.pass(own).await, Verdict::Go);
    let other = client(&server, "app").await;
    let step = async {
        work.query_drop("START TRANSACTION; DELETE FROM shop.orders")
            .await
            .unwrap();
        let waiter = beside(other, "SELECT * FROM shop.orders FOR UPDATE");
        work.query_drop("DO SLEEP(0.5)").await.unwrap();
        work.query_drop("COMMIT").await.unwrap();
        waiter.await.unwrap();
        "done"
    };
    assert_eq!(gate.during(own, step).await, "done");
    let said = why(look(&mut gate, own).await);
    assert_eq!(said, "a session waits for the job's locks, above 0");
    assert_eq!(look(&mut gate, own).await, Verdict::Go);
}

#[tokio::test]
async fn the_jobs_own_commits_and_a_critical_limit_count() {
    let server = server().await;
    let set = |all: &mut jobs::policy::Throttle| {
        all.commit_ms = soft(20);
        all.query = serde_json::from_str(r#"{"sql": "SELECT 41", "critical": 40}"#).unwrap();
    };
    let (password, mut limits) = (Secret::new(PASSWORD), limits(set));
    let own = Own {
        connection: 0,
        commit: Some(Duration::from_millis(21)),
    };
    let why_stopped = "the policy's query answers 41, above the critical limit of 40".to_owned();
    let said = gate(&server, &[], &password, &limits).pass(own).await;
    assert_eq!(said, Verdict::Stop { why: why_stopped });
    limits.query = None;
    let mut gate = gate(&server, &[], &password, &limits);
    let said = why(gate.pass(own).await);
    assert_eq!(said, "the job's commits take 21 ms, above 20 ms");
}
