//! RDS.

use aws_sdk_rds::{
    Client,
    types::{Filter, Tag},
};

use super::parameter::Parameter;
use crate::step::{Outcome, Step};

/// Makes the call.
#[expect(
    clippy::too_many_lines,
    reason = "a table of calls and their parameters"
)]
pub async fn send(rds: &Client, step: &Step) -> Option<Outcome> {
    call!(rds, step, {
        CreateDBCluster create_db_cluster {
            DBClusterIdentifier set_db_cluster_identifier,
            Engine set_engine,
            EngineVersion set_engine_version,
            DBClusterParameterGroupName set_db_cluster_parameter_group_name,
            MasterUsername set_master_username,
            MasterUserPassword set_master_user_password,
            DeletionProtection set_deletion_protection,
            Tags set_tags,
        }
        DescribeDBClusters describe_db_clusters {
            DBClusterIdentifier set_db_cluster_identifier,
            Filters set_filters,
            MaxRecords set_max_records,
            Marker set_marker,
        }
        DescribeDBClusterEndpoints describe_db_cluster_endpoints {
            DBClusterIdentifier set_db_cluster_identifier,
            DBClusterEndpointIdentifier set_db_cluster_endpoint_identifier,
        }
        ModifyDBClusterEndpoint modify_db_cluster_endpoint {
            DBClusterEndpointIdentifier set_db_cluster_endpoint_identifier,
            StaticMembers set_static_members,
            ExcludedMembers set_excluded_members,
        }
        StopDBCluster stop_db_cluster { DBClusterIdentifier set_db_cluster_identifier }
        StartDBCluster start_db_cluster { DBClusterIdentifier set_db_cluster_identifier }
        DeleteDBCluster delete_db_cluster {
            DBClusterIdentifier set_db_cluster_identifier,
            SkipFinalSnapshot set_skip_final_snapshot,
            FinalDBSnapshotIdentifier set_final_db_snapshot_identifier,
        }
        CreateDBClusterParameterGroup create_db_cluster_parameter_group {
            DBClusterParameterGroupName set_db_cluster_parameter_group_name,
            DBParameterGroupFamily set_db_parameter_group_family,
            Description set_description,
        }
        DescribeDBClusterParameterGroups describe_db_cluster_parameter_groups {
            DBClusterParameterGroupName set_db_cluster_parameter_group_name,
        }
        CreateDBClusterSnapshot create_db_cluster_snapshot {
            DBClusterIdentifier set_db_cluster_identifier,
            DBClusterSnapshotIdentifier set_db_cluster_snapshot_identifier,
            Tags set_tags,
        }
        CopyDBClusterSnapshot copy_db_cluster_snapshot {
            SourceDBClusterSnapshotIdentifier set_source_db_cluster_snapshot_identifier,
            TargetDBClusterSnapshotIdentifier set_target_db_cluster_snapshot_identifier,
            CopyTags set_copy_tags,
            Tags set_tags,
        }
        DeleteDBClusterSnapshot delete_db_cluster_snapshot {
            DBClusterSnapshotIdentifier set_db_cluster_snapshot_identifier,
        }
        DescribeDBClusterSnapshots describe_db_cluster_snapshots {
            DBClusterIdentifier set_db_cluster_identifier,
            DBClusterSnapshotIdentifier set_db_cluster_snapshot_identifier,
            SnapshotType set_snapshot_type,
            Filters set_filters,
            MaxRecords set_max_records,
            Marker set_marker,
        }
        CreateDBInstance create_db_instance {
            DBInstanceIdentifier set_db_instance_identifier,
            DBClusterIdentifier set_db_cluster_identifier,
            DBInstanceClass set_db_instance_class,
            Engine set_engine,
            PromotionTier set_promotion_tier,
            AvailabilityZone set_availability_zone,
            DBParameterGroupName set_db_parameter_group_name,
            AutoMinorVersionUpgrade set_auto_minor_version_upgrade,
            CACertificateIdentifier set_ca_certificate_identifier,
            EnablePerformanceInsights set_enable_performance_insights,
            PerformanceInsightsRetentionPeriod set_performance_insights_retention_period,
            MonitoringInterval set_monitoring_interval,
            MonitoringRoleArn set_monitoring_role_arn,
            PreferredMaintenanceWindow set_preferred_maintenance_window,
            PubliclyAccessible set_publicly_accessible,
            Tags set_tags,
        }
        DeleteDBInstance delete_db_instance {
            DBInstanceIdentifier set_db_instance_identifier,
            SkipFinalSnapshot set_skip_final_snapshot,
            FinalDBSnapshotIdentifier set_final_db_snapshot_identifier,
        }
        DescribeDBInstances describe_db_instances {
            DBInstanceIdentifier set_db_instance_identifier,
            Filters set_filters,
            MaxRecords set_max_records,
        }
        AddTagsToResource add_tags_to_resource {
            ResourceName set_resource_name,
            Tags set_tags,
        }
        RemoveTagsFromResource remove_tags_from_resource {
            ResourceName set_resource_name,
            TagKeys set_tag_keys,
        }
        ListTagsForResource list_tags_for_resource { ResourceName set_resource_name }
    })
}

impl Parameter for Vec<Tag> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let tag = |(key, value)| Tag::builder().key(key).value(value).build();
        Some(step.pairs(name)?.into_iter().map(tag).collect())
    }
}

impl Parameter for Vec<Filter> {
    fn of(step: &Step, name: &str) -> Option<Self> {
        let filter = |(name, value)| Filter::builder().name(name).values(value).build();
        Some(step.pairs(name)?.into_iter().map(filter).collect())
    }
}
