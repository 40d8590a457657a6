//! The calls that remedy-alarm really makes: an episode with everything in it, before a real writer and a
//! real replica, and the simulated AWS.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use mysql_async::{Conn, prelude::Queryable};
use nightshift_tests::{
    lambda::{Invocation, Lambda, Settings},
    mysql::Pair,
    payload::{now, scheduled},
    proxy::{Call, Proxy},
    rotation::{CLUSTER, Cloud, INBOX, Login, Unseen, token},
    scenario::LIMIT,
};
use remedy_alarm::mysql::grants::{END, LOOK};
use serde_json::{Value, json};
use simulated_aws::{
    Account, Call as Asked, Effect, Protocol, Service, cloudwatch::State, secrets::Secret,
};
use tokio::time::sleep;

use crate::recorded::Recorded;

/// `DatabaseSecretArn` in `tests/infra/roles.py`, of the secret `orders/look`.
pub(crate) const LOOKS: &str =
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/look-a1b2c3";
/// `RemedySecretArn` there, of the secret `orders/end`.
pub(crate) const ENDS: &str =
    "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/end-d4e5f6";
const ALARM: &str = "orders-cpu";
const SETUP: &str = "CREATE USER app@'%' IDENTIFIED BY 'app'; \
     CREATE USER looks@'%' IDENTIFIED BY 'look-and-nothing-else'; \
     CREATE USER ends@'%' IDENTIFIED BY 'end-and-nothing-else'";

/// A cluster with an alarm on its writer, and two secrets.
struct Scene {
    pair: Pair,
    cloud: Cloud,
    proxy: Proxy,
}

/// Plays the episode with an inbox and without one.
pub(crate) async fn recorded() -> Recorded {
    Recorded {
        with_inbox: Scene::start().await.episode(Some(INBOX)).await,
        without_inbox: Scene::start().await.episode(None).await,
        tags: [].into(),
    }
}

impl Scene {
    async fn start() -> Self {
        let pair = Pair::start().await;
        pair.writer.root(SETUP).await;
        for (user, rights) in [("looks", &[][..]), ("ends", &END[..])] {
            for right in LOOK.iter().chain(rights) {
                let grant = format!("GRANT {right} TO {user}@'%'");
                pair.writer.root(&grant).await;
            }
        }
        pair.caught_up().await;
        let ports = [pair.writer.port(), pair.replica.port()];
        let cloud = Cloud::start(ports, Arc::new(Unseen)).await;
        for (number, (name, arn)) in (0..).zip([("orders/look", LOOKS), ("orders/end", ENDS)]) {
            let create = json!({"Name": name, "ClientRequestToken": token(number)});
            cloud.secrets.call("CreateSecret", &create).await;
            cloud.aws.outside(|account, now| {
                account.by_hand(now, |services, _| {
                    let known = |secret: &mut Secret| arn.clone_into(&mut secret.arn);
                    services.secrets.secrets.change(now, name, known)
                })
            });
        }
        cloud
            .aws
            .outside(|account, now| ((), put_alarm(account, now)));
        let proxy = cloud.proxy().await;
        Self { pair, cloud, proxy }
    }

    /// The function's calls: while the secrets are still empty, when somebody sleeps in a transaction, at
    /// the end, and in quiet.
    async fn episode(&self, inbox: Option<&str>) -> Vec<Call> {
        let settings = Settings::new().mode("apply").endpoint(&self.proxy.url());
        let settings = match inbox {
            Some(topic) => settings.inbox(topic),
            None => settings,
        };
        let function = Lambda::start("remedy-alarm", settings).await;
        let culprit = self.culprit().await;
        self.ring(State::Alarm);
        self.tick(&function).await;
        self.fill().await;
        let run = self.tick(&function).await;
        assert!(!lives(culprit).await, "{}", run.value());
        self.ring(State::Ok);
        self.tick(&function).await;
        self.tick(&function).await;
        self.proxy.calls()
    }

    /// Somebody who has slept in a transaction for long enough to be ended.
    async fn culprit(&self) -> Conn {
        let mut culprit = self.pair.writer.login("app", "app").await.unwrap();
        let begin = "START TRANSACTION WITH CONSISTENT SNAPSHOT";
        culprit.query_drop(begin).await.unwrap();
        sleep(Duration::from_secs(11)).await;
        culprit
    }

    fn ring(&self, state: State) {
        self.cloud.aws.outside(|account, now| {
            account.by_hand(now, |services, at| {
                services
                    .cloudwatch
                    .set_state(ALARM, state, "by the test", at);
            })
        });
    }

    /// The secrets get their values.
    async fn fill(&self) {
        for (number, (secret, user, password)) in (2..).zip([
            (LOOKS, "looks", "look-and-nothing-else"),
            (ENDS, "ends", "end-and-nothing-else"),
        ]) {
            let login = Login {
                user,
                password,
                port: self.pair.writer.port(),
                master: None,
            };
            let put = json!({
                "SecretId": secret, "SecretString": login.content().to_string(),
                "ClientRequestToken": token(number),
            });
            self.cloud.secrets.call("PutSecretValue", &put).await;
        }
    }

    async fn tick(&self, function: &Lambda) -> Invocation {
        let mut tick = scheduled(&self.policy(), now());
        tick["tick"] = json!(true);
        let run = function.invoke(&tick, LIMIT).await;
        assert!(run.result.is_ok(), "{run:?}");
        run
    }

    fn policy(&self) -> Value {
        json!({
            "cluster": CLUSTER, "database": {"secret": LOOKS, "ca": self.pair.writer.ca()},
            "remedies": {
                "secret": ENDS, "add_reader": {},
                "idle_transactions": {"longer_than": "10s", "only": {"users": ["app"]}},
            },
        })
    }
}

async fn lives(mut session: Conn) -> bool {
    session.query_drop("DO 1").await.is_ok()
}

fn put_alarm(account: &mut Account, now: Timestamp) -> Vec<Effect> {
    let input = json!({
        "AlarmName": ALARM, "Namespace": "AWS/RDS", "MetricName": "CPUUtilization",
        "Statistic": "Average", "Period": 60, "EvaluationPeriods": 2, "Threshold": 80.0,
        "ComparisonOperator": "GreaterThanThreshold",
        "Dimensions": [{"Name": "DBInstanceIdentifier", "Value": "orders-0"}],
    });
    let call = Asked {
        service: Service::CloudWatch,
        operation: "PutMetricAlarm".into(),
        input,
        protocol: Protocol::Cbor,
    };
    account.answer(&call, now).1
}
