"""Alarms of the local CloudWatch: since when they are in their state, what they watch, whom they tell."""
import json
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

    def test_a_composite_alarm_tells_which_alarm_set_it_off(self):
        sns, sqs = self.server.client("sns"), self.server.client("sqs")
        topic = sns.create_topic(Name="trouble")["TopicArn"]
        queue = sqs.create_queue(QueueName="trouble")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.put("lag")
        self.cloudwatch.put_composite_alarm(AlarmName="trouble", AlarmRule="ALARM(lag)", AlarmActions=[topic])
        self.set("lag", "ALARM")
        [message] = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
        told = json.loads(json.loads(message["Body"])["Message"])
        self.assertEqual((told["AlarmName"], told["NewStateValue"]), ("trouble", "ALARM"))
        self.assertEqual(told["AlarmRule"], "ALARM(lag)")
        [child] = told["TriggeringChildren"]
        self.assertTrue(child["Arn"].endswith(":alarm:lag"))
        self.assertEqual(child["State"]["Value"], "ALARM")
