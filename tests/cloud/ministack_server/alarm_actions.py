"""Whom an alarm tells that its state has changed, and in what words.

ministack tells SNS topics only, without the alarm's ARN and without what set a composite alarm off. AWS also
invokes functions, and puts an event on the default bus, whether the alarm's actions are on or off:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""
import json
from datetime import datetime, timezone

from . import invocations, triggers
from .server import ACCOUNT

ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions", "INSUFFICIENT_DATA": "InsufficientDataActions"}


def install():
    from ministack.services import cloudwatch

    cloudwatch._dispatch_alarm_actions = tell


def tell(alarm, before, after, reason):
    from ministack.core.responses import get_region

    region = get_region()
    triggers.put_event({
        "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
        "resources": [alarm["AlarmArn"]], "detail": _detail(alarm, before),
    }, region)
    actions = alarm.get(ACTIONS[after]) or [] if alarm.get("ActionsEnabled", True) else []
    for action in actions:
        if ":sns:" in action:
            _publish(action, alarm, before, region)
        elif ":lambda:" in action:
            invocations.start(action, {
                "source": "aws.cloudwatch", "alarmArn": alarm["AlarmArn"], "accountId": ACCOUNT,
                "time": _time(alarm), "region": region, "alarmData": _detail(alarm, before),
            })


def _publish(topic, alarm, before, region):
    from ministack.core.responses import new_uuid
    from ministack.services import sns

    subject = f'{alarm["StateValue"]}: "{alarm["AlarmName"]}" in {region}'[:100]
    sns._fanout(topic, new_uuid(), json.dumps(_message(alarm, before, region)), subject)


def _message(alarm, before, region):
    message = {
        "AlarmName": alarm["AlarmName"], "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": ACCOUNT, "NewStateValue": alarm["StateValue"],
        "NewStateReason": alarm["StateReason"], "StateChangeTime": _time(alarm), "Region": region,
        "AlarmArn": alarm["AlarmArn"], "OldStateValue": before,
        **{actions: alarm.get(actions) or [] for actions in ACTIONS.values()},
    }
    if "AlarmRule" in alarm:
        return {**message, "AlarmRule": alarm["AlarmRule"], "TriggeringChildren": [
            {"Arn": child["arn"], "State": {"Value": child["state"]["value"],
                                            "Timestamp": child["state"]["timestamp"]}}
            for child in json.loads(alarm.get("StateReasonData") or "{}").get("triggeringAlarms", [])]}
    return {**message, "Trigger": _trigger(alarm)}


def _trigger(alarm):
    trigger = {member: alarm.get(member) for member in (
        "EvaluationPeriods", "ComparisonOperator", "Threshold", "TreatMissingData")}
    if "Metrics" in alarm:
        return {**trigger, "Metrics": [_query(query) for query in alarm["Metrics"]]}
    return {**trigger, "MetricName": alarm["MetricName"], "Namespace": alarm["Namespace"],
            "StatisticType": "Statistic", "Statistic": alarm["Statistic"].upper(), "Unit": alarm.get("Unit"),
            "Period": alarm["Period"], "Dimensions": _lower(alarm.get("Dimensions"))}


def _query(query):
    stat = query.get("MetricStat")
    if not stat:
        return query
    metric = {**stat["Metric"], "Dimensions": _lower(stat["Metric"].get("Dimensions"))}
    return {**query, "MetricStat": {**stat, "Metric": metric}}


def _lower(dimensions):
    return [{"value": each["Value"], "name": each["Name"]} for each in dimensions or []]


def _detail(alarm, before):
    state = {"value": alarm["StateValue"], "reason": alarm["StateReason"], "timestamp": _time(alarm)}
    if alarm.get("StateReasonData"):
        state["reasonData"] = alarm["StateReasonData"]
    configuration = {"description": alarm.get("AlarmDescription") or None}
    if "AlarmRule" in alarm:
        configuration["alarmRule"] = alarm["AlarmRule"]
    else:
        configuration["metrics"] = [_configured(query) for query in _queries(alarm)]
    return {"alarmName": alarm["AlarmName"], "state": state, "configuration": configuration,
            "previousState": {"value": before, "timestamp": _time(alarm)}}


def _queries(alarm):
    """What the alarm watches, as queries; one metric is one query."""
    if "Metrics" in alarm:
        return alarm["Metrics"]
    metric = {member: alarm.get(member) for member in ("Namespace", "MetricName", "Dimensions")}
    stat = {"Metric": metric, "Period": alarm["Period"], "Stat": alarm["Statistic"]}
    return [{"Id": "m1", "MetricStat": stat, "ReturnData": True}]


def _configured(query):
    shown = {"id": query["Id"], "returnData": query.get("ReturnData", True)}
    if "Expression" in query:
        return {**shown, "expression": query["Expression"]}
    stat = query["MetricStat"]
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []}
    named = {"namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": dimensions}
    return {**shown, "metricStat": {"metric": named, "period": stat["Period"], "stat": stat["Stat"]}}


def _time(alarm):
    updated = datetime.fromtimestamp(alarm["StateUpdatedTimestamp"], timezone.utc)
    return updated.strftime("%Y-%m-%dT%H:%M:%S.000+0000")
