"""The `/_test/` endpoints of the RDS server.

    POST /_test/seed       {"region", "clusters": […], "snapshots": […], "events": […]}
    POST /_test/patch      {"region", "kind": cluster|snapshot|instance|endpoint, "id",
                           attributes…} or "removed": true
    POST /_test/capacity   {"region", "class", "zone", "has": false}; without a zone the class is
                           not offered at all
    POST /_test/quota      {"region", "name": "ManualClusterSnapshots", "max": 100}
    POST /_test/age        {"region", "cluster", "seconds"}: what its readers' tags and times of
                           creation tell of lies so much further back
    POST /_test/settings   {"snapshot_stays_creating": true}
    GET  /_test/inventory  ?region=: all clusters and snapshots, in a fixed order
    GET  /_test/calls      every call: action, app, params, status, error code
    POST /_test/forget     forgets the calls
    POST /_test/reset      forgets everything
"""
from . import state
from .custom_endpoints import of_cluster
from .seed import age, patch, seed


def handle(method, path, query, body):
    match (method, path):
        case ("POST", "/_test/seed"):
            return 200, seed(**body)
        case ("POST", "/_test/patch"):
            return 200, patch(**body)
        case ("POST", "/_test/capacity"):
            return 200, set_capacity(body)
        case ("POST", "/_test/quota"):
            state.quotas(body["region"])[body["name"]] = int(body["max"])
            return 200, state.quotas(body["region"])
        case ("POST", "/_test/age"):
            return 200, age(**body)
        case ("POST", "/_test/settings"):
            unknown = body.keys() - state.SETTINGS.keys()
            if unknown:
                raise ValueError(f"no such setting: {', '.join(unknown)}")
            state.settings.update(body)
            return 200, state.settings
        case ("GET", "/_test/inventory"):
            return 200, inventory(query["region"])
        case ("GET", "/_test/calls"):
            return 200, state.calls
        case ("POST", "/_test/forget"):
            state.calls.clear()
            return 200, {}
        case ("POST", "/_test/reset"):
            state.reset()
            return 200, {}
    return 404, {"error": f"no such endpoint: {method} {path}"}


def set_capacity(body):
    known = state.capacity(body["region"])
    zone = body.get("zone")
    lacking = known["full"] if zone else known["not_offered"]
    what = (body["class"], zone) if zone else body["class"]
    (lacking.discard if body["has"] else lacking.add)(what)
    return {}


def inventory(region):
    mine = state.backend(region)
    other = state.backend(region, state.OTHER_ACCOUNT)
    return {
        "clusters": [cluster(each) for _, each in sorted(mine.clusters.items())],
        "snapshots": sorted(
            [snapshot(each, each.snapshot_type) for each in mine.cluster_snapshots.values()]
            + [snapshot(each, "public" if "all" in each.attributes["restore"] else "shared")
               for each in other.cluster_snapshots.values()],
            key=lambda each: each["arn"]),
    }


def cluster(each):
    return {
        "id": each.db_cluster_identifier,
        "arn": each.arn,
        "status": each._status,
        "engine": each.engine,
        "engine_version": each.engine_version,
        "created": utc(each.created),
        "tags": tags(each),
        "instances": [instance(member) for member in sorted(
            each._members, key=lambda member: member.db_instance_identifier)],
        "endpoints": [endpoint.shown(each) for endpoint in of_cluster(each)],
    }


def instance(each):
    return {
        "id": each.db_instance_identifier,
        "writer": each.is_cluster_writer,
        "class": each.db_instance_class,
        "status": each.status,
        "zone": each.availability_zone,
        "tier": each.promotion_tier,
        "tags": tags(each),
    }


def snapshot(each, kind):
    return {
        "id": each.db_cluster_snapshot_identifier,
        "arn": each.arn,
        "cluster": each.db_cluster_identifier,
        "type": kind,
        "status": each.status,
        "percent": each.percent_progress,
        "created": utc(each.created),
        "tags": tags(each),
    }


def tags(each):
    return {tag["Key"]: tag["Value"] for tag in sorted(each.tags, key=lambda tag: tag["Key"])}


def utc(when):
    return when.isoformat(timespec="microseconds") + "Z"
