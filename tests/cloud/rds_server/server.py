"""The WSGI application and its HTTP server."""
import json
import os
import re
import threading
from io import BytesIO
from urllib.parse import parse_qsl

from werkzeug.serving import WSGIRequestHandler, make_server

from . import (
    control,
    custom_endpoints,
    endpoints,
    instances,
    listing,
    members,
    rules,
    state,
    tagging,
)

# One request at a time: moto's models are plain dictionaries, and a test that
# starts two calls at once wants one of them to be second.
lock = threading.Lock()


def serve(port, ready, log):
    os.dup2(log.fileno(), 2)
    from moto.moto_server.werkzeug_app import create_backend_app

    endpoints.install()
    listing.install()
    rules.install()
    members.install()
    instances.install()
    custom_endpoints.install()
    tagging.install()
    moto = create_backend_app("rds")
    server = make_server("127.0.0.1", port, application(moto), threaded=True,
                         request_handler=Quiet)
    ready(server.server_port)
    server.serve_forever()


class Quiet(WSGIRequestHandler):
    def log_request(self, *_):
        pass


def application(moto):
    def answer(environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        environ["wsgi.input"] = BytesIO(body)
        with lock:
            if environ["PATH_INFO"].startswith("/_test/"):
                return own(environ, body, start_response)
            return recorded(moto, environ, body, start_response)

    return answer


def own(environ, body, start_response):
    try:
        status, result = control.handle(environ["REQUEST_METHOD"], environ["PATH_INFO"],
                                        dict(parse_qsl(environ["QUERY_STRING"])),
                                        json.loads(body or b"{}"))
    except (KeyError, TypeError, ValueError) as error:
        status, result = 400, {"error": f"{type(error).__name__}: {error}"}
    start_response(f"{status} {'OK' if status == 200 else 'Error'}",
                   [("Content-Type", "application/json")])
    return [json.dumps(result).encode()]


def recorded(moto, environ, body, start_response):
    """Lets moto answer and notes the call."""
    params = dict(parse_qsl(body.decode("utf-8", "replace")))
    app = re.search(r"\bapp/(\S+)", environ.get("HTTP_USER_AGENT", ""))
    call = {"action": params.pop("Action", None), "app": app and app.group(1),
            "params": {name: value for name, value in params.items() if name != "Version"},
            "status": None, "code": None}
    state.calls.append(call)

    def note(status, headers, exc_info=None):
        call["status"] = int(status.split()[0])
        return start_response(status, headers, exc_info)

    answer = b"".join(moto(environ, note))
    if call["status"] >= 400:
        code = re.search(rb"<Code>(.*?)</Code>", answer)
        call["code"] = code and code.group(1).decode()
    return [answer]
