"""MaxRecords and Marker, which moto ignores: it renders everything at once."""
import base64
import binascii
from bisect import bisect_right

from moto.core.responses import ActionResult
from moto.rds.exceptions import InvalidParameterValue


def page(name, items, params, key):
    """The page that `params` asks for, as an answer with its marker.

    A marker names the last item of the page before: what is deleted between
    two pages shifts nothing.
    """
    size = params.get("MaxRecords") or 100
    if not 20 <= size <= 100:
        raise InvalidParameterValue(
            f"Invalid value {size} for MaxRecords. Must be between 20 and 100")
    items = sorted(items, key=key)
    start = 0
    if params.get("Marker"):
        start = bisect_right(items, _decoded(name, params["Marker"]), key=key)
    shown = items[start:start + size]
    answer = {name: shown}
    if start + size < len(items):
        answer["Marker"] = _marker(name, key(shown[-1]))
    return ActionResult(answer)


def _marker(name, key):
    return base64.urlsafe_b64encode(f"{name}|{key}".encode()).decode()


def _decoded(name, marker):
    try:
        of, separator, key = base64.urlsafe_b64decode(marker).decode().partition("|")
    except (binascii.Error, UnicodeDecodeError):
        separator = None
    if not separator or of != name:
        raise InvalidParameterValue(f"Invalid value for Marker: {marker}")
    return key
