"""The rules AWS has for cluster snapshots and moto does not enforce."""
import re
import sys

from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBClusterSnapshotAlreadyExistsError,
    InvalidDBClusterSnapshotStateFault,
    InvalidDBClusterStateFault,
    InvalidParameterValue,
)
from moto.rds.models import DBCluster, RDSBackend

from .account import require_room
from .state import settings

NAME = re.compile(r"(?!.*--)[a-zA-Z]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?")
DELETABLE = {"available", "failed"}


def install():
    # Ours counts manual snapshots only, and per region.
    RDSBackend.SNAPSHOT_QUOTA = property(lambda self: sys.maxsize)
    create, copy = RDSBackend.create_db_cluster_snapshot, RDSBackend.copy_db_cluster_snapshot
    delete = RDSBackend.delete_db_cluster_snapshot

    def create_checked(self, db_cluster_identifier, db_cluster_snapshot_identifier,
                       snapshot_type="manual", tags=None):
        if snapshot_type != "manual":
            return create(self, db_cluster_identifier, db_cluster_snapshot_identifier,
                          snapshot_type, tags)
        check_name("DBClusterSnapshotIdentifier", db_cluster_snapshot_identifier)
        check_tags(tags or [])
        if db_cluster_snapshot_identifier in self.cluster_snapshots:
            raise DBClusterSnapshotAlreadyExistsError(db_cluster_snapshot_identifier)
        cluster = self.clusters.get(db_cluster_identifier)
        if cluster is None:
            raise DBClusterNotFoundError(db_cluster_identifier)
        if cluster.status != "available":
            raise InvalidDBClusterStateFault(
                f"DbCluster {db_cluster_identifier} is in {cluster.status} state "
                "but expected it to be one of available.")
        require_room(self)
        snapshot = create(self, db_cluster_identifier, db_cluster_snapshot_identifier,
                          snapshot_type, tags)
        if settings["snapshot_stays_creating"]:
            snapshot.status, snapshot.percent_progress = "creating", 0
        return Creating(snapshot)

    def copy_checked(self, **kwargs):
        check_name("TargetDBClusterSnapshotIdentifier",
                   kwargs["target_db_cluster_snapshot_identifier"])
        require_room(self)
        return copy(self, **kwargs)

    def delete_checked(self, db_snapshot_identifier):
        snapshot = self.cluster_snapshots.get(db_snapshot_identifier)
        if snapshot is not None:
            if snapshot.snapshot_type != "manual":
                raise InvalidDBClusterSnapshotStateFault(
                    f"{db_snapshot_identifier} is not a manual snapshot.")
            if snapshot.status not in DELETABLE:
                raise InvalidDBClusterSnapshotStateFault(
                    f"The snapshot {db_snapshot_identifier} is in {snapshot.status} state.")
        return delete(self, db_snapshot_identifier)

    RDSBackend.create_db_cluster_snapshot = create_checked
    RDSBackend.copy_db_cluster_snapshot = copy_checked
    RDSBackend.delete_db_cluster_snapshot = delete_checked
    hold_status()


def hold_status():
    """Lets a status that a test set stay: moto's `creating` ends when it is read."""
    read = DBCluster.status

    def status(self):
        return self._status if getattr(self, "status_is_held", False) else read.fget(self)

    DBCluster.status = property(status, read.fset)


class Creating:
    """A snapshot as the answer to its creation shows it, done or not."""

    status = "creating"
    percent_progress = 0

    def __init__(self, snapshot):
        self._snapshot = snapshot

    def __getattr__(self, name):
        return getattr(self._snapshot, name)


def check_name(parameter, name):
    if not NAME.fullmatch(name):
        raise InvalidParameterValue(
            f"The parameter {parameter} is not a valid identifier. Identifiers must begin with a "
            "letter; must contain only ASCII letters, digits, and hyphens; and must not end with "
            "a hyphen or contain two consecutive hyphens.")


def check_tags(tags):
    if len(tags) > 50:
        raise InvalidParameterValue("A resource can have at most 50 tags.")
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise InvalidParameterValue(f"Tag keys must not begin with aws: {tag['Key']}")
        if not 1 <= len(tag["Key"]) <= 128 or len(tag.get("Value") or "") > 256:
            raise InvalidParameterValue(f"The tag {tag['Key']} is too long.")
