//! The table of the operations.

use crate::rds::refusals::Code::{
    self, CertificateNotFound, ClusterAlreadyExists, ClusterNotFound,
    ClusterParameterGroupNotFound, ClusterQuota, EndpointNotFound, InstanceAlreadyExists,
    InstanceNotFound, InstanceQuota, InvalidClusterState, InvalidEndpointState,
    InvalidInstanceState, InvalidParameterGroupState, InvalidSnapshotState, NoCapacity,
    ParameterGroupAlreadyExists, ParameterGroupNotFound, ParameterGroupQuota, SharedSnapshotQuota,
    SnapshotAlreadyExists, SnapshotNotFound, SnapshotQuota, TaggedSnapshotNotFound,
};

/// An operation as far as it is simulated.
pub(super) struct Operation {
    pub(super) name: &'static str,
    /// The members of its input that mean something here.
    pub(super) takes: &'static [&'static str],
    /// The modelled errors with which it may refuse.
    pub(super) may: &'static [Code],
}

const fn of(name: &'static str, takes: &'static [&'static str], may: &'static [Code]) -> Operation {
    Operation { name, takes, may }
}

pub(super) const OPERATIONS: &[Operation] = &[
    of(
        "AddTagsToResource",
        &["ResourceName", "Tags"],
        &[
            ClusterNotFound,
            InstanceNotFound,
            TaggedSnapshotNotFound,
            InvalidClusterState,
            InvalidInstanceState,
        ],
    ),
    of(
        "CopyDBClusterSnapshot",
        &[
            "SourceDBClusterSnapshotIdentifier",
            "TargetDBClusterSnapshotIdentifier",
            "CopyTags",
            "Tags",
        ],
        &[
            SnapshotNotFound,
            InvalidSnapshotState,
            SnapshotAlreadyExists,
            SnapshotQuota,
        ],
    ),
    of(
        "CreateDBCluster",
        &[
            "DBClusterIdentifier",
            "Engine",
            "EngineVersion",
            "DBClusterParameterGroupName",
            "MasterUsername",
            "MasterUserPassword",
            "ManageMasterUserPassword",
            "DeletionProtection",
            "Tags",
        ],
        &[
            ClusterAlreadyExists,
            ClusterQuota,
            ClusterParameterGroupNotFound,
        ],
    ),
    of(
        "CreateDBClusterParameterGroup",
        &[
            "DBClusterParameterGroupName",
            "DBParameterGroupFamily",
            "Description",
            "Tags",
        ],
        &[ParameterGroupAlreadyExists, ParameterGroupQuota],
    ),
    of(
        "CreateDBClusterSnapshot",
        &["DBClusterSnapshotIdentifier", "DBClusterIdentifier", "Tags"],
        &[
            ClusterNotFound,
            InvalidClusterState,
            SnapshotAlreadyExists,
            SnapshotQuota,
        ],
    ),
    of(
        "CreateDBInstance",
        &[
            "DBInstanceIdentifier",
            "DBInstanceClass",
            "Engine",
            "DBClusterIdentifier",
            "AvailabilityZone",
            "PromotionTier",
            "DBParameterGroupName",
            "AutoMinorVersionUpgrade",
            "CACertificateIdentifier",
            "CopyTagsToSnapshot",
            "DatabaseInsightsMode",
            "EnablePerformanceInsights",
            "MonitoringInterval",
            "MonitoringRoleArn",
            "NetworkType",
            "PerformanceInsightsKMSKeyId",
            "PerformanceInsightsRetentionPeriod",
            "PreferredMaintenanceWindow",
            "PubliclyAccessible",
            "Tags",
        ],
        &[
            ClusterNotFound,
            InvalidClusterState,
            InstanceAlreadyExists,
            InstanceQuota,
            NoCapacity,
            ParameterGroupNotFound,
            CertificateNotFound,
        ],
    ),
    of(
        "DeleteDBCluster",
        &[
            "DBClusterIdentifier",
            "SkipFinalSnapshot",
            "FinalDBSnapshotIdentifier",
        ],
        &[
            ClusterNotFound,
            InvalidClusterState,
            SnapshotAlreadyExists,
            SnapshotQuota,
        ],
    ),
    of(
        "DeleteDBClusterSnapshot",
        &["DBClusterSnapshotIdentifier"],
        &[SnapshotNotFound, InvalidSnapshotState],
    ),
    of(
        "DeleteDBInstance",
        &[
            "DBInstanceIdentifier",
            "SkipFinalSnapshot",
            "FinalDBSnapshotIdentifier",
        ],
        &[InstanceNotFound, InvalidInstanceState, InvalidClusterState],
    ),
    of("DescribeAccountAttributes", &[], &[]),
    of(
        "DescribeDBClusterEndpoints",
        &[
            "DBClusterIdentifier",
            "DBClusterEndpointIdentifier",
            "Filters",
            "MaxRecords",
            "Marker",
        ],
        &[ClusterNotFound],
    ),
    of(
        "DescribeDBClusterParameterGroups",
        &["DBClusterParameterGroupName", "MaxRecords", "Marker"],
        &[ParameterGroupNotFound],
    ),
    of(
        "DescribeDBClusterParameters",
        &[
            "DBClusterParameterGroupName",
            "Source",
            "Filters",
            "MaxRecords",
            "Marker",
        ],
        &[ParameterGroupNotFound],
    ),
    of(
        "DescribeDBClusterSnapshotAttributes",
        &["DBClusterSnapshotIdentifier"],
        &[SnapshotNotFound],
    ),
    of(
        "DescribeDBClusterSnapshots",
        &[
            "DBClusterIdentifier",
            "DBClusterSnapshotIdentifier",
            "SnapshotType",
            "IncludeShared",
            "IncludePublic",
            "Filters",
            "MaxRecords",
            "Marker",
        ],
        &[SnapshotNotFound],
    ),
    of(
        "DescribeDBClusters",
        &[
            "DBClusterIdentifier",
            "IncludeShared",
            "Filters",
            "MaxRecords",
            "Marker",
        ],
        &[ClusterNotFound],
    ),
    of(
        "DescribeDBInstances",
        &["DBInstanceIdentifier", "Filters", "MaxRecords", "Marker"],
        &[InstanceNotFound],
    ),
    of(
        "DescribeDBParameterGroups",
        &["DBParameterGroupName", "MaxRecords", "Marker"],
        &[ParameterGroupNotFound],
    ),
    of(
        "DescribeDBParameters",
        &[
            "DBParameterGroupName",
            "Source",
            "Filters",
            "MaxRecords",
            "Marker",
        ],
        &[ParameterGroupNotFound],
    ),
    of(
        "DescribeEvents",
        &[
            "SourceIdentifier",
            "SourceType",
            "StartTime",
            "EndTime",
            "Duration",
            "EventCategories",
            "MaxRecords",
            "Marker",
        ],
        &[],
    ),
    of(
        "FailoverDBCluster",
        &["DBClusterIdentifier", "TargetDBInstanceIdentifier"],
        &[ClusterNotFound, InvalidClusterState, InvalidInstanceState],
    ),
    of(
        "ListTagsForResource",
        &["ResourceName"],
        &[ClusterNotFound, InstanceNotFound, TaggedSnapshotNotFound],
    ),
    of(
        "ModifyDBClusterEndpoint",
        &[
            "DBClusterEndpointIdentifier",
            "StaticMembers",
            "ExcludedMembers",
        ],
        &[
            EndpointNotFound,
            InvalidEndpointState,
            InvalidClusterState,
            InstanceNotFound,
            InvalidInstanceState,
        ],
    ),
    of(
        "ModifyDBClusterParameterGroup",
        &["DBClusterParameterGroupName", "Parameters"],
        &[ParameterGroupNotFound, InvalidParameterGroupState],
    ),
    of(
        "ModifyDBClusterSnapshotAttribute",
        &[
            "DBClusterSnapshotIdentifier",
            "AttributeName",
            "ValuesToAdd",
            "ValuesToRemove",
        ],
        &[SnapshotNotFound, InvalidSnapshotState, SharedSnapshotQuota],
    ),
    of(
        "RebootDBInstance",
        &["DBInstanceIdentifier", "ForceFailover"],
        &[InstanceNotFound, InvalidInstanceState],
    ),
    of(
        "RemoveTagsFromResource",
        &["ResourceName", "TagKeys"],
        &[
            ClusterNotFound,
            InstanceNotFound,
            TaggedSnapshotNotFound,
            InvalidClusterState,
            InvalidInstanceState,
        ],
    ),
    of(
        "RestoreDBClusterFromSnapshot",
        &[
            "DBClusterIdentifier",
            "SnapshotIdentifier",
            "Engine",
            "EngineVersion",
            "DBClusterParameterGroupName",
            "DeletionProtection",
            "Tags",
        ],
        &[
            SnapshotNotFound,
            InvalidSnapshotState,
            ClusterAlreadyExists,
            ClusterQuota,
            ClusterParameterGroupNotFound,
        ],
    ),
    of(
        "StartDBCluster",
        &["DBClusterIdentifier"],
        &[ClusterNotFound, InvalidClusterState],
    ),
    of(
        "StopDBCluster",
        &["DBClusterIdentifier"],
        &[ClusterNotFound, InvalidClusterState, InvalidInstanceState],
    ),
];
