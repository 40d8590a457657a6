"""Lambda's asynchronous invocation as AWS does it.

ministack retries and knows the on-failure destination, but
- not for what an EventBridge rule, a schedule or a topic starts;
- it counts a throttled attempt as a failed one, where AWS keeps the event in
  the queue: two triggers at once, with a reserved concurrency of 1, would end
  in the failure queue;
- its record for the destination lacks version, time and request id.

Each invocation is kept in `record`. It is `running`, then `done`; or `failed`, when Lambda has given
it up; or `error`, when the service that waited for the answer got one.
"""
import contextvars
import json
import threading
import time
import urllib.request
import uuid
from datetime import datetime, timezone

from .server import ACCOUNT, signature

# Of AWS's pauses of one and two minutes the proportion is kept.
PAUSES = [0.5, 1.0]
THROTTLED_PAUSE = 0.2
MAX_AGE = 6 * 3600

record = []
_port = None


def install(port):
    global _port
    _port = port
    from ministack.services import eventbridge, lambda_svc, sns

    lambda_svc.invoke_async_with_retry = invoke
    eventbridge._dispatch_to_lambda = lambda arn, payload: dispatch(arn, json.loads(payload))
    sns._deliver_to_lambda = deliver


def dispatch(arn, event):
    """Hands an event of another service over, as far as there is such a function."""
    from ministack.services import lambda_svc

    func, config, _ = lambda_svc._get_func_record_for_ref(arn)
    if func and config:
        invoke(lambda_svc._execution_record_for_config(func, config), event)


def deliver(endpoint, envelope, topic_arn, subscription, *_):
    """https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html"""
    dispatch(endpoint, {"Records": [{
        "EventVersion": "1.0", "EventSource": "aws:sns", "EventSubscriptionArn": subscription,
        "Sns": json.loads(envelope)}]})


def invoke(func, event):
    """Starts an asynchronous invocation; returns at once."""
    entry = _entry(func, event)
    record.append(entry)
    _start(_run, func, event, entry)


def in_turn(arn, events, succeeded):
    """Invokes a function as a service that waits for each answer does: with one event after the
    other, until it answers with an error, which is nobody else's then. Returns at once; calls
    `succeeded` before the last answer is in the record."""
    from ministack.services import lambda_svc

    func, config, _ = lambda_svc._get_func_record_for_ref(arn)
    func = lambda_svc._execution_record_for_config(func, config)
    entries = [_entry(func, event) for event in events]
    record.extend(entries)
    _start(_run_in_turn, func, entries, succeeded)


def _run_in_turn(func, entries, succeeded):
    config = func.get("config") or func
    while entries:
        entry = entries.pop(0)
        result = _attempt(func, config, entry["payload"], entry["request_id"])
        entry["attempts"] = 1
        if result.get("error"):
            for never in entries:
                record.remove(never)
            entry.update(state="error", result=result.get("body"))
            return
        if not entries:
            succeeded()
        entry.update(state="done", result=result.get("body"))


def _entry(func, event):
    config = func.get("config") or func
    return {"request_id": str(uuid.uuid4()), "function": config["FunctionName"],
            "payload": event, "attempts": 0, "state": "running"}


def _start(what, *arguments):
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(what, *arguments), daemon=True).start()


def _run(func, event, entry):
    from ministack.core.responses import set_request_account_id, set_request_region

    config = func.get("config") or func
    region = config["FunctionArn"].split(":")[3]
    set_request_account_id(ACCOUNT)
    set_request_region(region)
    settings = (func.get("event_invoke_config")
                or (func.get("event_invoke_configs") or {}).get("$LATEST") or {})
    attempts = int(settings.get("MaximumRetryAttempts", 2)) + 1
    deadline = time.monotonic() + int(settings.get("MaximumEventAgeInSeconds", MAX_AGE))

    while True:
        result = _attempt(func, config, event, entry["request_id"])
        if result.get("throttle"):
            pause = THROTTLED_PAUSE
        else:
            entry["attempts"] += 1
            if not result.get("error"):
                entry.update(state="done", result=result.get("body"))
                return
            if entry["attempts"] >= attempts:
                condition = "RetriesExhausted"
                break
            pause = PAUSES[min(entry["attempts"], len(PAUSES)) - 1]
        if time.monotonic() + pause > deadline:
            condition = "EventAgeExceeded"
            break
        time.sleep(pause)

    entry.update(state="failed", result=result.get("body"), condition=condition)
    target = ((settings.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination")
    if target:
        _deliver(target, region, _failure(config, event, entry, result))


def _attempt(func, config, event, request_id):
    """One attempt. All attempts of an event have the same request id, as on AWS."""
    from ministack.services import lambda_svc

    slot, _ = lambda_svc._acquire_execution_slot(func, config)
    if slot is None:
        return {"throttle": True, "error": True, "body": {}}
    try:
        return lambda_svc._execute_function_dispatch(func, config, event, request_id, time.time())
    finally:
        lambda_svc._release_execution_slot(slot)


def _failure(config, event, entry, result):
    arn = config["FunctionArn"].removesuffix(":$LATEST")
    return {
        "version": "1.0",
        "timestamp": datetime.now(timezone.utc).isoformat(timespec="milliseconds")
                             .replace("+00:00", "Z"),
        "requestContext": {
            "requestId": entry["request_id"],
            "functionArn": f"{arn}:$LATEST",
            "condition": entry["condition"],
            "approximateInvokeCount": entry["attempts"],
        },
        "requestPayload": event,
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST",
                            "functionError": "Unhandled"},
        "responsePayload": result.get("body"),
    }


def _deliver(target, region, failure):
    service, name = target.split(":")[2], target.split(":", 5)[5]
    if service == "lambda":
        _call(f"/2015-03-31/functions/{name.removeprefix('function:')}/invocations", failure,
              service, region, {"X-Amz-Invocation-Type": "Event"})
    elif service == "sqs":
        _call("/", {"QueueUrl": f"http://127.0.0.1:{_port}/{ACCOUNT}/{name}",
                    "MessageBody": json.dumps(failure)},
              service, region, {"X-Amz-Target": "AmazonSQS.SendMessage",
                                "Content-Type": "application/x-amz-json-1.0"})
    else:
        raise ValueError(f"no delivery to {target}")


def _call(path, body, service, region, headers):
    request = urllib.request.Request(
        f"http://127.0.0.1:{_port}{path}", json.dumps(body).encode(),
        {"Authorization": signature(service, region), **headers})
    with urllib.request.urlopen(request, timeout=30) as response:
        response.read()
