"""Since when a metric alarm is in its state, which ministack tells of composite ones only; and a past.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""
import os

from .server import ACCOUNT

SINCE, UPDATED = "StateTransitionedTimestamp", "StateUpdatedTimestamp"


def install():
    from ministack.services import cloudwatch

    record, evaluate = cloudwatch._record_history, cloudwatch._evaluate_alarm

    def recorded(name, before, after, *args, **kwargs):
        alarm = cloudwatch._alarms.get(name)
        if alarm is not None and before != after:
            alarm[SINCE] = alarm[UPDATED]
        return record(name, before, after, *args, **kwargs)

    def evaluated(alarm):
        # Whatever way it was put: one that never changed its state is in it since it was created.
        alarm.setdefault(SINCE, alarm[UPDATED])
        return evaluate(alarm)

    cloudwatch._record_history = recorded
    cloudwatch._evaluate_alarm = evaluated


def age(seconds):
    """Whatever became of an alarm was so much earlier."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    with request_scope(ACCOUNT, os.environ["MINISTACK_REGION"]):
        for alarm in cloudwatch._alarms.values():
            alarm.update({key: alarm[key] - seconds for key in (SINCE, UPDATED) if key in alarm})
    return {}
