"""Alarms of the local CloudWatch: since when they are in their state, what they watch, and what they publish."""
import json
import time
import unittest

from .server import Server


class Alarms(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("ministack")
        cls.cloudwatch, cls.sns = cls.server.client("cloudwatch"), cls.server.client("sns")

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def put(self, name, **more):
        self.cloudwatch.put_metric_alarm(
            AlarmName=name, Namespace="AWS/RDS", MetricName="CPUUtilization", Statistic="Average",
            Period=60, EvaluationPeriods=2, Threshold=80,
            ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "DBClusterIdentifier", "Value": "shop"}], **more)

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

    def test_an_alarm_on_metric_math_keeps_what_it_watches(self):
        metric = {"Namespace": "AWS/RDS", "MetricName": "DatabaseConnections",
                  "Dimensions": [{"Name": "DBClusterIdentifier", "Value": "shop"}]}
        queries = [
            {"Id": "m", "MetricStat": {"Metric": metric, "Period": 60, "Stat": "Maximum"}, "ReturnData": False},
            {"Id": "percent", "Expression": "100 * m / 1000", "ReturnData": True}]
        common = {"Threshold": 80, "EvaluationPeriods": 3, "ComparisonOperator": "GreaterThanThreshold"}
        self.cloudwatch.put_metric_alarm(AlarmName="connections", Metrics=queries, **common)
        as_text = json.loads(json.dumps(queries).replace("false", '"false"').replace("60", '"60"'))
        formation = self.server.client("cloudformation")
        formation.create_stack(StackName="math", TemplateBody=json.dumps({"Resources": {"Alarm": {
            "Type": "AWS::CloudWatch::Alarm",
            "Properties": {"AlarmName": "by-template", "Metrics": as_text, **common}}}}))
        formation.get_waiter("stack_create_complete").wait(StackName="math", WaiterConfig={"Delay": 1})
        for name in ("connections", "by-template"):
            [alarm] = self.cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]
            self.assertEqual(alarm["Metrics"], queries)
            self.assertNotIn("MetricName", alarm)
            self.assertEqual(alarm["Threshold"], 80)

    def published(self, name):
        """What the alarms of this name sent to topics, oldest first."""
        sent = [json.loads(mail["bodies"]["default"]) for mail in self.server.get("/_test/mails")]
        return [message for message in sent if message["AlarmName"] == name]

    def test_a_topic_gets_what_aws_sends(self):
        topic = self.sns.create_topic(Name="alarms")["TopicArn"]
        self.put("lag", AlarmActions=[topic], AlarmDescription="too far behind")
        self.set("lag", "ALARM")
        self.set("lag", "ALARM")
        self.set("lag", "OK")
        message, = self.published("lag")
        told = {key: message[key] for key in (
            "AlarmArn", "AlarmDescription", "AWSAccountId", "NewStateValue", "OldStateValue",
            "Region", "AlarmActions", "OKActions")}
        self.assertEqual(told, {
            "AlarmArn": "arn:aws:cloudwatch:eu-central-1:123456789012:alarm:lag",
            "AlarmDescription": "too far behind", "AWSAccountId": "123456789012",
            "NewStateValue": "ALARM", "OldStateValue": "INSUFFICIENT_DATA",
            "Region": "EU (Frankfurt)", "AlarmActions": [topic], "OKActions": []})
        self.assertRegex(message["StateChangeTime"], r"^\d{4}-\d\d-\d\dT[\d:]{8}\.\d{3}\+0000$")
        self.assertEqual(message["Trigger"]["Dimensions"],
                         [{"value": "shop", "name": "DBClusterIdentifier"}])

    def test_a_composite_alarm_names_what_set_it_off(self):
        topic = self.sns.create_topic(Name="alarms")["TopicArn"]
        self.put("child")
        self.cloudwatch.put_composite_alarm(AlarmName="parent", AlarmRule="ALARM(child)",
                                            AlarmActions=[topic])
        self.set("child", "ALARM")
        message = self.published("parent")[-1]
        self.assertEqual(message["AlarmRule"], "ALARM(child)")
        child, = message["TriggeringChildren"]
        self.assertEqual((child["Arn"].rpartition(":")[2], child["State"]["Value"]),
                         ("child", "ALARM"))
        self.assertNotIn("Trigger", message)

    def test_a_past_can_be_given(self):
        self.put("old")
        self.set("old", "ALARM")
        before = self.times("old")
        self.server.post("/_test/age-alarms", {"seconds": 3600})
        self.assertEqual([(now - then).total_seconds() for now, then in
                          zip(before, self.times("old"))], [3600, 3600])
