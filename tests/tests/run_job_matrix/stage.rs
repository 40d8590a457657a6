//! A writer and a replica behind a relay, the account, and the function in three execution
//! environments.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use nightshift_tests::{
    lambda::{AsyncInvocation, Invocation, Lambda, Settings},
    mysql::{Mysql, Pair, Relay},
    payload::now,
    rotation::{Cloud, INBOX, Login},
};
use serde_json::{Value, json};
use simulated_aws::{Account, Effect, Record, Witness};

use crate::subject::Subject;

const PASSWORD: &str = "job-and-nobody-else";

/// The function's timeout: a run that hangs is ended.
const LIMIT: Duration = Duration::from_mins(1);

/// What is there for all cases. The audit counts the open runs of a job whenever one begins.
const ONCE: &str = "CREATE USER job@'%' IDENTIFIED BY 'job-and-nobody-else'; \
     GRANT ALL ON shop.* TO job@'%'; GRANT SELECT, INSERT, UPDATE, CREATE ON nightshift.* TO job@'%'; \
     CREATE DATABASE audit; CREATE TABLE audit.open_runs (n INT)";
const AUDIT: &str = "DROP TRIGGER IF EXISTS nightshift.audit; \
     CREATE TRIGGER nightshift.audit AFTER INSERT ON nightshift.job_run FOR EACH ROW \
     INSERT INTO audit.open_runs SELECT COUNT(*) FROM nightshift.job_run \
     WHERE job = NEW.job AND state = 'running'";
const CLEAN: &str = "DELETE FROM nightshift.job_run; DELETE FROM nightshift.job; \
     DELETE FROM nightshift.event_execution_log; DELETE FROM audit.open_runs; \
     DROP DATABASE IF EXISTS shop; CREATE DATABASE shop; USE shop";

/// How many mails were sent.
#[derive(Default)]
struct Mails(Mutex<usize>);

impl Witness for Mails {
    fn carried_out(&self, record: &Record, _: &Account) {
        let is_mail = |effect: &&Effect| matches!(effect, Effect::Published(_));
        *self.0.lock().unwrap() += record.effects.iter().filter(is_mail).count();
    }

    fn answered(&self, _: &Record) {}

    fn happened(&self, _: Timestamp, _: &[Effect], _: &Account) {}
}

/// Everything that a subject needs.
pub struct Stage {
    pub subject: Subject,
    pub relay: Relay,
    pub functions: [Lambda; 3],
    pair: Pair,
    failed_over: AtomicBool,
    policy: Value,
    slot: Timestamp,
    mails: Arc<Mails>,
    _cloud: Cloud,
}

impl Stage {
    pub async fn of(subject: fn(Timestamp) -> Subject) -> Self {
        let slot =
            Timestamp::from_second(now().as_second()).unwrap() - SignedDuration::from_mins(1);
        let (subject, pair) = (subject(slot), Pair::start().await);
        pair.writer.root(ONCE).await;
        let relay = Relay::start(pair.writer.address()).await;
        let mails = Arc::new(Mails::default());
        let ports = [relay.port(), pair.replica.port()];
        let cloud = Cloud::at_once(ports, Arc::<Mails>::clone(&mails)).await;
        let login = Login {
            user: "job",
            password: PASSWORD,
            port: relay.port(),
            master: None,
        };
        let content = login.content();
        cloud.secrets.create("job-login", "none", &content).await;
        let settings = Settings::new().mode("apply").endpoint(&cloud.url());
        let settings = settings.inbox(INBOX);
        let start = || Lambda::start("run-job", settings.clone());
        Self {
            policy: policy(&subject, pair.writer.ca()),
            functions: [start().await, start().await, start().await],
            subject,
            relay,
            pair,
            failed_over: AtomicBool::new(false),
            slot,
            mails,
            _cloud: cloud,
        }
    }

    /// The server that is the writer now.
    pub fn writer(&self) -> &Mysql {
        self.servers().0
    }

