"""What each role allows, as JSON: python roles.py [Parameter=value ...] ../../infra/functions/take-snapshot.yaml [...]

One entry per role. Parameters have their defaults; where a default is empty or missing, and for the account and region,
there are the sample values below, or those given, so that ARNs are whole:
- function: the function it belongs to; user: "function" if it is the function's own role, "scheduler" if it is that of
  the function's schedules. partition, region, account: where it is.
- statements: what its policies say, each with
    iam: the statement as IAM would get it;
    by: who uses it. "function": the function's own code; "rds": RDS, which asks for it when a create carries tags;
        "sns": SNS, for the topic's key; "secretsmanager": Secrets Manager, for the key of a secret; "lambda": Lambda,
        for the log, the on-failure record and the network interfaces; "scheduler";
    when: the template's condition under which it is there, "always", or "not <condition>";
    written: its resources and conditions as the template writes them.
- asks: what AWS does by itself with the role, as the rest of the template says: by, when, action and resource.
- inbox: the topic the function mails to, and its key, each with its when.
- deployments: which of these conditions hold together, for every combination of parameters that makes a difference.
A template with nested applications gives the roles of all of them.
"""

import itertools
import json
import pathlib
import sys

from resolve import Resolver, conditions_in, parameters_in
from templates import INFRA, load, nested, text, walk

_SAMPLES = {
    "ClusterIdentifier": "orders",
    "CustomEndpointArns": "arn:aws:rds:eu-central-1:123456789012:cluster-endpoint:reports",
    "DatabaseSecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/look-a1b2c3",
    "InboxKeyArn": "arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "InboxTopicArn": "arn:aws:sns:eu-central-1:123456789012:inbox",
    "JobSchedulerRoleArn": "arn:aws:iam::123456789012:role/nightshift-run-job-scheduler",
    "MonitoringRoleArn": "arn:aws:iam::123456789012:role/rds-monitoring-role",
    "RemedySecretArn": "arn:aws:secretsmanager:eu-central-1:123456789012:secret:orders/end-d4e5f6",
    "ReportFailureArn": "arn:aws:lambda:eu-central-1:123456789012:function:nightshift-report-failure",
    "SecretsKeyArns": "arn:aws:kms:eu-central-1:123456789012:key/0987dcba-09fe-87dc-65ba-ab0987654321",
    "SubnetIds": "subnet-0123456789abcdef0",
}
_BY = {"ec2": "lambda", "lambda": "lambda", "logs": "lambda", "sqs": "lambda"}
# Who uses a key, by the condition that says for what.
_BY_OF_KEY = {"kms:EncryptionContext:aws:sns:topicArn": "sns", "kms:ViaService": "secretsmanager"}
# What RDS asks for because of a create, by the condition that says so.
_BY_RDS = [
    ("rds:AddTagsToResource", "aws:RequestTag/nightshift:managed-by", "nightshift"),
    ("iam:PassRole", "iam:PassedToService", "monitoring.rds.amazonaws.com"),
]
_DELIVERIES = {"lambda": "lambda:InvokeFunction", "sns": "sns:Publish", "sqs": "sqs:SendMessage"}
_STREAM = ":log-stream:2026/11/21/[$LATEST]0123456789abcdef"
_NO_VALUE = {"Ref": "AWS::NoValue"}
_ELEMENTS = {"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"}
# So many combinations of parameters are still told apart in no time.
_COMBINATIONS = 256


def roles(path):
    """The roles in a template."""
    template = load(path)
    found = [role for _, child, _ in nested(path, template) for role in roles(child)]
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            found.append(_of_role(template, name))
        elif resource["Type"].startswith("AWS::IAM::") or "Policies" in resource.get("Properties", {}):
            raise ValueError(f"{name}: write permissions into the role itself")
    return found


def _of_role(template, name):
    resolver = Resolver(template, _values(template, _SAMPLES))
    function, = (
        function for function, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    )
    properties = template["Resources"][function]["Properties"]
    own = properties["Role"] == {"Fn::GetAtt": [name, "Arn"]}
    asks = list(_by_lambda(resolver, template, function) if own else _by_scheduler(resolver, template, name))
    if not asks:
        raise ValueError(f"who takes the role {name}? Say in roles.py what AWS does with it")
    entry = {
        "function": pathlib.PurePosixPath(properties["CodeUri"]).name,
        "user": "function" if own else "scheduler",
        **resolver.place(),
        "statements": list(_in_role(resolver, template["Resources"][name], own)),
        "asks": asks,
        "inbox": _inbox(resolver, properties) if own else None,
    }
    return {**entry, "deployments": _deployments(template, _named(entry))}


