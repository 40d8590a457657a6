"""What the server knows beside moto's models."""
import copy

ACCOUNT = "123456789012"
OTHER_ACCOUNT = "210987654321"  # owns the shared and public snapshots

QUOTAS = {
    "DBInstances": 40,
    "DBClusters": 40,
    "ManualSnapshots": 100,
    "ManualClusterSnapshots": 100,
    "ReadReplicasPerMaster": 15,
}
SETTINGS = {
    "snapshot_stays_creating": False,
    "instance_stays_creating": False,
    "instance_stays_deleting": False,
    "endpoint_stays_modifying": False,
}

calls = []
settings = copy.copy(SETTINGS)
_quotas = {}
_capacity = {}
_cluster_endpoints = {}


def quotas(region):
    return _quotas.setdefault(region, copy.copy(QUOTAS))


def capacity(region):
    """The classes that are not offered, and where there is no room: pairs of class and zone."""
    return _capacity.setdefault(region, {"not_offered": set(), "full": set()})


def cluster_endpoints(region):
    """The custom endpoints by identifier."""
    return _cluster_endpoints.setdefault(region, {})


def backend(region, account=ACCOUNT):
    from moto.rds.models import rds_backends

    return rds_backends[account][region]


def reset():
    from moto.rds.models import rds_backends

    for account in rds_backends.values():
        for regional in account.values():
            regional.reset()
    calls.clear()
    _quotas.clear()
    _capacity.clear()
    _cluster_endpoints.clear()
    settings.update(SETTINGS)
