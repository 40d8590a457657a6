"""What a deployed stack consists of, as the tests want to know it."""
import json
from urllib.parse import urlparse


def inventory(cloud, stack):
    found = {}
    for path, kind, physical in cloud.resources(stack):
        found.setdefault(kind, []).append((path, physical))

    functions, names = {}, Names(cloud)
    for _, name in found.get("AWS::Lambda::Function", []):
        arn, function = names.look_up(name)
        functions[function] = arn

    topics = [physical for _, physical in found.get("AWS::SNS::Topic", [])]
    return {
        "stack": stack,
        "region": cloud.region,
        "endpoint": cloud.endpoint,
        "functions": functions,
        "schedules": [schedule(cloud, physical, names)
                      for _, physical in found.get("AWS::Scheduler::Schedule", [])],
        "rules": [rule(cloud, physical, names)
                  for _, physical in found.get("AWS::Events::Rule", [])],
        "topic": topics[0] if topics else None,
        "mail_queue": mail_queue(cloud, stack, topics[0]) if topics else None,
        "queues": {path: physical for path, physical in found.get("AWS::SQS::Queue", [])},
        "alarms": sorted(physical for _, physical in found.get("AWS::CloudWatch::Alarm", [])),
        "log_groups": sorted(physical for _, physical in found.get("AWS::Logs::LogGroup", [])),
    }


class Names:
    """Functions by their ARNs, those of other stacks as well: a job's schedules wake one."""

    def __init__(self, cloud):
        self.cloud = cloud
        self.known = {}

    def look_up(self, name):
        found = self.cloud.client("lambda").get_function_configuration(FunctionName=name)
        function = found["Environment"]["Variables"]["AWS_SDK_UA_APP_ID"]
        self.known[found["FunctionArn"]] = function
        return found["FunctionArn"], function

    def get(self, arn):
        is_function = ":function:" in arn and arn not in self.known
        return self.look_up(arn)[1] if is_function else self.known.get(arn)


def schedule(cloud, name, names):
    scheduler = cloud.client("scheduler")
    # A schedule's physical id is its name alone; a name is there once in each group.
    group, = (each["GroupName"] for each in scheduler.list_schedules(NamePrefix=name)["Schedules"]
              if each["Name"] == name)
    found = scheduler.get_schedule(Name=name, GroupName=group)
    target = found["Target"]
    return {
        "name": found["Name"],
        "group": found["GroupName"],
        "arn": found["Arn"],
        "expression": found["ScheduleExpression"],
        "time_zone": found["ScheduleExpressionTimezone"],
        "state": found["State"],
        "function": names.get(target["Arn"]),
        "input": target.get("Input"),
    }


def rule(cloud, physical, names):
    events = cloud.client("events")
    name = physical.rpartition("/")[2]
    found = events.describe_rule(Name=name)
    targets = events.list_targets_by_rule(Rule=name)["Targets"]
    return {
        "name": name,
        "arn": found["Arn"],
        "expression": found.get("ScheduleExpression"),
        "pattern": json.loads(found["EventPattern"]) if found.get("EventPattern") else None,
        "state": found["State"],
        "functions": [names.get(target["Arn"]) for target in targets],
    }


def mail_queue(cloud, stack, topic):
    """A queue that gets what the topic sends to `sqs`. What it sends to the
    other protocols is at the server's /_test/mails."""
    sqs = cloud.client("sqs")
    url = sqs.create_queue(QueueName=f"{stack}-inbox-copy")["QueueUrl"]
    account, name = urlparse(url).path.strip("/").split("/")
    arn = f"arn:aws:sqs:{cloud.region}:{account}:{name}"
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps({
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"},
                       "Action": "sqs:SendMessage", "Resource": arn,
                       "Condition": {"ArnEquals": {"aws:SourceArn": topic}}}],
    })})
    cloud.client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url
