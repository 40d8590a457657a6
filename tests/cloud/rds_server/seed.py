"""Puts clusters, instances, snapshots and events straight into moto's models."""
import re
from datetime import datetime, timedelta, timezone

from moto.rds.models import DBCluster, DBClusterSnapshot, DBInstance, DBInstanceClustered

from .custom_endpoints import CustomEndpoint
from .state import ACCOUNT, OTHER_ACCOUNT, backend, cluster_endpoints

ENGINE_VERSION = "8.0.mysql_aurora.3.08.2"


def seed(region, clusters=(), snapshots=(), events=()):
    mine = backend(region)
    for each in clusters:
        add_cluster(mine, **each)
    stand_ins = {}
    for each in snapshots:
        add_snapshot(mine, stand_ins, **each)
    for each in events:
        mine.events.append(Event(mine, **each))
    return {"clusters": len(clusters), "snapshots": len(snapshots), "events": len(events)}


def add_cluster(mine, id, status="available", tags=None, engine="aurora-mysql", instances=(),
                endpoints=(), serverless=None, **more):
    """`serverless` is what an instance has at least and at most, `endpoints` are custom ones."""
    cluster = new_cluster(mine, id, engine, tags)
    mine.clusters[id] = cluster
    if serverless:
        least, most = serverless
        cluster.serverless_v2_scaling_configuration = {"MinCapacity": least, "MaxCapacity": most}
    change(cluster, status=status, **more)
    for number, each in enumerate(instances):
        add_instance(mine, cluster, number, **each)
    for each in endpoints:
        endpoint = CustomEndpoint(cluster=id, **each)
        cluster_endpoints(mine.region_name)[endpoint.id] = endpoint


def add_instance(mine, cluster, number, id, tier=None, writer=None, status="available", port=None,
                 settings=None, **more):
    """`settings` are parameters of CreateDBInstance, by moto's names."""
    asked = {"db_instance_class": more.pop("class", "db.r7g.large"), **(settings or {})}
    instance = DBInstanceClustered(
        backend=mine, db_cluster_identifier=cluster.db_cluster_identifier,
        db_instance_identifier=id, engine=cluster.engine,
        promotion_tier=number if tier is None else tier, **asked)
    change(instance, writer=number == 0 if writer is None else writer, status=status,
           port=port or cluster.port, **more)
    mine.databases[id] = instance


def new_cluster(owner, id, engine="aurora-mysql", tags=None):
    return DBCluster(owner, db_cluster_identifier=id, engine=engine, master_username="admin",
                     master_user_password="not-a-secret", tags=pairs(tags or {}),
                     engine_version=ENGINE_VERSION if engine == "aurora-mysql" else None)


def add_snapshot(mine, stand_ins, id, cluster, created, status="available", tags=None,
                 type="manual", percent=None):
    """The cluster need not exist; then a stand-in lends its attributes."""
    if type in ("shared", "public"):
        owner = backend(mine.region_name, OTHER_ACCOUNT)
    elif type in ("manual", "automated", "awsbackup"):
        owner = mine
    else:
        raise ValueError(f"snapshot {id}: no such type: {type}")
    source = owner.clusters.get(cluster)
    if source is None:
        key = (owner.account_id, cluster)
        source = stand_ins.get(key) or stand_ins.setdefault(key, new_cluster(owner, cluster))
    snapshot = DBClusterSnapshot(owner, source, id, "manual" if owner is not mine else type,
                                 pairs(tags or {}))
    if owner is not mine:
        snapshot.attributes["restore"] = [ACCOUNT if type == "shared" else "all"]
    snapshot.created = moment(created)
    snapshot.status = status
    if percent is None:
        percent = 100 if status == "available" else 0
    snapshot.percent_progress = percent
    owner.cluster_snapshots[id] = snapshot


class Event:
    def __init__(self, mine, source_id, message, date, source_type="db-cluster", categories=()):
        self.source_identifier = source_id
        self.source_type = source_type
        self.message = message
        self.event_categories = list(categories)
        self.date = moment(date)
        kind = source_type.removeprefix("db-")
        self.source_arn = f"arn:aws:rds:{mine.region_name}:{ACCOUNT}:{kind}:{source_id}"


# What a patch may change, and the attribute of moto's model behind it.
ATTRIBUTES = {
    "status": "status",
    "engine": "engine",
    "engine_version": "engine_version",
    "created": "created",
    "tags": "tags",
    "percent": "percent_progress",
    "type": "snapshot_type",
    "deletion_protection": "deletion_protection",
    "endpoint": "endpoint",                # of a cluster: the writer's host
    "reader_endpoint": "reader_endpoint",
    "address": "address",                  # of an instance: its host
    "port": "port",
    "writer": "is_cluster_writer",
    "class": "db_instance_class",
    "zone": "availability_zone",
    "tier": "promotion_tier",
    "ca": "ca_certificate_identifier",     # also one that new instances do not get any more
    "static_members": "static_members",    # of a custom endpoint
    "excluded_members": "excluded_members",
}


def patch(region, kind, id, removed=False, **attributes):
    mine = backend(region)
    models = {"cluster": mine.clusters, "snapshot": mine.cluster_snapshots,
              "instance": mine.databases, "endpoint": cluster_endpoints(region)}[kind]
    if removed:
        del models[id]
        if kind == "cluster":
            for each in [name for name, instance in mine.databases.items()
                         if instance.db_cluster_identifier == id]:
                del mine.databases[each]
    else:
        change(models[id], **attributes)
    return {}


def change(model, **attributes):
    for name, value in attributes.items():
        if name not in ATTRIBUTES or not hasattr(model, ATTRIBUTES[name]):
            raise ValueError(f"no such attribute: {name}")
        if name == "tags":
            value = pairs(value)
        elif name == "created":
            value = moment(value)
            if isinstance(model, DBCluster):
                model.cluster_create_time = value
            elif isinstance(model, DBInstance):
                model.instance_create_time = value
        elif name == "status" and isinstance(model, DBCluster):
            model.status_is_held = True
        setattr(model, ATTRIBUTES[name], value)


def age(region, cluster, seconds):
    """Everything that has happened to the cluster's instances was so much earlier."""
    model, by = backend(region).clusters[cluster], timedelta(seconds=seconds)
    for each in model._members:
        each.instance_create_time = each.__dict__["_since"] - by
    for each in [model, *model._members]:
        for tag in each.tags:
            if tag["Key"].startswith("nightshift:"):
                tag["Value"] = re.sub(r"[^ =]+", lambda word: earlier(word[0], by), tag["Value"])
    return {}


def earlier(word, by):
    try:
        when = datetime.fromisoformat(word)
    except ValueError:
        return word
    return (when - by).isoformat().replace("+00:00", "Z") if when.tzinfo else word


def pairs(tags):
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def moment(text):
    """moto's times are UTC without saying so."""
    when = datetime.fromisoformat(text)
    if when.tzinfo is None:
        raise ValueError(f"a time with its zone is needed: {text}")
    return when.astimezone(timezone.utc).replace(tzinfo=None)
