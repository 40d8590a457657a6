//! The SDK knows every refusal by its type.

use std::fmt::Debug;

use aws_sdk_rds::{Client, config::http::HttpResponse, error::SdkError};
use aws_smithy_runtime_api::client::{
    http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn},
    orchestrator::HttpRequest,
};
use aws_smithy_types::body::SdkBody;
use serde_json::json;
use simulated_aws::{Answer, Refusal, rds::modelled_refusals};

use crate::{refused::call, world::config};

/// Gives every call the same answer.
#[derive(Debug)]
struct Always(Answer);

impl HttpConnector for Always {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let status = self.0.status.try_into().unwrap();
        let response = HttpResponse::new(status, SdkBody::from(self.0.body.clone()));
        HttpConnectorFuture::ready(Ok(response))
    }
}

fn always(operation: &str, code: &str, status: u16) -> Client {
    let refusal = Refusal::new(status, code, "because");
    let answer = Answer::of(&call(operation, json!({})), Err(refusal), "1");
    let connector = SharedHttpConnector::new(Always(answer));
    let http = http_client_fn(move |_, _| connector.clone());
    Client::from_conf(config().http_client(http).build())
}

/// The name of the error's type, which is `Unhandled` for codes that the SDK does not know.
fn variant<O: Debug, E: Debug>(result: Result<O, SdkError<E, HttpResponse>>) -> String {
    match result {
        Err(SdkError::ServiceError(error)) => {
            let error = format!("{:?}", error.err());
            error.split('(').next().unwrap().to_owned()
        }
        other => panic!("{other:?}"),
    }
}

async fn seen_by_the_sdk(operation: &str, client: Client) -> String {
    macro_rules! send {
        ($($name:literal => $call:ident),* $(,)?) => {
            match operation {
                $($name => variant(client.$call().send().await),)*
                other => panic!("{other} is not called"),
            }
        };
    }
    send!(
        "AddTagsToResource" => add_tags_to_resource,
        "CopyDBClusterSnapshot" => copy_db_cluster_snapshot,
        "CreateDBCluster" => create_db_cluster,
        "CreateDBClusterParameterGroup" => create_db_cluster_parameter_group,
        "CreateDBClusterSnapshot" => create_db_cluster_snapshot,
        "CreateDBInstance" => create_db_instance,
        "DeleteDBCluster" => delete_db_cluster,
        "DeleteDBClusterSnapshot" => delete_db_cluster_snapshot,
        "DeleteDBInstance" => delete_db_instance,
        "DescribeDBClusterEndpoints" => describe_db_cluster_endpoints,
        "DescribeDBClusterParameterGroups" => describe_db_cluster_parameter_groups,
        "DescribeDBClusterParameters" => describe_db_cluster_parameters,
        "DescribeDBClusterSnapshotAttributes" => describe_db_cluster_snapshot_attributes,
        "DescribeDBClusterSnapshots" => describe_db_cluster_snapshots,
        "DescribeDBClusters" => describe_db_clusters,
        "DescribeDBInstances" => describe_db_instances,
        "DescribeDBParameterGroups" => describe_db_parameter_groups,
        "DescribeDBParameters" => describe_db_parameters,
        "FailoverDBCluster" => failover_db_cluster,
        "ListTagsForResource" => list_tags_for_resource,
        "ModifyDBClusterEndpoint" => modify_db_cluster_endpoint,
        "ModifyDBClusterParameterGroup" => modify_db_cluster_parameter_group,
        "ModifyDBClusterSnapshotAttribute" => modify_db_cluster_snapshot_attribute,
        "RebootDBInstance" => reboot_db_instance,
        "RemoveTagsFromResource" => remove_tags_from_resource,
        "RestoreDBClusterFromSnapshot" => restore_db_cluster_from_snapshot,
        "StartDBCluster" => start_db_cluster,
        "StopDBCluster" => stop_db_cluster,
    )
}

#[tokio::test(start_paused = true)]
async fn the_sdk_knows_every_refusal_by_its_type() {
    for (operation, code, status) in modelled_refusals() {
        let seen = seen_by_the_sdk(operation, always(operation, code, status)).await;
        let bare = |name: &str| {
            name.replace("Fault", "")
                .replace("Exceeded", "")
                .to_lowercase()
        };
        assert_ne!(seen, "Unhandled", "{operation}: {code}");
        assert_eq!(bare(&seen), bare(code), "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_code_that_the_model_has_not_would_be_noticed() {
    let client = always("StopDBCluster", "DBClusterGoneFault", 404);
    assert_eq!(seen_by_the_sdk("StopDBCluster", client).await, "Unhandled");
}
