//! The calls that run-job really makes: a purge with a real writer and a real replica and the simulated
//! AWS, and the throttle's look at CloudWatch, which the function takes on Aurora only.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudwatch::config::{Credentials, SharedCredentialsProvider};
use cloudwatch::CloudWatch;
use iam_evaluation::Tags;
use jobs::policy::{Lag, Throttle};
use nightshift_tests::{
    lambda::{Lambda, Settings},
    mysql::Pair,
    payload::{now, scheduled},
    proxy::{Call, Proxy},
    rotation::{Cloud, INBOX, Login, Unseen, token},
    scenario::LIMIT,
};
use run_job::{
    database::{Access, Endpoint},
    mysql::Servers,
    throttle::{Gate, Metrics, Own, Replica, Scope},
};
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::recorded::Recorded;

const PASSWORD: &str = "job-and-nobody-else";
const SETUP: &str = "CREATE DATABASE shop; \
     CREATE TABLE shop.logs (id INT AUTO_INCREMENT PRIMARY KEY, at DATETIME NOT NULL); \
     CREATE USER job@'%' IDENTIFIED BY 'job-and-nobody-else'; \
     GRANT SELECT, INSERT, UPDATE, CREATE ON nightshift.* TO job@'%'; \
     GRANT PROCESS ON *.* TO job@'%'; GRANT SELECT ON performance_schema.* TO job@'%'; \
     GRANT SELECT, DELETE ON shop.logs TO job@'%'";
const OLD_ROW: &str = "INSERT INTO shop.logs (at) VALUES (NOW() - INTERVAL 40 DAY)";

/// A cluster with old rows, and the job's secret.
struct Scene {
    pair: Pair,
    proxy: Proxy,
    secret: String,
    /// A secret without a value.
    empty: String,
    _cloud: Cloud,
}

/// Runs a job that purges and reports, with an inbox and without one.
pub(crate) async fn recorded() -> Recorded {
    let scene = Scene::start().await;
    Recorded {
        with_inbox: scene.calls(1, Some(INBOX)).await,
        without_inbox: scene.calls(2, None).await,
        tags: [&scene.secret, &scene.empty]
            .map(|secret| {
                let tag = ("nightshift:job".to_owned(), "run".to_owned());
                (secret.clone(), Tags::from([tag]))
            })
            .into(),
    }
}

impl Scene {
    async fn start() -> Self {
        let pair = Pair::start().await;
        pair.writer.root(SETUP).await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let cloud = Cloud::start(ports, Arc::new(Unseen)).await;
        let login = Login {
            user: "job",
            password: PASSWORD,
            port: ports[0],
            master: None,
        };
        let create = json!({
            "Name": "job-login", "SecretString": login.content().to_string(),
            "ClientRequestToken": token(0), "Tags": [{"Key": "nightshift:job", "Value": "run"}],
        });
        let made = cloud.secrets.call("CreateSecret", &create).await;
        let tags = json!([{"Key": "nightshift:job", "Value": "run"}]);
        let create = json!({"Name": "job-empty", "ClientRequestToken": token(1), "Tags": tags});
        let empty = cloud.secrets.call("CreateSecret", &create).await;
        Self {
            pair,
            proxy: cloud.proxy().await,
            secret: made["ARN"].as_str().unwrap().to_owned(),
            empty: empty["ARN"].as_str().unwrap().to_owned(),
            _cloud: cloud,
        }
    }

    /// The function's calls in a job's `number`-th night.
    async fn calls(&self, number: i64, inbox: Option<&str>) -> Vec<Call> {
        self.pair.writer.root(OLD_ROW).await;
        self.proxy.reset();
        let settings = Settings::new().mode("apply").endpoint(&self.proxy.url());
        let settings = match inbox {
            Some(topic) => settings.inbox(topic),
            None => settings,
        };
        let function = Lambda::start("run-job", settings).await;
        let slot = now() - jiff::SignedDuration::from_secs(60 / number);
        let run = function
            .invoke(&scheduled(&self.policy(&self.secret), slot), LIMIT)
            .await;
        let said = run.value()["rows"].to_string();
        assert!(
            said.contains("deleted 1 rows") || said.contains("deleted 1 row "),
            "{said}"
        );
        let without = scheduled(&self.policy(&self.empty), slot);
        function.invoke(&without, LIMIT).await;
        self.look_at_metrics().await;
        self.proxy.calls()
    }

    fn policy(&self, secret: &str) -> Value {
        json!({
            "job": "purge-logs", "cluster": "orders", "secret": secret, "database": "shop",
            "ca": self.pair.writer.ca(), "throttle": {"replica_lag": null},
            "purge": {"table": "logs", "column": "at", "older_than": "30d"},
        })
    }

    /// No server here says that it is Aurora, so the throttle is told.
    async fn look_at_metrics(&self) {
        let limits = Throttle {
            replica_lag: Some(Lag {
                soft_ms: Some(1_000),
                ..Lag::default()
            }),
            ..Throttle::default()
        };
        let password = &secrets::Secret::new(PASSWORD);
        let at = |port| Endpoint {
            host: "localhost".to_owned(),
            port,
        };
        let reader = Replica {
            name: "orders-1".to_owned(),
            endpoint: at(self.pair.replica.port()),
        };
        let scope = Scope {
            writer: at(self.pair.writer.port()),
            readers: vec![reader],
            aurora: true,
            login: run_job::database::Login {
                user: "job",
                password,
            },
            access: self.access(),
            limits: &limits,
            metrics: Some(Metrics::new(self.cloudwatch(), now())),
        };
        Gate::new(&Servers, scope).pass(Own::default()).await;
    }

    fn access(&self) -> Access {
        Access {
            ca: Some(self.pair.writer.ca().to_owned()),
            plain_text: false,
            database: None,
            connect: LIMIT,
            statement: LIMIT,
            lock_wait: LIMIT,
            until: Instant::now() + LIMIT,
        }
    }

    fn cloudwatch(&self) -> CloudWatch {
        let key = Credentials::new("AKIAIOSFODNN7EXAMPLE", "x", None, None, "test");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("eu-central-1"))
            .credentials_provider(SharedCredentialsProvider::new(key))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .endpoint_url(self.proxy.url());
        CloudWatch::new(&config.build())
    }
}
