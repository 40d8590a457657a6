//! A cluster whose writer is a real server with an EVENT, the schedules of the job that takes its
//! place, and the function.

use std::time::Duration;

use hyper::Method;
use jobs::Job;
use nightshift_tests::{
    http::{self, Request},
    lambda::{Invocation, Lambda, Settings},
    mysql::{Mysql, Relay},
    payload::{now, scheduled},
    rotation::{Cloud, INBOX, Login, Unseen},
    scenario::LIMIT,
};
use serde_json::{Value, json};
use simulated_aws::Account;

/// What the function logs in as, and with what.
pub const USER: &str = "events";
const PASSWORD: &str = "events-and-all";

/// The scope of a signature says which service a call is for.
const SIGNED: &str = "AWS4-HMAC-SHA256 Credential=123456789012/20261121/eu-central-1/scheduler/aws4_request, SignedHeaders=host, Signature=x";
const RUN_JOB: &str = "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-run-job";

/// The EVENT of the tests: made by an application with settings of its own.
pub const PURGE: &str = "CREATE DEFINER = app@'%' EVENT shop.purge_logs \
     ON SCHEDULE EVERY 1 DAY STARTS '2020-01-01 03:00:00' COMMENT 'nightly' \
     DO DELETE FROM logs WHERE at < NOW() - INTERVAL 30 DAY";

/// A scene.
pub struct Scene {
    pub mysql: Mysql,
    pub relay: Relay,
    pub cloud: Cloud,
    pub function: Lambda,
}

/// The policy of the job that takes the EVENT's place.
pub fn job() -> Value {
    json!({
        "job": "purge-logs", "cluster": "orders", "secret": "orders/jobs", "database": "shop",
        "purge": {"table": "logs", "column": "at", "older_than": "30d"},
        "replaces_event": "shop.purge_logs",
    })
}

/// How a cut-over or a roll-back names the EVENT and its schedules.
pub fn names() -> Value {
    json!({"event": "shop.purge_logs", "schedule": "purge-logs", "tick": "jobs/purge-logs-tick"})
}

/// The action `way` on these names, with `more`.
pub fn action(way: &str, more: &Value) -> Value {
    let mut names = names();
    for (field, value) in more.as_object().unwrap() {
        names[field] = value.clone();
    }
    json!({ way: names })
}

impl Scene {
    /// With this EVENT, and a job that has proven itself and is not scheduled.
    pub async fn of(event: &str) -> Self {
        let mysql = Mysql::start().await;
        let setup = format!(
            "CREATE DATABASE shop; CREATE TABLE shop.logs (id INT PRIMARY KEY, at DATETIME); \
             CREATE USER app@'%' IDENTIFIED BY 'app-and-all'; GRANT ALL ON shop.* TO app@'%'; \
             CREATE USER {USER}@'%' IDENTIFIED BY '{PASSWORD}'; \
             GRANT EVENT ON shop.* TO {USER}@'%'; \
             GRANT PROCESS, SET_ANY_DEFINER ON *.* TO {USER}@'%'; {}; \
             GRANT SELECT ON nightshift.* TO {USER}@'%'",
            jobs::ledger::CREATE.join("; ")
        );
        mysql.root(&setup).await;
        if !event.is_empty() {
            mysql.root(&as_made(event)).await;
        }
        let relay = Relay::start(mysql.address()).await;
        let cloud = Cloud::start([relay.port(); 2], std::sync::Arc::new(Unseen)).await;
        let login = Login {
            user: USER,
            password: PASSWORD,
            port: relay.port(),
            master: None,
        };
        cloud
            .secrets
            .create("orders/events", "superuser", &login.content())
            .await;
        let settings = Settings::new()
            .mode("apply")
            .endpoint(&cloud.url())
            .inbox(INBOX);
        let function = Lambda::start("import-events", settings).await;
        cloud.aws.with(|account, _| {
            account.scheduler.groups.insert("jobs".to_owned());
        });
        let scene = Self {
            mysql,
            relay,
            cloud,
            function,
        };
        scene.schedule("default", "purge-logs", &job(), false).await;
        scene
            .schedule("jobs", "purge-logs-tick", &job(), true)
            .await;
        scene.proven(&job()).await;
        scene
    }

