//! Every error becomes what a caller can do about it.

use std::time::Duration;

use aurora_model::{NewSnapshot, Tags};
use aws_sdk_rds::{Client, config::timeout::TimeoutConfig};
use aws_smithy_http_client::test_util::NeverClient;
use aws_smithy_mocks::mock;
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
    result::ConnectorError,
};

use super::*;
use crate::{ApiError, CreateSnapshotError as Create, DeleteSnapshotError as Delete, Kind};

async fn create_over(aurora: &Aurora) -> Create {
    let new = NewSnapshot {
        id: "orders-nightly-20261121".into(),
        cluster: "orders".into(),
        tags: Tags::default(),
    };
    aurora.create_snapshot(&new).await.unwrap_err()
}

async fn create(status: u16, code: &'static str) -> Create {
    let rule = mock!(Client::create_db_cluster_snapshot)
        .then_http_response(move || refused(status, code, "RDS says why"));
    create_over(&aurora([&rule])).await
}

async fn delete(status: u16, code: &'static str) -> Delete {
    let rule = mock!(Client::delete_db_cluster_snapshot)
        .then_http_response(move || refused(status, code, "RDS says why"));
    aurora([&rule])
        .delete_snapshot("orders-nightly-20261001")
        .await
        .unwrap_err()
}

/// The errors RDS's model names for the call, with the codes it sends.
#[tokio::test]
async fn each_error_of_a_creation_is_told_apart() {
    assert!(matches!(
        create(400, "DBClusterSnapshotAlreadyExistsFault").await,
        Create::AlreadyExists(_)
    ));
    assert!(matches!(
        create(400, "InvalidDBClusterStateFault").await,
        Create::InvalidClusterState(_)
    ));
    assert!(matches!(
        create(404, "DBClusterNotFoundFault").await,
        Create::ClusterNotFound(_)
    ));
    assert!(matches!(
        create(400, "SnapshotQuotaExceeded").await,
        Create::QuotaExceeded(_)
    ));
    assert!(matches!(
        create(400, "InvalidDBClusterSnapshotStateFault").await,
        Create::Api(_)
    ));
    assert!(matches!(
        create(400, "InvalidParameterValue").await,
        Create::Api(_)
    ));
    assert!(matches!(
        create(400, "KMSKeyNotAccessibleFault").await,
        Create::Api(_)
    ));
}

#[tokio::test]
async fn each_error_of_a_deletion_is_told_apart() {
    assert!(matches!(
        delete(404, "DBClusterSnapshotNotFoundFault").await,
        Delete::NotFound(_)
    ));
    assert!(matches!(
        delete(400, "InvalidDBClusterSnapshotStateFault").await,
        Delete::InvalidState(_)
    ));
    assert!(matches!(
        delete(400, "InvalidParameterValue").await,
        Delete::Api(_)
    ));
}

#[tokio::test]
async fn an_error_names_the_call_the_thing_and_the_reason() {
    insta::assert_snapshot!(create(400, "SnapshotQuotaExceeded").await, @"CreateDBClusterSnapshot of orders-nightly-20261121: refused with SnapshotQuotaExceeded: RDS says why");
    insta::assert_snapshot!(create(400, "Throttling").await, @"CreateDBClusterSnapshot of orders-nightly-20261121: throttled (Throttling); the next run tries again");
    insta::assert_snapshot!(create(403, "AccessDenied").await, @"CreateDBClusterSnapshot of orders-nightly-20261121: not allowed (RDS says why); allow the call in the function's role");
    insta::assert_snapshot!(create(503, "ServiceUnavailable").await, @"CreateDBClusterSnapshot of orders-nightly-20261121: no proper answer (HTTP 503 ServiceUnavailable); whether it took effect, the next run will see");
    insta::assert_snapshot!(delete(400, "InvalidDBClusterSnapshotStateFault").await, @"DeleteDBClusterSnapshot of orders-nightly-20261001: refused with InvalidDBClusterSnapshotStateFault: RDS says why");
}

fn api(error: Create) -> ApiError {
    let Create::Api(error) = error else {
        panic!("no error of its own: {error}");
    };
    error
}

#[tokio::test]
async fn a_throttled_call_a_denied_one_and_a_broken_answer_are_told_apart() {
    for code in ["Throttling", "ThrottlingException", "RequestLimitExceeded"] {
        assert_eq!(
            api(create(400, code).await).kind,
            Kind::Throttled { code: code.into() }
        );
    }
    for code in [
        "AccessDenied",
        "AccessDeniedException",
        "InvalidClientTokenId",
    ] {
        assert!(
            matches!(api(create(403, code).await).kind, Kind::Denied { .. }),
            "{code}"
        );
    }
    for (status, code) in [(500, "InternalFailure"), (503, "ServiceUnavailable")] {
        assert!(
            matches!(
                api(create(status, code).await).kind,
                Kind::Unavailable { .. }
            ),
            "{code}"
        );
    }
    let refused = api(create(400, "InvalidParameterValue").await);
    assert!(matches!(refused.kind, Kind::Refused { .. }) && !refused.retryable());
}

