"""The real templates in ministack, with a stand-in for every function."""
import json
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
from pathlib import Path

from .server import CLOUD, REGION, Server

FUNCTIONS = ["take-snapshot", "prune-snapshots", "report-failure"]


class Ministack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("ministack")
        cls.bin = Path(tempfile.mkdtemp())
        for function in FUNCTIONS:
            shutil.copy(CLOUD / "selftest" / "echo_function.py", cls.bin / function)
        cls.deployed = cls.deploy()

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.bin)

    @classmethod
    def deploy(cls, *more, check=True):
        done = subprocess.run(
            [sys.executable, CLOUD / "deploy.py", "--endpoint", cls.server.url,
             "--rds-endpoint", "http://127.0.0.1:9", "--bin-dir", cls.bin, *more],
            capture_output=True, text=True)
        if not check:
            return done
        if done.returncode:
            raise RuntimeError(done.stderr)
        return json.loads(done.stdout)

    def setUp(self):
        self.server.post("/_test/reset", {})

    def invoke(self, event, kind="RequestResponse", name="nightshift-take-snapshot"):
        return self.server.post(f"/2015-03-31/functions/{name}/invocations", event,
                                {"X-Amz-Invocation-Type": kind})

    def finished(self, count):
        """The asynchronous invocations, once `count` of them have ended."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            seen = self.server.get("/_test/async")
            if sum(each["state"] != "running" for each in seen) >= count:
                return seen
            time.sleep(0.05)
        self.fail(f"{count} invocations did not end: {seen}")

    def test_the_whole_application_is_deployed(self):
        self.assertEqual(sorted(self.deployed["functions"]), sorted(FUNCTIONS))
        self.assertTrue(all(each["function"] and each["input"]
                            for each in self.deployed["schedules"]))
        self.assertTrue(self.deployed["topic"].endswith(":nightshift-inbox"))

    def test_a_function_finds_the_local_cloud(self):
        environment = self.invoke({})["environment"]
        self.assertEqual({name: environment[name] for name in (
            "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_RDS", "AWS_REGION", "AWS_ACCESS_KEY_ID",
            "AWS_SDK_UA_APP_ID", "AWS_LAMBDA_LOG_FORMAT", "MODE", "INBOX_TOPIC_ARN")}, {
                "AWS_ENDPOINT_URL": self.server.url,
                "AWS_ENDPOINT_URL_RDS": "http://127.0.0.1:9",
                "AWS_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "123456789012",
                "AWS_SDK_UA_APP_ID": "take-snapshot",
                "AWS_LAMBDA_LOG_FORMAT": "JSON",
                "MODE": "plan",
                "INBOX_TOPIC_ARN": self.deployed["topic"]})

    def test_an_alarm_reaches_a_function_by_its_action_by_a_topic_and_by_a_rule(self):
        cloudwatch, sns, events = (self.server.client(name) for name in ("cloudwatch", "sns", "events"))
        function = f"arn:aws:lambda:{REGION}:123456789012:function:nightshift-take-snapshot"
        topic = sns.create_topic(Name="alarms")["TopicArn"]
        sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function)
        events.put_rule(Name="alarms", EventPattern=json.dumps({
            "source": ["aws.cloudwatch"], "detail-type": ["CloudWatch Alarm State Change"],
            "detail": {"alarmName": [{"prefix": "shop-"}], "state": {"value": ["ALARM"]}}}))
        events.put_targets(Rule="alarms", Targets=[{"Id": "1", "Arn": function}])
        cloudwatch.put_metric_alarm(
            AlarmName="shop-cpu", Namespace="AWS/RDS", MetricName="CPUUtilization", Statistic="Average",
            Period=60, EvaluationPeriods=2, Threshold=80, ComparisonOperator="GreaterThanThreshold",
            Dimensions=[{"Name": "DBClusterIdentifier", "Value": "shop"}], AlarmActions=[function, topic])
        cloudwatch.set_alarm_state(AlarmName="shop-cpu", StateValue="ALARM", StateReason="a test")
        # Into the state it has, and into one without actions: nobody is told.
        cloudwatch.set_alarm_state(AlarmName="shop-cpu", StateValue="ALARM", StateReason="again")
        cloudwatch.set_alarm_state(AlarmName="shop-cpu", StateValue="OK", StateReason="a test")
        payloads = [each["payload"] for each in self.finished(3)]
        self.assertEqual(len(payloads), 3)
        [direct] = [each for each in payloads if "alarmData" in each]
        [event] = [each for each in payloads if "detail" in each]
        [published] = [json.loads(each["Records"][0]["Sns"]["Message"])
                       for each in payloads if "Records" in each]
        arn = f"arn:aws:cloudwatch:{REGION}:123456789012:alarm:shop-cpu"
        self.assertEqual([direct["alarmArn"], *event["resources"], published["AlarmArn"]], [arn] * 3)
        self.assertEqual(direct["alarmData"], event["detail"])
        self.assertEqual(direct["time"], published["StateChangeTime"])
        self.assertEqual(direct["alarmData"]["state"]["value"], "ALARM")
        self.assertEqual(direct["alarmData"]["previousState"]["value"], "INSUFFICIENT_DATA")
        [query] = direct["alarmData"]["configuration"]["metrics"]
        self.assertEqual(query["metricStat"]["metric"]["dimensions"], {"DBClusterIdentifier": "shop"})
        self.assertEqual(published["Trigger"]["Dimensions"],
                         [{"name": "DBClusterIdentifier", "value": "shop"}])

    def test_what_fails_reaches_report_failure_after_two_retries(self):
        for event in ({"fail": True}, {"exit": True}):
            self.server.post("/_test/reset", {})
            self.invoke(event, "Event")
            failed, reported = self.finished(2)
            self.assertEqual((failed["state"], failed["attempts"]), ("failed", 3))
            self.assertEqual(reported["function"], "nightshift-report-failure")
            record = reported["payload"]
            self.assertEqual(record["requestPayload"], event)
            self.assertEqual(record["requestContext"], {
                "requestId": failed["request_id"],
                "functionArn": self.deployed["functions"]["take-snapshot"] + ":$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": 3})
            self.assertEqual(record["responsePayload"], failed["result"])

    def test_a_report_that_fails_is_kept_in_the_queue(self):
        self.invoke({"fail": True}, "Event", "nightshift-report-failure")
        self.finished(1)
        sqs = self.server.client("sqs")
        kept = sqs.receive_message(
            QueueUrl=self.deployed["queues"]["ReportFailureStack/FailureQueue"],
            WaitTimeSeconds=5)["Messages"]
        self.assertEqual(json.loads(kept[0]["Body"])["requestPayload"], {"fail": True})

    def test_two_at_once_run_one_after_the_other(self):
        self.invoke({"sleep": 0.5, "n": 1}, "Event")
        self.invoke({"n": 2}, "Event")
        self.assertEqual([(each["state"], each["attempts"]) for each in self.finished(2)],
                         [("done", 1), ("done", 1)])
        self.invoke({"sleep": 1}, "Event")
        time.sleep(0.3)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.invoke({})
        self.assertEqual(caught.exception.code, 429)
        caught.exception.close()
        self.finished(3)

    def test_a_schedule_fires_with_its_attributes(self):
        fired = self.server.post("/_test/fire", {"schedule": "nightshift-prune-snapshots",
                                                 "time": "2026-03-29T02:00:00+02:00"})
        [run] = self.finished(1)
        event = run["payload"]["event"]
        self.assertEqual(run["function"], "nightshift-prune-snapshots")
        self.assertEqual((event["scheduled_time"], event["schedule_arn"], event["attempt_number"]),
                         ("2026-03-29T00:00:00Z", fired["fired"], "1"))
        self.assertIn("keep", run["payload"]["policy"])

    def test_a_disabled_schedule_does_not_fire(self):
        scheduler = self.server.client("scheduler")
        target = scheduler.get_schedule(Name="nightshift-take-snapshot")["Target"]
        asleep = {"Name": "asleep", "ScheduleExpression": "rate(1 day)", "Target": target,
                  "FlexibleTimeWindow": {"Mode": "OFF"}}
        scheduler.create_schedule(State="DISABLED", **asleep)
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.server.post("/_test/fire", {"schedule": "asleep"})
        caught.exception.close()
        scheduler.update_schedule(State="ENABLED", **asleep)
        self.server.post("/_test/fire", {"schedule": "asleep"})
        self.finished(1)

    def test_a_schedule_fires_by_the_clock_when_it_runs(self):
        target = self.server.client("scheduler").get_schedule(
            Name="nightshift-take-snapshot")["Target"]
        self.server.client("scheduler").create_schedule(
            Name="soon", ScheduleExpression=time.strftime(
                "at(%Y-%m-%dT%H:%M:%S)", time.gmtime(time.time() + 1)),
            FlexibleTimeWindow={"Mode": "OFF"}, Target=target)
        time.sleep(3)
        self.assertEqual(self.server.get("/_test/async"), [])
        self.server.post("/_test/clock", {"running": True})
        self.addCleanup(self.server.post, "/_test/clock", {"running": False})
        [run] = self.finished(1)
        self.assertTrue(run["payload"]["event"]["schedule_arn"].endswith("/soon"))

    def test_a_scheduled_rule_fires(self):
        other = self.deploy("--stack", "by-rule", "--param", "NamePrefix=by-rule",
                            "--param", "TriggerWith=rule")
        self.assertEqual(other["schedules"], [])
        self.server.post("/_test/fire", {"rule": "by-rule-take-snapshot-schedule",
                                         "time": "2026-11-21T02:00:00Z"})
        [run] = self.finished(1)
        self.assertEqual(run["function"], "by-rule-take-snapshot")
        event = run["payload"]["event"]
        self.assertEqual((event["source"], event["detail-type"], event["time"]),
                         ("aws.events", "Scheduled Event", "2026-11-21T02:00:00Z"))

    def test_rds_events_pass_the_rule(self):
        for number in ("RDS-EVENT-0074", "RDS-EVENT-0075"):
            self.server.post("/_test/event", {
                "source": "aws.rds", "detail-type": "RDS DB Cluster Snapshot Event",
                "time": "2026-11-21T02:07:00Z",
                "detail": {"EventID": number, "EventCategories": ["backup"]}})
        run, *others = self.finished(1)
        # Another test's stack may have a rule of its own.
        self.assertEqual({each["function"] for each in others} - {"by-rule-take-snapshot"}, set())
        self.assertEqual(run["payload"]["event"]["detail"]["EventID"], "RDS-EVENT-0075")
        self.assertEqual(run["payload"]["event"]["time"], "2026-11-21T02:07:00Z")

    def test_mails_are_kept_with_all_their_bodies(self):
        self.invoke({"publish": "All is well.\nReally."})
        [mail] = self.server.get("/_test/mails")
        self.assertEqual(mail, {
            "topic": self.deployed["topic"], "subject": "A night", "app": "take-snapshot",
            "bodies": {"default": "?", "email": "All is well.\nReally.",
                       "sqs": '{"text": "All is well.\\nReally."}'},
            "attributes": {"severity": "high"}})
        [queued] = self.server.client("sqs").receive_message(
            QueueUrl=self.deployed["mail_queue"])["Messages"]
        self.assertEqual(json.loads(queued["Body"])["Message"], mail["bodies"]["sqs"])
        self.assertEqual(self.server.get("/_test/calls"),
                         [{"app": "take-snapshot", "action": "Publish", "status": 200}])

    def test_the_log_group_has_what_the_function_printed(self):
        self.invoke({"marker": "printed once"})
        found = self.server.client("logs").filter_log_events(
            logGroupName="/aws/lambda/nightshift-take-snapshot", filterPattern='"printed once"')
        self.assertEqual(len(found["events"]), 1)

    def test_a_deployment_that_fails_says_why(self):
        again = self.deploy(check=False)
        self.assertNotEqual(again.returncode, 0)
        self.assertIn("nightshift", again.stderr)
        wrong = self.deploy("--stack", "other", "--param", "Colour=red", check=False)
        self.assertIn("no parameter Colour", wrong.stderr)
        (self.bin / "inner.yaml").write_text(
            "Resources: {Odd: {Type: AWS::Lambda::EventInvokeConfig, "
            "Properties: {FunctionName: no-such-function, Qualifier: x}}}")
        (self.bin / "outer.yaml").write_text(
            "Resources: {Inner: {Type: AWS::CloudFormation::Stack, "
            "Properties: {TemplateURL: inner.yaml}}}")
        broken = self.deploy("--stack", "broken", "--template", self.bin / "outer.yaml",
                             check=False)
        self.assertIn("Odd CREATE_FAILED Lambda function not found", broken.stderr)
