"""A server lives no longer than the process that started it."""
import os
import re
import signal
import subprocess
import sys
import textwrap
import time
import unittest

from .server import CLOUD, Server


def group(pgid):
    listed = subprocess.run(["ps", "-eo", "pgid="], capture_output=True, text=True).stdout
    return listed.split().count(str(pgid))


def gone(pgid):
    for _ in range(100):
        if not group(pgid):
            return True
        time.sleep(0.05)
    return False


class Launch(unittest.TestCase):
    def test_it_ends_when_its_parent_is_killed(self):
        for name in ("rds", "ministack"):
            parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(f"""
                import subprocess, threading, time
                def start():
                    server = subprocess.Popen({[sys.executable, str(CLOUD / 'launch.py'), name]!r})
                    print(server.pid, flush=True)
                # The thread that starts it ends at once, which must not matter.
                threading.Thread(target=start).start()
                time.sleep(60)
                """)], stdout=subprocess.PIPE, text=True)
            pid = int(parent.stdout.readline())
            self.assertIn("listening", parent.stdout.readline())
            time.sleep(0.5)
            self.assertEqual(group(pid), 1)
            parent.kill()
            parent.wait()
            parent.stdout.close()
            self.assertTrue(gone(pid), name)
            self.assertFalse((CLOUD.parents[1] / ".local" / "run" / f"{name}-{pid}").exists())

    def test_it_ends_on_a_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            server = Server("ministack")
            os.kill(server.process.pid, number)
            server.process.wait(5)
            server.process.stdout.close()
            self.assertTrue(gone(server.process.pid))

    def test_it_listens_on_loopback_only(self):
        servers = [Server("rds"), Server("ministack")]
        try:
            listening = subprocess.run(["ss", "-Hltnup"], capture_output=True, text=True).stdout
            for server in servers:
                own = [line for line in listening.splitlines()
                       if f"pid={server.process.pid}," in line]
                self.assertEqual(len(own), 1, own)
                self.assertTrue(re.search(r"\s127\.0\.0\.1:\d+\s", own[0]), own)
        finally:
            for server in servers:
                server.stop()
