"""Reads the CloudFormation templates: YAML with the short intrinsics (!Ref, !Sub, ...) as plain dictionaries."""

import pathlib

import yaml

INFRA = pathlib.Path(__file__).resolve().parents[2] / "infra"


class _Loader(yaml.SafeLoader):
    pass


def _intrinsic(loader, suffix, node):
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _intrinsic)


def load(path):
    """The template as a dictionary with long intrinsics."""
    return yaml.load(pathlib.Path(path).read_text(encoding="utf-8"), _Loader)


def all_paths():
    """Every template of the project, in a fixed order."""
    return sorted(INFRA.rglob("*.yaml"))


def nested(path, template):
    """The applications that a template nests: (logical id, path of the template, parameters given to it)."""
    for name, resource in template["Resources"].items():
        if resource["Type"] == "AWS::Serverless::Application":
            properties = resource["Properties"]
            yield name, pathlib.Path(path).parent / properties["Location"], properties.get("Parameters", {})


def text(value):
    """A readable string for a string or an intrinsic that makes one; what only the deployment knows stays ${...}."""
    if not isinstance(value, dict):
        return str(value)
    (kind, argument), = value.items()
    if kind == "Ref":
        return f"${{{argument}}}"
    if kind == "Fn::GetAtt":
        return f"${{{'.'.join(argument)}}}"
    if kind == "Fn::Sub":
        return argument.strip()
    if kind == "Fn::Split":
        return text(argument[1])
    raise ValueError(f"text() does not know {kind}: {argument}")


def walk(node, path=()):
    """Every dictionary, list and scalar below a node, with the path to it."""
    yield path, node
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in items:
        yield from walk(child, (*path, key))
