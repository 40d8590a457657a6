"""Checks every template: cfn-lint without a finding, SAM translation, and the rules of this project below.

Run it with the Python of an environment that has cfn-lint (which brings aws-sam-translator): python check.py
Ends with 1 if there is any finding.
"""

import json
import logging
import os
import re
import sys

from cfnlint.api import ManualArgs, lint_file
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform

from templates import INFRA, all_paths, load, nested, text, walk

# The translator wants a region; which one changes nothing here.
os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
logging.getLogger("samtranslator").setLevel(logging.ERROR)

BOUNDS = {"AllowedValues", "AllowedPattern", "MinLength", "MaxLength", "MinValue", "MaxValue"}
# What CloudWatch and EventBridge accept.
ALARM_DESCRIPTION_LIMIT = 1024
INPUT_TEMPLATE_LIMIT = 8192
SCHEDULER_FIELDS = {"scheduled_time", "schedule_arn", "execution_id", "attempt_number"}


def lint(path):
    """cfn-lint's findings, informational ones too."""
    found = lint_file(path, config=ManualArgs(include_checks=["I"]))
    return [f"cfn-lint: line {match.linenumber}: {match.rule.id} {match.message}" for match in found]


class NoManagedPolicies:
    """The translator asks for AWS's managed policies; no template here names one."""

    @staticmethod
    def load():
        return {}


def translate(template):
    """Errors of the SAM translation."""
    if template.get("Transform") != "AWS::Serverless-2016-10-31":
        return []
    template = json.loads(json.dumps(template))
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            # Packaging does this. The translator knows S3 only.
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
    try:
        translated = transform(template, {}, NoManagedPolicies())
    except InvalidDocumentException as error:
        return [f"SAM: {cause.message}" for cause in error.causes]
    left = [name for name, r in translated["Resources"].items() if r["Type"].startswith("AWS::Serverless::")]
    return [f"SAM: {name} was not translated" for name in left]


def parameters(template):
    """Each parameter is described and bounded, and its default is within its pattern."""
    for name, parameter in template.get("Parameters", {}).items():
        if not parameter.get("Description"):
            yield f"parameter {name} has no Description"
        if not BOUNDS & parameter.keys():
            yield f"parameter {name} has no bounds"
        pattern, default = parameter.get("AllowedPattern"), parameter.get("Default")
        if pattern and default is not None and not re.fullmatch(pattern, default):
            yield f"parameter {name}: the default {default!r} does not match {pattern}"


def wildcards(template):
    """No statement of any policy (role, key, queue, topic) has a wildcard among its actions."""
    for path, node in walk(template["Resources"]):
        if isinstance(node, dict) and "Effect" in node:
            for action in node["Action"] if isinstance(node["Action"], list) else [node["Action"]]:
                if "*" in action:
                    yield f"{path[0]}: action {action}"


def callers(template):
    """A service that may invoke a function does so for this account only."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Lambda::Permission":
            if resource["Properties"].get("SourceAccount") != {"Ref": "AWS::AccountId"}:
                yield f"{name}: no SourceAccount"


def network(template):
    """What Lambda needs of EC2 for a function in a VPC is denied to the function's own code."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::IAM::Role":
            allowed, denied = set(), set()
            for _, node in walk(resource):
                if isinstance(node, dict) and "Effect" in node:
                    actions = node["Action"] if isinstance(node["Action"], list) else [node["Action"]]
                    of_code = "lambda:SourceFunctionArn" in node.get("Condition", {}).get("ArnEquals", {})
                    if node["Effect"] == "Allow":
                        allowed |= {action for action in actions if action.startswith("ec2:")}
                    elif of_code and node["Resource"] == "*":
                        denied |= set(actions)
            for action in sorted(allowed - denied):
                yield f"{name}: the function's code may call {action}"


def texts(template):
    """The texts that AWS takes as they are: JSON that parses, descriptions that fit."""
    parameters = template.get("Parameters", {})
    defaults = {name: str(p.get("Default", _sample(p))) for name, p in parameters.items()}

    def filled(value):
        return re.sub(r"\$\{([\w.:]+)\}", lambda m: defaults.get(m[1], "x"), text(value))

    for name, resource in template["Resources"].items():
        try:
            for finding in _texts_of(template, resource["Type"], resource.get("Properties", {}), filled):
                yield f"{name}: {finding}"
        except json.JSONDecodeError as error:
            yield f"{name}: not JSON: {error}"


