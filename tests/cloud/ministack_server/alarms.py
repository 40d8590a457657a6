"""Alarms as AWS has them, where ministack's are otherwise:

- since when a metric alarm is in its state it does not tell;
- alarms on metric math lose what they watch, and a template with one is refused.

And a past for them.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""
import os

from .server import ACCOUNT

SINCE, UPDATED = "StateTransitionedTimestamp", "StateUpdatedTimestamp"
# What an alarm has either itself or in its Metrics.
OF_ONE_METRIC = ["MetricName", "Namespace", "Statistic", "ExtendedStatistic", "Period", "Dimensions", "Unit"]


def install():
    from ministack.services import cloudwatch
    from ministack.services.cloudformation import provisioners

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
    _install_math(cloudwatch, provisioners)


def _install_math(cloudwatch, provisioners):
    put, described = cloudwatch._put_metric_alarm, provisioners._cw_metric_alarm_record

    def put_with_math(params, data, is_cbor, is_json=False):
        answer = put(params, data, is_cbor, is_json)
        alarm = cloudwatch._alarms.get((data or {}).get("AlarmName"))
        if alarm is not None and data.get("Metrics"):
            _watch(alarm, data["Metrics"])
        return answer

    def described_with_math(name, props):
        if not props.get("Metrics"):
            return described(name, props)
        # Names nothing is ever put under: math is not evaluated here.
        props = {**props, "MetricName": "-", "Namespace": "-"}
        alarm = described(name, {**props, "Metrics": None})
        return _watch(alarm, [_typed(query) for query in props["Metrics"]])

    cloudwatch._put_metric_alarm = put_with_math
    provisioners._cw_metric_alarm_record = described_with_math


def _watch(alarm, queries):
    for member in OF_ONE_METRIC:
        alarm.pop(member, None)
    alarm["Metrics"] = queries
    return alarm


def _typed(query):
    """A template's texts as the numbers and booleans they stand for."""
    query = dict(query)
    if "ReturnData" in query:
        query["ReturnData"] = str(query["ReturnData"]).lower() == "true"
    if "MetricStat" in query:
        query["MetricStat"] = {**query["MetricStat"], "Period": int(query["MetricStat"]["Period"])}
    return query


def age(seconds):
    """Whatever became of an alarm was so much earlier."""
    from ministack.core.responses import request_scope
    from ministack.services import cloudwatch

    with request_scope(ACCOUNT, os.environ["MINISTACK_REGION"]):
        for alarm in cloudwatch._alarms.values():
            alarm.update({key: alarm[key] - seconds for key in (SINCE, UPDATED) if key in alarm})
    return {}
