//! A cluster of a real writer and a real replica, applications of every kind on it, alarms, and the
//! function.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use aws_config::{BehaviorVersion, Region};
use aws_sdk_cloudwatch::{
    Client,
    config::{Credentials, SharedCredentialsProvider},
    types::{ComparisonOperator, Dimension, StateValue, Statistic},
};
use jiff::Timestamp;
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::{
    lambda::{Invocation, Lambda, REGION, Settings},
    mysql::{Mysql, Pair},
    payload::now,
    proxy::Proxy,
    rotation::{Cloud, INBOX, Login, Public},
    scenario::{LIMIT, but},
};
use serde_json::{Value, json};
use simulated_aws::{Account, Effect, Record, Witness};
use tokio::{task::JoinHandle, time::sleep};

/// The passwords, long enough to be searched for.
pub const LOOKS: &str = "look-and-nothing-else";
pub const ENDS: &str = "end-and-nothing-else";
/// A value of a customer's, which may be in no mail, no answer and no log.
pub const LITERAL: &str = "jane.doe@example.com";

/// Tables, applications, and the two users with what README documents and no more.
const PREPARED: &str = "CREATE DATABASE shop; \
     CREATE TABLE shop.orders (id INT PRIMARY KEY, note VARCHAR(40) NOT NULL); \
     INSERT INTO shop.orders VALUES (1, 'a'), (2, 'b'), (3, 'c'), (4, 'd'); \
     CREATE TABLE shop.n (n INT PRIMARY KEY); \
     SET SESSION cte_max_recursion_depth = 5000; \
     INSERT INTO shop.n WITH RECURSIVE s (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM s WHERE i < 3000) \
     SELECT i FROM s; \
     CREATE USER app@'%' IDENTIFIED BY 'app'; GRANT ALL ON shop.* TO app@'%'; \
     CREATE USER books@'%' IDENTIFIED BY 'books'; GRANT ALL ON shop.* TO books@'%'; \
     CREATE USER admin@'%' IDENTIFIED BY 'admin'; GRANT ALL ON *.* TO admin@'%'; \
     CREATE USER looks@'%' IDENTIFIED BY 'look-and-nothing-else'; \
     CREATE USER ends@'%' IDENTIFIED BY 'end-and-nothing-else'";

/// Every text that was published to the inbox.
#[derive(Default)]
struct Mails(Mutex<Vec<String>>);

impl Witness for Mails {
    fn carried_out(&self, record: &Record, _account: &Account) {
        for effect in &record.effects {
            if let Effect::Published(message) = effect {
                let text = message.bodies.get("email").cloned();
                self.0.lock().unwrap().extend(text);
            }
        }
    }

    fn answered(&self, _record: &Record) {}

    fn happened(&self, _at: Timestamp, _effects: &[Effect], _account: &Account) {}
}

pub struct Scene {
    pub pair: Pair,
    pub proxy: Proxy,
    pub function: Lambda,
    settings: Settings,
    policy: Value,
    mails: Arc<Mails>,
    cloudwatch: Client,
    public: tokio::sync::Mutex<Public>,
    _cloud: Cloud,
}

impl Scene {
    /// With these remedies; both servers take further `options`.
    pub async fn with(remedies: Value, options: &[&str]) -> Self {
        let pair = servers(options).await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let mails = Arc::new(Mails::default());
        let cloud = Cloud::start(ports, Arc::<Mails>::clone(&mails)).await;
        for (name, user, password) in [
            ("orders/look", "looks", LOOKS),
            ("orders/end", "ends", ENDS),
        ] {
            let login = Login {
                user,
                password,
                port: ports[0],
                master: None,
            };
            cloud.secrets.create(name, "none", &login.content()).await;
        }
        let proxy = cloud.proxy().await;
        let settings = Settings::new()
            .mode("apply")
            .endpoint(&proxy.url())
            .inbox(INBOX);
        let policy = json!({
            "cluster": "orders", "long": "5s",
            "database": {"secret": "orders/look", "ca": pair.writer.ca()},
            "remedies": but(json!({"secret": "orders/end", "cooldown": "1s", "max_kills": 50}), remedies),
        });
        Self {
            function: Lambda::start("remedy-alarm", settings.clone().policy(&policy)).await,
            settings,
            policy,
            pair,
            proxy,
            mails,
            cloudwatch: client(&cloud.url()),
            public: tokio::sync::Mutex::new(Public::without(&[LOOKS, ENDS, LITERAL])),
            _cloud: cloud,
        }
    }

