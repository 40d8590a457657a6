"""The `/_test/` endpoints of the ministack server, and the record of calls.

    GET  /_test/mails        everything published to SNS, with all protocols' bodies
    GET  /_test/async        asynchronous invocations and what became of them
    GET  /_test/calls        API calls of the functions: action, app, status
    POST /_test/fire         {"schedule": name} or {"rule": name}, "time": optional:
                             the trigger fires, as if its time had come
    POST /_test/event        an event of an AWS service, put on the default bus
    POST /_test/rotate       {"secret": name, "time"}: its rotation is due
    POST /_test/age          {"secret": name, "seconds": n}: its past lies so much further back
    POST /_test/age-alarms   {"seconds": n}: all alarms have been in their states for so much longer
    GET  /_test/secrets      all secrets: name, labels, tags; no value
    POST /_test/clock        {"running": true}: schedules fire by themselves
    POST /_test/reset        forgets mails, invocations and calls
"""
import contextvars
import json
import os
import re
from urllib.parse import parse_qs

from . import alarms, invocations, mails, secrets, triggers

calling_app = contextvars.ContextVar("calling_app", default=None)
calls = []


def wrap(app):
    async def wrapped(scope, receive, send):
        if scope["type"] != "http":
            return await app(scope, receive, send)
        if scope["path"].startswith("/_test/"):
            return await answer(scope, receive, send)
        headers = {name.decode(): value.decode("latin-1") for name, value in scope["headers"]}
        # The SDKs name the application of AWS_SDK_UA_APP_ID: the function.
        app_id = re.search(r"\bapp/(\S+)", headers.get("user-agent", ""))
        if not app_id:
            return await app(scope, receive, send)
        token = calling_app.set(app_id.group(1))
        try:
            await recorded(app, scope, receive, send, headers)
        finally:
            calling_app.reset(token)

    return wrapped


async def recorded(app, scope, receive, send, headers):
    """Passes the call on and notes its action and status."""
    body = bytearray()
    call = {"app": calling_app.get(), "action": None, "status": None}
    calls.append(call)

    async def peek():
        message = await receive()
        if len(body) < 4096:
            body.extend(message.get("body", b""))
        return message

    async def note(message):
        if message["type"] == "http.response.start":
            call["status"] = message["status"]
            call["action"] = action(headers, bytes(body), scope)
        await send(message)

    await app(scope, peek, note)


def action(headers, body, scope):
    target = headers.get("x-amz-target")
    if target:
        return target.rpartition(".")[2]
    form = parse_qs(body.decode("utf-8", "replace"))
    return form.get("Action", [f"{scope['method']} {scope['path']}"])[0]


async def answer(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    try:
        status, result = handle(scope["method"], scope["path"], json.loads(body or b"{}"))
    except (KeyError, ValueError) as error:
        status, result = 400, {"error": f"{type(error).__name__}: {error}"}
    await send({"type": "http.response.start", "status": status,
                "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": json.dumps(result).encode()})


def handle(method, path, body):
    match (method, path):
        case ("GET", "/_test/mails"):
            return 200, mails.sent
        case ("GET", "/_test/async"):
            return 200, invocations.record
        case ("GET", "/_test/calls"):
            return 200, calls
        case ("POST", "/_test/fire"):
            return 200, triggers.fire(body)
        case ("POST", "/_test/event"):
            return 200, triggers.put_event(body, os.environ["MINISTACK_REGION"])
        case ("POST", "/_test/rotate"):
            return 200, secrets.rotate(body["secret"], body["time"])
        case ("POST", "/_test/age"):
            return 200, secrets.age(body["secret"], body["seconds"])
        case ("POST", "/_test/age-alarms"):
            return 200, alarms.age(body["seconds"])
        case ("GET", "/_test/secrets"):
            return 200, secrets.inventory()
        case ("POST", "/_test/clock"):
            triggers.running = bool(body["running"])
            return 200, {"running": triggers.running}
        case ("POST", "/_test/reset"):
            for what in (mails.sent, invocations.record, calls):
                what.clear()
            return 200, {}
    return 404, {"error": f"no such endpoint: {method} {path}"}
