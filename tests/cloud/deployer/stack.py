"""The clients for ministack, and a stack's creation."""
import time

import boto3
from botocore.config import Config

ACCOUNT = "123456789012"
BUCKET = "nightshift-artifacts"
TIMEOUT = 120


class StackFailed(Exception):
    pass


class Cloud:
    def __init__(self, endpoint, region):
        self.endpoint = endpoint
        self.region = region
        self._session = boto3.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="local",
                                      region_name=region)
        self._clients = {}

    def client(self, service):
        if service not in self._clients:
            self._clients[service] = self._session.client(
                service, endpoint_url=self.endpoint,
                config=Config(s3={"addressing_style": "path"}, retries={"max_attempts": 0}))
        return self._clients[service]

    def upload(self, key, body):
        """Puts one artifact into the bucket; returns its key."""
        s3 = self.client("s3")
        try:
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        except s3.exceptions.NoSuchBucket:
            s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={
                "LocationConstraint": self.region})
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        return key

    def url(self, key):
        return f"{self.endpoint}/{BUCKET}/{key}"

    def create(self, name, template_url, parameters):
        cloudformation = self.client("cloudformation")
        try:
            cloudformation.create_stack(
                StackName=name, TemplateURL=template_url, OnFailure="DO_NOTHING",
                Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"],
                Parameters=[{"ParameterKey": key, "ParameterValue": value}
                            for key, value in parameters.items()])
        except cloudformation.exceptions.ClientError as error:
            raise StackFailed(f"stack {name}: {error}") from error
        deadline = time.monotonic() + TIMEOUT
        while time.monotonic() < deadline:
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            if stack["StackStatus"] == "CREATE_COMPLETE":
                return
            if not stack["StackStatus"].endswith("_IN_PROGRESS"):
                break
            time.sleep(0.1)
        raise StackFailed(f"stack {name} is {stack['StackStatus']}\n" + self._story(name))

    def _story(self, name):
        """The events of the stack and of those nested in it, failures marked."""
        cloudformation = self.client("cloudformation")
        lines = []
        for stack in cloudformation.list_stacks()["StackSummaries"]:
            if stack["StackName"] != name and not stack["StackName"].startswith(f"{name}-"):
                continue
            pages = cloudformation.get_paginator("describe_stack_events")
            for page in pages.paginate(StackName=stack["StackId"]):
                for event in page["StackEvents"]:
                    mark = "!!" if "FAILED" in event["ResourceStatus"] else "  "
                    lines.append((event["Timestamp"], " ".join((
                        mark, event["StackName"], event["LogicalResourceId"],
                        event["ResourceStatus"], event.get("ResourceStatusReason", "")))))
        return "\n".join(line for _, line in sorted(lines))

    def resources(self, stack):
        """(logical path, type, physical id) of every resource, nested ones too."""
        pages = self.client("cloudformation").get_paginator("list_stack_resources")
        for page in pages.paginate(StackName=stack):
            for found in page["StackResourceSummaries"]:
                logical, kind = found["LogicalResourceId"], found["ResourceType"]
                physical = found["PhysicalResourceId"]
                if kind == "AWS::CloudFormation::Stack":
                    for path, *rest in self.resources(physical):
                        yield (f"{logical}/{path}", *rest)
                else:
                    yield logical, kind, physical
