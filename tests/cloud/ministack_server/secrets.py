"""Secrets Manager: rotations as AWS makes them.

ministack calls no function for a rotation, but makes a copy of the current
version the next current one by itself. Here
- a rotation labels a version without a value AWSPENDING and calls the function
  for each of the four steps, one after the other, until one fails. AWS tries a
  failed rotation again, and before the first one it tries testSecret alone:
  neither is played;
- nothing rotates by the real clock: `rotate` says that the schedule is due;
- GetSecretValue does not find the version of a rotation that has only begun;
- a secret that rotates every so many days says when it did and will.

https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda.html
"""
import json
import os
import time
import uuid
from datetime import datetime, timedelta

from . import invocations
from .server import ACCOUNT

STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]
DATES = ["CreatedDate", "LastChangedDate", "LastAccessedDate", "LastRotatedDate"]
ROTATION = ["RotationLambdaARN", "RotationRules", "LastRotatedDate", "NextRotationDate"]


def install():
    from ministack.services import secretsmanager

    secretsmanager._rotate_secret = _rotate_secret
    value = secretsmanager._get_secret_value
    describe, listing = secretsmanager._describe_secret, secretsmanager._list_secrets

    def get_secret_value(data):
        answer = value(data)
        body = json.loads(answer[2])
        if (answer[0] == 200 and body["VersionStages"] == ["AWSPENDING"]
                and not {"SecretString", "SecretBinary"} & body.keys()):
            return _error("ResourceNotFoundException",
                          "Secrets Manager can't find the specified secret value for VersionId: "
                          + body["VersionId"])
        return answer

    def describe_secret(data):
        return _told(describe(data), lambda body: [body])

    def list_secrets(data):
        return _told(listing(data), lambda body: body["SecretList"])

    secretsmanager._get_secret_value = get_secret_value
    secretsmanager._describe_secret = describe_secret
    secretsmanager._list_secrets = list_secrets


def _error(code, message):
    from ministack.core.responses import error_response_json

    return error_response_json(code, message, 400)


def _told(answer, entries):
    """The answer, with what Secrets Manager says of the rotation of each secret in it."""
    from ministack.core.responses import json_response

    if answer[0] != 200:
        return answer
    body = json.loads(answer[2])
    for entry in entries(body):
        secret = _find(entry["Name"])
        entry.update({key: secret[key] for key in ROTATION if secret.get(key)})
    return json_response(body)


def _find(name):
    from ministack.services import secretsmanager

    _, secret = secretsmanager._resolve(name)
    return secret


def _rotate_secret(data):
    from ministack.core.responses import json_response

    secret = _find(data.get("SecretId"))
    if not secret:
        return _error("ResourceNotFoundException",
                      "Secrets Manager can't find the specified secret.")
    for key in ("RotationLambdaARN", "RotationRules"):
        if data.get(key):
            secret[key] = data[key]
    secret["RotationEnabled"] = True
    _set_next(secret)
    answer = {"ARN": secret["ARN"], "Name": secret["Name"]}
    if data.get("RotateImmediately", True):
        answer["VersionId"] = _begin(secret, data.get("ClientRequestToken"))
    return json_response(answer)


def _set_next(secret):
    days = (secret.get("RotationRules") or {}).get("AutomaticallyAfterDays")
    if days:
        since = secret.get("LastRotatedDate") or secret["CreatedDate"]
        secret["NextRotationDate"] = since + days * 86400


def _begin(secret, token=None, due=None):
    """Begins a rotation, or goes on with one that was not finished."""
    unfinished = [version for version, kept in secret["Versions"].items()
                  if "AWSPENDING" in kept["Stages"] and "AWSCURRENT" not in kept["Stages"]]
    token = unfinished[0] if unfinished else token or str(uuid.uuid4())
    if not unfinished:
        for kept in secret["Versions"].values():
            kept["Stages"] = [stage for stage in kept["Stages"] if stage != "AWSPENDING"]
        secret["Versions"][token] = {"SecretString": None, "SecretBinary": None,
                                     "CreatedDate": time.time(), "Stages": ["AWSPENDING"]}
        secret["LastChangedDate"] = time.time()
    events = [{"Step": step, "SecretId": secret["ARN"], "ClientRequestToken": token}
              for step in STEPS]
    invocations.in_turn(secret["RotationLambdaARN"], events, lambda: _succeeded(secret, due or time.time()))
    return token


def _succeeded(secret, when):
    secret["LastRotatedDate"] = when
    _set_next(secret)


def _in_account(of):
    def within(*arguments):
        from ministack.core.responses import request_scope

        with request_scope(ACCOUNT, os.environ["MINISTACK_REGION"]):
            return of(*arguments)

    return within


@_in_account
def rotate(name, due):
    """The secret's rotation is due, since that moment."""
    return {"token": _begin(_find(name), due=datetime.fromisoformat(due).timestamp())}


@_in_account
def age(name, seconds):
    """Everything that has happened to the secret was so much earlier: its dates, and the times in
    its tags."""
    secret = _find(name)
    for each in [secret, *secret["Versions"].values()]:
        each.update({key: each[key] - seconds for key in DATES if each.get(key)})
    for tag in secret["Tags"]:
        moment = _moment(tag["Value"])
        if moment:
            earlier = moment - timedelta(seconds=seconds)
            tag["Value"] = earlier.isoformat().replace("+00:00", "Z")
    return {}


def _moment(text):
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else None


@_in_account
def inventory():
    """All secrets with their tags, and which version each label is on. A version without a value
    is a rotation that has only begun."""
    from ministack.services import secretsmanager

    return [{
        "name": name,
        "labels": {stage: version for version, kept in secret["Versions"].items()
                   for stage in sorted(kept["Stages"]) if kept["SecretString"] is not None},
        "tags": {tag["Key"]: tag["Value"] for tag in secret["Tags"]},
    } for name, secret in sorted(secretsmanager._secrets.items())]
