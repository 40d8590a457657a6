//! The lag of Aurora's readers from CloudWatch, where the writer cannot be asked for it: a plain
//! server stands for it, which has no `information_schema.replica_host_status`.

use std::sync::Arc;

use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use cloudwatch::CloudWatch;
use jiff::{SignedDuration, Timestamp};
use jobs::policy::{Lag, Throttle};
use nightshift_tests::{mysql::Mysql, payload::now, rotation::Unseen};
use run_job::{
    mysql::Servers,
    throttle::{Gate, Metrics, Own, Verdict},
};
use secrets::Secret;
use simulated_aws::{Account, Aws, Faults, Place, SimulatedTime, Whim, cloudwatch::Metric};

use crate::scene::{PASSWORD, limits, scope, user, why};

const READERS: [(&str, u16); 2] = [("orders-2", 1), ("orders-3", 1)];

/// An account whose readers told these lags, so many minutes ago.
fn account(lags: &[(&str, i64, f64)]) -> Aws {
    let place = Place {
        account: "123456789012".to_owned(),
        region: "eu-central-1".to_owned(),
    };
    let mut account = Account::new(place, Whim::plain(1));
    account.by_hand(now(), |services, at| {
        for (reader, minutes, lag) in lags {
            let dimensions = [("DBInstanceIdentifier", *reader)];
            let metric = Metric::new("AWS/RDS", "AuroraReplicaLag", &dimensions);
            let then = whole_minute(now() - SignedDuration::from_mins(*minutes));
            services.cloudwatch.record(metric, then, *lag, at);
        }
    });
    let time = SimulatedTime::from(now());
    Aws::new(account, Faults::none(1), time, Arc::new(Unseen))
}

fn whole_minute(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second().div_euclid(60) * 60).unwrap()
}

fn metrics(aws: &Aws) -> Metrics {
    let key = aws_sdk_cloudwatch::config::Credentials::new(
        "AKIAIOSFODNN7EXAMPLE",
        "x",
        None,
        None,
        "test",
    );
    let provider = aws_sdk_cloudwatch::config::SharedCredentialsProvider::new(key);
    let config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("eu-central-1"))
        .credentials_provider(provider)
        .retry_config(RetryConfig::disabled())
        .http_client(aws.client(Arc::default()))
        .build();
    Metrics::new(CloudWatch::new(&config), now())
}

fn one_second() -> Throttle {
    limits(|all| {
        all.replica_lag = Some(Lag {
            soft_ms: Some(1_000),
            ..Lag::default()
        });
    })
}

async fn server() -> Mysql {
    let server = Mysql::start().await;
    user(&server, "job", &[]).await;
    server
}

async fn verdict(server: &Mysql, readers: &[(&str, u16)], metrics: Option<Metrics>) -> Verdict {
    let (password, limits) = (Secret::new(PASSWORD), one_second());
    let mut scope = scope(server, readers, &password, &limits);
    scope.aurora = true;
    scope.metrics = metrics;
    Gate::new(&Servers, scope).pass(Own::default()).await
}

#[tokio::test]
async fn where_the_writer_does_not_know_cloudwatch_is_asked_for_each_reader() {
    let server = server().await;
    let at_rest = account(&[("orders-2", 1, 21.5), ("orders-3", 1, 18.0)]);
    assert_eq!(
        verdict(&server, &READERS, Some(metrics(&at_rest))).await,
        Verdict::Go
    );
    let behind = account(&[
        ("orders-2", 1, 21.5),
        ("orders-3", 2, 18.0),
        ("orders-3", 1, 4_200.0),
    ]);
    let said = why(verdict(&server, &READERS, Some(metrics(&behind))).await);
    assert_eq!(said, "replica lag 4.2 s on orders-3, above 1 s");
}

#[tokio::test]
async fn a_datapoint_that_is_too_old_is_none() {
    let server = server().await;
    let silent = account(&[("orders-2", 1, 21.5), ("orders-3", 9, 18.0)]);
    let said = why(verdict(&server, &READERS, Some(metrics(&silent))).await);
    assert_eq!(
        said,
        "replica lag on orders-3 cannot be read: CloudWatch has no AuroraReplicaLag of the last 3 minutes"
    );
}

#[tokio::test]
async fn without_cloudwatch_it_is_said_why_the_writer_does_not_know() {
    let server = server().await;
    let said = why(verdict(&server, &READERS[..1], None).await);
    assert_eq!(
        said,
        "replica lag on orders-2 cannot be read: asking for the lag of the readers found no table (1109)"
    );
}

#[tokio::test]
async fn a_cluster_without_readers_has_nobody_who_could_be_behind() {
    let server = server().await;
    assert_eq!(verdict(&server, &[], None).await, Verdict::Go);
}