def _in_role(resolver, role, own):
    if {"ManagedPolicyArns", "PermissionsBoundary"} & role["Properties"].keys():
        raise ValueError("a role takes managed policies; write its statements out")
    there = role.get("Condition", "always")
    for policy in role["Properties"]["Policies"]:
        for when, statement in _branches(_statements(policy)):
            if there != "always" and when != "always":
                raise ValueError(f"{there} and {when}: a condition on the role and one on its statement")
            yield _statement(resolver, there if when == "always" else when, statement, own)


def _statements(policy):
    document = policy["PolicyDocument"]
    if document.get("Version") != "2012-10-17" or set(document) != {"Version", "Statement"}:
        raise ValueError(f"{policy['PolicyName']}: only Version 2012-10-17 and Statement are understood")
    return _list(document["Statement"])


def _statement(resolver, when, statement, own):
    unknown = set(statement) - _ELEMENTS
    if unknown or own and "Sid" not in statement:
        raise ValueError(f"{statement.get('Sid', statement)}: a Sid, and no {', '.join(unknown)}")
    if conditions_in(statement):
        raise ValueError(f"{statement}: put Fn::If around the statement, not into it")
    actions = _list(statement.get("Action", statement.get("NotAction")))
    resources = _list(statement.get("Resource", statement.get("NotResource")))
    return {
        "by": _by(actions[0], statement) if own else "scheduler",
        "when": when,
        "written": {
            "resources": [text(resource) for resource in resources],
            "conditions": {
                operator: {key: [text(value) for value in _list(values)] for key, values in keys.items()}
                for operator, keys in statement.get("Condition", {}).items()
            },
        },
        "iam": resolver.value(statement),
    }


def _by(action, statement):
    keys = {
        key: [text(value) for value in _list(values)]
        for operator in statement.get("Condition", {}).values() for key, values in operator.items()
    }
    if any(action == asked and keys.get(key) == [value] for asked, key, value in _BY_RDS):
        return "rds"
    if action.startswith("kms:"):
        by, = [_BY_OF_KEY[key] for key in keys if key in _BY_OF_KEY] or ["function"]
        return by
    return _BY.get(action.split(":")[0], "function")


def _by_lambda(resolver, template, function):
    """Lambda writes the log of each run, and hands the record of one that failed for good to its destination.

    A function in a VPC has network interfaces, which Lambda makes and removes.
    https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
    https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
    """
    stream = resolver.log_group(template["Resources"][function]["Properties"]) + _STREAM
    for action in ("logs:CreateLogStream", "logs:PutLogEvents"):
        yield {"by": "lambda", "when": "always", "action": action, "resource": stream}
    network = template["Resources"][function]["Properties"].get("VpcConfig")
    if network:
        yield from _by_lambda_in_vpc(resolver.place(), _when_in_vpc(network))
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        if resource["Type"] == "AWS::Lambda::EventInvokeConfig" and properties["FunctionName"] == {"Ref": function}:
            destination = properties["DestinationConfig"]["OnFailure"]["Destination"]
            for when, arn in _branches([destination]):
                yield {"by": "lambda", "when": when, **_delivery(resolver.value(arn))}


def _when_in_vpc(network):
    """The condition under which the function is in a VPC at all."""
    if "Fn::If" not in network:
        return "always"
    condition, _, otherwise = network["Fn::If"]
    if otherwise != _NO_VALUE:
        raise ValueError(f"in another VPC where not {condition}")
    return condition


def _by_lambda_in_vpc(place, when):
    """What Lambda asks EC2 for; a shared subnet and its security group are another account's.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
    """
    own, shared = (f"arn:{place['partition']}:ec2:{place['region']}:{account}:" for account in (
        place["account"], "210987654321",
    ))
    interface = own + "network-interface/eni-0123456789abcdef0"
    network = ["subnet/subnet-0123456789abcdef0", "security-group/sg-0123456789abcdef0"]
    created = [interface, *(account + part for account in (own, shared) for part in network)]
    resources = {
        "CreateNetworkInterface": created, "DeleteNetworkInterface": [interface],
        "AssignPrivateIpAddresses": [interface], "UnassignPrivateIpAddresses": [interface],
        "DescribeNetworkInterfaces": ["*"], "DescribeSubnets": ["*"],
    }
    for action, asked in resources.items():
        for resource in asked:
            yield {"by": "lambda", "when": when, "action": f"ec2:{action}", "resource": resource}


