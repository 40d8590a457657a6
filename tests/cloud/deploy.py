#!/usr/bin/env python3
"""Deploys the application's real templates into the local cloud.

    deploy.py --endpoint URL --rds-endpoint URL --bin-dir target/debug
              [--template infra/nightshift.yaml] [--stack nightshift]
              [--arch x86_64|arm64] [--region eu-central-1]
              [--param NAME=VALUE…] [--env NAME=VALUE…] [--timeout FUNCTION=SECONDS…]

--bin-dir holds the functions' binaries, as `<function>` or as
`<function>/bootstrap`. --param sets parameters of the root template, --env adds
to the environment of every function, --timeout gives one another time than its
template does, to see how it goes on when the time is up. Prints what was deployed as JSON; fails
with the stack's events otherwise.
"""
import argparse
import json
import platform
import sys
from pathlib import Path

from deployer.inventory import inventory
from deployer.package import Packager
from deployer.stack import Cloud, StackFailed

ROOT = Path(__file__).resolve().parents[2]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--endpoint", required=True)
    parser.add_argument("--rds-endpoint", required=True)
    parser.add_argument("--bin-dir", required=True, type=Path)
    parser.add_argument("--template", type=Path, default=ROOT / "infra" / "nightshift.yaml")
    parser.add_argument("--stack", default="nightshift")
    parser.add_argument("--arch", choices=["x86_64", "arm64"],
                        default="arm64" if platform.machine() == "aarch64" else "x86_64")
    parser.add_argument("--region", default="eu-central-1")
    parser.add_argument("--param", action="append", type=pair, default=[], metavar="NAME=VALUE")
    parser.add_argument("--env", action="append", type=pair, default=[], metavar="NAME=VALUE")
    parser.add_argument("--timeout", action="append", type=pair, default=[],
                        metavar="FUNCTION=SECONDS")
    args = parser.parse_args()

    cloud = Cloud(args.endpoint, args.region)
    environment = {
        "AWS_ENDPOINT_URL": args.endpoint,
        "AWS_ENDPOINT_URL_RDS": args.rds_endpoint,
        **dict(args.env),
    }
    timeouts = {name: int(seconds) for name, seconds in args.timeout}
    packager = Packager(cloud, args.bin_dir, environment, timeouts)
    try:
        root = packager.read(args.template)
        parameters = {"Architecture": args.arch, **dict(args.param)}
        declared = root.get("Parameters") or {}
        for name, _ in args.param:
            if name not in declared:
                raise StackFailed(f"{args.template} has no parameter {name}; it has "
                                  + ", ".join(sorted(declared)))
        parameters = {name: value for name, value in parameters.items() if name in declared}
        url = packager.package(args.template, parameters)
        cloud.create(args.stack, url, parameters)
        result = inventory(cloud, args.stack)
    except StackFailed as failure:
        sys.exit(f"deploy: {failure}")
    json.dump(result, sys.stdout, indent=2)
    print()


def pair(text):
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text}: NAME=VALUE expected")
    return name, value


if __name__ == "__main__":
    main()