    /// The function with other remedies.
    pub async fn another(&self, remedies: Value) -> Lambda {
        let mut policy = self.policy.clone();
        policy["remedies"] = but(policy["remedies"].clone(), remedies);
        Lambda::start("remedy-alarm", self.settings.clone().policy(&policy)).await
    }

    /// An alarm on `metric` of an instance rings, for the alarms' whole dimension.
    pub async fn rings(&self, name: &str, metric: &str, instance: &str) {
        let dimension = Dimension::builder()
            .name("DBInstanceIdentifier")
            .value(instance);
        let alarm = self.cloudwatch.put_metric_alarm().alarm_name(name);
        let alarm = alarm
            .namespace("AWS/RDS")
            .metric_name(metric)
            .statistic(Statistic::Average);
        let alarm = alarm.period(60).evaluation_periods(2).threshold(80.0);
        let alarm = alarm.comparison_operator(ComparisonOperator::GreaterThanThreshold);
        alarm.dimensions(dimension.build()).send().await.unwrap();
        self.set(name, StateValue::Alarm).await;
    }

    pub async fn set(&self, name: &str, state: StateValue) {
        let set = self.cloudwatch.set_alarm_state().alarm_name(name);
        let set = set.state_value(state).state_reason("by the test");
        set.send().await.unwrap();
    }

    /// Runs the function for an alarm that rings.
    pub async fn alarm(&self, metric: &str, instance: &str) -> Invocation {
        let name = format!("orders-{metric}");
        self.rings(&name, metric, instance).await;
        self.run(&event(&name, metric, instance, "ALARM")).await
    }

    /// Runs the function. If a password or a customer's value is in what it says, or in a mail, the test
    /// ends.
    pub async fn run(&self, event: &Value) -> Invocation {
        let run = self.function.invoke(event, LIMIT).await;
        let public = &mut *self.public.lock().await;
        public.hear_run(&run);
        for mail in self.mails() {
            public.hear(mail);
        }
        public.has_no_secret();
        run
    }

    pub fn tick(&self) -> Value {
        let mut tick = nightshift_tests::payload::scheduled(&self.policy, now());
        tick["tick"] = json!(true);
        tick
    }

    pub fn mails(&self) -> Vec<String> {
        self.mails.0.lock().unwrap().clone()
    }
}

/// A writer and a replica with tables, applications and the two users.
pub async fn servers(options: &[&str]) -> Pair {
    let pair = Pair::start_with(options).await;
    pair.writer.root(PREPARED).await;
    for (user, rights) in [
        ("looks", &[][..]),
        ("ends", &remedy_alarm::mysql::grants::END[..]),
    ] {
        for right in remedy_alarm::mysql::grants::LOOK.iter().chain(rights) {
            pair.writer
                .root(&format!("GRANT {right} TO {user}@'%'"))
                .await;
        }
    }
    pair.caught_up().await;
    pair
}

fn client(url: &str) -> Client {
    let key = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
    let config = aws_sdk_cloudwatch::Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static(REGION))
        .credentials_provider(SharedCredentialsProvider::new(key))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(url);
    Client::from_conf(config.build())
}

