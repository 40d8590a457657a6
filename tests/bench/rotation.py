#!/usr/bin/env python3
"""What each step of a rotation takes: cold, warm, and memory; of ours and of any other function.

    rotation.py [--runs 10] [--bin-dir target/release] [--bench target/debug/bench-rotation]
                [--function [STRATEGY=]PATH]...

Cold is a fresh process for each step, from its start to its answer. Warm is a process that has
rotated once before. Beside each stands its best, and the time that the process had a CPU, which a
busy machine does not change much. The candidates take turns, rotation by rotation, so that a busy moment of the
machine hits all of them. Each has a user and a secret of its own on one writer and replica; after
every rotation AWSCURRENT must be the new version and open the door on both, or the bench ends.

A function by path is any program that speaks the Lambda Runtime API, such as AWS's own rotation
function behind awslambdaric. It is started with the variables that `make door` has for it
(tests/src/bin/door.rs). Its strategy is single-user unless named: alternating-users=PATH.
"""
import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from runtime_api import Failed, RuntimeApi
from start import ROOT, environment, peak_memory

STEPS = ["createSecret", "setSecret", "testSecret", "finishSecret"]
STRATEGIES = ["dual-password-own", "single-user", "alternating-users"]
# AWS's functions leave these out of a password, if told nothing else.
EXCLUDED = "/@\"'\\"


