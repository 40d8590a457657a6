//! The EVENTs of the guide: imported from a real server, run as the jobs that were written for them,
//! and held against what their own bodies make of a copy of the data at the same moment.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    lambda::{Lambda, Settings},
    payload::{now, scheduled},
    rotation::{INBOX, Login},
    scenario::LIMIT,
};
use serde_json::{Value, json};

use crate::{
    plan::{note, part},
    scene::Scene,
};

const PURGE: &str = "DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY";
const HOURLY: &str = "INSERT INTO hourly_stats (hour, requests) \
     SELECT DATE_FORMAT(created_at, '%Y-%m-%d %H:00:00'), COUNT(*) FROM access_logs \
     WHERE created_at >= NOW() - INTERVAL 1 HOUR GROUP BY 1 \
     ON DUPLICATE KEY UPDATE requests = VALUES(requests)";
const WEEKLY: &str = "INSERT INTO weekly_reports (first_at, requests, visitors) \
     SELECT MIN(created_at), COUNT(*), COUNT(DISTINCT user_id) FROM access_logs \
     WHERE created_at >= NOW() - INTERVAL 7 DAY";
const LEADER: &str = "BEGIN IF (SELECT @@innodb_read_only) = 0 THEN \
     DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY; END IF; END";
const MONITORED: &str = "BEGIN DECLARE v_start DATETIME(3) DEFAULT NOW(3); DECLARE v_error TEXT; \
     DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN \
       GET DIAGNOSTICS CONDITION 1 v_error = MESSAGE_TEXT; \
       INSERT INTO event_execution_log (event_name, executed_at, status, error_message, execution_time_ms) \
       VALUES ('monitored', NOW(), 'ERROR', v_error, TIMESTAMPDIFF(MICROSECOND, v_start, NOW(3)) / 1000); \
     END; \
     DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 30 DAY; \
     INSERT INTO event_execution_log (event_name, executed_at, status, error_message, execution_time_ms) \
     VALUES ('monitored', NOW(), 'SUCCESS', NULL, TIMESTAMPDIFF(MICROSECOND, v_start, NOW(3)) / 1000); END";
const ALTERED: &str = "DELETE FROM access_logs WHERE created_at < NOW() - INTERVAL 60 DAY";

/// Name, interval, what is said behind it, body, what it becomes.
const EVENTS: [(&str, &str, &str, &str, &str); 7] = [
    ("cleanup_old_logs", "1 DAY", "", PURGE, "purge"),
    ("hourly_statistics", "1 HOUR", "", HOURLY, "statement"),
    ("weekly_report", "1 WEEK", "", WEEKLY, "statement"),
    ("leader_only", "1 DAY", "", LEADER, "purge"),
    ("monitored", "1 DAY", "", MONITORED, "purge"),
    ("altered", "1 DAY", "", PURGE, "purge"),
    ("disabled", "1 DAY", "DISABLE", PURGE, "purge"),
];

/// In each of two schemas; the log of the monitored one is its own account of itself.
const TABLES: &str = "CREATE TABLE access_logs (id INT AUTO_INCREMENT PRIMARY KEY, \
       created_at DATETIME NOT NULL, user_id INT NOT NULL, KEY (created_at)); \
     CREATE TABLE hourly_stats (hour DATETIME PRIMARY KEY, requests INT NOT NULL); \
     CREATE TABLE weekly_reports (id INT AUTO_INCREMENT PRIMARY KEY, first_at DATETIME, \
       requests INT NOT NULL, visitors INT NOT NULL); \
     CREATE TABLE event_execution_log (id INT AUTO_INCREMENT PRIMARY KEY, event_name VARCHAR(100), \
       executed_at DATETIME, status VARCHAR(20), error_message TEXT, execution_time_ms BIGINT)";
const COMPARED: [&str; 3] = ["access_logs", "hourly_stats", "weekly_reports"];

/// Rows on both sides of every age that an EVENT asks for, and not so near that the seconds between
/// the schedule and the run would tell.
const AGES: [&str; 10] = [
    "10 MINUTE",
    "40 MINUTE",
    "3 HOUR",
    "5 DAY",
    "9 DAY",
    "29 DAY",
    "31 DAY",
    "59 DAY",
    "61 DAY",
    "400 DAY",
];

/// The functions on one server.
struct Guide {
    scene: Scene,
    runs: Lambda,
}

impl Guide {
    async fn open() -> Self {
        let scene = Scene::of("").await;
        let rights = "CREATE USER job@'%' IDENTIFIED BY 'job-and-nobody-else'; \
             GRANT SELECT, INSERT, UPDATE, DELETE ON shop.* TO job@'%'; GRANT EVENT ON shop.* TO job@'%'; \
             GRANT SELECT, INSERT, UPDATE ON nightshift.* TO job@'%'";
        let tables =
            format!("CREATE DATABASE copy; USE copy; {TABLES}; USE shop; {TABLES}; {rights}");
        scene.mysql.root(&tables).await;
        let login = Login {
            user: "job",
            password: "job-and-nobody-else",
            port: scene.relay.port(),
            master: None,
        };
        let secrets = &scene.cloud.secrets;
        secrets
            .create("orders/jobs", "superuser", &login.content())
            .await;
        let settings = Settings::new().mode("apply").inbox(INBOX);
        let runs = Lambda::start("run-job", settings.endpoint(&scene.cloud.url())).await;
        Self { scene, runs }
    }

