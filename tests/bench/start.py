#!/usr/bin/env python3
"""How fast the functions start, beside an empty handler and a Python function.

    start.py [--runs 20] [--warm 10] [--bin-dir target/release]

Each run is a fresh process behind a Lambda Runtime API, against the local RDS.
The candidates take turns, so that a busy moment of the machine hits all of
them. Exit code 0 only if all three goals are reached.
"""
import argparse
import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from pathlib import Path

from runtime_api import Failed, RuntimeApi

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
REGION = "eu-central-1"
EMPTY, PYTHON = "empty handler", "Python, boto3"
POLICIES = {
    "take-snapshot": {"schedule": "nightly"},
    "prune-snapshots": {"schedule": "nightly", "keep": {"daily": 7}},
    "rotate-secret": {"grace": "24h"},
    "scale-readers": {"cluster": "a", "min": 0, "max": 2, "out_alarms": ["busy"]},
    "remedy-alarm": {"cluster": "a"},
}
# What each has beside RDS.
MORE = {
    "report-failure": ["AWS_ENDPOINT_URL_SNS", "INBOX_TOPIC_ARN"],
    "rotate-secret": ["AWS_ENDPOINT_URL_SECRETS_MANAGER"],
    "scale-readers": ["AWS_ENDPOINT_URL_CLOUDWATCH"],
    "remedy-alarm": ["AWS_ENDPOINT_URL_CLOUDWATCH"],
}


class Candidate:
    def __init__(self, name, command, payload, binary=None, cwd=ROOT):
        self.name, self.command, self.payload, self.cwd = name, command, payload, cwd
        self.zipped = zipped(binary) if binary else None
        self.start, self.first, self.warm, self.memory = [], [], [], []

    def run(self, api, environment, warm):
        """One fresh process, from its start to its last event."""
        environment = {**environment, "AWS_LAMBDA_FUNCTION_NAME": self.name.replace(" ", "-")}
        with tempfile.TemporaryFile() as output:
            child = None
            try:
                child, start = api.start(self.command, environment, self.cwd, output)
                first = api.invoke(child, self.payload)
                times = [api.invoke(child, self.payload) for _ in range(warm)]
                memory = peak_memory(child.pid)
            except Failed as failure:
                output.seek(0)
                sys.exit(f"bench: {self.name}: {failure}\n"
                         + output.read().decode(errors="replace"))
            finally:
                if child:
                    child.kill()
                    child.wait()
        self.start.append(start)
        self.first.append(first)
        self.warm.append(statistics.median(times))
        self.memory.append(memory)

    def forget(self):
        for samples in (self.start, self.first, self.warm, self.memory):
            samples.clear()

    def row(self):
        median = statistics.median
        size = f"{self.zipped / 1e6:9.2f}" if self.zipped else f"{'-':>9}"
        return (f"{self.name:<18}{median(self.start):10.2f}{min(self.start):8.2f}"
                f"{median(self.first):10.2f}{median(self.warm):9.2f}"
                f"{median(self.memory):10.1f}{size}")


def zipped(binary):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        file.write(binary, "bootstrap")
    return archive.tell()


def peak_memory(pid):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+)", status).group(1)) / 1024


def candidates(bin_dir):
    functions = sorted(path.parent.name for path in ROOT.glob("functions/*/Cargo.toml"))
    missing = [name for name in ["empty-handler", *functions] if not (bin_dir / name).is_file()]
    if missing:
        sys.exit(f"bench: no {', '.join(missing)} in {bin_dir}: "
                 "cargo build --release --workspace --bins")
    empty = bin_dir / "empty-handler"
    found = [Candidate(EMPTY, [empty], b"{}", empty)]
    for name in functions:
        found.append(Candidate(name, [bin_dir / name], payload(name), bin_dir / name))
    found.append(Candidate(PYTHON, [sys.executable, "-m", "awslambdaric", "python_function.handler"],
                           b"{}", cwd=HERE))
    return found


def payload(function):
    """A schedule's payload of this moment, or the first recorded event."""
    if function in POLICIES:
        event = {"scheduled_time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                 "schedule_arn": f"arn:aws:scheduler:{REGION}:123456789012:schedule/default/bench",
                 "execution_id": "bench", "attempt_number": "1"}
        return json.dumps({"policy": POLICIES[function], "event": event}).encode()
    events = [path for path in sorted((ROOT / "events" / function).glob("*.json"))
              if path.name != "policy.schema.json" and not path.name.startswith("bad-")]
    if not events:
        sys.exit(f"bench: no event for {function} in events/{function}")
    return events[0].read_bytes()


def launch(what):
    """Starts a part of the local cloud; returns its process and URL."""
    server = subprocess.Popen([sys.executable, ROOT / "tests/cloud/launch.py", what],
                              stdout=subprocess.PIPE, text=True, start_new_session=True)
    line = server.stdout.readline()
    if not line.startswith("listening "):
        sys.exit(f"bench: the local {what} does not start")
    return server, f"http://127.0.0.1:{line.split()[1]}"


