#!/usr/bin/env python3
"""Starts one part of the local cloud on loopback and takes care of its end.

    launch.py rds       [--port 0]
    launch.py ministack [--port 0] [--region eu-central-1] [--log FILE]

Prints `listening PORT` on standard output once the server answers. The server
leads a process group of its own. It ends, with everything it started (Lambda
functions above all) and with its files, when it gets SIGTERM or SIGINT and
when the process that started it is gone, however that one died.
"""
import argparse
import os
import select
import shutil
import signal
import threading
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUN = ROOT / ".local" / "run"


class Guard:
    """Ties this process, its group and its work directory to the parent."""

    def __init__(self, name):
        self.parent = os.getppid()
        try:
            os.setsid()
        except PermissionError:
            pass  # already the leader of its group
        if os.getpgrp() != os.getpid():
            raise SystemExit("launch: cannot lead a process group")
        remove_leftovers()
        # Under the repository and not under /tmp, which may be mounted noexec:
        # the functions' binaries are unpacked here.
        self.workdir = RUN / f"{name}-{os.getpid()}"
        self.workdir.mkdir(parents=True)
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.end())
        threading.Thread(target=self._watch_parent, daemon=True).start()

    def _watch_parent(self):
        # A process descriptor, and not PR_SET_PDEATHSIG: that one fires when
        # the *thread* that started us ends, and test harnesses end threads.
        try:
            descriptor = os.pidfd_open(self.parent)
            # Else it was gone before, and the descriptor is of its successor.
            if os.getppid() == self.parent:
                select.select([descriptor], [], [])
        except ProcessLookupError:
            pass
        except OSError:  # a kernel without process descriptors
            while os.getppid() == self.parent:
                time.sleep(0.2)
        self.end()

    def end(self):
        shutil.rmtree(self.workdir, ignore_errors=True)
        os.killpg(os.getpgrp(), signal.SIGKILL)


def remove_leftovers():
    """Removes work directories of servers that were killed outright."""
    for path in RUN.glob("*-*") if RUN.is_dir() else ():
        pid = path.name.rpartition("-")[2]
        if pid.isdigit() and not Path(f"/proc/{pid}").exists():
            shutil.rmtree(path, ignore_errors=True)


def ready(port):
    print(f"listening {port}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server", choices=["rds", "ministack"])
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--region", default="eu-central-1",
                        help="of requests that carry no signature (ministack)")
    parser.add_argument("--log", help="file for the server's log; none without")
    args = parser.parse_args()

    guard = Guard(args.server)
    log = open(args.log or os.devnull, "ab", buffering=0)
    errors = os.fdopen(os.dup(2), "w")  # the servers' own goes to the log
    try:
        if args.server == "rds":
            from rds_server.server import serve
            serve(args.port, ready, log)
        else:
            from ministack_server.server import serve
            serve(args.port, args.region, guard.workdir, ready, log)
    except BaseException:
        traceback.print_exc(file=errors)
        errors.flush()
    guard.end()


if __name__ == "__main__":
    main()