/// What the alarm's own action sends.
pub fn event(name: &str, metric: &str, instance: &str, state: &str) -> Value {
    let metric = json!({
        "namespace": "AWS/RDS", "name": metric, "dimensions": {"DBInstanceIdentifier": instance},
    });
    let at = now().strftime("%Y-%m-%dT%H:%M:%S.000+0000").to_string();
    json!({
        "source": "aws.cloudwatch",
        "alarmArn": format!("arn:aws:cloudwatch:eu-central-1:123456789012:alarm:{name}"),
        "accountId": "123456789012", "time": at, "region": "eu-central-1",
        "alarmData": {
            "alarmName": name,
            "state": {"value": state, "reason": "by the test", "timestamp": at},
            "previousState": {"value": "OK", "timestamp": at},
            "configuration": {"metrics": [{"id": "m", "metricStat":
                {"metric": metric, "period": 60, "stat": "Average"}, "returnData": true}]},
        },
    })
}

/// An application's session.
pub struct App {
    pub id: u32,
    conn: Conn,
}

/// A session that is at a statement until that ends, and then goes on to live.
pub struct Busy {
    pub id: u32,
    pub statement: JoinHandle<(Result<(), mysql_async::Error>, Conn)>,
}

impl App {
    pub async fn on(server: &Mysql, user: &str) -> Self {
        let conn = server.login(user, user).await.unwrap();
        Self {
            id: conn.id(),
            conn,
        }
    }

    pub async fn does(mut self, sql: &str) -> Self {
        self.conn.query_drop(sql).await.unwrap();
        self
    }

    /// Begins a statement that goes on for long.
    pub fn goes_on(mut self, sql: &str) -> Busy {
        let (id, sql) = (self.id, sql.to_owned());
        let statement = tokio::spawn(async move {
            let ended = self.conn.query_drop(sql).await;
            (ended, self.conn)
        });
        Busy { id, statement }
    }

    /// Whether the session is still there, and takes statements.
    pub async fn lives(mut self) -> bool {
        self.conn.query_drop("DO 1").await.is_ok()
    }
}

/// Everybody who is to survive: sessions of each kind that no rule means.
pub struct Bystanders {
    idle: Vec<App>,
    busy: Vec<Busy>,
}

impl Bystanders {
    /// An idle application, one in a short transaction later, another user's long transaction and long
    /// statement, the master user's, and Nightshift's own kind.
    pub async fn on(server: &Mysql) -> Self {
        let select = format!("SELECT SLEEP(600), '{LITERAL}' FROM shop.n WHERE n = 1");
        let idle = vec![
            App::on(server, "books").await,
            App::on(server, "books")
                .await
                .does("BEGIN")
                .await
                .does("SELECT * FROM shop.orders WHERE id = 4")
                .await,
            App::on(server, "admin")
                .await
                .does("BEGIN")
                .await
                .does("SELECT * FROM shop.orders WHERE id = 4")
                .await,
        ];
        let busy = vec![
            App::on(server, "books").await.goes_on(&select),
            App::on(server, "admin").await.goes_on(&select),
        ];
        Self { idle, busy }
    }

    pub async fn survive(self) {
        for app in self.idle {
            let id = app.id;
            assert!(app.lives().await, "the bystander {id} was ended");
        }
        for busy in self.busy {
            assert!(
                !busy.statement.is_finished(),
                "the statement of the bystander {} was ended",
                busy.id
            );
        }
    }
}

/// The rules count from ten seconds on.
pub async fn long_enough() {
    sleep(Duration::from_secs(11)).await;
}

/// The rows of an answer, as `verdict outcome subject: reason`.
pub fn said(run: &Invocation) -> Vec<String> {
    let rows = run.value()["rows"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let row = |row: &Value| {
        format!(
            "{} {} {}: {} {}",
            text(&row["verdict"]),
            text(&row["outcome"]),
            text(&row["subject"]),
            text(&row["reason"]),
            text(&row["detail"]),
        )
    };
    rows.map(row).collect()
}

/// The subjects of what was ended.
pub fn ended(run: &Invocation) -> Vec<String> {
    let done = said(run)
        .into_iter()
        .filter(|row| row.starts_with("act done connection"));
    let subject = |row: String| row.split(' ').nth(3).unwrap_or_default().to_owned();
    done.map(subject).collect()
}
