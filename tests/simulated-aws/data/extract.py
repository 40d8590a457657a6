"""Writes the errors that a service's API model names for each operation.

    python extract.py rds DescribeDBClusters CreateDBClusterSnapshot > new && mv new rds-errors.json

Without operations, those that `<service>-errors.json` names are written again. The model is the
one that botocore carries; `code` is the one under which the query protocols send an error.
"""

import json
import pathlib
import sys

import botocore
from botocore.loaders import Loader

HERE = pathlib.Path(__file__).parent


def code(name: str, shape: dict) -> str:
    """Under which code an error travels: the query protocols have names of their own for it."""
    return shape.get("error", {}).get("code") or name


def status(shape: dict) -> int:
    """The HTTP status; what the model does not say is the caller's fault or the service's."""
    said = shape.get("error", {}).get("httpStatusCode")
    return said or (500 if shape.get("fault") else 400)


def errors(model: dict, operation: str) -> list[dict]:
    names = [error["shape"] for error in model["operations"][operation].get("errors", [])]
    found = []
    for name in names:
        shape = model["shapes"][name]
        found.append({"code": code(name, shape), "shape": name, "status": status(shape)})
    return sorted(found, key=lambda error: error["code"])


def lines(operations: dict) -> str:
    """One error a line, so that a new model's differences can be read."""
    listed = []
    for name, found in operations.items():
        inner = ",\n".join("   " + json.dumps(error) for error in found)
        listed.append(f'  "{name}": [\n{inner}\n  ]' if found else f'  "{name}": []')
    return ",\n".join(listed)


def main(service: str, operations: list[str]) -> None:
    if not operations:
        operations = list(json.loads((HERE / f"{service}-errors.json").read_text())["operations"])
    model = Loader().load_service_model(service, "service-2")
    found = {name: errors(model, name) for name in sorted(operations)}
    source = {
        "service": service,
        "api": model["metadata"]["apiVersion"],
        "botocore": botocore.__version__,
    }
    head = "".join(f' "{key}": {json.dumps(value)},\n' for key, value in source.items())
    print(f'{{\n{head} "operations": {{\n{lines(found)}\n }}\n}}')


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