    fn servers(&self) -> (&Mysql, &Mysql) {
        let Pair { writer, replica } = &self.pair;
        if self.failed_over.load(Ordering::Relaxed) {
            (replica, writer)
        } else {
            (writer, replica)
        }
    }

    /// Everything as it was before the first run.
    pub async fn reset(&self) {
        let ledger = jobs::ledger::CREATE.join("; ");
        let tables = &self.subject.tables;
        let sql = format!("{ledger}; {AUDIT}; {CLEAN}; {tables}");
        self.writer().root(&sql).await;
        if self.subject.makes_ledger {
            self.writer().root("DROP DATABASE nightshift").await;
        }
        *self.mails.0.lock().unwrap() = 0;
    }

    /// Rows of a query, each as a text.
    pub async fn ask(&self, sql: &str) -> Vec<String> {
        let rows = self.writer().root(sql).await;
        rows.into_iter().map(|row| row.join(" ")).collect()
    }

    pub fn mails(&self) -> usize {
        *self.mails.0.lock().unwrap()
    }

    /// The job's schedule, as Lambda delivers it: up to three times.
    pub async fn schedule(&self, function: usize) -> AsyncInvocation {
        let event = self.event(self.slot, false);
        self.functions[function].invoke_async(&event, LIMIT).await
    }

    /// The schedule of half a second later: the rows that are too old for it are the same.
    pub async fn another_schedule(&self, function: usize) -> AsyncInvocation {
        let event = self.event(self.slot + SignedDuration::from_millis(500), false);
        self.functions[function].invoke_async(&event, LIMIT).await
    }

    pub async fn tick(&self) -> Invocation {
        let tick = self.event(now(), true);
        self.functions[0].invoke(&tick, LIMIT).await
    }

    fn event(&self, at: Timestamp, tick: bool) -> Value {
        let arn = "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/job";
        let event = json!({"scheduled_time": at.to_string(), "schedule_arn": arn});
        json!({"policy": self.policy, "event": event, "tick": tick})
    }

    /// The run's time, as the ledger has it.
    pub fn slot(&self) -> String {
        self.slot.strftime("%Y-%m-%d %H:%M:%S.000").to_string()
    }

    /// The server dies. It is there again when this has ended.
    pub async fn restart(&self, dead: impl FnOnce()) {
        let writer = self.writer();
        writer.kill().await;
        dead();
        writer.restart().await;
    }

    /// The writer takes no more writes, and what was the replica is the writer, with all there was:
    /// on Aurora they share their storage. The endpoint leads there.
    pub async fn fail_over(&self) {
        let (old, new) = self.servers();
        old.root("SET PERSIST super_read_only = ON").await;
        let gtids = old.root("SELECT @@global.gtid_executed").await;
        let wait = format!("SELECT WAIT_FOR_EXECUTED_GTID_SET('{}', 30)", gtids[0][0]);
        assert_eq!(new.root(&wait).await, [["0"]], "the replica lags");
        new.promote().await;
        self.relay.lead_to(new.address());
        self.failed_over.fetch_xor(true, Ordering::Relaxed);
    }

    /// The old writer becomes the replica.
    pub async fn follow(&self) {
        let (writer, replica) = self.servers();
        replica.follow(writer).await;
    }
}

/// No throttle but a query, whose session is as good as any to be killed at; steps of few rows.
fn policy(subject: &Subject, ca: &str) -> Value {
    let mut policy = json!({
        "job": subject.name, "cluster": "orders", "secret": "job-login", "database": "shop", "ca": ca,
        "chunk": {"first": 3, "most": 4, "target_ms": 2000, "nice_ratio": 0.0},
        "throttle": {
            "replica_lag": null, "history_list_length": null, "threads_running": null,
            "lock_waits": null, "query": {"sql": "SELECT 0", "soft": 1.0}, "every_ms": 60000
        },
    });
    for (field, value) in subject.kind.as_object().unwrap() {
        policy[field] = value.clone();
    }
    policy
}
