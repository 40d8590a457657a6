"""EventBridge and its Scheduler: triggers that fire when the test says so.

- ministack fires by the real clock: a test that runs at two in the morning
  would meet the real schedule. Here nothing fires by itself unless the clock
  is set running.
- ministack passes Scheduler's context attributes on as they are written;
  AWS replaces them.
- Like AWS it takes no event of `aws.rds` from a client; the tests play RDS.
"""
import json
import time
import uuid
from datetime import datetime, timezone

from .server import ACCOUNT

running = False


def install():
    from ministack.services import eventbridge, scheduler

    for module, name in ((scheduler, "_tick_schedules"), (eventbridge, "_tick_scheduled_rules")):
        setattr(module, name, _only_when_running(getattr(module, name)))
    scheduler._SCHEDULE_TICK_INTERVAL = eventbridge._SCHEDULER_TICK_INTERVAL = 1

    invoke_target = eventbridge._invoke_target

    def invoke_with_attributes(target, event, source, view=None):
        if event.get("Source") == "aws.scheduler":
            target = with_attributes(target, source, event["Time"])
        return invoke_target(target, event, source, view)

    eventbridge._invoke_target = invoke_with_attributes


def _only_when_running(tick):
    return lambda: tick() if running else None


def with_attributes(target, schedule, scheduled):
    """The target with Scheduler's context attributes filled in."""
    values = {
        "scheduled-time": _utc(scheduled),
        "schedule-arn": schedule["Arn"],
        "execution-id": str(uuid.uuid4()),
        "attempt-number": "1",
    }
    text = target.get("Input") or "{}"
    for name, value in values.items():
        text = text.replace(f"<aws.scheduler.{name}>", value)
    return {**target, "Input": text}


def fire(request):
    """Fires one schedule or rule now, once; `time` is when it was planned for. A disabled schedule
    does not fire, whatever the time."""
    from ministack.core.responses import request_scope
    from ministack.services import eventbridge

    planned = request.get("time")
    planned = datetime.fromisoformat(planned).timestamp() if planned else time.time()
    (account, region), source, targets, kind = _find(request)
    if kind == "schedule" and source["State"] == "DISABLED":
        raise ValueError(f"the schedule {source['Name']} is disabled")
    event = {
        "EventId": str(uuid.uuid4()),
        "Source": "aws.scheduler" if kind == "schedule" else "aws.events",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "EventBusName": "default",
        "Time": planned,
        "Resources": [source["Arn"]],
        "Account": account,
        "Region": region,
    }
    with request_scope(account, region):
        for target in targets:
            eventbridge._invoke_target(target, event, source)
    return {"fired": source["Arn"], "time": _utc(planned), "targets": len(targets)}


def put_event(event, region):
    """Puts an event on the default bus as the AWS service of its `source` would.

    The event is as it arrives at a target: source, detail-type, detail, and
    maybe id, time and resources.
    """
    from ministack.core.responses import request_scope
    from ministack.services import eventbridge

    when = event.get("time")
    record = {
        "EventId": event.get("id") or str(uuid.uuid4()),
        "Source": event["source"],
        "DetailType": event["detail-type"],
        "Detail": json.dumps(event["detail"]),
        "EventBusName": "default",
        "Time": datetime.fromisoformat(when).timestamp() if when else time.time(),
        "Resources": event.get("resources", []),
        "Account": ACCOUNT,
        "Region": region,
    }
    with request_scope(ACCOUNT, region):
        eventbridge._dispatch_event(record)
    return {"id": record["EventId"]}


def _find(request):
    from ministack.services import eventbridge, scheduler

    if "schedule" in request:
        key = f"{request.get('group', 'default')}/{request['schedule']}"
        for (account, region, name), schedule in scheduler._schedules._data.items():
            if (account, name) == (ACCOUNT, key):
                return (account, region), schedule, [schedule["Target"]], "schedule"
        raise ValueError(f"no schedule {key}")
    for (account, region, name), rule in eventbridge._rules._data.items():
        if account == ACCOUNT and rule["Name"] == request["rule"]:
            targets = eventbridge._targets._data.get((account, region, name), [])
            return (account, region), rule, targets, "rule"
    raise ValueError(f"no rule {request['rule']}")


def _utc(timestamp):
    return datetime.fromtimestamp(timestamp, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
