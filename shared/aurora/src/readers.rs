//! The calls about a cluster's readers.

use aurora_model::{
    Tags,
    reader::{CustomEndpoint, DbInstance, NewReader, ReaderCluster},
};
use aws_sdk_rds::{
    operation::{
        create_db_instance::builders::CreateDBInstanceFluentBuilder,
        describe_db_cluster_endpoints::DescribeDbClusterEndpointsOutput,
        describe_db_clusters::DescribeDBClustersError,
        describe_db_instances::DescribeDbInstancesOutput,
    },
    types::Filter,
};
use calls::{Tries, write_failed};

use crate::{
    ApiError, Aurora, CreateReaderError, DeleteReaderError, SetEndpointError, convert,
    endpoint_error, error, reader_error,
};

/// The largest page RDS gives.
const PAGE: i32 = 100;

impl Aurora {
    /// The DB cluster called `id`, as far as its readers go; nothing where there is no such cluster.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusters.html>
    ///
    /// # Errors
    /// When RDS does not answer.
    pub async fn reader_cluster(&self, id: &str) -> Result<Option<ReaderCluster>, ApiError> {
        let call = self.0.describe_db_clusters().db_cluster_identifier(id);
        match call.send().await {
            Ok(page) => {
                let clusters = page.db_clusters.unwrap_or_default();
                Ok(clusters.into_iter().next().map(convert::reader_cluster))
            }
            Err(e)
                if e.as_service_error()
                    .is_some_and(DescribeDBClustersError::is_db_cluster_not_found_fault) =>
            {
                Ok(None)
            }
            Err(e) => Err(error::api("DescribeDBClusters", id, &e)),
        }
    }

