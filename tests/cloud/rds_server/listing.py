"""The Describe actions of clusters, instances and snapshots as AWS selects."""
from moto.rds.exceptions import DBClusterSnapshotNotFoundError, InvalidParameterCombination
from moto.rds.models import DBClusterSnapshot
from moto.rds.responses import RDSResponse

from . import account, events
from .paging import page
from .state import OTHER_ACCOUNT, backend as other_backend


def install():
    RDSResponse.describe_db_clusters = describe_db_clusters
    RDSResponse.describe_db_instances = describe_db_instances
    RDSResponse.describe_db_cluster_snapshots = describe_db_cluster_snapshots
    RDSResponse.describe_events = events.describe_events
    RDSResponse.describe_account_attributes = account.describe_account_attributes


def _filters(params):
    return {each["Name"]: list(each["Values"]) for each in params.get("Filters") or []}


def describe_db_clusters(self):
    found = self.backend.describe_db_clusters(
        db_cluster_identifier=self.params.get("DBClusterIdentifier"),
        filters=_filters(self.params))
    return page("DBClusters", found, self.params, lambda each: each.db_cluster_identifier)


def describe_db_instances(self):
    found = self.backend.describe_db_instances(
        self.params.get("DBInstanceIdentifier"), filters=_filters(self.params))
    return page("DBInstances", found, self.params, lambda each: each.db_instance_identifier)


def describe_db_cluster_snapshots(self):
    found = list(snapshots(self.backend, self.params))
    wanted = self.params.get("DBClusterSnapshotIdentifier")
    if wanted and not found:
        raise DBClusterSnapshotNotFoundError(wanted)
    return page("DBClusterSnapshots", found, self.params,
                lambda each: each.db_cluster_snapshot_identifier)


def snapshots(backend, params):
    """The snapshots an owner and a set of parameters select.

    Without SnapshotType: automated and manual ones, shared and public ones
    only when asked for. An identifier alone finds manual ones only. Those of
    AWS Backup are listed only with SnapshotType=awsbackup.
    """
    filters = _filters(params)
    # Only for its refusal of unknown filters: moto's own matching is too slow.
    backend._filter_resources({}, filters, DBClusterSnapshot)
    cluster = params.get("DBClusterIdentifier")
    identifier = params.get("DBClusterSnapshotIdentifier")
    if cluster and identifier:
        raise InvalidParameterCombination(
            "DBClusterIdentifier and DBClusterSnapshotIdentifier can't be used together")
    kind = params.get("SnapshotType")
    if kind:
        kinds = {kind}
    elif "snapshot-type" in filters:
        kinds = set(filters["snapshot-type"])
    else:
        kinds = {"manual"} if identifier else {"manual", "automated"}
        kinds |= {"shared"} if params.get("IncludeShared") else set()
        kinds |= {"public"} if params.get("IncludePublic") else set()

    wanted = [(_cluster, [cluster])] if cluster else []
    wanted += [(_identifier, [identifier])] if identifier else []
    attributes = {"db-cluster-id": _cluster, "db-cluster-snapshot-id": _identifier,
                  "engine": lambda each: each.engine}
    wanted += [(attributes[name], values) for name, values in filters.items()
               if name in attributes]
    wanted = [(attribute, {_bare(value) for value in values}) for attribute, values in wanted]

    for each in candidates(backend, kinds):
        if all(_bare(attribute(each)) in values for attribute, values in wanted):
            yield each


def _cluster(each):
    return each.db_cluster_identifier


def _identifier(each):
    return each.db_cluster_snapshot_identifier


def _bare(name):
    """An identifier out of an identifier or an ARN, in lower case."""
    return name.lower().split(":", 6)[6] if name.startswith("arn:") else name.lower()


def candidates(backend, kinds):
    for each in backend.cluster_snapshots.values():
        if each.snapshot_type in kinds:
            yield each
    if kinds & {"shared", "public"}:
        other = other_backend(backend.region_name, OTHER_ACCOUNT)
        for each in other.cluster_snapshots.values():
            allowed = each.attributes["restore"]
            if "shared" in kinds and backend.account_id in allowed:
                yield Seen(each, "shared")
            elif "public" in kinds and "all" in allowed:
                yield Seen(each, "public")


class Seen:
    """A snapshot as another account sees it: AWS calls it by its ARN."""

    def __init__(self, snapshot, kind):
        self._snapshot = snapshot
        self.snapshot_type = kind
        self.db_cluster_snapshot_identifier = snapshot.arn

    def __getattr__(self, name):
        return getattr(self._snapshot, name)
