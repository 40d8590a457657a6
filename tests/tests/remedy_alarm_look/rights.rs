//! The least rights, and what is said where they are missing.

use nightshift_tests::mysql::Mysql;
use remedy_alarm::{database::Server, mysql::grants};

use crate::scene::{ALL, after, furnish, open, shop, user};

const PERFORMANCE: &str = "the right SELECT ON performance_schema.* is missing (1142)";
const PROCESS: &str = "the right PROCESS ON *.* is missing (1227)";
const REPLICATION: &str = "the right REPLICATION CLIENT ON *.* is missing (1227)";
const LEDGER: &str = "the right SELECT ON nightshift.* is missing (1142)";

async fn gaps(server: &Mysql, user: &str) -> Vec<(&'static str, String)> {
    let look = open(server, user).await.look(ALL).await.unwrap();
    let gaps = look.gaps.into_iter();
    gaps.map(|gap| (gap.of, gap.why)).collect()
}

pub async fn ledger(server: &Mysql) {
    for sql in jobs::ledger::CREATE {
        server.root(sql).await;
    }
    let runs = "INSERT nightshift.job_run \
         (job, slot, state, began_at, ended_at, spec, holder, place, rows_gone) VALUES \
         ('purge-logs', UTC_TIMESTAMP() - INTERVAL 1 DAY, 'done', UTC_TIMESTAMP() - INTERVAL 1 DAY, \
          UTC_TIMESTAMP(3) - INTERVAL 100 SECOND, '', '', '{}', 4000), \
         ('purge-logs', UTC_TIMESTAMP(), 'running', UTC_TIMESTAMP(3) - INTERVAL 30 SECOND, NULL, \
          '', '', '{}', 17)";
    server.root(runs).await;
}

#[tokio::test]
async fn the_documented_rights_are_enough_and_each_is_needed() {
    let server = shop(&[]).await;
    ledger(&server).await;
    for user in ["look", "end"] {
        assert_eq!(gaps(&server, user).await, []);
    }
    let but = |missing: &str| {
        let grants = grants::LOOK.into_iter();
        grants.filter(|grant| *grant != missing).collect::<Vec<_>>()
    };
    let [process, replication, performance, ledger] = grants::LOOK;
    for (name, missing, expected) in [
        (
            "no_process",
            process,
            vec![
                ("transactions", PROCESS),
                ("history list and deadlocks", PROCESS),
                ("tables", PROCESS),
            ],
        ),
        (
            "no_replication",
            replication,
            vec![("replication", REPLICATION)],
        ),
        (
            "no_performance",
            performance,
            vec![
                ("statements", PERFORMANCE),
                ("what the sessions execute", PERFORMANCE),
                ("lock waits", PERFORMANCE),
                ("memory", PERFORMANCE),
            ],
        ),
        ("no_ledger", ledger, vec![("jobs", LEDGER)]),
    ] {
        user(&server, name, &but(missing)).await;
        let gaps = gaps(&server, name).await;
        let gaps: Vec<_> = gaps.iter().map(|(of, why)| (*of, why.as_str())).collect();
        assert_eq!(gaps, expected, "{name}");
    }
}

#[tokio::test]
async fn the_ledger_is_read_where_there_is_one_and_not_missed_where_there_is_none() {
    let server = shop(&[]).await;
    let no_ledger = &grants::LOOK[..3];
    user(&server, "no_ledger", no_ledger).await;
    for user in ["look", "no_ledger"] {
        assert_eq!(gaps(&server, user).await, []);
    }
    ledger(&server).await;
    let jobs = open(&server, "look").await.look(ALL).await.unwrap().jobs;
    let [running, done] = &jobs[..] else {
        panic!("{jobs:?}");
    };
    assert_eq!(
        (running.job.as_str(), running.state.as_str(), running.rows),
        ("purge-logs", "running", 17)
    );
    assert_eq!((done.state.as_str(), done.rows), ("done", 4_000));
    assert!((30..90).contains(&running.ago), "{running:?}");
    assert!((100..160).contains(&done.ago), "{done:?}");
}

#[tokio::test]
async fn without_the_right_to_performance_schema_the_process_list_tells_who_is_there() {
    let server = Mysql::start().await;
    furnish(&server).await;
    user(&server, "coarse", &["PROCESS ON *.*"]).await;
    let idle = after(&server, &["START TRANSACTION", "DELETE FROM shop.orders"]).await;
    let mut reader = open(&server, "coarse").await;
    let look = reader.look(ALL).await.unwrap();
    let session = crate::scene::of(&look, idle.id());
    assert!(
        session.sleeps() && session.transaction.is_some(),
        "{session:?}"
    );
    let again = reader.session(idle.id().into()).await.unwrap();
    assert!(again.unwrap().transaction.is_some());
}
