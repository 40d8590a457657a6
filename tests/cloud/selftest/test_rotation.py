"""Rotations of secrets in ministack, with a stand-in for the function."""
import json
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from .server import CLOUD, Server

TEMPLATE = CLOUD.parents[1] / "infra" / "functions" / "rotate-secret.yaml"
STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]
DAY = 86400


class Rotation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server("ministack")
        cls.bin = Path(tempfile.mkdtemp())
        shutil.copy(CLOUD / "selftest" / "echo_function.py", cls.bin / "rotate-secret")
        done = subprocess.run(
            [sys.executable, CLOUD / "deploy.py", "--endpoint", cls.server.url,
             "--rds-endpoint", "http://127.0.0.1:9", "--bin-dir", cls.bin,
             "--template", TEMPLATE, "--param", "SubnetIds=subnet-0123456789abcdef0",
             "--param", "VpcId=vpc-0123456789abcdef0",
             "--param", "SecurityGroupIds=sg-0123456789abcdef0"],
            capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr)
        cls.function = json.loads(done.stdout)["functions"]["rotate-secret"]
        cls.secrets = cls.server.client("secretsmanager")

    @classmethod
    def tearDownClass(cls):
        cls.secrets.close()
        cls.server.stop()
        shutil.rmtree(cls.bin)

    def setUp(self):
        self.server.post("/_test/reset", {})

    def make(self, name):
        self.secrets.create_secret(Name=name, SecretString="first",
                                   Tags=[{"Key": "at", "Value": "2026-11-21T02:00:00.5Z"},
                                         {"Key": "team", "Value": "shop"}])
        self.secrets.rotate_secret(SecretId=name, RotationLambdaARN=self.function,
                                   RotationRules={"AutomaticallyAfterDays": 30},
                                   RotateImmediately=False)

    def steps(self):
        """What the function was called with, once all calls have ended."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            seen = self.server.get("/_test/async")
            if seen and all(each["state"] != "running" for each in seen):
                return [(each["payload"]["Step"], each["state"]) for each in seen]
            time.sleep(0.05)
        self.fail(f"the rotation did not end: {seen}")

    def test_a_rotation_that_is_not_to_be_at_once_changes_no_version(self):
        self.make("later")
        self.assertEqual(self.server.get("/_test/async"), [])
        described = self.secrets.describe_secret(SecretId="later")
        self.assertEqual(list(described["VersionIdsToStages"].values()), [["AWSCURRENT"]])
        due = described["NextRotationDate"] - described["CreatedDate"]
        self.assertEqual((described["RotationEnabled"], due.days), (True, 30))

    def test_a_rotation_is_four_steps_for_a_version_without_a_value(self):
        self.make("whole")
        due = "2026-11-21T02:50:00Z"
        token = self.server.post("/_test/rotate", {"secret": "whole", "time": due})["token"]
        self.assertEqual(self.steps(), [(step, "done") for step in STEPS])
        described = self.secrets.describe_secret(SecretId="whole")
        self.assertEqual(described["VersionIdsToStages"][token], ["AWSPENDING"])
        self.assertEqual((described["NextRotationDate"] - described["LastRotatedDate"]).days, 30)
        with self.assertRaises(self.secrets.exceptions.ResourceNotFoundException):
            self.secrets.get_secret_value(SecretId="whole", VersionId=token)
        value = self.secrets.get_secret_value(SecretId="whole")
        self.assertEqual(value["SecretString"], "first")

    def test_a_step_that_fails_ends_the_rotation_and_the_next_one_goes_on_with_its_version(self):
        self.make("fail-at-testSecret")
        token = self.secrets.rotate_secret(SecretId="fail-at-testSecret")["VersionId"]
        ended = [*((step, "done") for step in STEPS[:2]), ("testSecret", "error")]
        self.assertEqual(self.steps(), ended)
        described = self.secrets.describe_secret(SecretId="fail-at-testSecret")
        self.assertNotIn("LastRotatedDate", described)
        self.server.post("/_test/reset", {})
        again = self.secrets.rotate_secret(SecretId="fail-at-testSecret")["VersionId"]
        self.assertEqual((self.steps(), again), (ended, token))

    def test_a_secret_can_be_made_older(self):
        self.make("old")
        before = self.secrets.describe_secret(SecretId="old")
        self.server.post("/_test/age", {"secret": "old", "seconds": DAY})
        after = self.secrets.describe_secret(SecretId="old")
        self.assertEqual((before["CreatedDate"] - after["CreatedDate"]).days, 1)
        self.assertEqual(before["NextRotationDate"], after["NextRotationDate"])
        [found] = [each for each in self.server.get("/_test/secrets") if each["name"] == "old"]
        self.assertEqual(found["tags"], {"at": "2026-11-20T02:00:00.500000Z", "team": "shop"})
        self.assertEqual(list(found["labels"]), ["AWSCURRENT"])
        self.assertNotIn("first", json.dumps(found))
