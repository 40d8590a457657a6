"""What CloudWatch does when an alarm changes its state: its actions, and an event for EventBridge.

ministack knows actions that are topics, and its message to them lacks what AWS's has: the alarm's ARN,
since when it has been configured so, its actions, what set off a composite alarm.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-actions-Lambda.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
"""
import json
from datetime import datetime, timezone

from . import invocations
from .server import ACCOUNT

ACTIONS = {"ALARM": "AlarmActions", "OK": "OKActions",
           "INSUFFICIENT_DATA": "InsufficientDataActions"}
REGIONS = {"eu-central-1": "EU (Frankfurt)"}


def install():
    from ministack.services import cloudwatch

    cloudwatch._dispatch_alarm_actions = changed


def changed(alarm, before, after, reason):
    from ministack.core.responses import get_region

    from . import triggers

    at, region = datetime.now(timezone.utc), get_region()
    data = detail(alarm, before, after, reason, at)
    triggers.put_event({
        "source": "aws.cloudwatch", "detail-type": "CloudWatch Alarm State Change",
        "time": at.isoformat(), "resources": [alarm["AlarmArn"]], "detail": data}, region)
    if not alarm.get("ActionsEnabled", True):
        return
    for action in alarm.get(ACTIONS[after]) or []:
        service = action.split(":")[2]
        if service == "sns":
            publish(action, alarm, message(alarm, before, after, reason, at, region))
        elif service == "lambda":
            invocations.dispatch(action, {
                "source": "aws.cloudwatch", "alarmArn": alarm["AlarmArn"], "accountId": ACCOUNT,
                "time": stamp(at), "region": region, "alarmData": data})


def publish(topic, alarm, body):
    from ministack.core.responses import new_uuid
    from ministack.services import sns

    subject = f'{body["NewStateValue"]}: "{alarm["AlarmName"]}" in {body["Region"]}'[:100]
    sns._fanout(topic, new_uuid(), json.dumps(body), subject)


def message(alarm, before, after, reason, at, region):
    """As CloudWatch publishes it. A composite alarm has its rule in place of `Trigger`."""
    body = {
        "AlarmName": alarm["AlarmName"],
        "AlarmDescription": alarm.get("AlarmDescription") or None,
        "AWSAccountId": ACCOUNT,
        "AlarmConfigurationUpdatedTimestamp": stamp(
            moment(alarm.get("AlarmConfigurationUpdatedTimestamp"), at)),
        "NewStateValue": after,
        "NewStateReason": reason,
        "StateChangeTime": stamp(at),
        "Region": REGIONS.get(region, region),
        "AlarmArn": alarm["AlarmArn"],
        "OldStateValue": before,
        **{each: alarm.get(each) or [] for each in sorted(ACTIONS.values(), reverse=True)},
    }
    if "AlarmRule" in alarm:
        return {**body, "AlarmRule": alarm["AlarmRule"], "TriggeringChildren": [
            {"Arn": child["arn"], "State": {"Value": child["state"]["value"],
                                            "Timestamp": child["state"]["timestamp"]}}
            for child in json.loads(alarm.get("StateReasonData") or "{}").get(
                "triggeringAlarms", [])]}
    return {**body, "Trigger": trigger(alarm)}


def trigger(alarm):
    """What the alarm watches: one metric, or the queries of an expression."""
    shown = {
        "EvaluationPeriods": alarm["EvaluationPeriods"],
        "DatapointsToAlarm": alarm.get("DatapointsToAlarm", alarm["EvaluationPeriods"]),
        "ComparisonOperator": alarm["ComparisonOperator"],
        "Threshold": alarm["Threshold"],
        "TreatMissingData": alarm.get("TreatMissingData", "missing"),
        "EvaluateLowSampleCountPercentile": "",
    }
    if "Metrics" in alarm:
        return {**shown, "Metrics": [query(each) for each in alarm["Metrics"]]}
    return {
        "MetricName": alarm["MetricName"],
        "Namespace": alarm["Namespace"],
        "StatisticType": "Statistic",
        "Statistic": alarm.get("Statistic", "Average").upper(),
        "Unit": alarm.get("Unit"),
        "Dimensions": lower(alarm.get("Dimensions")),
        "Period": alarm["Period"],
        **shown,
    }


def query(each):
    stat = each.get("MetricStat")
    if not stat:
        return each
    metric = {**stat["Metric"], "Dimensions": lower(stat["Metric"].get("Dimensions"))}
    return {**each, "MetricStat": {**stat, "Metric": metric}}


def lower(dimensions):
    return [{"value": each["Value"], "name": each["Name"]} for each in dimensions or []]


def detail(alarm, before, after, reason, at):
    """What the direct action and the event have in common."""
    state = {"value": after, "reason": reason, "timestamp": stamp(at)}
    if alarm.get("StateReasonData"):
        state["reasonData"] = alarm["StateReasonData"]
    return {"alarmName": alarm["AlarmName"], "state": state, "previousState": {"value": before},
            "configuration": configuration(alarm)}


def configuration(alarm):
    described = {"description": alarm.get("AlarmDescription") or None}
    if "AlarmRule" in alarm:
        return {**described, "alarmRule": alarm["AlarmRule"]}
    return {**described, "metrics": [configured(each) for each in queries(alarm)]}


def queries(alarm):
    """What the alarm watches, as queries; one metric is one query."""
    if "Metrics" in alarm:
        return alarm["Metrics"]
    metric = {member: alarm.get(member) for member in ("Namespace", "MetricName", "Dimensions")}
    stat = {"Metric": metric, "Period": alarm["Period"], "Stat": alarm.get("Statistic", "Average")}
    return [{"Id": "m1", "MetricStat": stat, "ReturnData": True}]


def configured(each):
    shown = {"id": each["Id"], "returnData": each.get("ReturnData", True)}
    if "Expression" in each:
        return {**shown, "expression": each["Expression"]}
    stat = each["MetricStat"]
    metric = stat["Metric"]
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions") or []}
    named = {"namespace": metric["Namespace"], "name": metric["MetricName"], "dimensions": dimensions}
    return {**shown, "metricStat": {
        "metric": named, "period": stat["Period"], "stat": stat["Stat"]}}


def moment(seconds, default):
    return datetime.fromtimestamp(seconds, timezone.utc) if isinstance(
        seconds, (int, float)) else default


def stamp(at):
    """Times as alarms have them: milliseconds, and an offset without a colon."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03}+0000"
