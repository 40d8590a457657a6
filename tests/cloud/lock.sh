#!/usr/bin/env bash
# Writes requirements.txt and requirements-build.txt from the .in files: every
# package of the closure with its version and the hashes of all its wheels, for
# every Python from 3.11 on and every platform. Versions that are already in the
# .txt files stay; `./lock.sh --upgrade` takes the newest.
set -euo pipefail
cd "$(dirname "$0")"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check 'uv==0.13.9'

compile() {
  UV_CUSTOM_COMPILE_COMMAND=./lock.sh \
    "$work/venv/bin/uv" pip compile --quiet --universal --python-version 3.11 \
    --generate-hashes --only-binary :all: --no-annotate "$@"
}
compile requirements.in --output-file requirements.txt "${@}"
# The same versions for what both sets need: they share one environment.
compile requirements-build.in --constraint requirements.txt \
  --output-file requirements-build.txt "${@}"
grep -c == requirements.txt requirements-build.txt
