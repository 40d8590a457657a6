"""What each function's role allows, as JSON: python roles.py ../../infra/functions/take-snapshot.yaml

A list of statements: [{"function", "sid", "by", "when", "actions", "resources", "conditions"}].
- by: who uses the statement. "function": the function's own code, to be compared with the calls it really makes;
  "rds": RDS, which asks for it when a create carries tags; "sns": SNS, for the topic's key; "lambda": Lambda, for the
  log and the on-failure record.
- when: the template's condition under which the statement is there, "always", or "not <condition>".
A template with nested applications gives the statements of all of them.
"""

import json
import pathlib
import sys

from templates import load, nested, text

_BY = {"rds:AddTagsToResource": "rds", "kms": "sns", "lambda": "lambda", "logs": "lambda", "sqs": "lambda"}
_NO_VALUE = {"Ref": "AWS::NoValue"}


def roles(path):
    """The statements of every function in a template."""
    template = load(path)
    found = [statement for _, child, _ in nested(path, template) for statement in roles(child)]
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            found += _of_function(template, resource["Properties"])
    return found


def _of_function(template, properties):
    function = pathlib.PurePosixPath(properties["CodeUri"]).name
    role = template["Resources"][properties["Role"]["Fn::GetAtt"][0]]["Properties"]
    if "ManagedPolicyArns" in role:
        raise ValueError(f"{function}: the role takes managed policies; write its statements out")
    for policy in role["Policies"]:
        for when, statement in _branches(policy["PolicyDocument"]["Statement"]):
            unknown = set(statement) - {"Sid", "Effect", "Action", "Resource", "Condition"}
            if unknown or statement["Effect"] != "Allow":
                raise ValueError(f"{function}: {statement['Sid']}: only plain Allow statements are understood")
            actions = _list(statement["Action"])
            yield {
                "function": function,
                "sid": statement["Sid"],
                "by": _BY.get(actions[0]) or _BY.get(actions[0].split(":")[0], "function"),
                "when": when,
                "actions": sorted(actions),
                "resources": sorted(text(resource) for resource in _list(statement["Resource"])),
                "conditions": {
                    operator: {key: text(value) for key, value in keys.items()}
                    for operator, keys in statement.get("Condition", {}).items()
                },
            }


def _branches(statements):
    for statement in statements:
        if "Fn::If" not in statement:
            yield "always", statement
            continue
        condition, then, otherwise = statement["Fn::If"]
        if then != _NO_VALUE:
            yield condition, then
        if otherwise != _NO_VALUE:
            yield f"not {condition}", otherwise


def _list(value):
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python roles.py <template>")
    json.dump(roles(sys.argv[1]), sys.stdout, indent=2)
    print()