def _by_scheduler(resolver, template, role):
    """Scheduler starts the target, and leaves what it cannot deliver in the dead-letter queue.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
    """
    for when, target in _targets(template):
        if target["RoleArn"] == {"Fn::GetAtt": [role, "Arn"]}:
            for arn in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
                yield {"by": "scheduler", "when": when, **_delivery(resolver.value(arn))}


def _targets(template):
    """What the schedules start: those of the template, and those of a job, which imports what the template exports."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Scheduler::Schedule":
            yield resource.get("Condition", "always"), resource["Properties"]["Target"]
    exports = {
        text(output["Export"]["Name"]): output["Value"]
        for output in template.get("Outputs", {}).values() if "Export" in output
    }
    if exports:
        for resource in load(INFRA / "job.yaml")["Resources"].values():
            yield "always", _imported(resource["Properties"]["Target"], exports)


def _imported(node, exports):
    """The node with what is exported in place of its `Fn::ImportValue`s."""
    if not isinstance(node, dict):
        return node
    if "Fn::ImportValue" in node:
        return exports[text(node["Fn::ImportValue"])]
    return {key: _imported(child, exports) for key, child in node.items()}


def _delivery(arn):
    """The permission that a delivery takes."""
    return {"action": _DELIVERIES[arn.split(":")[2]], "resource": arn}


def _inbox(resolver, properties):
    """The inbox, which the function is told by INBOX_TOPIC_ARN; its key is the parameter InboxKeyArn."""
    topic = properties["Environment"]["Variables"].get("INBOX_TOPIC_ARN")
    if topic is None:
        return None
    (when, topic), = _branches([topic])
    key = resolver.value({"Ref": "InboxKeyArn"})
    return {"when": when, "topic": resolver.value(topic), "key_when": "HasInboxKey", "key": key}


def _branches(values):
    """Each value with the condition under which it is there; `Fn::If` has two of them."""
    for value in values:
        if not isinstance(value, dict) or "Fn::If" not in value:
            yield "always", value
            continue
        condition, then, otherwise = value["Fn::If"]
        if conditions_in([then, otherwise]):
            raise ValueError(f"Fn::If in Fn::If: {condition}")
        if then != _NO_VALUE:
            yield condition, then
        if otherwise != _NO_VALUE:
            yield f"not {condition}", otherwise


def _named(entry):
    """The conditions that an entry names."""
    whens = {node for path, node in walk(entry) if path and path[-1] in ("when", "key_when")}
    return sorted({when.removeprefix("not ") for when in whens} - {"always"})


def _deployments(template, conditions):
    """The truth of these conditions, for each combination of parameters that they depend on."""
    names = sorted(parameters_in(template, conditions))
    choices = [_choices(template["Parameters"][name], name) for name in names]
    combinations = list(itertools.islice(itertools.product(*choices), _COMBINATIONS + 1))
    if len(combinations) > _COMBINATIONS:
        raise ValueError(f"too many combinations of {', '.join(names)}")
    found = []
    for combination in combinations:
        values = _values(template, {**_SAMPLES, **dict(zip(names, combination))})
        resolver = Resolver(template, values)
        truth = {condition: resolver.holds(condition) for condition in conditions}
        if truth not in found:
            found.append(truth)
    return found


def _choices(parameter, name):
    """The values of a parameter that can make a difference: all that are allowed, or the default and the sample."""
    if "AllowedValues" in parameter:
        return parameter["AllowedValues"]
    default = [parameter["Default"]] if "Default" in parameter else []
    return default + [_SAMPLES[name]] if name in _SAMPLES else default


def _values(template, samples):
    """A value for each parameter that has one."""
    parameters = template.get("Parameters", {})
    defaults = {name: parameter["Default"] for name, parameter in parameters.items() if "Default" in parameter}
    return {**defaults, **{name: value for name, value in samples.items() if name in parameters}}


def _list(value):
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    given, paths = [], []
    for argument in sys.argv[1:]:
        (given if "=" in argument else paths).append(argument)
    if not paths:
        sys.exit("usage: python roles.py [Parameter=value ...] <template> ...")
    _SAMPLES.update(argument.split("=", 1) for argument in given)
    json.dump([role for path in paths for role in roles(path)], sys.stdout, indent=2)
    print()