    /// Every instance of the DB cluster called `cluster`, with what a further one is made after.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBInstances.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn db_instances(&self, cluster: &str) -> Result<Vec<DbInstance>, ApiError> {
        let of_cluster = Filter::builder().name("db-cluster-id").values(cluster);
        let call = self.0.describe_db_instances().filters(of_cluster.build());
        let pages = call.into_paginator().page_size(PAGE).send();
        let read = |page: DescribeDbInstancesOutput| {
            let instances = page.db_instances.unwrap_or_default();
            let instances = instances.into_iter().map(convert::db_instance).collect();
            (page.marker, instances)
        };
        let subject = format!("the instances of {cluster}");
        calls::all("DescribeDBInstances", &subject, pages, read).await
    }

    /// Every custom endpoint of the DB cluster called `cluster`.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DescribeDBClusterEndpoints.html>
    ///
    /// # Errors
    /// When a page cannot be read; a listing with a page missing is no listing.
    pub async fn custom_endpoints(&self, cluster: &str) -> Result<Vec<CustomEndpoint>, ApiError> {
        let custom = Filter::builder()
            .name("db-cluster-endpoint-type")
            .values("custom");
        let call = self.0.describe_db_cluster_endpoints();
        let call = call.db_cluster_identifier(cluster).filters(custom.build());
        let pages = call.into_paginator().page_size(PAGE).send();
        let read = |page: DescribeDbClusterEndpointsOutput| {
            let endpoints = page.db_cluster_endpoints.unwrap_or_default();
            let endpoints = endpoints.into_iter().filter_map(convert::custom_endpoint);
            (page.marker, endpoints.collect())
        };
        let subject = format!("the endpoints of {cluster}");
        calls::all("DescribeDBClusterEndpoints", &subject, pages, read).await
    }

    /// Begins to create a reader. It takes reads when its status is `available`.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html>
    ///
    /// # Errors
    /// By what the caller can do about it.
    pub async fn create_reader(&self, new: &NewReader) -> Result<(), CreateReaderError> {
        let call = inheriting(self.0.create_db_instance(), new)
            .db_instance_identifier(&new.id)
            .db_cluster_identifier(&new.cluster)
            .engine(&new.engine)
            .db_instance_class(&new.class)
            .set_availability_zone(new.zone.clone())
            .promotion_tier(new.promotion_tier.into())
            .publicly_accessible(false)
            .set_tags(Some(convert::sdk_tags(&new.tags)));
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| reader_error::create(new, &tries, &e))
    }

    /// Deletes a reader. An instance of an Aurora cluster takes no final snapshot: the cluster does.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html>
    ///
    /// # Errors
    /// By what the caller can do about it.
    pub async fn delete_reader(&self, id: &str) -> Result<(), DeleteReaderError> {
        let call = self.0.delete_db_instance().db_instance_identifier(id);
        let tries = Tries::default();
        let call = call.skip_final_snapshot(true).customize();
        let sent = call.interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| reader_error::delete(id, &tries, &e))
    }

    /// Gives a custom endpoint the instances that `endpoint` names. It has one list or the other, so only
    /// the one that is not empty is sent. Nobody new gets in by it until RDS is done, which takes minutes.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBClusterEndpoint.html>
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html>
    ///
    /// # Errors
    /// By what the caller can do about it; also when RDS keeps what it was told to drop: it has been seen
    /// to take two empty lists for none, and knows no other way to clear one.
    /// <https://github.com/boto/boto3/issues/3058>
    pub async fn set_endpoint_members(
        &self,
        endpoint: &CustomEndpoint,
    ) -> Result<(), SetEndpointError> {
        let CustomEndpoint {
            id,
            members,
            excluded,
            ..
        } = endpoint;
        let emptied = members.is_empty() && excluded.is_empty();
        let list = |ids: &[String]| (emptied || !ids.is_empty()).then(|| ids.to_vec());
        let call = self.0.modify_db_cluster_endpoint();
        let call = call
            .db_cluster_endpoint_identifier(id)
            .set_static_members(list(members))
            .set_excluded_members(list(excluded));
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        let has = sent.map_err(|e| endpoint_error::set(id, &tries, &e))?;
        endpoint_error::kept(endpoint, has.static_members(), has.excluded_members())?;
        Ok(())
    }

    /// Puts tags on the resource called `arn`, in place of those of the same keys.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AddTagsToResource.html>
    ///
    /// # Errors
    /// When RDS refuses or does not answer.
    pub async fn tag(&self, arn: &str, tags: &Tags) -> Result<(), ApiError> {
        let call = self.0.add_tags_to_resource().resource_name(arn);
        let call = call.set_tags(Some(convert::sdk_tags(tags)));
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| write_failed("AddTagsToResource", arn, &tries, &e))
    }

    /// Takes the tags of these keys off the resource called `arn`.
    /// <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_RemoveTagsFromResource.html>
    ///
    /// # Errors
    /// When RDS refuses or does not answer.
    pub async fn untag(&self, arn: &str, keys: &[String]) -> Result<(), ApiError> {
        let call = self.0.remove_tags_from_resource().resource_name(arn);
        let call = call.set_tag_keys(Some(keys.to_vec()));
        let tries = Tries::default();
        let sent = call.customize().interceptor(tries.clone()).send().await;
        sent.map(drop)
            .map_err(|e| write_failed("RemoveTagsFromResource", arn, &tries, &e))
    }
}

/// What a new reader has in common with its siblings.
fn inheriting(
    call: CreateDBInstanceFluentBuilder,
    new: &NewReader,
) -> CreateDBInstanceFluentBuilder {
    let settings = new.settings.clone();
    call.set_db_parameter_group_name(settings.parameter_group)
        .set_monitoring_interval(settings.monitoring_interval)
        .set_monitoring_role_arn(settings.monitoring_role)
        .set_enable_performance_insights(settings.performance_insights)
        .set_performance_insights_kms_key_id(settings.performance_insights_key)
        .set_performance_insights_retention_period(settings.performance_insights_days)
        .set_ca_certificate_identifier(settings.ca)
        .set_auto_minor_version_upgrade(settings.auto_minor_upgrade)
        .set_preferred_maintenance_window(settings.maintenance_window)
}
