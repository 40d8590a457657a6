//! A cluster of a real writer and a real replica, a table with old rows, a job's user and the
//! function.

use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    lambda::{Invocation, Lambda, Settings},
    mysql::Pair,
    payload::now,
    rotation::{Cloud, INBOX, Login, Public, Secret},
    scenario::{LIMIT, but},
};
use serde_json::{Value, json};
use simulated_aws::{Account, Effect, Record, Witness};

/// The password of the job's user, long enough to be searched for.
pub const PASSWORD: &str = "job-and-nobody-else";

/// The user with what infra/ledger.sql documents: for the ledger, the throttle and a purge.
pub const DOCUMENTED: &str = "CREATE USER job@'%' IDENTIFIED BY 'job-and-nobody-else'; \
     GRANT SELECT, INSERT, UPDATE ON nightshift.* TO job@'%'; \
     GRANT PROCESS ON *.* TO job@'%'; GRANT SELECT ON performance_schema.* TO job@'%'; \
     GRANT SELECT, DELETE ON shop.logs TO job@'%'";

/// The right to make the ledger by itself.
pub const MAKES: &str = "GRANT CREATE ON nightshift.* TO job@'%'";

/// Four old rows and two new ones.
const TABLE: &str = "CREATE DATABASE shop; \
     CREATE TABLE shop.logs (id INT AUTO_INCREMENT PRIMARY KEY, at DATETIME NOT NULL, KEY (at)); \
     INSERT INTO shop.logs (at) VALUES (NOW() - INTERVAL 40 DAY), (NOW() - INTERVAL 39 DAY), \
     (NOW() - INTERVAL 38 DAY), (NOW() - INTERVAL 37 DAY), (NOW()), (NOW())";

/// The mails that were sent.
#[derive(Default)]
struct Mails(Mutex<Vec<String>>);

impl Witness for Mails {
    fn carried_out(&self, record: &Record, _account: &Account) {
        for effect in &record.effects {
            if let Effect::Published(message) = effect {
                let text = message.bodies.get("email");
                let text = text.or_else(|| message.bodies.values().next());
                self.0.lock().unwrap().extend(text.cloned());
            }
        }
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, _effects: &[Effect], _account: &Account) {}
}

/// A cluster `orders` and the job `purge-logs`.
pub struct Scene {
    pub pair: Pair,
    pub function: Lambda,
    settings: Settings,
    policy: Value,
    secret: Secret,
    public: tokio::sync::Mutex<Public>,
    mails: Arc<Mails>,
    _cloud: Cloud,
}

impl Scene {
    /// The job's user is made by `sql`, and may make the ledger where `sql` says so.
    pub async fn of(sql: &str) -> Self {
        Self::with(sql, json!({})).await
    }

    /// A user that may do all a purge needs, the ledger's making included, and more in the policy.
    pub async fn job(more: Value) -> Self {
        Self::with(&format!("{DOCUMENTED}; {MAKES}"), more).await
    }

    pub async fn with(sql: &str, more: Value) -> Self {
        let pair = Pair::start().await;
        pair.writer.root(TABLE).await;
        pair.writer.root(sql).await;
        pair.caught_up().await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let mails = Arc::new(Mails::default());
        let cloud = Cloud::start(ports, Arc::<Mails>::clone(&mails)).await;
        let login = Login {
            user: "job",
            password: PASSWORD,
            port: ports[0],
            master: None,
        };
        let content = but(login.content(), json!({"host": "db.example.com"}));
        let secret = cloud.secrets.create("job-login", "none", &content).await;
        let settings = Settings::new().mode("apply").endpoint(&cloud.url());
        let settings = settings.inbox(INBOX);
        Self {
            policy: but(policy(pair.writer.ca()), more),
            function: Lambda::start("run-job", settings.clone()).await,
            settings,
            pair,
            secret,
            public: tokio::sync::Mutex::new(Public::without(&[PASSWORD])),
            mails,
            _cloud: cloud,
        }
    }

    /// A second execution environment of the function.
    pub async fn another(&self) -> Lambda {
        Lambda::start("run-job", self.settings.clone()).await
    }

    /// The same with its mails going nowhere.
    pub async fn without_inbox(&self) -> Lambda {
        let nowhere = "arn:aws:sns:eu-central-1:123456789012:nowhere";
        Lambda::start("run-job", self.settings.clone().inbox(nowhere)).await
    }