/// A load balancer in front of RDS, or a proxy.
#[tokio::test]
async fn an_answer_that_is_not_from_rds_may_hide_an_effect() {
    for (status, body) in [
        (502, "<html>Bad Gateway</html>"),
        (504, ""),
        (200, "<html>"),
        (400, "nonsense"),
    ] {
        let rule = mock!(Client::create_db_cluster_snapshot)
            .then_http_response(move || response(status, body.into()));
        let error = api(create_over(&aurora([&rule])).await);
        assert!(
            matches!(error.kind, Kind::Unavailable { .. }),
            "{status}: {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_never_answered_may_have_taken_effect() {
    let timeouts = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(25));
    let config = config()
        .http_client(NeverClient::new())
        .timeout_config(timeouts.build());
    let deaf = Aurora::over(Client::from_conf(config.build()));
    let error = api(create_over(&deaf).await);
    assert!(error.retryable());
    insta::assert_snapshot!(error, @"CreateDBClusterSnapshot of orders-nightly-20261121: no proper answer (it timed out); whether it took effect, the next run will see");
}

#[derive(Debug)]
struct Unplugged;

impl HttpConnector for Unplugged {
    fn call(&self, _: HttpRequest) -> HttpConnectorFuture {
        let refused =
            std::io::Error::new(std::io::ErrorKind::ConnectionRefused, "connection refused");
        HttpConnectorFuture::ready(Err(ConnectorError::io(refused.into())))
    }
}

#[tokio::test]
async fn a_call_that_does_not_get_through_says_why() {
    let client = http_client_fn(|_, _| SharedHttpConnector::new(Unplugged));
    let unplugged = Aurora::over(Client::from_conf(config().http_client(client).build()));
    let error = api(create_over(&unplugged).await);
    assert!(error.retryable());
    insta::assert_snapshot!(error, @"CreateDBClusterSnapshot of orders-nightly-20261121: no proper answer (connection refused); whether it took effect, the next run will see");
}

/// The SDK tries again by itself; only what it gives up reaches us.
#[tokio::test(start_paused = true)]
async fn what_passes_at_a_second_try_is_no_error() {
    let rule = mock!(Client::delete_db_cluster_snapshot)
        .sequence()
        .http_response(|| refused(400, "Throttling", "Rate exceeded"))
        .http_response(|| refused(503, "ServiceUnavailable", "try later"))
        .http_response(|| page("DeleteDBClusterSnapshot", "", None))
        .build();
    let answers = MockResponseInterceptor::new().with_rule(&rule);
    let config = config()
        .retry_config(RetryConfig::adaptive().with_max_attempts(8))
        .http_client(create_mock_http_client())
        .interceptor(answers);
    let aurora = Aurora::over(Client::from_conf(config.build()));
    assert_eq!(aurora.delete_snapshot("a").await, Ok(()));
    assert_eq!(rule.num_calls(), 3);
}

/// A deletion that RDS answered like this, try after try.
async fn tried(first: (u16, &'static str), then: (u16, &'static str)) -> Delete {
    let rule = mock!(Client::delete_db_cluster_snapshot)
        .sequence()
        .http_response(move || refused(first.0, first.1, "RDS says why"))
        .http_response(move || refused(then.0, then.1, "RDS says why"))
        .build();
    let answers = MockResponseInterceptor::new().with_rule(&rule);
    let config = config()
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .http_client(create_mock_http_client())
        .interceptor(answers);
    let aurora = Aurora::over(Client::from_conf(config.build()));
    aurora.delete_snapshot("a").await.unwrap_err()
}

#[tokio::test(start_paused = true)]
async fn a_try_that_was_not_answered_may_have_taken_effect_whatever_the_next_one_is_told() {
    let gone = (404, "DBClusterSnapshotNotFoundFault");
    let Delete::NotFound(error) = tried((503, "ServiceUnavailable"), gone).await else {
        panic!("it is gone");
    };
    assert!(error.unsure);
    insta::assert_snapshot!(tried((503, "ServiceUnavailable"), (400, "Throttling")).await, @"DeleteDBClusterSnapshot of a: throttled (Throttling); the next run tries again; whether it took effect, the next run will see");

    let Delete::NotFound(error) = tried((400, "Throttling"), gone).await else {
        panic!("it is gone");
    };
    assert!(!error.unsure, "RDS answered that it did nothing");
}
