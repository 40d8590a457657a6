#!/usr/bin/env python3
"""Starts one MySQL server on loopback and takes care of its end.

    server.py DIRECTORY --server-id N [--port P] [--with=OPTION …]

DIRECTORY is filled from the template if it is not there. Prints `listening PORT` once the server
takes connections, and ends when the server ends, however it does. On SIGTERM, and when the process
that started it is gone, however that one died, it kills the server and removes DIRECTORY.
"""
import argparse
import os
import random
import select
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import template

sys.path.append(str(Path(__file__).resolve().parents[1] / "cloud"))
import launch

# Below the ports the kernel hands out to whoever asks for any.
PORTS = range(20_000, 32_000)
TAKEN = "Address already in use"
READY = "ready for connections. Version"


class Guard(launch.Guard):
    def __init__(self, directory):
        self.directory = directory
        self.server = None
        self.ending = threading.Event()
        super().__init__("mysqld")

    def end(self):
        self.ending.set()
        # Else it would go on writing into the directory that is being removed.
        if self.server is not None:
            try:
                descriptor = os.pidfd_open(self.server.pid)
                self.server.kill()
                select.select([descriptor], [], [], 5)
            except OSError:
                pass  # it is gone, or the kernel knows no process descriptors
        shutil.rmtree(self.directory, ignore_errors=True)
        super().end()


def options(directory, port, server_id, scratch):
    """What makes the server like one of a cluster, and then what makes it small and quick."""
    return [
        *template.OPTIONS, f"--datadir={directory / 'data'}", f"--port={port}",
        f"--server-id={server_id}", f"--tmpdir={scratch}",
        f"--pid-file={directory / 'mysqld.pid'}", "--socket=mysql.sock", "--bind-address=127.0.0.1",
        "--require-secure-transport=ON", f"--ssl-cert={directory / 'server-cert.pem'}",
        f"--ssl-key={directory / 'server-key.pem'}",
        "--log-bin=binlog", "--gtid-mode=ON", "--enforce-gtid-consistency=ON",
        "--relay-log=relay", "--skip-name-resolve", "--default-time-zone=+00:00",
        "--secure-file-priv=NULL",
        # Tickets come unasked, and who counts answers would take them for one.
        "--loose-ssl-session-cache-mode=OFF",
        # The page cache outlives a killed server, and nobody pulls the plug.
        "--innodb-flush-method=nosync", "--innodb-flush-log-at-trx-commit=2", "--sync-binlog=0",
        "--innodb-buffer-pool-size=32M", "--innodb-log-buffer-size=1M", "--key-buffer-size=8K",
        "--max-connections=100", "--table-open-cache=400", "--table-definition-cache=400",
        "--performance-schema=ON", "--performance-schema-digests-size=500",
        *(f"--performance-schema-events-{kind}-history-long-size=100"
          for kind in ("statements", "stages", "transactions", "waits")),
        "--log-error-verbosity=2",
    ]


def free_port():
    for _ in range(100):
        port = random.choice(PORTS)
        with socket.socket() as probe:
            # As mysqld does, which else would be refused ports that had been in use a minute ago.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SystemExit(f"no free port in {PORTS}")


def start(guard, mysqld, arguments):
    """Starts mysqld and tells whether it took its port; any other failure is the end."""
    guard.server = subprocess.Popen([mysqld, *arguments], stdin=subprocess.DEVNULL,
                                    stdout=sys.stderr, stderr=subprocess.PIPE, text=True,
                                    errors="replace")
    for line in guard.server.stderr:
        sys.stderr.write(line)
        if READY in line:
            return True
        if TAKEN in line:
            guard.server.wait()
            return False
    finish(guard)


def finish(guard):
    """Passes on what the server says until it ends, and ends likewise."""
    for line in guard.server.stderr:
        sys.stderr.write(line)
    status = guard.server.wait()
    if guard.ending.is_set():
        signal.pause()  # the guard, in a thread of its own, is about to end this process
    shutil.rmtree(guard.workdir, ignore_errors=True)
    raise SystemExit(f"mysqld ended: {status}" if status else 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--server-id", type=int, required=True, help="no other of its cluster has it")
    parser.add_argument("--port", type=int, help="any free one without")
    parser.add_argument("--with", action="append", default=[], dest="more",
                        help="a further option of mysqld, such as --with=--tls-version=TLSv1.2")
    args = parser.parse_args()

    guard = Guard(args.directory)
    mysqld = template.HOME / "mysqld"
    if not mysqld.exists():
        raise SystemExit(f"{mysqld} is missing: make mysql installs it")
    if not args.directory.exists():
        template.copy(mysqld, args.directory)
    for _ in range(50):
        port = args.port or free_port()
        mine = options(args.directory, port, args.server_id, guard.workdir)
        if start(guard, mysqld, mine + args.more):
            launch.ready(port)
            finish(guard)
        # A given port may be the last one's, which is about to let go of it.
        time.sleep(0.1)
    raise SystemExit("no port is free")


if __name__ == "__main__":
    main()