    /// Puts a schedule that starts `job`, disabled.
    pub async fn schedule(&self, group: &str, name: &str, job: &Value, tick: bool) {
        let mut input = json!({"policy": job, "event": {
            "scheduled_time": "<aws.scheduler.scheduled-time>",
            "schedule_arn": "<aws.scheduler.schedule-arn>",
        }});
        if tick {
            input["tick"] = true.into();
        }
        let schedule = json!({
            "GroupName": group, "State": "DISABLED", "ClientToken": format!("{group}-{name}"),
            "ScheduleExpression": "cron(0 3 * * ? *)", "ScheduleExpressionTimezone": "UTC",
            "FlexibleTimeWindow": {"Mode": "OFF"},
            "Target": {
                "Arn": RUN_JOB, "RoleArn": "arn:aws:iam::123456789012:role/scheduler",
                "Input": input.to_string(),
            },
        });
        let path = format!("/schedules/{name}");
        let request = Request::new(Method::POST, &path, schedule.to_string())
            .header("content-type", "application/json")
            .header("authorization", SIGNED);
        let answer = http::send(self.cloud.address, request).await.unwrap();
        assert!(answer.status.is_success(), "{name}: {}", answer.text());
    }

    /// Notes that a plan run of `job` went well just now.
    pub async fn proven(&self, job: &Value) {
        let job: Job = serde_json::from_value(job.clone()).unwrap();
        let (name, proof) = (&job.job, jobs::proof(&job));
        let note = format!(
            "REPLACE INTO nightshift.job (name, proven_at, proven_spec) \
             VALUES ('{name}', UTC_TIMESTAMP(3), '{proof}')"
        );
        self.mysql.root(&note).await;
    }

    /// Runs the function for this action.
    pub async fn call(&self, action: &Value) -> Invocation {
        self.call_with(action, &json!({})).await
    }

    /// The same with more in the policy.
    pub async fn call_with(&self, action: &Value, more: &Value) -> Invocation {
        let mut policy = json!({
            "cluster": "orders", "secret": "orders/events", "ca": self.mysql.ca(), "action": action,
        });
        for (field, value) in more.as_object().unwrap() {
            policy[field] = value.clone();
        }
        let run = self
            .function
            .invoke(&scheduled(&policy, now()), LIMIT)
            .await;
        assert!(
            !format!("{run:?}").contains(PASSWORD),
            "the password is in what it says"
        );
        run
    }

    /// The rows of the report, each as `verdict subject outcome: reason -> detail`.
    pub async fn rows(&self, action: &Value) -> Vec<String> {
        rows(self.call(action).await.value())
    }

    /// Whether the EVENT, the schedule and the tick are enabled.
    pub async fn enabled(&self) -> [bool; 3] {
        let sql = "SELECT STATUS = 'ENABLED' FROM information_schema.EVENTS \
                   WHERE EVENT_NAME = 'purge_logs'";
        let event = self.mysql.root(sql).await == [["1"]];
        let [schedule, tick] = self.account(|account| {
            ["default/purge-logs", "jobs/purge-logs-tick"].map(|name| {
                let schedule = account.scheduler.schedules.get(name).unwrap();
                schedule.configuration["State"] == "ENABLED"
            })
        });
        [event, schedule, tick]
    }

    /// What the account tells.
    pub fn account<T>(&self, tell: impl FnOnce(&mut Account) -> T) -> T {
        self.cloud.aws.with(|account, _| tell(account))
    }

    /// How the EVENT is made, but for whether it is enabled.
    pub async fn made(&self) -> Vec<Vec<String>> {
        let mut shown = self.mysql.root("SHOW CREATE EVENT shop.purge_logs").await;
        shown[0][3] = shown[0][3].replace(" DISABLE ", " ENABLE ");
        shown
    }
}

/// Runs `event` as an application does that has settings of its own.
fn as_made(event: &str) -> String {
    format!(
        "USE shop; SET NAMES latin1 COLLATE latin1_german1_ci, time_zone = '+02:00', \
         sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'; {event}"
    )
}

/// The rows of a report.
pub fn rows(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap().iter();
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or("-").to_owned();
    let row = |row: &Value| {
        let (verdict, subject) = (text(row, "verdict"), text(row, "subject"));
        let (outcome, reason) = (text(row, "outcome"), text(row, "reason"));
        let detail = row["detail"].as_str();
        let detail = detail.map_or(String::new(), |it| format!(" -> {it}"));
        let action = row["action"].as_str().unwrap_or(&verdict);
        format!("{action} {subject} {outcome}: {reason}{detail}")
    };
    rows.map(row).collect()
}

/// Waits until `holds`, for ten seconds at the most.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..100 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("after ten seconds not: {what}");
}