class Bench:
    """The servers, the simulated AWS and the secrets: the program bench-rotation."""

    def __init__(self, program, strategies):
        self.process = subprocess.Popen([program, *strategies], text=True, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE)
        self.about = json.loads(self._line())

    def ask(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        return self._line()

    def end(self):
        self.process.stdin.close()
        self.process.wait()

    def _line(self):
        line = self.process.stdout.readline()
        if not line:
            sys.exit("bench: the servers do not start, or have ended")
        return line.strip()


class Candidate:
    def __init__(self, name, command, strategy):
        self.name, self.command, self.strategy = name, command, strategy
        # For each step, and at last for the whole rotation.
        each = lambda: [[] for _ in [*STEPS, "rotation"]]
        self.cold, self.cold_cpu, self.warm, self.warm_cpu, self.memory = (each() for _ in range(5))

    def place(self, bench, number, core):
        """Tells it which secret is its own."""
        self.bench, self.number = bench, number
        self.fresh, self.lasting = RuntimeApi(core), RuntimeApi(core)
        self.output, self.child = tempfile.TemporaryFile(), None
        self.secret = bench.about["secrets"][number]

    def environment(self, api):
        about = self.bench.about
        return {**environment(api, about["url"]), "AWS_LAMBDA_FUNCTION_NAME": "bench",
                "MODE": "apply", "POLICY": json.dumps(self.secret["policy"]),
                "INBOX_TOPIC_ARN": about["inbox"], "AWS_ENDPOINT_URL": about["url"],
                "SECRETS_MANAGER_ENDPOINT": about["url"], "NIGHTSHIFT_DOOR_CA": about["ca"],
                "EXCLUDE_CHARACTERS": EXCLUDED}

    def start(self, api):
        return api.start(self.command, self.environment(api), ROOT, self.output)

    def rotate(self, step):
        """Rotates once; returns what step(event) makes of each step."""
        token = self.bench.ask("begin", self.number)
        made = []
        for name in STEPS:
            event = {"SecretId": self.secret["arn"], "ClientRequestToken": token, "Step": name}
            try:
                made.append(step(json.dumps(event).encode()))
            except Failed as failure:
                self.fail(f"{name}: {failure}")
        answer = self.bench.ask("check", self.number, token)
        if answer != "ok":
            self.fail(answer)
        return made

    def rotate_cold(self):
        def step(event):
            child, start = self.start(self.fresh)
            try:
                first = self.fresh.invoke(child, event)
                return start + first, cpu(child.pid), peak_memory(child.pid)
            finally:
                child.kill()
                child.wait()

        times, cpus, memories = zip(*self.rotate(step))
        note(self.cold, [*times, sum(times)])
        note(self.cold_cpu, [*cpus, sum(cpus)])
        note(self.memory, [*memories, max(memories)])

    def rotate_warm(self):
        if not self.child:
            self.child, _ = self.start(self.lasting)

        def step(event):
            before = cpu(self.child.pid)
            took = self.lasting.invoke(self.child, event)
            return took, cpu(self.child.pid) - before

        times, cpus = zip(*self.rotate(step))
        note(self.warm, [*times, sum(times)])
        note(self.warm_cpu, [*cpus, sum(cpus)])

    def forget(self):
        for samples in (*self.cold, *self.cold_cpu, *self.warm, *self.warm_cpu, *self.memory):
            samples.clear()

    def lasting_memory(self):
        return peak_memory(self.child.pid)

    def end(self):
        if self.child:
            self.child.kill()
            self.child.wait()

    def fail(self, why):
        self.output.seek(0)
        sys.exit(f"bench: {self.name}: {why}\n" + self.output.read().decode(errors="replace"))

    def rows(self):
        median = statistics.median
        columns = self.cold, self.cold_cpu, self.warm, self.warm_cpu, self.memory
        for step, cold, cold_cpu, warm, warm_cpu, memory in zip([*STEPS, "rotation"], *columns):
            name = self.name if step == STEPS[0] else ""
            yield (f"{name:<34}{step:<12}{median(cold):9.1f}{min(cold):9.1f}{median(cold_cpu):9.1f}"
                   f"{median(warm):9.1f}{min(warm):9.1f}{median(warm_cpu):9.1f}{median(memory):8.1f}")
        yield f"{'':<34}{'the process of all warm rotations':<66}{self.lasting_memory():8.1f}"


def cpu(pid):
    """The milliseconds for which a process has had a CPU."""
    # How Linux names the clock of another process: MAKE_PROCESS_CPUCLOCK of its posix-timers.h.
    return time.clock_gettime((~pid << 3) | 2) * 1000


def note(samples, values):
    for each, value in zip(samples, values, strict=True):
        each.append(value)


def candidates(bin_dir, functions):
    ours = bin_dir / "rotate-secret"
    if not ours.is_file():
        sys.exit(f"bench: no {ours}: cargo build --release --package rotate-secret")
    found = [Candidate(f"rotate-secret {strategy}", [ours], strategy) for strategy in STRATEGIES]
    for function in functions:
        strategy, named, path = function.rpartition("=")
        strategy = strategy if named else "single-user"
        if strategy not in STRATEGIES:
            sys.exit(f"bench: {strategy} is no strategy; there are {', '.join(STRATEGIES)}")
        path = Path(path).resolve()
        found.append(Candidate(f"{path.name} {strategy}", [path], strategy))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=runs, default=10, help="rotations of each, cold and warm")
    parser.add_argument("--bin-dir", type=Path, default=ROOT / "target/release")
    parser.add_argument("--bench", type=Path, default=ROOT / "target/debug/bench-rotation")
    parser.add_argument("--function", action="append", default=[], metavar="[STRATEGY=]PATH")
    args = parser.parse_args()

    found = candidates(args.bin_dir.resolve(), args.function)
    # The functions have a core to themselves; servers and this program take the others.
    *others, core = sorted(os.sched_getaffinity(0))
    if others:
        os.sched_setaffinity(0, others)
    before = os.getloadavg()[0]
    bench = Bench(args.bench, [each.strategy for each in found])
    try:
        for number, each in enumerate(found):
            each.place(bench, number, core if others else None)
        for number in range(args.runs + 1):
            # In another order each time: what one leaves behind slows none more than the others.
            for each in random.Random(number).sample(found, len(found)):
                each.rotate_cold()
                each.rotate_warm()
                if number == 0:
                    each.forget()  # it filled the disk cache, made the clone and warmed up
            print(f"\rbench: rotation {number} of {args.runs}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        table(found)
    finally:
        for each in found:
            each.end()
        bench.end()
    print(f"\nmedians of {args.runs} rotations; cold: a fresh process for each step, from its start to its "
          f"answer; peak: VmHWM\nMySQL {bench.about['mysql']}, writer and replica, TLS; "
          f"{os.cpu_count()} cores, load {before:.1f} before, {os.getloadavg()[0]:.1f} after")


def table(found):
    heads = [("cold", "ms"), ("best", "ms"), ("CPU", "ms"), ("warm", "ms"), ("best", "ms"), ("CPU", "ms")]
    for line in zip(*heads, ("peak", "MiB")):
        print(" " * 46 + "".join(f"{head:>9}" for head in line[:-1]) + f"{line[-1]:>8}")
    for each in found:
        print("\n".join(each.rows()))


def runs(text):
    """At most 48: each run makes two versions, and a secret has at most 100."""
    number = int(text)
    if not 1 <= number <= 48:
        raise argparse.ArgumentTypeError("from 1 to 48")
    return number


if __name__ == "__main__":
    main()
