#!/usr/bin/env python3
"""moto as it comes, without this project's corrections of it.

Prints `listening PORT` on standard output, and ends with the process that started it.
"""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "cloud"))

from launch import Guard, ready  # noqa: E402


def main():
    guard = Guard("moto")
    from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import WSGIRequestHandler, make_server

    class Quiet(WSGIRequestHandler):
        def log_request(self, *_):
            pass

    application = DomainDispatcherApplication(create_backend_app)
    server = make_server("127.0.0.1", 0, application, threaded=True, request_handler=Quiet)
    ready(server.server_port)
    try:
        server.serve_forever()
    finally:
        guard.end()


if __name__ == "__main__":
    main()
