//! `DescribeAccountAttributes`.
//! <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_AccountQuota.html>

use crate::rds::{Rds, out::Out};

impl Rds {
    /// The quotas, under AWS's names. What is counted is the truth, without delay.
    pub(crate) fn describe_account(&self) -> Out {
        let Self { quotas, .. } = self;
        let quotas = [
            ("DBInstances", self.instances.len(), quotas.instances),
            ("ReservedDBInstances", 0, quotas.instances),
            ("AllocatedStorage", 0, 100_000),
            ("DBSecurityGroups", 0, 25),
            ("AuthorizationsPerDBSecurityGroup", 0, 20),
            (
                "DBParameterGroups",
                self.parameter_groups.len(),
                PARAMETER_GROUPS,
            ),
            ("ManualSnapshots", 0, 100),
            ("EventSubscriptions", 0, 20),
            ("DBSubnetGroups", 1, 50),
            ("OptionGroups", 0, 20),
            ("SubnetsPerDBSubnetGroup", 3, 20),
            ("ReadReplicasPerMaster", 0, 15),
            ("DBClusters", self.clusters.len(), quotas.clusters),
            (
                "DBClusterParameterGroups",
                self.cluster_parameter_groups.len(),
                PARAMETER_GROUPS,
            ),
            ("DBClusterRoles", 0, 5),
            ("DBInstanceRoles", 0, 5),
            (
                "ManualClusterSnapshots",
                self.manual_snapshots(),
                quotas.manual_snapshots,
            ),
            ("CustomEndpointsPerDBCluster", 0, 5),
        ];
        Out::of(|out| {
            out.element("AccountQuotas", |out| {
                for (name, used, max) in quotas {
                    out.element("AccountQuota", |out| {
                        out.text("AccountQuotaName", name);
                        out.plain("Used", used);
                        out.plain("Max", max);
                    });
                }
            });
        })
    }
}

/// How many parameter groups of each kind there may be.
/// <https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/CHAP_Limits.html>
pub(crate) const PARAMETER_GROUPS: usize = 50;
