//! Every error about a reader becomes what a caller can do about it. The codes are those on the wire,
//! of which some lack the `Fault` that their shapes have.

use aurora_model::{
    Tags,
    reader::{CustomEndpoint, InstanceSettings, NewReader},
};
use aws_sdk_rds::Client;
use aws_smithy_mocks::mock;

use super::*;
use crate::{
    ApiError, CreateReaderError as Create, DeleteReaderError as Delete, Kind,
    SetEndpointError as Set,
};

async fn create(status: u16, code: &'static str, message: &'static str) -> Create {
    create_in(None, status, code, message).await
}

async fn create_in(
    zone: Option<&str>,
    status: u16,
    code: &'static str,
    message: &'static str,
) -> Create {
    let rule = mock!(Client::create_db_instance)
        .then_http_response(move || refused(status, code, message));
    let new = NewReader {
        id: "orders-ns-1".into(),
        cluster: "orders".into(),
        engine: "aurora-mysql".into(),
        class: "db.r4.large".into(),
        zone: zone.map(Into::into),
        promotion_tier: 15,
        settings: InstanceSettings::default(),
        tags: Tags::default(),
    };
    aurora([&rule]).create_reader(&new).await.unwrap_err()
}

async fn delete(status: u16, code: &'static str) -> Delete {
    let rule = mock!(Client::delete_db_instance)
        .then_http_response(move || refused(status, code, "RDS says why"));
    aurora([&rule])
        .delete_reader("orders-ns-1")
        .await
        .unwrap_err()
}

#[tokio::test]
async fn each_error_of_a_creation_is_told_apart() {
    let create = |status, code| create(status, code, "RDS says why");
    assert!(matches!(
        create(400, "DBInstanceAlreadyExists").await,
        Create::AlreadyExists(_)
    ));
    assert!(matches!(
        create(400, "InsufficientDBInstanceCapacity").await,
        Create::NoCapacity(_)
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
        create(400, "InstanceQuotaExceeded").await,
        Create::QuotaExceeded(_)
    ));
    for code in [
        "DBParameterGroupNotFound",
        "InvalidVPCNetworkStateFault",
        "InvalidParameterValue",
        "InvalidParameterCombination",
    ] {
        assert!(matches!(create(400, code).await, Create::Api(_)), "{code}");
    }
}

/// The sentences are RDS's own, as people have quoted them.
/// <https://github.com/cn-terraform/terraform-aws-sonarqube/issues/88>
/// <https://github.com/hashicorp/terraform-provider-aws/issues/27736>
/// <https://github.com/ryanmurakami/trash-panda-buffet/issues/5>
#[tokio::test]
async fn a_class_that_is_not_offered_is_told_by_what_rds_says() {
    for (code, message) in [
        (
            "InvalidParameterCombination",
            "RDS does not support creating a DB instance with the following combination: \
             DBInstanceClass=db.r4.large, Engine=aurora-mysql, \
             EngineVersion=8.0.mysql_aurora.3.10.1, LicenseModel=general-public-license. For \
             supported combinations of instance class and database engine version, see the \
             documentation.",
        ),
        (
            "InvalidParameterCombination",
            "The requested instance class is not supported by global databases: db.r4.large",
        ),
        (
            "InvalidParameterValue",
            "Invalid DB Instance class: db.r4.large",
        ),
    ] {
        let error = create(400, code, message).await;
        assert!(matches!(error, Create::ClassNotOffered(_)), "{error}");
    }
}

/// As people have quoted it; other combinations are another matter.
/// <https://github.com/awsdocs/amazon-rds-user-guide/issues/188>
#[tokio::test]
async fn a_class_without_performance_insights_is_told_by_what_rds_says() {
    let code = "InvalidParameterCombination";
    let message = "Performance Insights not supported for this configuration.";
    let error = create(400, code, message).await;
    assert!(matches!(error, Create::NoInsights(_)), "{error}");
    let other = "Performance Insights must be enabled to give it a key or a retention period.";
    let error = create(400, code, other).await;
    assert!(matches!(error, Create::Api(_)), "{error}");
}

/// RDS names the volume's zones, not those that the cluster's subnet group has subnets in.
/// <https://github.com/hashicorp/terraform-provider-aws/issues/20712>
#[tokio::test]
async fn a_zone_without_a_subnet_is_told_by_what_rds_says() {
    let code = "InvalidVPCNetworkStateFault";
    let message = "Cannot create a db.r4.large database instance because there is not a subnet in \
        eu-central-1c, the targeted availability zone. Create a new subnet in eu-central-1c and \
        target that availability zone again, or retry the launch with no availability zone, or \
        choose from these availability zones: eu-central-1b, eu-central-1a.";
    let create = async |zone, message| create_in(zone, 400, code, message).await;
    let there = Some("eu-central-1c");
    assert!(matches!(create(there, message).await, Create::NoSubnet(_)));
    let other = "Cannot create the DB Instance because db subnet group has not been specified which \
        is required for a private DBInstance creation.";
    for (zone, message) in [(None, message), (there, other)] {
        let error = create(zone, message).await;
        assert!(matches!(error, Create::Api(_)), "{error}");
    }
}

