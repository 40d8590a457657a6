"""Tags of what is there, and only of that: moto takes them for anything."""
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBInstanceNotFoundError,
    DBSnapshotNotFoundFault,
    InvalidDBInstanceStateFault,
)
from moto.rds.models import DBInstance, RDSBackend

from .rules import check_tags

NOT_FOUND = {
    "cluster": DBClusterNotFoundError,
    "db": DBInstanceNotFoundError,
    "cluster-snapshot": DBSnapshotNotFoundFault,
}


def install():
    find, add = RDSBackend._get_resource_for_tagging, RDSBackend.add_tags_to_resource
    remove = RDSBackend.remove_tags_from_resource

    def find_or_refuse(self, arn):
        found = find(self, arn)
        kind, _, name = arn.split(":", 5)[5].partition(":")
        if found is None and kind in NOT_FOUND:
            raise NOT_FOUND[kind](name)
        return found

    def add_checked(self, arn, tags):
        check_tags(tags)
        check_state(self._get_resource_for_tagging(arn))
        return add(self, arn, tags)

    def remove_checked(self, arn, tag_keys):
        check_state(self._get_resource_for_tagging(arn))
        return remove(self, arn, tag_keys)

    RDSBackend._get_resource_for_tagging = find_or_refuse
    RDSBackend.add_tags_to_resource = add_checked
    RDSBackend.remove_tags_from_resource = remove_checked


def check_state(resource):
    if isinstance(resource, DBInstance) and resource.status == "deleting":
        raise InvalidDBInstanceStateFault(f"{resource.db_instance_identifier} is being deleted.")
