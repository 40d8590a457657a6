"""The rules AWS has for members of Aurora clusters and moto does not enforce.

An instance is there and gone at once, unless a test says with
`instance_stays_creating` and `instance_stays_deleting` that it takes its time.
"""
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBInstanceAlreadyExists,
    DBInstanceNotFoundError,
    InvalidDBClusterStateFault,
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import RDSBackend

from .members import insights
from .rules import check_name, check_tags
from .state import capacity, quotas, settings

MOST_READERS = 15
OPEN_TO_CHANGE = {"available", "backing-up", "creating"}
DELETABLE = {"available", "failed", "incompatible-network", "incompatible-parameters",
             "incompatible-restore", "inaccessible-encryption-credentials",
             "insufficient-capacity", "restore-error", "storage-full"}


def install():
    create, delete = RDSBackend.create_db_instance, RDSBackend.delete_db_instance

    def create_checked(self, db_kwargs):
        if db_kwargs.get("db_cluster_identifier") is None:
            return create(self, db_kwargs)
        name = db_kwargs["db_instance_identifier"]
        check_name("DBInstanceIdentifier", name)
        check_tags(db_kwargs.get("tags") or [])
        check_parameters(db_kwargs)
        # As RDS stores them: moto would keep two that differ in case.
        db_kwargs["db_instance_identifier"] = name.lower()
        cluster = self.clusters.get(db_kwargs["db_cluster_identifier"].lower())
        if cluster is None:
            raise DBClusterNotFoundError(db_kwargs["db_cluster_identifier"])
        db_kwargs["db_cluster_identifier"] = cluster.db_cluster_identifier
        check_class(self, cluster, db_kwargs["db_instance_class"])
        check_room(self, cluster, name.lower())
        db_kwargs["availability_zone"] = zone_with_room(self, cluster, db_kwargs)
        instance = create(self, db_kwargs)
        if settings["instance_stays_creating"]:
            instance.status = "creating"
        return Begun(instance)

    def delete_checked(self, db_instance_identifier, **more):
        instance = self.databases.get(db_instance_identifier.lower())
        if instance is None:
            raise DBInstanceNotFoundError(db_instance_identifier)
        cluster = self.clusters.get(instance.db_cluster_identifier)
        if cluster is not None:
            check_deletion(instance, cluster, more)
            hand_over(instance, cluster)
            if settings["instance_stays_deleting"]:
                instance.status = "deleting"
                return instance
        return delete(self, instance.db_instance_identifier, **more)

    RDSBackend.create_db_instance = create_checked
    RDSBackend.delete_db_instance = delete_checked


def check_parameters(asked):
    kind, tier = asked["db_instance_class"], asked.get("promotion_tier")
    if not kind.startswith("db."):
        raise InvalidParameterValue(f"Invalid DB Instance class: {kind}")
    if tier is not None and not 0 <= tier <= 15:
        raise InvalidParameterValue(f"Invalid promotion tier {tier}: from 0 to 15")
    if asked.get("database_insights_mode"):
        raise InvalidParameterCombination(
            "The specified DB Instance is a member of a cluster. Modify the database insights mode "
            "for the DB Cluster using the ModifyDbCluster API")
    insights(asked)


def check_class(backend, cluster, kind):
    if kind in capacity(backend.region_name)["not_offered"]:
        raise InvalidParameterCombination(
            "RDS does not support creating a DB instance with the following combination: "
            f"DBInstanceClass={kind}, Engine={cluster.engine}, "
            f"EngineVersion={cluster.engine_version}, LicenseModel=general-public-license. For "
            "supported combinations of instance class and database engine version, see the "
            "documentation.")
    if kind == "db.serverless" and not cluster.serverless_v2_scaling_configuration:
        raise InvalidDBClusterStateFault(
            "Set the Serverless v2 scaling configuration on the parent DB cluster before creating "
            "a Serverless v2 DB instance.")


def check_room(backend, cluster, name):
    if name in backend.databases:
        raise DBInstanceAlreadyExists()
    check_cluster(cluster)
    most = quotas(backend.region_name)["DBInstances"]
    if len(cluster._members) > MOST_READERS:
        raise quota_exceeded(f"Cannot create more than {MOST_READERS} readers of a DB cluster")
    if len(backend.databases) >= most:
        raise quota_exceeded(f"Cannot create more than {most} DB instances")


def check_cluster(cluster):
    # Not `status`, which moto changes when it is read.
    if cluster._status not in OPEN_TO_CHANGE:
        raise InvalidDBClusterStateFault(
            f"DbCluster {cluster.db_cluster_identifier} is in {cluster._status} state but expected "
            f"it to be one of {','.join(sorted(OPEN_TO_CHANGE))}.")


def quota_exceeded(message):
    return RDSClientError("InstanceQuotaExceededFault", message)


def zone_with_room(backend, cluster, asked):
    """The zone that is asked for, or the one with the fewest members that has room."""
    kind, zone = asked["db_instance_class"], asked.get("availability_zone")
    if zone and zone not in cluster.availability_zones:
        raise InvalidParameterValue(f"Invalid availability zone: {zone}")
    full = capacity(backend.region_name)["full"]
    zones = [zone] if zone else cluster.availability_zones
    zones = [each for each in zones if (kind, each) not in full]
    if not zones:
        raise RDSClientError(
            "InsufficientDBInstanceCapacityFault",
            f"Cannot create a {kind} database instance because there are no availability zones "
            f"with sufficient capacity for VPC and storage type : aurora for {kind}. Please try "
            "the request again at a later time.")
    members = [each.availability_zone for each in cluster._members]
    return min(zones, key=lambda each: (members.count(each), each))


def check_deletion(instance, cluster, more):
    name = instance.db_instance_identifier
    if more.get("final_db_snapshot_identifier"):
        raise InvalidParameterCombination(
            "FinalDBSnapshotIdentifier can not be specified when deleting a cluster instance")
    if instance.status == "deleting":
        raise InvalidDBInstanceStateFault(f"Instance {name} is already being deleted.")
    if instance.status not in DELETABLE:
        raise InvalidDBInstanceStateFault(
            f"Instance {name} is in {instance.status} state but expected it to be one of "
            f"{','.join(sorted(DELETABLE))}.")
    check_cluster(cluster)


def hand_over(instance, cluster):
    """When the writer goes, the reader of the lowest tier that is available takes its place."""
    readers = [each for each in cluster._members
               if each is not instance and each.status == "available"]
    if instance.is_cluster_writer and readers:
        cluster.failover(min(readers, key=lambda each: (each.promotion_tier,
                                                        each.db_instance_identifier)))


class Begun:
    """An instance as the answer to its creation shows it, done or not."""

    status = "creating"
    endpoint = None
    instance_create_time = None

    def __init__(self, instance):
        self._instance = instance

    def __getattr__(self, name):
        return getattr(self._instance, name)
