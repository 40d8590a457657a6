"""Custom endpoints of clusters, which moto does not have.

They are modified at once, unless a test says `endpoint_stays_modifying`.
"""
from moto.core.responses import ActionResult
from moto.rds.exceptions import (
    DBClusterNotFoundError,
    DBInstanceNotFoundError,
    InvalidDBClusterStateFault,
    InvalidDBInstanceStateFault,
    InvalidParameterCombination,
    InvalidParameterValue,
    RDSClientError,
)
from moto.rds.models import DBCluster
from moto.rds.responses import RDSResponse

from .paging import page
from .state import ACCOUNT, cluster_endpoints, settings

FILTERS = {
    "db-cluster-endpoint-custom-type": "CustomEndpointType",
    "db-cluster-endpoint-id": "DBClusterEndpointIdentifier",
    "db-cluster-endpoint-status": "Status",
    "db-cluster-endpoint-type": "EndpointType",
}


def install():
    RDSResponse.describe_db_cluster_endpoints = describe_db_cluster_endpoints
    RDSResponse.modify_db_cluster_endpoint = modify_db_cluster_endpoint
    DBCluster.custom_endpoints = property(
        lambda self: [each.host(self) for each in of_cluster(self)])


class CustomEndpoint:
    def __init__(self, cluster, id, type="READER", status="available", static_members=(),
                 excluded_members=()):
        self.cluster = cluster.lower()
        self.id = id.lower()
        self.type = type
        self.status = status
        self.static_members = list(static_members)
        self.excluded_members = list(excluded_members)

    def host(self, cluster):
        return f"{self.id}.cluster-custom-{cluster.url_identifier}.{cluster.region}" \
               ".rds.amazonaws.com"

    def shown(self, cluster):
        """As an answer has it: an instance that is gone is in no list any more."""
        there = cluster.backend.databases
        return {
            "DBClusterEndpointIdentifier": self.id,
            "DBClusterIdentifier": self.cluster,
            "DBClusterEndpointResourceIdentifier": f"cluster-endpoint-{self.id.upper()}",
            "Endpoint": self.host(cluster),
            "Status": self.status,
            "EndpointType": "CUSTOM",
            "CustomEndpointType": self.type,
            "StaticMembers": [each for each in self.static_members if each in there],
            "ExcludedMembers": [each for each in self.excluded_members if each in there],
            "DBClusterEndpointArn":
                f"arn:aws:rds:{cluster.region}:{ACCOUNT}:cluster-endpoint:{self.id}",
        }


def of_cluster(cluster):
    endpoints = cluster_endpoints(cluster.region)
    return [each for _, each in sorted(endpoints.items())
            if each.cluster == cluster.db_cluster_identifier]


def every_endpoint(cluster):
    """A cluster's own endpoints and the custom ones, each with its place in the listing."""
    name = cluster.db_cluster_identifier
    own = {"DBClusterIdentifier": name, "Status": "available"}
    yield f"{name} 0", {**own, "Endpoint": cluster.endpoint, "EndpointType": "WRITER"}
    yield f"{name} 1", {**own, "Endpoint": cluster.reader_endpoint, "EndpointType": "READER"}
    for each in of_cluster(cluster):
        yield f"{name} 2 {each.id}", each.shown(cluster)


def describe_db_cluster_endpoints(self):
    clusters, named = self.backend.clusters, self.params.get("DBClusterIdentifier")
    if named and named.lower() not in clusters:
        raise DBClusterNotFoundError(named)
    chosen = [clusters[named.lower()]] if named else clusters.values()
    wanted = {each["Name"]: {value.lower() for value in each["Values"]}
              for each in self.params.get("Filters") or []}
    unknown = wanted.keys() - FILTERS.keys()
    if unknown:
        raise InvalidParameterValue(f"Unrecognized filter name: {', '.join(unknown)}")
    if self.params.get("DBClusterEndpointIdentifier"):
        wanted.setdefault("db-cluster-endpoint-id", set()).add(
            self.params["DBClusterEndpointIdentifier"].lower())
    found = [(place, each) for cluster in chosen for place, each in every_endpoint(cluster)
             if all(each.get(FILTERS[name], "").lower() in values
                    for name, values in wanted.items())]
    places = {id(each): place for place, each in found}
    return page("DBClusterEndpoints", [each for _, each in found], self.params,
                lambda each: places[id(each)])


def modify_db_cluster_endpoint(self):
    name = self.params["DBClusterEndpointIdentifier"]
    endpoint = cluster_endpoints(self.backend.region_name).get(name.lower())
    cluster = endpoint and self.backend.clusters.get(endpoint.cluster)
    if cluster is None:
        raise RDSClientError("DBClusterEndpointNotFoundFault",
                             f"DBClusterEndpoint {name} not found.")
    static, excluded = ([each.lower() for each in self.params.get(list_) or []]
                        for list_ in ("StaticMembers", "ExcludedMembers"))
    check(endpoint, cluster, static, excluded)
    # An empty list is taken for none: https://github.com/boto/boto3/issues/3058
    if static or excluded:
        endpoint.static_members, endpoint.excluded_members = sorted(static), sorted(excluded)
    if settings["endpoint_stays_modifying"]:
        endpoint.status = "modifying"
    return ActionResult({**endpoint.shown(cluster), "Status": "modifying"})


def check(endpoint, cluster, static, excluded):
    if static and excluded:
        raise InvalidParameterCombination(
            "You can't specify both static members and excluded members for a custom endpoint.")
    if cluster._status not in ("available", "backing-up"):
        raise InvalidDBClusterStateFault(
            f"DbCluster {cluster.db_cluster_identifier} is in {cluster._status} state.")
    if endpoint.status != "available":
        raise RDSClientError("InvalidDBClusterEndpointStateFault",
                             f"DBClusterEndpoint {endpoint.id} is in {endpoint.status} state.")
    members = {each.db_instance_identifier: each for each in cluster._members}
    for name in static + excluded:
        if name not in members:
            raise DBInstanceNotFoundError(name)
        if members[name].status in ("creating", "deleting"):
            raise InvalidDBInstanceStateFault(
                f"Instance {name} is in {members[name].status} state.")