def _sample(parameter):
    """What stands for a parameter that has no default: an object for one that takes JSON."""
    return "{}" if parameter.get("AllowedPattern", "").startswith(r"\{") else ""


def _texts_of(template, kind, properties, filled):
    if kind == "AWS::CloudWatch::Alarm":
        if len(filled(properties["AlarmDescription"])) > ALARM_DESCRIPTION_LIMIT:
            yield f"AlarmDescription is longer than {ALARM_DESCRIPTION_LIMIT}"
    elif kind == "AWS::CloudWatch::Dashboard":
        json.loads(filled(properties["DashboardBody"]))
    elif kind == "AWS::Scheduler::Schedule":
        event = json.loads(filled(properties["Target"]["Input"]))["event"]
        if event != {field: f"<aws.scheduler.{field.replace('_', '-')}>" for field in SCHEDULER_FIELDS}:
            yield f"Input has event {event}"
    elif kind == "AWS::Events::Rule":
        for target in properties["Targets"]:
            template_text = filled(target["InputTransformer"]["InputTemplate"])
            json.loads(template_text.replace("<aws.events.event.json>", "{}"))
            if len(template_text) + template["Parameters"]["Policy"]["MaxLength"] > INPUT_TEMPLATE_LIMIT:
                yield f"InputTemplate may grow beyond {INPUT_TEMPLATE_LIMIT}"


def same(own, definition):
    """Whether two templates declare a parameter alike.

    What a nested template needs, and has no default for, is by default empty in the application that can leave it out.
    """
    own, definition = {**own, "Description": ""}, {**definition, "Description": ""}
    if "Default" not in definition:
        definition |= {"Default": "", "AllowedPattern": f"({definition.get('AllowedPattern')})?"}
    return own == definition


def nesting(path, template):
    """What is passed to a nested template exists there, what it needs is passed, and both declare it alike."""
    for name, child_path, given in nested(path, template):
        child = load(child_path)
        known = child.get("Parameters", {})
        for parameter in given.keys() - known.keys():
            yield f"{name}: {child_path.name} has no parameter {parameter}"
        for parameter, definition in known.items():
            if parameter not in given and "Default" not in definition:
                yield f"{name}: {child_path.name} needs {parameter}"
            value = given.get(parameter)
            own = template.get("Parameters", {}).get(value.get("Ref")) if isinstance(value, dict) else None
            if own and not same(own, definition):
                yield f"{name}: {parameter} is declared in another way in {child_path.name}"
            pattern = definition.get("AllowedPattern")
            if pattern and isinstance(value, str) and not re.fullmatch(pattern, value):
                yield f"{name}: {parameter} {value!r} does not match {pattern}"
        for _, node in walk(template):
            if isinstance(node, dict) and node.get("Fn::GetAtt", [""])[0] == name:
                output = node["Fn::GetAtt"][1].removeprefix("Outputs.")
                if output not in child["Outputs"]:
                    yield f"{name}: {child_path.name} has no output {output}"


def exports(template):
    """What a template exports for others."""
    outputs = template.get("Outputs", {}).values()
    return {text(output["Export"]["Name"]) for output in outputs if "Export" in output}


def imports(template, exported):
    """What a template imports, another exports."""
    for path, node in walk(template["Resources"]):
        if isinstance(node, dict) and "Fn::ImportValue" in node:
            name = text(node["Fn::ImportValue"])
            if name not in exported:
                yield f"{path[0]}: nothing exports {name}"


def main():
    total = 0
    exported = set().union(*(exports(load(path)) for path in all_paths()))
    for path in all_paths():
        template = load(path)
        findings = [
            *lint(path), *translate(template), *parameters(template), *wildcards(template), *callers(template),
            *network(template), *texts(template), *nesting(path, template),
            *imports(template, exported),
        ]
        total += len(findings)
        count = len(template["Resources"])
        print(f"{'FAIL' if findings else 'ok':4}  {path.relative_to(INFRA.parent)}  ({count} resources)", flush=True)
        for finding in findings:
            print(f"      {finding}")
    print(f"{len(all_paths())} templates, {total} findings")
    return 1 if total or not all_paths() else 0


if __name__ == "__main__":
    sys.exit(main())
