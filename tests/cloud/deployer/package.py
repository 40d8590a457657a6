"""What `sam package` does, for a local cloud.

Reads a SAM template, uploads its functions' binaries and its nested templates,
and writes plain CloudFormation: ministack translates SAM in a root template,
but not in nested ones. Nested templates that the parameters leave out are left
out: their functions need not have been built. On the way the functions get what
they need to find the local cloud; the committed templates know nothing of it.
"""
import hashlib
import io
import json
import logging
import os
import zipfile
from pathlib import Path
from types import SimpleNamespace

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse

from .conditions import holds
from .stack import BUCKET, StackFailed

SAM = "AWS::Serverless-2016-10-31"
NESTED = {"AWS::Serverless::Application": "Location", "AWS::CloudFormation::Stack": "TemplateURL"}
NO_MANAGED_POLICIES = SimpleNamespace(load=dict)
# It warns of metrics that it did not send anywhere, which is as it should be.
logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)


class Packager:
    def __init__(self, cloud, bin_dir, environment, timeouts=None):
        self.cloud = cloud
        self.bin_dir = Path(bin_dir)
        self.environment = environment
        self.timeouts = timeouts or {}
        self._zips = {}

    @staticmethod
    def read(path):
        try:
            return yaml_parse(Path(path).read_text())
        except OSError as error:
            raise StackFailed(f"template: {error}") from error

    def package(self, path, parameters):
        """Uploads the template at `path` with all it needs; returns its URL."""
        path = Path(path)
        template = self.read(path)
        values = {**defaults(template), **parameters}
        for name, resource in list(template.get("Resources", {}).items()):
            properties = resource.setdefault("Properties", {})
            key = NESTED.get(resource["Type"])
            if resource["Type"] == "AWS::Serverless::Function":
                self._function(path, name, properties)
            elif key and left_out(template, resource, values):
                del template["Resources"][name]
            elif key:
                properties[key] = self._nested(path, properties, key, values)
        body = json.dumps(self._translate(path, template, parameters), default=str).encode()
        digest = hashlib.sha256(body).hexdigest()[:16]
        return self.cloud.url(self.cloud.upload(f"{path.stem}-{digest}.json", body))

    def _function(self, path, name, properties):
        code = properties.get("CodeUri")
        if not isinstance(code, str):
            raise StackFailed(f"{path}: {name}: CodeUri is not a path: {code}")
        function = Path(code).name
        properties["CodeUri"] = {"Bucket": BUCKET, "Key": self._zip(function)}
        variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
        variables.update(self.environment)
        # Every call of the function names it: the tests compare calls with roles.
        variables["AWS_SDK_UA_APP_ID"] = function
        if function in self.timeouts:
            properties["Timeout"] = self.timeouts[function]

    def _zip(self, function):
        if function not in self._zips:
            binary = self.bin_dir / function
            if binary.is_dir():
                binary = binary / "bootstrap"
            if not binary.is_file():
                raise StackFailed(f"function {function}: no binary {binary}")
            packed = io.BytesIO()
            # Stored, not deflated: debug binaries are large and go nowhere.
            with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
                entry = zipfile.ZipInfo("bootstrap")
                entry.external_attr = 0o100755 << 16
                archive.writestr(entry, binary.read_bytes())
            content = packed.getvalue()
            digest = hashlib.sha256(content).hexdigest()[:16]
            self._zips[function] = self.cloud.upload(f"{function}-{digest}.zip", content)
        return self._zips[function]

    def _nested(self, path, properties, key, values):
        location = properties.get(key)
        if not isinstance(location, str):
            raise StackFailed(f"{path}: nested template is not a path: {location}")
        passed = properties.get("Parameters") or {}
        return self.package(path.parent / location, known(passed, values))

    def _translate(self, path, template, parameters):
        declared = template.get("Transform")
        if SAM not in (declared if isinstance(declared, list) else [declared]):
            return template
        os.environ["AWS_DEFAULT_REGION"] = self.cloud.region
        values = {**defaults(template), **parameters}
        values = {name: value for name, value in values.items() if value is not None}
        try:
            return transform(template, values, NO_MANAGED_POLICIES)
        except InvalidDocumentException as error:
            causes = "; ".join(cause.message for cause in error.causes)
            raise StackFailed(f"{path}: SAM refuses it: {causes}") from error


def defaults(template):
    parameters = (template.get("Parameters") or {}).items()
    return {name: str(parameter["Default"]) for name, parameter in parameters
            if "Default" in parameter}


def left_out(template, resource, values):
    condition = resource.get("Condition")
    return condition is not None and holds(template, condition, values) is False


def known(passed, values):
    """The values of the parameters that a nested template is passed: None for one that is not known
    beforehand, such as another resource's ARN."""
    return {name: values.get(value.get("Ref")) if isinstance(value, dict) else str(value)
            for name, value in passed.items()}
