"""Readers and custom endpoints of the RDS server against what AWS documents."""
import unittest

from botocore.exceptions import ClientError

from .server import ACCOUNT, REGION, Server

SHOP = {"id": "shop", "tags": {"a": "b"}, "instances": [
    {"id": "shop-1", "zone": f"{REGION}a", "tags": {"team": "shop"}},
    {"id": "shop-2", "zone": f"{REGION}b", "tier": 3}]}


class Instances(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("rds")
        cls.rds = cls.server.client("rds")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def setUp(self):
        self.server.post("/_test/reset", {})
        self.seed(SHOP)

    def seed(self, *clusters):
        self.server.post("/_test/seed", {"region": REGION, "clusters": clusters})

    def patch(self, **what):
        self.server.post("/_test/patch", {"region": REGION, **what})

    def settings(self, **what):
        self.server.post("/_test/settings", what)

    def refused(self, code, call, **params):
        with self.assertRaises(ClientError) as caught:
            call(**params)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)

    def create(self, name="r", **more):
        asked = {"DBInstanceIdentifier": name, "DBClusterIdentifier": "shop",
                 "Engine": "aurora-mysql", "DBInstanceClass": "db.r7g.large", **more}
        return self.rds.create_db_instance(**asked)["DBInstance"]

    def delete(self, name, **more):
        return self.rds.delete_db_instance(DBInstanceIdentifier=name, **more)["DBInstance"]

    def instance(self, name):
        return self.rds.describe_db_instances(DBInstanceIdentifier=name)["DBInstances"][0]

    def members(self):
        members = self.rds.describe_db_clusters()["DBClusters"][0]["DBClusterMembers"]
        return {each["DBInstanceIdentifier"]: each["IsClusterWriter"] for each in members}

    def reports(self, **endpoint):
        self.seed({**SHOP, "endpoints": [{"id": "reports", **endpoint}]})
        return lambda: self.rds.describe_db_cluster_endpoints(
            DBClusterEndpointIdentifier="Reports")["DBClusterEndpoints"][0]

    def test_an_instance_is_seen_as_it_was_seeded(self):
        self.seed({"id": "far", "serverless": [0.5, 16], "instances": [
            {"id": "far-1", "zone": f"{REGION}c", "tags": {"k": "v"}, "settings": {
                "enable_performance_insights": True, "monitoring_interval": 60,
                "monitoring_role_arn": "arn:aws:iam::123456789012:role/m"}}]})
        seen = self.instance("far-1")
        self.assertEqual(
            (seen["AvailabilityZone"], seen["TagList"], seen["PerformanceInsightsEnabled"],
             seen["PerformanceInsightsRetentionPeriod"], seen["MonitoringInterval"],
             seen["PromotionTier"], seen["DBParameterGroups"][0]["DBParameterGroupName"]),
            (f"{REGION}c", [{"Key": "k", "Value": "v"}], True, 7, 60, 0,
             "default.aurora-mysql8.0"))
        cluster = self.rds.describe_db_clusters(DBClusterIdentifier="far")["DBClusters"][0]
        self.assertEqual(cluster["ServerlessV2ScalingConfiguration"],
                         {"MinCapacity": 0.5, "MaxCapacity": 16})

    def test_a_reader_that_is_told_nothing_has_the_defaults(self):
        self.create()
        seen = self.instance("r")
        self.assertEqual(
            (seen["PubliclyAccessible"], seen["CACertificateIdentifier"],
             seen["PerformanceInsightsEnabled"], seen["AutoMinorVersionUpgrade"],
             seen["MonitoringInterval"], seen["PromotionTier"], seen["AvailabilityZone"]),
            (False, "rds-ca-rsa2048-g1", False, True, 0, 1, f"{REGION}c"))
        self.assertNotIn("PerformanceInsightsKMSKeyId", seen)

    def test_a_creation_takes_its_time_if_a_test_says_so(self):
        made = self.create("Quick", Tags=[{"Key": "k", "Value": "v"}])
        self.assertEqual((made["DBInstanceStatus"], made["DBInstanceIdentifier"]),
                         ("creating", "quick"))
        self.assertNotIn("Endpoint", made)
        self.assertNotIn("InstanceCreateTime", made)
        self.assertEqual(self.instance("quick")["DBInstanceStatus"], "available")
        self.assertEqual(self.instance("quick")["TagList"], [{"Key": "k", "Value": "v"}])
        self.settings(instance_stays_creating=True)
        self.create("slow")
        seen = self.instance("slow")
        self.assertEqual(seen["DBInstanceStatus"], "creating")
        self.assertFalse({"Endpoint", "InstanceCreateTime"} & seen.keys())
        self.refused("InvalidDBInstanceState", self.delete, name="slow")
        self.patch(kind="instance", id="slow", status="available")
        self.assertLessEqual({"Endpoint", "InstanceCreateTime"}, self.instance("slow").keys())
        self.assertIn("slow", self.members())

    def test_a_cluster_has_fifteen_readers_and_an_account_forty_instances(self):
        for number in range(14):
            self.create(f"r-{number}")
        self.refused("InstanceQuotaExceeded", self.create, name="r-14")
        self.seed({"id": "other", "instances": [{"id": "other-1"}]})
        self.server.post("/_test/quota", {"region": REGION, "name": "DBInstances", "max": 17})
        self.refused("InstanceQuotaExceeded", self.create, name="o", DBClusterIdentifier="other")

    def test_what_aws_refuses(self):
        for code, wrong in (
                ("DBInstanceAlreadyExists", {"name": "Shop-1"}),
                ("InvalidParameterValue", {"name": "a--b"}),
                ("InvalidParameterValue", {"PromotionTier": 16}),
                ("InvalidParameterValue", {"DBInstanceClass": "large"}),
                ("InvalidParameterValue", {"AvailabilityZone": "us-east-1a"}),
                ("InvalidParameterValue", {"Tags": [{"Key": "aws:x", "Value": ""}]}),
                ("InvalidParameterValue", {"EnablePerformanceInsights": True,
                                           "PerformanceInsightsRetentionPeriod": 94}),
                ("InvalidParameterCombination", {"PerformanceInsightsRetentionPeriod": 93}),
                ("InvalidParameterCombination", {"DatabaseInsightsMode": "advanced"}),
                ("InvalidParameterCombination", {"EnablePerformanceInsights": True,
                                                 "DBInstanceClass": "db.t3.medium"}),
                ("InvalidParameterCombination", {"MonitoringInterval": 60}),
                ("InvalidParameterCombination", {"Engine": "aurora-postgresql"}),
                ("CertificateNotFound", {"CACertificateIdentifier": "rds-ca-2015"}),
                ("DBParameterGroupNotFound", {"DBParameterGroupName": "none"}),
                ("DBClusterNotFoundFault", {"DBClusterIdentifier": "none"}),
                ("InvalidDBClusterStateFault", {"DBInstanceClass": "db.serverless"})):
            with self.subTest(wrong):
                self.refused(code, self.create, **wrong)
        self.patch(kind="cluster", id="shop", status="stopped")
        self.refused("InvalidDBClusterStateFault", self.create)
        self.refused("InvalidDBClusterStateFault", self.delete, name="shop-2")
        self.assertEqual(len(self.members()), 2)

    def test_classes_that_are_lacking(self):
        def capacity(**what):
            self.server.post("/_test/capacity", {"region": REGION, **what})
        kind = "db.r7g.large"
        capacity(**{"class": "db.r8g.large"}, has=False)
        self.refused("InvalidParameterCombination", self.create, DBInstanceClass="db.r8g.large")
        capacity(**{"class": kind}, zone=f"{REGION}c", has=False)
        self.refused("InsufficientDBInstanceCapacity", self.create,
                     AvailabilityZone=f"{REGION}c")
        self.assertEqual(self.create("a")["AvailabilityZone"], f"{REGION}a")
        self.create("b", DBInstanceClass="db.r7g.xlarge", AvailabilityZone=f"{REGION}c")
        for zone in "ab":
            capacity(**{"class": kind}, zone=REGION + zone, has=False)
        self.refused("InsufficientDBInstanceCapacity", self.create)
        capacity(**{"class": kind}, zone=f"{REGION}c", has=True)
        self.assertEqual(self.create()["AvailabilityZone"], f"{REGION}c")

    def test_deletions(self):
        self.refused("InvalidParameterCombination", self.delete, name="shop-2",
                     FinalDBSnapshotIdentifier="last")
        self.assertEqual(self.delete("Shop-2")["DBInstanceStatus"], "deleting")
        self.assertEqual(self.members(), {"shop-1": True})
        self.refused("DBInstanceNotFound", self.delete, name="shop-2")
        self.create("low", PromotionTier=2)
        self.create("high", PromotionTier=1)
        self.settings(instance_stays_deleting=True)
        self.delete("shop-1")
        self.assertEqual(self.members(), {"shop-1": False, "low": False, "high": True})
        self.assertEqual(self.instance("shop-1")["DBInstanceStatus"], "deleting")
        self.refused("InvalidDBInstanceState", self.delete, name="shop-1")
        self.patch(kind="instance", id="shop-1", removed=True)
        self.assertNotIn("shop-1", self.members())

    def test_a_past_can_be_given(self):
        self.create("young", Tags=[
            {"Key": "nightshift:created-at", "Value": "2026-11-21T03:00:00Z"},
            {"Key": "nightshift:created-by", "Value": "somebody"},
            {"Key": "nightshift:episode", "Value": "began=2026-11-21T03:00:00Z alarms=5"},
            {"Key": "release", "Value": "2026-11-21T03:00:00Z"}])
        was = self.instance("young")["InstanceCreateTime"]
        self.server.post("/_test/age", {"region": REGION, "cluster": "shop", "seconds": 600})
        seen = self.instance("young")
        self.assertEqual((was - seen["InstanceCreateTime"]).total_seconds(), 600)
        self.assertEqual({tag["Key"]: tag["Value"] for tag in seen["TagList"]}, {
            "nightshift:created-at": "2026-11-21T02:50:00Z", "nightshift:created-by": "somebody",
            "nightshift:episode": "began=2026-11-21T02:50:00Z alarms=5",
            "release": "2026-11-21T03:00:00Z"})

    def test_tags_are_of_what_is_there(self):
        def arn(what):
            return f"arn:aws:rds:{REGION}:{ACCOUNT}:{what}"
        tag = [{"Key": "k", "Value": "v"}]
        add, remove = self.rds.add_tags_to_resource, self.rds.remove_tags_from_resource
        for kind in ("db:shop-2", "cluster:shop"):
            add(ResourceName=arn(kind), Tags=tag)
            tags = self.rds.list_tags_for_resource(ResourceName=arn(kind))["TagList"]
            self.assertIn(tag[0], tags)
        remove(ResourceName=arn("db:shop-2"), TagKeys=["k"])
        self.assertEqual(self.instance("shop-2")["TagList"], [])
        self.refused("DBInstanceNotFound", add, ResourceName=arn("db:none"), Tags=tag)
        self.refused("DBClusterNotFoundFault", remove, ResourceName=arn("cluster:none"),
                     TagKeys=["k"])
        self.refused("InvalidParameterValue", add, ResourceName=arn("db:shop-2"),
                     Tags=[{"Key": "aws:x", "Value": ""}])
        self.settings(instance_stays_deleting=True)
        self.delete("shop-2")
        self.refused("InvalidDBInstanceState", add, ResourceName=arn("db:shop-2"), Tags=tag)

    def test_endpoints_are_listed_with_the_clusters_own(self):
        self.reports(type="ANY", static_members=["shop-2"])
        listed = self.rds.describe_db_cluster_endpoints()["DBClusterEndpoints"]
        cluster = self.rds.describe_db_clusters()["DBClusters"][0]
        self.assertEqual([(each["EndpointType"], each["Endpoint"]) for each in listed],
                         [("WRITER", cluster["Endpoint"]), ("READER", cluster["ReaderEndpoint"]),
                          ("CUSTOM", cluster["CustomEndpoints"][0])])
        self.assertEqual((listed[2]["CustomEndpointType"], listed[2]["StaticMembers"],
                          listed[2]["ExcludedMembers"]), ("ANY", ["shop-2"], []))
        describe = self.rds.describe_db_cluster_endpoints
        for name, value, expected in (("type", "custom", 1), ("custom-type", "reader", 0),
                                      ("id", "Reports", 1), ("status", "available", 3)):
            found = describe(DBClusterIdentifier="Shop", Filters=[
                {"Name": f"db-cluster-endpoint-{name}", "Values": [value]}])
            self.assertEqual(len(found["DBClusterEndpoints"]), expected, name)
        self.refused("DBClusterNotFoundFault", describe, DBClusterIdentifier="none")
        self.assertEqual(describe(DBClusterEndpointIdentifier="none")["DBClusterEndpoints"], [])

    def test_a_custom_endpoint_is_modified(self):
        reports = self.reports()
        modify = self.rds.modify_db_cluster_endpoint
        name = {"DBClusterEndpointIdentifier": "Reports"}
        changed = modify(**name, ExcludedMembers=["Shop-2"])
        self.assertEqual((changed["Status"], changed["ExcludedMembers"]),
                         ("modifying", ["shop-2"]))
        self.assertEqual(reports()["Status"], "available")
        modify(**name, ExcludedMembers=[])
        self.assertEqual(reports()["ExcludedMembers"], ["shop-2"])
        modify(**name, StaticMembers=["shop-1", "shop-2"], ExcludedMembers=[])
        self.assertEqual((reports()["StaticMembers"], reports()["ExcludedMembers"]),
                         (["shop-1", "shop-2"], []))
        self.delete("shop-2")
        self.assertEqual(reports()["StaticMembers"], ["shop-1"])
        self.settings(endpoint_stays_modifying=True, instance_stays_creating=True)
        self.create("new")
        self.refused("InvalidDBInstanceState", modify, **name, StaticMembers=["new"])
        self.refused("DBInstanceNotFound", modify, **name, StaticMembers=["shop-2"])
        self.refused("InvalidParameterCombination", modify, **name, StaticMembers=["shop-1"],
                     ExcludedMembers=["new"])
        self.refused("DBClusterEndpointNotFoundFault", modify,
                     DBClusterEndpointIdentifier="none")
        modify(**name, ExcludedMembers=["shop-1"])
        self.refused("InvalidDBClusterEndpointStateFault", modify, **name,
                     ExcludedMembers=["shop-1"])
        self.patch(kind="endpoint", id="reports", status="available")
        modify(**name, ExcludedMembers=["shop-1"])