def local_others():
    """Starts ministack, with the topic to which report-failure must be able to mail, and no secrets or alarms."""
    server, url = launch("ministack")
    scope = f"123456789012/20260101/{REGION}/sns/aws4_request"
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0"}
    form = b"Action=CreateTopic&Name=bench&Version=2010-03-31"
    urllib.request.urlopen(urllib.request.Request(url, form, signed)).close()
    return server, {"AWS_ENDPOINT_URL_SNS": url, "AWS_ENDPOINT_URL_CLOUDWATCH": url,
                    "AWS_ENDPOINT_URL_SECRETS_MANAGER": url,
                    "INBOX_TOPIC_ARN": f"arn:aws:sns:{REGION}:123456789012:bench"}


def local_rds():
    """Starts the local RDS with a cluster and a week of snapshots."""
    server, url = launch("rds")
    tags = {"nightshift:managed-by": "nightshift", "nightshift:schedule": "nightly"}
    day = 24 * 3600
    seed = {"region": REGION,
            "clusters": [{"id": "a", "tags": {"nightshift:snapshot": "nightly"}}],
            "snapshots": [{"id": f"a-nightly-{n}", "cluster": "a", "tags": tags, "created":
                           time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - n * day))}
                          for n in range(1, 8)]}
    urllib.request.urlopen(f"{url}/_test/seed", json.dumps(seed).encode()).close()
    return server, url


def environment(api, rds):
    return {
        "PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "TZ": ":UTC",
        "AWS_LAMBDA_RUNTIME_API": api.address, "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_LOG_FORMAT": "JSON",
        "AWS_LAMBDA_LOG_GROUP_NAME": "bench", "AWS_LAMBDA_LOG_STREAM_NAME": "bench",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand", "LAMBDA_TASK_ROOT": str(HERE),
        "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ACCESS_KEY_ID": "123456789012",
        "AWS_SECRET_ACCESS_KEY": "local", "AWS_SESSION_TOKEN": "local", "MODE": "plan",
        # Nothing else answers: whoever calls another service fails at once.
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9", "AWS_ENDPOINT_URL_RDS": rds,
    }


def goals(found):
    """The three goals as (reached, sentence)."""
    empty, *functions, python = found
    start = lambda each: statistics.median(each.start)
    memory = lambda each: statistics.median(each.memory)
    slowest, largest = max(functions, key=start), max(functions, key=memory)
    ratio = start(slowest) / start(empty)
    yield ratio <= 1.25, (f"start at most 1.25 times the empty handler's: "
                          f"{ratio:.2f} times ({slowest.name})")
    ratio = start(python) / start(slowest)
    yield ratio >= 10, f"start at least 10 times faster than Python's: {ratio:.0f} times ({slowest.name})"
    share = memory(largest) / memory(python)
    yield share <= 0.25, f"at most a quarter of Python's memory: {share:.0%} ({largest.name})"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="fresh processes of each")
    parser.add_argument("--warm", type=int, default=10, help="events after the first")
    parser.add_argument("--bin-dir", type=Path, default=ROOT / "target" / "release")
    args = parser.parse_args()

    found = candidates(args.bin_dir.resolve())
    # The functions have a core to themselves; the local cloud and this program take the others.
    *others, core = sorted(os.sched_getaffinity(0))
    if others:
        os.sched_setaffinity(0, others)
    servers = []
    try:
        server, rds = local_rds()
        servers.append(server)
        server, endpoints = local_others()
        servers.append(server)
        api = RuntimeApi(core if others else None)
        for number in range(args.runs + 1):
            # In another order each time: what one leaves behind slows none more than the others.
            for each in random.Random(number).sample(found, len(found)):
                # The others do what Python does: read from RDS, and mail nobody.
                more = {name: endpoints[name] for name in MORE.get(each.name, [])}
                each.run(api, {**environment(api, rds), **more}, args.warm)
                if number == 0:
                    each.forget()  # it only filled the disk cache
            print(f"\rbench: run {number} of {args.runs}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
    finally:
        for server in servers:
            server.terminate()
            server.wait()

    print(f"{'':<18}{'to /next':>10}{'best':>8}{'1st event':>10}{'warm':>9}{'peak':>10}{'zip':>9}")
    print(f"{'':<18}{'ms':>10}{'ms':>8}{'ms':>10}{'ms':>9}{'MiB':>10}{'MB':>9}")
    for each in found:
        print(each.row())
    print(f"\nmedians of {args.runs} fresh processes")
    reached = True
    for good, sentence in goals(found):
        print("PASS" if good else "FAIL", sentence)
        reached &= good
    sys.exit(0 if reached else 1)


if __name__ == "__main__":
    main()
