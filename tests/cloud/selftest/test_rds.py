"""The RDS server against what AWS documents, through the AWS SDK."""
import time
import unittest
from datetime import datetime, timedelta, timezone

from botocore.exceptions import ClientError

from .server import REGION, Server

NOW = datetime.now(timezone.utc)


def days_ago(days):
    return (NOW - timedelta(days=days)).isoformat()


class Rds(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("rds")
        cls.rds = cls.server.client("rds")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.server.post("/_test/reset", {})

    def seed(self, **what):
        self.server.post("/_test/seed", {"region": REGION, **what})

    def patch(self, **what):
        self.server.post("/_test/patch", {"region": REGION, **what})

    def inventory(self):
        return self.server.get(f"/_test/inventory?region={REGION}")

    def refused(self, code, call, **params):
        with self.assertRaises(ClientError) as caught:
            call(**params)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)

    def create(self, name, cluster="shop", **more):
        return self.rds.create_db_cluster_snapshot(
            DBClusterSnapshotIdentifier=name, DBClusterIdentifier=cluster, **more)

    def names(self, **params):
        pages = self.rds.get_paginator("describe_db_cluster_snapshots").paginate(**params)
        return [each["DBClusterSnapshotIdentifier"] for page in pages
                for each in page["DBClusterSnapshots"]]

    def test_a_cluster_is_seen_as_it_was_seeded(self):
        self.seed(clusters=[{"id": "shop", "tags": {"a": "b"}, "status": "backing-up",
                             "instances": [{"id": "shop-1", "class": "db.r7g.xlarge"},
                                           {"id": "shop-2", "writer": False}]}])
        cluster = self.rds.describe_db_clusters(DBClusterIdentifier="SHOP")["DBClusters"][0]
        self.assertEqual(cluster["Status"], "backing-up")
        self.assertEqual(cluster["TagList"], [{"Key": "a", "Value": "b"}])
        self.assertEqual([(each["DBInstanceIdentifier"], each["IsClusterWriter"])
                          for each in cluster["DBClusterMembers"]],
                         [("shop-1", True), ("shop-2", False)])
        instances = self.rds.describe_db_instances()["DBInstances"]
        self.assertEqual([each["DBInstanceClass"] for each in instances],
                         ["db.r7g.xlarge", "db.r7g.large"])
        self.assertEqual(self.rds.describe_db_cluster_snapshots()["DBClusterSnapshots"], [])

    def test_endpoints_lead_where_a_seed_says(self):
        self.seed(clusters=[
            {"id": "shop", "endpoint": "localhost", "reader_endpoint": "127.0.0.1", "port": 20001,
             "instances": [{"id": "shop-1", "address": "localhost"},
                           {"id": "shop-2", "address": "127.0.0.1", "port": 20002}]},
            {"id": "far", "instances": [{"id": "far-1"}]}])
        shop = self.rds.describe_db_clusters(DBClusterIdentifier="shop")["DBClusters"][0]
        self.assertEqual((shop["Endpoint"], shop["ReaderEndpoint"], shop["Port"]),
                         ("localhost", "127.0.0.1", 20001))
        self.assertEqual(self.addresses(), {"shop-1": ("localhost", 20001),
                                            "shop-2": ("127.0.0.1", 20002),
                                            "far-1": ("far-1.aaaaaaaaaa.eu-central-1"
                                                      ".rds.amazonaws.com", 3306)})
        far = self.rds.describe_db_clusters(DBClusterIdentifier="far")["DBClusters"][0]
        self.assertRegex(far["Endpoint"], r"^far\.cluster-[a-z0-9]+\.eu-central-1\.rds")

    def test_a_failover_and_a_new_address_show(self):
        self.seed(clusters=[{"id": "shop", "instances": [{"id": "shop-1"}, {"id": "shop-2"}]}])
        self.patch(kind="instance", id="shop-1", writer=False)
        self.patch(kind="instance", id="shop-2", writer=True, address="localhost", port=20002)
        self.patch(kind="cluster", id="shop", endpoint="localhost", port=20002)
        cluster = self.rds.describe_db_clusters()["DBClusters"][0]
        self.assertEqual((cluster["Endpoint"], cluster["Port"]), ("localhost", 20002))
        self.assertEqual({each["DBInstanceIdentifier"]: each["IsClusterWriter"]
                          for each in cluster["DBClusterMembers"]},
                         {"shop-1": False, "shop-2": True})
        self.assertEqual(self.addresses()["shop-2"], ("localhost", 20002))

    def addresses(self):
        return {each["DBInstanceIdentifier"]: (each["Endpoint"]["Address"], each["Endpoint"]["Port"])
                for each in self.rds.describe_db_instances()["DBInstances"]}

    def test_a_status_that_was_set_stays(self):
        self.seed(clusters=[{"id": "shop", "status": "creating"}])
        for _ in range(3):
            self.assertEqual(self.rds.describe_db_clusters()["DBClusters"][0]["Status"], "creating")
        self.patch(kind="cluster", id="shop", status="stopped", tags={"x": "y"})
        self.assertEqual(self.inventory()["clusters"][0]["status"], "stopped")
        self.patch(kind="cluster", id="shop", removed=True)
        self.assertEqual(self.inventory()["clusters"], [])

    def test_ten_thousand_snapshots_in_a_hundred_pages(self):
        self.seed(snapshots=[{"id": f"s-{n:05}", "cluster": "gone", "created": days_ago(n / 24)}
                             for n in range(10_000)])
        start = time.monotonic()
        names = self.names(PaginationConfig={"PageSize": 100})
        seconds = time.monotonic() - start
        self.assertEqual(names, [f"s-{n:05}" for n in range(10_000)])
        self.assertEqual(len(self.server.get("/_test/calls")), 100)
        print(f"10,000 snapshots in {seconds:.1f} s")
        self.assertLess(seconds, 20, "far more than it takes on an idle machine")

    def test_pages_of_clusters_and_instances(self):
        self.seed(clusters=[{"id": f"c{n:03}", "instances": [{"id": f"i{n:03}"}]}
                            for n in range(45)])
        for call, key, name in (
                (self.rds.describe_db_clusters, "DBClusters", "DBClusterIdentifier"),
                (self.rds.describe_db_instances, "DBInstances", "DBInstanceIdentifier")):
            sizes, seen, marker = [], [], {}
            while True:
                page = call(MaxRecords=20, **marker)
                sizes.append(len(page[key]))
                seen += [each[name] for each in page[key]]
                if "Marker" not in page:
                    break
                marker = {"Marker": page["Marker"]}
            self.assertEqual((sizes, len(set(seen))), ([20, 20, 5], 45))

    def test_a_marker_survives_a_deletion(self):
        self.seed(snapshots=[{"id": f"s{n:02}", "cluster": "c", "created": days_ago(n)}
                             for n in range(30)])
        first = self.rds.describe_db_cluster_snapshots(MaxRecords=20)
        self.rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="s05")
        second = self.rds.describe_db_cluster_snapshots(MaxRecords=20, Marker=first["Marker"])
        self.assertEqual(second["DBClusterSnapshots"][0]["DBClusterSnapshotIdentifier"], "s20")

    def test_bad_pages_are_refused(self):
        list_clusters = self.rds.describe_db_clusters
        self.refused("InvalidParameterValue", list_clusters, MaxRecords=19)
        self.refused("InvalidParameterValue", list_clusters, MaxRecords=101)
        self.refused("InvalidParameterValue", list_clusters, Marker="nonsense")
        self.refused("InvalidParameterValue", list_clusters,
                     Filters=[{"Name": "colour", "Values": ["red"]}])

    def test_snapshot_types(self):
        self.seed(clusters=[{"id": "c"}], snapshots=[
            {"id": f"s-{kind}", "cluster": "c", "created": days_ago(1), "type": kind}
            for kind in ("manual", "automated", "awsbackup", "shared", "public")])
        other = "arn:aws:rds:eu-central-1:210987654321:cluster-snapshot:s-"
        self.assertEqual(self.names(), ["s-automated", "s-manual"])
        self.assertEqual(self.names(IncludeShared=True, IncludePublic=True),
                         [other + "public", other + "shared", "s-automated", "s-manual"])
        for kind in ("manual", "automated", "awsbackup"):
            self.assertEqual(self.names(SnapshotType=kind, IncludeShared=True), [f"s-{kind}"])
        self.assertEqual(self.names(SnapshotType="shared"), [other + "shared"])
        self.assertEqual(self.names(DBClusterIdentifier="C"), ["s-automated", "s-manual"])
        describe = self.rds.describe_db_cluster_snapshots
        self.refused("DBClusterSnapshotNotFoundFault", describe,
                     DBClusterSnapshotIdentifier="s-automated")
        self.assertEqual(len(describe(DBClusterSnapshotIdentifier="s-manual")
                             ["DBClusterSnapshots"]), 1)
        arn = self.rds.describe_db_clusters()["DBClusters"][0]["DBClusterArn"]
        self.assertEqual(self.names(Filters=[{"Name": "db-cluster-id", "Values": [arn]}]),
                         ["s-automated", "s-manual"])
        self.assertEqual(self.names(Filters=[{"Name": "db-cluster-id", "Values": ["d", "e"]}]), [])

    def test_a_snapshot_is_seen_as_it_was_seeded(self):
        self.seed(snapshots=[{"id": "s", "cluster": "gone", "created": "2025-03-30T02:00:00+01:00",
                              "status": "creating", "percent": 7, "tags": {"k": "v"}}])
        seen = self.rds.describe_db_cluster_snapshots()["DBClusterSnapshots"][0]
        self.assertEqual((seen["SnapshotCreateTime"].isoformat(), seen["Status"],
                          seen["PercentProgress"], seen["TagList"], seen["DBClusterIdentifier"]),
                         ("2025-03-30T01:00:00+00:00", "creating", 7,
                          [{"Key": "k", "Value": "v"}], "gone"))

    def test_creating_and_deleting(self):
        self.seed(clusters=[{"id": "shop", "tags": {"a": "b"}}])
        made = self.create("one", Tags=[{"Key": "k", "Value": "v"}])["DBClusterSnapshot"]
        self.assertEqual((made["Status"], made["PercentProgress"]), ("creating", 0))
        [kept] = self.inventory()["snapshots"]
        self.assertEqual((kept["status"], kept["tags"]), ("available", {"k": "v"}))
        self.refused("DBClusterSnapshotAlreadyExistsFault", self.create, name="One")
        self.refused("DBClusterNotFoundFault", self.create, name="two", cluster="nowhere")
        self.rds.delete_db_cluster_snapshot(DBClusterSnapshotIdentifier="one")
        self.refused("DBClusterSnapshotNotFoundFault", self.rds.delete_db_cluster_snapshot,
                     DBClusterSnapshotIdentifier="one")
        calls = self.server.get("/_test/calls")
        self.assertEqual([(each["action"], each["status"], each["code"]) for each in calls], [
            ("CreateDBClusterSnapshot", 200, None),
            ("CreateDBClusterSnapshot", 400, "DBClusterSnapshotAlreadyExistsFault"),
            ("CreateDBClusterSnapshot", 404, "DBClusterNotFoundFault"),
            ("DeleteDBClusterSnapshot", 200, None),
            ("DeleteDBClusterSnapshot", 404, "DBClusterSnapshotNotFoundFault")])

    def test_states_that_forbid_it(self):
        self.seed(clusters=[{"id": "shop", "status": "stopped"}], snapshots=[
            {"id": "auto", "cluster": "shop", "created": days_ago(1), "type": "automated"},
            {"id": "bad", "cluster": "shop", "created": days_ago(1), "status": "failed"}])
        delete = self.rds.delete_db_cluster_snapshot
        self.refused("InvalidDBClusterStateFault", self.create, name="one")
        self.refused("InvalidDBClusterSnapshotStateFault", delete,
                     DBClusterSnapshotIdentifier="auto")
        delete(DBClusterSnapshotIdentifier="bad")
        self.patch(kind="cluster", id="shop", status="available")
        self.server.post("/_test/settings", {"snapshot_stays_creating": True})
        self.create("slow")
        self.refused("InvalidDBClusterSnapshotStateFault", delete,
                     DBClusterSnapshotIdentifier="slow")
        self.patch(kind="snapshot", id="slow", status="available", percent=100)
        delete(DBClusterSnapshotIdentifier="slow")

    def test_names_and_tags_that_aws_refuses(self):
        self.seed(clusters=[{"id": "shop"}])
        for name in ("1st", "a--b", "ends-", "under_score", "x" * 64, "rds:a", "ä"):
            self.refused("InvalidParameterValue", self.create, name=name)
        self.refused("InvalidParameterValue", self.create, name="a",
                     Tags=[{"Key": "aws:x", "Value": ""}])
        self.refused("InvalidParameterValue", self.create, name="a",
                     Tags=[{"Key": f"k{n}", "Value": ""} for n in range(51)])
        self.create("x" * 63)
        self.create("A")

    def test_quota_counts_manual_snapshots(self):
        self.seed(clusters=[{"id": "shop"}], snapshots=[
            {"id": f"{kind}-{n}", "cluster": "shop", "created": days_ago(n), "type": kind}
            for n in range(4) for kind in ("manual", "automated")])
        self.server.post("/_test/quota", {"region": REGION, "name": "ManualClusterSnapshots",
                                          "max": 5})
        self.create("fifth")
        self.refused("SnapshotQuotaExceeded", self.create, name="sixth")
        quotas = {each["AccountQuotaName"]: (each["Used"], each["Max"])
                  for each in self.rds.describe_account_attributes()["AccountQuotas"]}
        self.assertEqual((quotas["ManualClusterSnapshots"], quotas["DBClusters"]),
                         ((5, 5), (1, 40)))

    def test_events(self):
        def event(source, hours, kind="db-cluster", categories=("notification",)):
            return {"source_id": source, "source_type": kind, "message": f"{source} {hours}",
                    "categories": categories,
                    "date": (NOW - timedelta(hours=hours)).isoformat()}
        self.seed(events=[event("shop", 0.5), event("shop", 30), event("shop", 24 * 15),
                          event("other", 0.2),
                          event("snap", 0.1, "db-cluster-snapshot", ["backup"])])

        def messages(**params):
            return [each["Message"] for each in self.rds.describe_events(**params)["Events"]]
        self.assertEqual(messages(), ["shop 0.5", "other 0.2", "snap 0.1"])
        self.assertEqual(messages(SourceType="db-cluster", SourceIdentifier="shop"), ["shop 0.5"])
        self.assertEqual(messages(SourceType="db-cluster", Duration=60 * 48),
                         ["shop 30", "shop 0.5", "other 0.2"])
        self.assertEqual(messages(StartTime=NOW - timedelta(days=20)),
                         ["shop 30", "shop 0.5", "other 0.2", "snap 0.1"])
        self.assertEqual(messages(StartTime=NOW - timedelta(hours=31), Duration=120), ["shop 30"])
        self.assertEqual(messages(StartTime=NOW - timedelta(hours=31),
                                  EndTime=NOW - timedelta(hours=1)), ["shop 30"])
        self.assertEqual(messages(EventCategories=["backup"]), ["snap 0.1"])
        self.refused("InvalidParameterCombination", self.rds.describe_events,
                     SourceIdentifier="shop")

    def test_regions_are_apart_and_the_inventory_is_in_order(self):
        self.seed(snapshots=[{"id": name, "cluster": "c", "created": days_ago(1)}
                             for name in ("b", "a")])
        self.server.post("/_test/seed", {"region": "eu-west-1", "clusters": [{"id": "far"}]})
        self.assertEqual([each["id"] for each in self.inventory()["snapshots"]], ["a", "b"])
        self.assertEqual(self.inventory()["clusters"], [])
        self.assertEqual(self.inventory(), self.inventory())
