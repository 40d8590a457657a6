"""Writes what a service's API model demands of the inputs of each operation.

    python shapes.py secretsmanager CreateSecret GetSecretValue > secretsmanager-shapes.json

Without operations, those that the existing file names are written again. The model is the one
that botocore carries. Shapes that demand nothing but their type are kept too: the type is demanded.
"""

import json
import pathlib
import sys

import botocore
from botocore.loaders import Loader

HERE = pathlib.Path(__file__).parent
DEMANDS = ["type", "required", "min", "max", "enum", "pattern"]


def regular(pattern: str) -> bool:
    """Look-ahead is nothing that the tests' engine can do."""
    return "(?=" not in pattern and "(?!" not in pattern


def member(described: dict) -> str | dict:
    """A member's shape; for those outside the body, also where they are."""
    if "location" not in described:
        return described["shape"]
    return {"shape": described["shape"], described["location"]: described["locationName"]}


def demands(shape: dict) -> dict:
    kept = {key: shape[key] for key in DEMANDS if key in shape}
    if not regular(kept.get("pattern", "")):
        del kept["pattern"]
    if "members" in shape:
        kept["members"] = {name: member(m) for name, m in shape["members"].items()}
    for inner in ("member", "key", "value"):
        if inner in shape:
            kept[inner] = shape[inner]["shape"]
    return kept


def inner(shape: dict) -> list[str]:
    members = shape.get("members", {}).values()
    others = [shape[inner] for inner in ("member", "key", "value") if inner in shape]
    return [described["shape"] for described in [*members, *others]]


def reached(model: dict, inputs: list[str]) -> dict:
    found, left = {}, list(inputs)
    while left:
        name = left.pop()
        if name not in found:
            found[name] = demands(model["shapes"][name])
            left += inner(model["shapes"][name])
    return dict(sorted(found.items()))


def operation(described: dict) -> dict:
    http = described["http"]
    return {"http": f"{http['method']} {http['requestUri']}", "input": described["input"]["shape"]}


def lines(entries: dict) -> str:
    """One entry a line, so that a new model's differences can be read."""
    return ",\n".join(f"  {json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())


def main(service: str, names: list[str]) -> None:
    if not names:
        names = list(json.loads((HERE / f"{service}-shapes.json").read_text())["operations"])
    model = Loader().load_service_model(service, "service-2")
    operations = {name: operation(model["operations"][name]) for name in sorted(names)}
    shapes = reached(model, [entry["input"] for entry in operations.values()])
    source = {
        "service": service,
        "api": model["metadata"]["apiVersion"],
        "botocore": botocore.__version__,
    }
    head = "".join(f' "{key}": {json.dumps(value)},\n' for key, value in source.items())
    body = f' "operations": {{\n{lines(operations)}\n }},\n "shapes": {{\n{lines(shapes)}\n }}\n'
    print(f"{{\n{head}{body}}}")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
