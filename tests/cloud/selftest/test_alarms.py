"""Alarms of the local CloudWatch: since when they are in their state."""
import time
import unittest

from .server import Server


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("ministack")
        cls.cloudwatch = cls.server.client("cloudwatch")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def put(self, name):
        self.cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="AWS/RDS", MetricName="CPUUtilization", Statistic="Average",
            Period=60, EvaluationPeriods=2, Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "DBClusterIdentifier", "Value": "shop"}])

    def set(self, name, state):
        time.sleep(1.1)  # ministack's times are whole seconds
        self.cloudwatch.set_alarm_state(AlarmName=name, StateValue=state, StateReason="a test")

    def times(self, name):
        found = self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
        return found[0]["StateUpdatedTimestamp"], found[0]["StateTransitionedTimestamp"]

    def test_a_state_that_is_set_again_is_no_transition(self):
        self.put("cpu")
        updated, since = self.times("cpu")
        self.assertEqual(updated, since)
        self.set("cpu", "ALARM")
        updated, alarmed = self.times("cpu")
        self.assertEqual(updated, alarmed)
        self.assertGreater(alarmed, since)
        self.set("cpu", "ALARM")
        updated, still = self.times("cpu")
        self.assertEqual(still, alarmed)
        self.assertGreater(updated, alarmed)
