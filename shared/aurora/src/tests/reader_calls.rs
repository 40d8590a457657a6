//! What is sent to RDS about readers.

use std::sync::{Arc, Mutex};

use aurora_model::{
    Tags,
    reader::{CustomEndpoint, InstanceSettings, NewReader},
};
use aws_sdk_rds::Client;
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};

use super::*;
use crate::{Kind, SetEndpointError};

/// Takes down what is sent, and answers everything alike.
#[derive(Clone, Debug)]
struct Recorder {
    sent: Arc<Mutex<String>>,
    answer: String,
}

impl HttpConnector for Recorder {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = request.body().bytes().unwrap();
        *self.sent.lock().unwrap() = String::from_utf8(body.to_vec()).unwrap();
        HttpConnectorFuture::ready(Ok(response(200, self.answer.clone())))
    }
}

impl Recorder {
    /// One that answers `operation` with `result`, and a client over it.
    fn answering(operation: &str, result: &str) -> (Self, Aurora) {
        let answer = format!(
            "<{operation}Response xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
             <{operation}Result>{result}</{operation}Result></{operation}Response>"
        );
        let recorder = Self {
            sent: Arc::default(),
            answer,
        };
        let connector = SharedHttpConnector::new(recorder.clone());
        let client = http_client_fn(move |_, _| connector.clone());
        let config = config().http_client(client).build();
        (recorder, Aurora::over(Client::from_conf(config)))
    }

    /// The parameters, one in each line.
    fn lines(&self) -> String {
        let sent = self.sent.lock().unwrap();
        let text = sent.replace("%3A", ":").replace("%2F", "/");
        text.replace('&', "\n")
    }
}

fn new(settings: InstanceSettings) -> NewReader {
    NewReader {
        id: "orders-ns-1".into(),
        cluster: "orders".into(),
        engine: "aurora-mysql".into(),
        class: "db.r7g.large".into(),
        zone: Some("eu-central-1b".into()),
        promotion_tier: 15,
        settings,
        tags: Tags::from_iter([("nightshift:managed-by", "nightshift"), ("team", "orders")]),
    }
}

async fn created(new: &NewReader) -> String {
    let (recorder, aurora) = Recorder::answering("CreateDBInstance", "<DBInstance/>");
    aurora.create_reader(new).await.unwrap();
    recorder.lines()
}

