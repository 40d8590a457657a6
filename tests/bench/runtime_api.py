"""A Lambda Runtime API for one process at a time, with a stopwatch."""
import os
import select
import socket
import subprocess
import time
import uuid

NEXT = "/2018-06-01/runtime/invocation/next"
LIMIT = 30


class Failed(Exception):
    """The function did not do what a function does."""


class RuntimeApi:
    def __init__(self, core=None):
        self.core = core  # the core the functions have to themselves
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        self.received = {}  # what has come in, per connection

    def start(self, command, environment, cwd, output):
        """Starts the function; returns it and the milliseconds to its first /next."""
        for connection in self.received:
            connection.close()
        self.received = {}
        ours = os.sched_getaffinity(0)
        if self.core is not None:
            os.sched_setaffinity(0, {self.core})  # the child inherits it
        begin = time.perf_counter()
        child = subprocess.Popen(command, env=environment, cwd=cwd, stdin=subprocess.DEVNULL,
                                 stdout=output, stderr=output)
        os.sched_setaffinity(0, ours)
        try:
            self.waiting = self._next(child)
        except BaseException:
            child.kill()
            child.wait()
            raise
        return child, (time.perf_counter() - begin) * 1000

    def invoke(self, child, payload):
        """Hands over one event; returns the milliseconds to its answer."""
        begin = time.perf_counter()
        self._reply(self.waiting, "200 OK", payload, {
            "Lambda-Runtime-Aws-Request-Id": str(uuid.uuid4()),
            "Lambda-Runtime-Deadline-Ms": str(int((time.time() + LIMIT) * 1000)),
            "Lambda-Runtime-Invoked-Function-Arn":
                "arn:aws:lambda:eu-central-1:123456789012:function:bench",
            "Lambda-Runtime-Trace-Id": "Root=1-5bef4de7-ad49b0e87f6ef6c87fc2e700;Sampled=0",
        })
        connection, path, body = self._request(child)
        took = (time.perf_counter() - begin) * 1000
        self._reply(connection, "202 Accepted", b'{"status":"OK"}')
        if not path.endswith("/response"):
            raise Failed(f"{path}: {body.decode(errors='replace')}")
        self.waiting = self._next(child)
        return took

    def _next(self, child):
        connection, path, body = self._request(child)
        if path != NEXT:
            raise Failed(f"{path}: {body.decode(errors='replace')}")
        return connection

    def _request(self, child):
        """The next whole request on any connection."""
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            readable, _, _ = select.select([self.listener, *self.received], [], [], 0.2)
            for each in readable:
                if each is self.listener:
                    connection, _ = each.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    self.received[connection] = b""
                    continue
                data = each.recv(1 << 16)
                if not data:
                    del self.received[each]
                    each.close()
                    continue
                self.received[each] += data
                request = parse(self.received[each])
                if request:
                    self.received[each] = b""
                    return each, *request
            if not readable and child.poll() is not None:
                raise Failed(f"ended with status {child.returncode}")
        raise Failed(f"silent for {LIMIT} s")

    @staticmethod
    def _reply(connection, status, body, headers=()):
        lines = [f"HTTP/1.1 {status}", "Content-Type: application/json",
                 f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in dict(headers).items()]
        connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)


def parse(data):
    """Path and body of a request, or None while it is not whole."""
    head, end, rest = data.partition(b"\r\n\r\n")
    if not end:
        return None
    line, *headers = head.decode("latin-1").split("\r\n")
    fields = {name.lower(): value.strip()
              for name, _, value in (header.partition(":") for header in headers)}
    path = line.split()[1]
    if fields.get("transfer-encoding", "").lower() == "chunked":
        body = b""
        while True:
            size, end, rest = rest.partition(b"\r\n")
            if not end or len(rest) < int(size, 16) + 2:
                return None
            length = int(size, 16)
            if length == 0:
                return path, body
            body, rest = body + rest[:length], rest[length + 2:]
    length = int(fields.get("content-length", 0))
    return (path, rest[:length]) if len(rest) >= length else None
