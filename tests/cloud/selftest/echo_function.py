#!/usr/bin/env python3
"""A Lambda function for the tests: does what its event says, else echoes it.

{"fail": true} ends with an error, and so does the step of a rotation that the secret's name has
behind "fail-at-"; {"exit": true} kills the process,
{"sleep": s} waits, {"publish": text} publishes to the inbox.
"""
import json
import os
import time
import urllib.parse
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def post(path, body):
    urllib.request.urlopen(urllib.request.Request(API + path, json.dumps(body).encode())).read()


def publish(text):
    region = os.environ["AWS_REGION"]
    body = urllib.parse.urlencode({
        "Action": "Publish", "TopicArn": os.environ["INBOX_TOPIC_ARN"], "Subject": "A night",
        "MessageStructure": "json",
        "Message": json.dumps({"default": "?", "email": text, "sqs": json.dumps({"text": text})}),
        "MessageAttributes.entry.1.Name": "severity",
        "MessageAttributes.entry.1.Value.DataType": "String",
        "MessageAttributes.entry.1.Value.StringValue": "high"})
    urllib.request.urlopen(urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body.encode(), {
        "Authorization": f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/"
                         f"20000101/{region}/sns/aws4_request, SignedHeaders=host, Signature=0",
        "User-Agent": f"echo app/{os.environ['AWS_SDK_UA_APP_ID']}"})).read()


while True:
    with urllib.request.urlopen(API + "/next") as answer:
        request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(answer)
    print(json.dumps({"seen": event}), flush=True)
    time.sleep(event.get("sleep", 0))
    if event.get("exit"):
        os._exit(3)
    if event.get("fail") or f"fail-at-{event.get('Step')}" in event.get("SecretId", ""):
        post(f"/{request_id}/error", {"errorType": "Retryable", "errorMessage": "as told"})
        continue
    if event.get("publish"):
        publish(event["publish"])
    post(f"/{request_id}/response", {"event": event, "environment": dict(os.environ)})
