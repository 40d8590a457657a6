"""DescribeAccountAttributes, and the quota of manual cluster snapshots."""
from moto.core.responses import ActionResult
from moto.rds.exceptions import SnapshotQuotaExceededFault

from .state import quotas


def manual_cluster_snapshots(backend):
    return sum(each.snapshot_type == "manual" for each in backend.cluster_snapshots.values())


def require_room(backend):
    limit = quotas(backend.region_name)["ManualClusterSnapshots"]
    if manual_cluster_snapshots(backend) >= limit:
        raise SnapshotQuotaExceededFault()


def describe_account_attributes(self):
    backend = self.backend
    used = {
        "DBInstances": len(backend.databases),
        "DBClusters": len(backend.clusters),
        "ManualSnapshots": sum(each.snapshot_type == "manual"
                               for each in backend.database_snapshots.values()),
        "ManualClusterSnapshots": manual_cluster_snapshots(backend),
    }
    return ActionResult({"AccountQuotas": [
        {"AccountQuotaName": name, "Used": used.get(name, 0), "Max": limit}
        for name, limit in quotas(backend.region_name).items()
    ]})
