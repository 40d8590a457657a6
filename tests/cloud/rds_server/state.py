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
SETTINGS = {"snapshot_stays_creating": False}

calls = []
settings = copy.copy(SETTINGS)
_quotas = {}


def quotas(region):
    return _quotas.setdefault(region, copy.copy(QUOTAS))


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
    settings.update(SETTINGS)