#[tokio::test]
async fn a_reader_is_created_with_all_that_its_siblings_have_and_out_of_the_internets_reach() {
    let settings = InstanceSettings {
        parameter_group: Some("orders-readers".into()),
        monitoring_interval: Some(30),
        monitoring_role: Some("arn:aws:iam::123456789012:role/rds-monitoring".into()),
        performance_insights: Some(true),
        performance_insights_key: Some("arn:aws:kms:eu-central-1:123456789012:key/k".into()),
        performance_insights_days: Some(465),
        ca: Some("rds-ca-ecc384-g1".into()),
        auto_minor_upgrade: Some(false),
        maintenance_window: Some("sun:04:10-sun:04:40".into()),
    };
    insta::assert_snapshot!(created(&new(settings)).await, @"
    Action=CreateDBInstance
    Version=2014-10-31
    DBInstanceIdentifier=orders-ns-1
    DBInstanceClass=db.r7g.large
    Engine=aurora-mysql
    AvailabilityZone=eu-central-1b
    PreferredMaintenanceWindow=sun:04:10-sun:04:40
    DBParameterGroupName=orders-readers
    AutoMinorVersionUpgrade=false
    PubliclyAccessible=false
    Tags.Tag.1.Key=nightshift:managed-by
    Tags.Tag.1.Value=nightshift
    Tags.Tag.2.Key=team
    Tags.Tag.2.Value=orders
    DBClusterIdentifier=orders
    MonitoringInterval=30
    MonitoringRoleArn=arn:aws:iam::123456789012:role/rds-monitoring
    PromotionTier=15
    EnablePerformanceInsights=true
    PerformanceInsightsKMSKeyId=arn:aws:kms:eu-central-1:123456789012:key/k
    PerformanceInsightsRetentionPeriod=465
    CACertificateIdentifier=rds-ca-ecc384-g1
    ");
}

#[tokio::test]
async fn what_is_not_known_of_the_siblings_is_left_to_rds() {
    let bare = NewReader {
        zone: None,
        tags: Tags::default(),
        ..new(InstanceSettings::default())
    };
    insta::assert_snapshot!(created(&bare).await, @"
    Action=CreateDBInstance
    Version=2014-10-31
    DBInstanceIdentifier=orders-ns-1
    DBInstanceClass=db.r7g.large
    Engine=aurora-mysql
    PubliclyAccessible=false
    Tags=
    DBClusterIdentifier=orders
    PromotionTier=15
    ");
}

/// RDS refuses a role, a key or a number of days for what is off.
#[tokio::test]
async fn what_belongs_to_a_setting_that_is_off_is_not_sent() {
    let sibling = "<DBInstances><DBInstance><DBInstanceIdentifier>orders-2</DBInstanceIdentifier>\
        <MonitoringInterval>0</MonitoringInterval><MonitoringRoleArn>arn:r</MonitoringRoleArn>\
        <PerformanceInsightsEnabled>false</PerformanceInsightsEnabled>\
        <PerformanceInsightsKMSKeyId>arn:k</PerformanceInsightsKMSKeyId>\
        <PerformanceInsightsRetentionPeriod>7</PerformanceInsightsRetentionPeriod>\
        </DBInstance></DBInstances>";
    let (_, aurora) = Recorder::answering("DescribeDBInstances", sibling);
    let mut siblings = aurora.db_instances("orders").await.unwrap();
    let settings = siblings.remove(0).settings;
    let sent = created(&new(settings)).await;
    for line in ["MonitoringInterval=0", "EnablePerformanceInsights=false"] {
        assert!(sent.lines().any(|sent| sent == line), "{line} in {sent}");
    }
    for word in ["RoleArn", "KMSKeyId", "RetentionPeriod"] {
        assert!(!sent.contains(word), "{word} in {sent}");
    }
}

#[tokio::test]
async fn a_reader_is_deleted_without_a_snapshot() {
    let (recorder, aurora) = Recorder::answering("DeleteDBInstance", "<DBInstance/>");
    aurora.delete_reader("orders-ns-1").await.unwrap();
    insta::assert_snapshot!(recorder.lines(), @"
    Action=DeleteDBInstance
    Version=2014-10-31
    DBInstanceIdentifier=orders-ns-1
    SkipFinalSnapshot=true
    ");
}

#[tokio::test]
async fn tags_are_put_on_and_taken_off_by_the_resources_arn() {
    let arn = "arn:aws:rds:eu-central-1:123456789012:db:orders-ns-1";
    let (recorder, aurora) = Recorder::answering("AddTagsToResource", "");
    let tags = Tags::from_iter([("nightshift:draining-since", "2026-11-21T02:00:00Z")]);
    aurora.tag(arn, &tags).await.unwrap();
    insta::assert_snapshot!(recorder.lines(), @"
    Action=AddTagsToResource
    Version=2014-10-31
    ResourceName=arn:aws:rds:eu-central-1:123456789012:db:orders-ns-1
    Tags.Tag.1.Key=nightshift:draining-since
    Tags.Tag.1.Value=2026-11-21T02:00:00Z
    ");
    let (recorder, aurora) = Recorder::answering("RemoveTagsFromResource", "");
    let keys = [
        "nightshift:draining-since",
        "nightshift:drained-from/reports",
    ];
    aurora.untag(arn, &keys.map(Into::into)).await.unwrap();
    insta::assert_snapshot!(recorder.lines(), @"
    Action=RemoveTagsFromResource
    Version=2014-10-31
    ResourceName=arn:aws:rds:eu-central-1:123456789012:db:orders-ns-1
    TagKeys.member.1=nightshift:draining-since
    TagKeys.member.2=nightshift:drained-from/reports
    ");
}

fn endpoint(members: &[&str], excluded: &[&str]) -> CustomEndpoint {
    let owned = |ids: &[&str]| ids.iter().map(|id| (*id).to_owned()).collect();
    CustomEndpoint {
        id: "reports".into(),
        readers_only: false,
        members: owned(members),
        excluded: owned(excluded),
    }
}

/// The answer to a modification, which has the lists as they will be.
fn modified(members: &[&str], excluded: &[&str]) -> (Recorder, Aurora) {
    let list = |ids: &[&str]| -> String {
        let member = |id: &&str| format!("<member>{id}</member>");
        ids.iter().map(member).collect()
    };
    let result = format!(
        "<DBClusterEndpointIdentifier>reports</DBClusterEndpointIdentifier>\
         <Status>modifying</Status><StaticMembers>{}</StaticMembers>\
         <ExcludedMembers>{}</ExcludedMembers>",
        list(members),
        list(excluded)
    );
    Recorder::answering("ModifyDBClusterEndpoint", &result)
}

#[tokio::test]
async fn an_endpoint_is_told_the_one_list_that_it_has() {
    let members = ["orders-2", "orders-3"];
    let (recorder, aurora) = modified(&members, &[]);
    let set = aurora.set_endpoint_members(&endpoint(&members, &[])).await;
    assert_eq!(set, Ok(()));
    insta::assert_snapshot!(recorder.lines(), @"
    Action=ModifyDBClusterEndpoint
    Version=2014-10-31
    DBClusterEndpointIdentifier=reports
    StaticMembers.member.1=orders-2
    StaticMembers.member.2=orders-3
    ");
    let (recorder, aurora) = modified(&[], &["orders-2"]);
    let without = endpoint(&[], &["orders-2"]);
    assert_eq!(aurora.set_endpoint_members(&without).await, Ok(()));
    insta::assert_snapshot!(recorder.lines(), @"
    Action=ModifyDBClusterEndpoint
    Version=2014-10-31
    DBClusterEndpointIdentifier=reports
    ExcludedMembers.member.1=orders-2
    ");
}

/// The SDK says of an empty list that it is empty; what RDS makes of it, its answer tells.
/// <https://github.com/boto/boto3/issues/3058>
#[tokio::test]
async fn an_exclusion_that_rds_keeps_is_told_as_not_taken_back() {
    let (recorder, aurora) = modified(&[], &[]);
    assert_eq!(
        aurora.set_endpoint_members(&endpoint(&[], &[])).await,
        Ok(())
    );
    insta::assert_snapshot!(recorder.lines(), @"
    Action=ModifyDBClusterEndpoint
    Version=2014-10-31
    DBClusterEndpointIdentifier=reports
    StaticMembers=
    ExcludedMembers=
    ");
    let (_, aurora) = modified(&[], &["orders-2"]);
    let error = aurora.set_endpoint_members(&endpoint(&[], &[])).await;
    let SetEndpointError::Api(error) = error.unwrap_err() else {
        panic!("no error of its own");
    };
    insta::assert_snapshot!(error, @"ModifyDBClusterEndpoint of reports: answered and not done (RDS keeps orders-2 on the list of the endpoint; take it off by hand)");
    assert!(matches!(error.kind, Kind::NotDone { .. }));
    assert!(!error.retryable() && !error.unsure);
}
