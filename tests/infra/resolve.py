"""Resolves the intrinsics of a template to what a deployment in a sample account would have."""

import re

from templates import walk

PLACE = {"partition": "aws", "region": "eu-central-1", "account": "123456789012"}
_PSEUDO = {
    "AWS::Partition": PLACE["partition"],
    "AWS::Region": PLACE["region"],
    "AWS::AccountId": PLACE["account"],
    "AWS::URLSuffix": "amazonaws.com",
    "AWS::StackName": "nightshift",
}
# The property that names a resource, and its ARN after the account.
_NAMED = {
    "AWS::IAM::Role": ("RoleName", "iam", "role/{}"),
    "AWS::KMS::Key": (None, "kms", "key/{}"),
    "AWS::Lambda::Function": ("FunctionName", "lambda", "function:{}"),
    "AWS::Logs::LogGroup": ("LogGroupName", "logs", "log-group:{}:*"),
    "AWS::SNS::Topic": ("TopicName", "sns", "{}"),
    "AWS::SQS::Queue": ("QueueName", "sqs", "{}"),
    "AWS::Serverless::Function": ("FunctionName", "lambda", "function:{}"),
}


class Resolver:
    """Resolves what is in one template, for one set of parameters."""

    def __init__(self, template, values):
        self._template, self._values = template, values

    @staticmethod
    def place():
        """Where the sample deployment is."""
        return dict(PLACE)

    def value(self, node):
        """A node of the template with its intrinsics resolved."""
        if isinstance(node, list):
            return [self.value(child) for child in node]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (kind, argument), = node.items()
            if kind == "Ref":
                return self._ref(argument)
            if kind == "Fn::GetAtt":
                return self._attribute(*argument)
            if kind == "Fn::Sub":
                return self._sub(argument)
            if kind == "Fn::If":
                condition, then, otherwise = argument
                return self.value(then if self.holds(condition) else otherwise)
            if kind == "Fn::Split":
                separator, joined = argument
                return self.value(joined).split(separator)
            if kind.startswith("Fn::"):
                raise ValueError(f"{kind} is not understood: {argument}")
        return {key: self.value(child) for key, child in node.items()}

    def holds(self, condition):
        """Whether a condition of the template is true."""
        return self._truth(self._template["Conditions"][condition])

    def log_group(self, function):
        """The ARN of the log group a function writes to, without what CloudFormation adds to it."""
        group = function["LoggingConfig"]["LogGroup"]
        return self._attribute(group["Ref"], "Arn").removesuffix(":*")

    def _truth(self, node):
        (kind, argument), = node.items()
        if kind == "Condition":
            return self.holds(argument)
        if kind == "Fn::Equals":
            left, right = (str(self.value(side)) for side in argument)
            return left == right
        if kind in ("Fn::Not", "Fn::And", "Fn::Or"):
            parts = [self._truth(part) for part in argument]
            return not parts[0] if kind == "Fn::Not" else all(parts) if kind == "Fn::And" else any(parts)
        raise ValueError(f"a condition with {kind} is not understood")

    def _ref(self, name):
        if name in _PSEUDO:
            return _PSEUDO[name]
        if name in self._template.get("Parameters", {}):
            if name not in self._values:
                raise ValueError(f"the parameter {name} has no default; give it a sample in roles.py")
            return self._values[name]
        kind = self._template["Resources"][name]["Type"]
        # Of a topic the Ref is the ARN, of a queue its URL.
        if kind == "AWS::SNS::Topic":
            return self._attribute(name, "Arn")
        if kind == "AWS::SQS::Queue":
            raise ValueError(f"Ref {name} is the queue's URL; a policy needs its Arn")
        return self._name(name)

    def _name(self, name):
        resource = self._template["Resources"][name]
        kind = resource["Type"]
        if kind not in _NAMED:
            raise ValueError(f"what {name}, of type {kind}, is called is not understood")
        given = resource.get("Properties", {}).get(_NAMED[kind][0])
        # Without a name CloudFormation makes one up.
        return name if given is None else self.value(given)

    def _attribute(self, name, attribute):
        kind = self._template["Resources"][name]["Type"]
        if attribute != "Arn" or kind not in _NAMED:
            raise ValueError(f"GetAtt {name}.{attribute} is not understood")
        _, service, form = _NAMED[kind]
        region = "" if service == "iam" else PLACE["region"]
        return f"arn:{PLACE['partition']}:{service}:{region}:{PLACE['account']}:{form.format(self._name(name))}"

    def _sub(self, argument):
        written, own = argument if isinstance(argument, list) else (argument, {})

        def filled(match):
            name = match[1]
            if name.startswith("!"):
                # ${!aws:username} is a policy variable: CloudFormation leaves ${aws:username}.
                return "${" + name[1:] + "}"
            if name in own:
                return str(self.value(own[name]))
            if "." in name:
                return self._attribute(*name.split(".", 1))
            return str(self._ref(name))

        return re.sub(r"\$\{([^}]+)\}", filled, written.strip())


def conditions_in(node):
    """The conditions that a node's `Fn::If`s name."""
    return {child["Fn::If"][0] for _, child in walk(node) if isinstance(child, dict) and "Fn::If" in child}


def parameters_in(template, conditions):
    """The parameters that these conditions depend on."""
    found, todo = set(), list(conditions)
    while todo:
        for _, node in walk(template["Conditions"][todo.pop()]):
            if isinstance(node, dict) and "Ref" in node and node["Ref"] in template["Parameters"]:
                found.add(node["Ref"])
            elif isinstance(node, dict) and "Condition" in node:
                todo.append(node["Condition"])
    return found