    /// From here on the policy says this as well.
    pub fn change(&mut self, more: Value) {
        self.policy = but(self.policy.clone(), more);
    }

    /// The job's schedule fired so many minutes ago.
    pub async fn schedule(&self, minutes_ago: i64) -> Invocation {
        self.run(&self.function, &self.event(minutes_ago, false))
            .await
    }

    /// A tick.
    pub async fn tick(&self) -> Invocation {
        self.run(&self.function, &self.event(0, true)).await
    }

    /// What EventBridge Scheduler sends.
    pub fn event(&self, minutes_ago: i64, tick: bool) -> Value {
        let arn = "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/purge-logs";
        let at = slot(minutes_ago);
        let event = json!({"scheduled_time": at.to_string(), "schedule_arn": arn});
        json!({"policy": self.policy, "event": event, "tick": tick})
    }

    /// Runs a function. If the password is in what it says, or in a mail, the test ends.
    pub async fn run(&self, function: &Lambda, event: &Value) -> Invocation {
        let run = function.invoke(event, LIMIT).await;
        let public = &mut *self.public.lock().await;
        public.hear_run(&run);
        for mail in self.mails() {
            public.hear(mail);
        }
        public.passwords_of(&self.secret).await;
        public.hashes_on(&self.pair.writer).await;
        public.has_no_secret();
        run
    }

    /// Rows of a query on the writer.
    pub async fn asked(&self, sql: &str) -> Vec<Vec<String>> {
        self.pair.writer.root(sql).await
    }

    /// The runs, as `state attempts rows_gone told error`.
    pub async fn runs(&self) -> Vec<String> {
        let sql = "SELECT CONCAT_WS(' ', state, attempts, rows_gone, told, error_message) \
                   FROM nightshift.job_run ORDER BY id";
        self.asked(sql).await.concat()
    }

    /// What monitoring sees.
    pub async fn log(&self) -> Vec<String> {
        let sql = "SELECT CONCAT_WS(' ', event_name, status, error_message) \
                   FROM nightshift.event_execution_log ORDER BY id";
        self.asked(sql).await.concat()
    }

    /// How many rows are left.
    pub async fn rows(&self) -> String {
        let rows = self.asked("SELECT COUNT(*) FROM shop.logs").await;
        rows[0][0].clone()
    }

    /// Makes the ledger, as an administrator would.
    pub async fn ledger(&self) {
        for sql in jobs::ledger::CREATE {
            self.asked(sql).await;
        }
    }

    /// A run that is not over, of the schedule so many minutes ago.
    pub async fn open(&self, minutes_ago: i64, spec: &str) {
        let at = stamp(minutes_ago);
        let sql = format!(
            "INSERT INTO nightshift.job_run (job, slot, state, began_at, spec, holder, place) \
             VALUES ('purge-logs', '{at}', 'running', '{at}', '{spec}', 'a b 1', '{{}}')"
        );
        self.asked(&sql).await;
    }

    /// The digest of what the job does.
    pub fn spec(&self) -> String {
        let job = serde_json::from_value(self.policy.clone()).unwrap();
        jobs::spec(&job)
    }

    /// The digest that a proof is noted with.
    pub fn proof(&self) -> String {
        let job = serde_json::from_value(self.policy.clone()).unwrap();
        jobs::proof(&job)
    }

    pub fn mails(&self) -> Vec<String> {
        self.mails.0.lock().unwrap().clone()
    }
}

fn policy(ca: &str) -> Value {
    json!({
        "job": "purge-logs", "cluster": "orders", "secret": "job-login", "database": "shop", "ca": ca,
        "purge": {"table": "logs", "column": "at", "older_than": "30d"},
    })
}

/// The schedule so many minutes ago, to the second.
pub fn slot(minutes_ago: i64) -> Timestamp {
    let today = now().as_second() / 60 * 60;
    Timestamp::from_second(today).unwrap() - SignedDuration::from_mins(minutes_ago)
}

/// As the ledger has it.
pub fn stamp(minutes_ago: i64) -> String {
    slot(minutes_ago).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// The rows of an answer, as `verdict outcome: reason`.
pub fn said(run: &Invocation) -> String {
    let rows = run.value()["rows"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let rows = rows.map(|row| {
        let outcome = text(&row["outcome"]);
        let detail = text(&row["detail"]);
        format!(
            "{} {outcome}: {} | {detail}",
            text(&row["verdict"]),
            text(&row["reason"])
        )
    });
    rows.collect::<Vec<_>>().join("\n")
}
