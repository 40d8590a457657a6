"""Starts a part of the local cloud for a test."""
import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import boto3
from botocore.config import Config

CLOUD = Path(__file__).resolve().parents[1]
REGION = "eu-central-1"
ACCOUNT = "123456789012"


class Server:
    def __init__(self, name):
        self.process = subprocess.Popen([sys.executable, CLOUD / "launch.py", name],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        if not line.startswith("listening "):
            raise RuntimeError(f"{name} said {line!r}")
        self.url = f"http://127.0.0.1:{line.split()[1]}"

    def stop(self):
        self.process.terminate()
        self.process.wait(10)
        self.process.stdout.close()

    def client(self, service):
        return boto3.client(service, endpoint_url=self.url, region_name=REGION,
                            aws_access_key_id=ACCOUNT, aws_secret_access_key="local",
                            config=Config(retries={"max_attempts": 0}))

    def get(self, path):
        with urllib.request.urlopen(self.url + path) as answer:
            return json.load(answer)

    def post(self, path, body, headers={}):
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or b"null")
