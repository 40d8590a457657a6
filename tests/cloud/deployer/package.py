"""What `sam package` does, for a local cloud.

Reads a SAM template, uploads its functions' binaries and its nested templates,
and writes plain CloudFormation: ministack translates SAM in a root template,
but not in nested ones. On the way the functions get what they need to find the
local cloud; the committed templates know nothing of it.
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

from .stack import BUCKET, StackFailed

SAM = "AWS::Serverless-2016-10-31"
NO_MANAGED_POLICIES = SimpleNamespace(load=dict)
# It warns of metrics that it did not send anywhere, which is as it should be.
logging.getLogger("samtranslator.metrics.metrics").setLevel(logging.ERROR)


class Packager:
    def __init__(self, cloud, bin_dir, environment):
        self.cloud = cloud
        self.bin_dir = Path(bin_dir)
        self.environment = environment
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
        for name, resource in template.get("Resources", {}).items():
            properties = resource.setdefault("Properties", {})
            if resource["Type"] == "AWS::Serverless::Function":
                self._function(path, name, properties)
            elif resource["Type"] == "AWS::Serverless::Application":
                properties["Location"] = self._nested(path, properties, "Location", parameters)
            elif resource["Type"] == "AWS::CloudFormation::Stack":
                properties["TemplateURL"] = self._nested(path, properties, "TemplateURL",
                                                         parameters)
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

    def _nested(self, path, properties, key, parameters):
        location = properties.get(key)
        if not isinstance(location, str):
            raise StackFailed(f"{path}: nested template is not a path: {location}")
        passed = properties.get("Parameters") or {}
        return self.package(path.parent / location, known(passed, parameters))

    def _translate(self, path, template, parameters):
        declared = template.get("Transform")
        if SAM not in (declared if isinstance(declared, list) else [declared]):
            return template
        os.environ["AWS_DEFAULT_REGION"] = self.cloud.region
        defaults = {name: parameter["Default"]
                    for name, parameter in (template.get("Parameters") or {}).items()
                    if "Default" in parameter}
        try:
            return transform(template, {**defaults, **parameters}, NO_MANAGED_POLICIES)
        except InvalidDocumentException as error:
            causes = "; ".join(cause.message for cause in error.causes)
            raise StackFailed(f"{path}: SAM refuses it: {causes}") from error


def known(passed, parameters):
    """The values of a nested template's parameters that are known beforehand."""
    values = {}
    for name, value in passed.items():
        if isinstance(value, (str, int, float)):
            values[name] = str(value)
        elif isinstance(value, dict) and value.get("Ref") in parameters:
            values[name] = parameters[value["Ref"]]
    return values
