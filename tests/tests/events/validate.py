"""Reads {"schema", "instances"} and writes, for each instance, why the schema refuses it, or null."""
import json
import sys

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match

asked = json.load(sys.stdin)
Draft202012Validator.check_schema(asked["schema"])
validator = Draft202012Validator(asked["schema"])
errors = (best_match(validator.iter_errors(instance)) for instance in asked["instances"])
json.dump([error and f"{error.json_path}: {error.message}" for error in errors], sys.stdout)