    /// As the guide makes them, none of them due while the test lasts.
    async fn make(&self) {
        for (name, every, status, body, _) in EVENTS {
            let event = format!(
                "USE shop; CREATE EVENT {name} ON SCHEDULE EVERY {every} \
                 STARTS CURRENT_TIMESTAMP + INTERVAL 1 DAY {status} DO {body}"
            );
            self.scene.mysql.root(&event).await;
        }
        let alter = format!("USE shop; ALTER EVENT altered DO {ALTERED}");
        self.scene.mysql.root(&alter).await;
    }

    /// The policies that a plan writes, in the order of [`EVENTS`].
    async fn imported(&self) -> Vec<Value> {
        let wish = json!({"plan": {"job_secret": "orders/jobs"}});
        let run = self.scene.call(&wish).await;
        let policy = |name: &str| {
            let text = note(run.value(), &format!("shop.{name},"));
            serde_json::from_str(part(text, "The policy of the job")).unwrap()
        };
        EVENTS.iter().map(|event| policy(event.0)).collect()
    }

    /// The same data in both schemas.
    async fn fill(&self) {
        let rows = AGES
            .iter()
            .zip(1..)
            .map(|(age, user)| format!("(NOW() - INTERVAL {age}, {user} % 3)"));
        let rows = rows.collect::<Vec<_>>().join(", ");
        let mut sql = String::new();
        for table in COMPARED {
            let _ = write!(sql, "TRUNCATE shop.{table}; TRUNCATE copy.{table}; ");
        }
        let _ = write!(
            sql,
            "INSERT INTO shop.access_logs (created_at, user_id) VALUES {rows}; "
        );
        self.scene.mysql.root(&sql).await;
        self.scene
            .mysql
            .root("INSERT INTO copy.access_logs SELECT * FROM shop.access_logs")
            .await;
    }

    /// What the EVENT would do to the copy, at this moment.
    async fn by_its_body(&self, body: &str, at: Timestamp) {
        let at = at.as_second();
        let sql = format!(
            "USE copy; DROP PROCEDURE IF EXISTS body; CREATE PROCEDURE body() {body}; \
             SET timestamp = {at}; CALL body()"
        );
        self.scene.mysql.root(&sql).await;
    }

    /// Runs the job for a schedule of this moment.
    async fn by_its_job(&self, policy: &Value, at: Timestamp) -> Value {
        let mut policy = policy.clone();
        policy["ca"] = self.scene.mysql.ca().into();
        // Nobody else is on this server, and the user has no more rights than the jobs need.
        policy["throttle"] = json!({
            "replica_lag": null, "history_list_length": null, "threads_running": null, "lock_waits": null,
        });
        let run = self.runs.invoke(&scheduled(&policy, at), LIMIT).await;
        run.value().clone()
    }

    async fn rows(&self, schema: &str) -> Vec<Vec<Vec<String>>> {
        let mut all = Vec::new();
        for table in COMPARED {
            let sql = format!("SELECT * FROM {schema}.{table} ORDER BY 1");
            all.push(self.scene.mysql.root(&sql).await);
        }
        all
    }
}

#[tokio::test]
async fn every_event_of_the_guide_becomes_a_job_that_does_the_same() {
    let guide = Guide::open().await;
    guide.make().await;
    let policies = guide.imported().await;
    for ((name, _, status, body, kind), policy) in EVENTS.into_iter().zip(policies) {
        assert!(policy[kind].is_object(), "{name}: {policy}");
        guide.fill().await;
        let before = guide.rows("shop").await;
        if status.is_empty() {
            let refused = guide
                .by_its_job(&policy, now() - SignedDuration::from_mins(1))
                .await;
            assert!(
                format!("{refused}").contains("is still enabled"),
                "{name}: {refused}"
            );
            assert_eq!(guide.rows("shop").await, before, "{name}");
            guide
                .scene
                .mysql
                .root(&format!("ALTER EVENT shop.{name} DISABLE"))
                .await;
        }
        let at = now();
        let body = if name == "altered" { ALTERED } else { body };
        guide.by_its_body(body, at).await;
        let report = guide.by_its_job(&policy, at).await;
        assert_eq!(report["outcome"], "success", "{name}: {report:#}");
        let after = guide.rows("shop").await;
        assert_eq!(after, guide.rows("copy").await, "{name}");
        assert_ne!(after, before, "{name}: nothing happened");
    }
    let log = "SELECT COUNT(*) FROM nightshift.event_execution_log WHERE status = 'SUCCESS'";
    assert_eq!(guide.scene.mysql.root(log).await, [["7"]]);
}