#[tokio::test]
async fn another_combination_or_value_is_not_about_the_class() {
    for (code, message) in [
        (
            "InvalidParameterCombination",
            "A MonitoringRoleARN value is required if you specify a MonitoringInterval value other \
             than 0.",
        ),
        (
            "InvalidParameterCombination",
            "The engine name requested for your DB instance (mysql) doesn't match the engine name \
             of your DB cluster (aurora-mysql).",
        ),
        (
            "InvalidParameterValue",
            "Invalid DB engine: DBInstanceClass=",
        ),
        (
            "InsufficientStorageClusterCapacity",
            "DBInstanceClass=db.r4.large",
        ),
    ] {
        let error = create(400, code, message).await;
        assert!(matches!(error, Create::Api(_)), "{error}");
    }
}

#[tokio::test]
async fn each_error_of_a_deletion_is_told_apart() {
    assert!(matches!(
        delete(404, "DBInstanceNotFound").await,
        Delete::NotFound(_)
    ));
    for code in ["InvalidDBInstanceState", "InvalidDBClusterStateFault"] {
        let error = delete(400, code).await;
        assert!(matches!(error, Delete::InvalidState(_)), "{error}");
    }
    for code in ["InvalidParameterCombination", "KMSKeyNotAccessibleFault"] {
        assert!(matches!(delete(400, code).await, Delete::Api(_)), "{code}");
    }
}

#[tokio::test]
async fn an_error_names_the_call_the_reader_and_the_reason() {
    let no_capacity = "Cannot create a db.r4.large database instance because there are no \
        availability zones with sufficient capacity.";
    insta::assert_snapshot!(create(400, "InsufficientDBInstanceCapacity", no_capacity).await, @"CreateDBInstance of orders-ns-1: refused with InsufficientDBInstanceCapacity: Cannot create a db.r4.large database instance because there are no availability zones with sufficient capacity.");
    insta::assert_snapshot!(create(503, "ServiceUnavailable", "").await, @"CreateDBInstance of orders-ns-1: no proper answer (HTTP 503 ServiceUnavailable); whether it took effect, the next run will see");
    insta::assert_snapshot!(delete(400, "InvalidDBInstanceState").await, @"DeleteDBInstance of orders-ns-1: refused with InvalidDBInstanceState: RDS says why");
    insta::assert_snapshot!(delete(400, "Throttling").await, @"DeleteDBInstance of orders-ns-1: throttled (Throttling); the next run tries again");
}

/// An answer that got lost leaves open whether the reader is there.
#[tokio::test]
async fn a_call_that_was_not_answered_may_have_taken_effect() {
    let unsure = |api: &ApiError| api.unsure && api.retryable();
    let Create::Api(created) = create(500, "InternalFailure", "").await else {
        panic!("no error of its own");
    };
    let Delete::Api(deleted) = delete(500, "InternalFailure").await else {
        panic!("no error of its own");
    };
    assert!(unsure(&created) && unsure(&deleted));
    let there = create(400, "DBInstanceAlreadyExists", "it exists").await;
    let Create::AlreadyExists(there) = there else {
        panic!("it exists: {there}");
    };
    assert!(!there.unsure);
}

async fn set(status: u16, code: &'static str) -> Set {
    let rule = mock!(Client::modify_db_cluster_endpoint)
        .then_http_response(move || refused(status, code, "RDS says why"));
    let reports = CustomEndpoint {
        id: "reports".into(),
        readers_only: true,
        members: vec!["orders-2".into()],
        excluded: Vec::new(),
    };
    let set = aurora([&rule]).set_endpoint_members(&reports).await;
    set.unwrap_err()
}

#[tokio::test]
async fn each_error_of_a_custom_endpoint_is_told_apart() {
    let gone = set(400, "DBClusterEndpointNotFoundFault").await;
    assert!(matches!(gone, Set::NotFound(_)), "{gone}");
    for code in [
        "InvalidDBClusterEndpointStateFault",
        "InvalidDBClusterStateFault",
        "InvalidDBInstanceState",
    ] {
        let error = set(400, code).await;
        assert!(matches!(error, Set::InvalidState(_)), "{error}");
    }
    for code in ["DBInstanceNotFound", "InvalidParameterCombination"] {
        assert!(matches!(set(400, code).await, Set::Api(_)), "{code}");
    }
    insta::assert_snapshot!(set(400, "InvalidDBClusterEndpointStateFault").await, @"ModifyDBClusterEndpoint of reports: refused with InvalidDBClusterEndpointStateFault: RDS says why");
}

/// What the calls about tags have no errors of their own for.
#[tokio::test]
async fn the_other_calls_say_what_they_were_for() {
    let rules = [
        mock!(Client::add_tags_to_resource)
            .then_http_response(|| refused(400, "InvalidParameterValue", "RDS says why")),
        mock!(Client::remove_tags_from_resource)
            .then_http_response(|| refused(404, "DBInstanceNotFound", "RDS says why")),
    ];
    let aurora = aurora(&rules);
    let tags = Tags::from_iter([("a", "1")]);
    insta::assert_snapshot!(aurora.tag("arn:r", &tags).await.unwrap_err(), @"AddTagsToResource of arn:r: refused with InvalidParameterValue: RDS says why");
    let error = aurora.untag("arn:r", &["a".into()]).await.unwrap_err();
    insta::assert_snapshot!(error, @"RemoveTagsFromResource of arn:r: refused with DBInstanceNotFound: RDS says why");
    assert!(matches!(error.kind, Kind::Refused { .. }));
}
