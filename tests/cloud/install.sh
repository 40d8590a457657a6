#!/usr/bin/env bash
# Installs what the tests need from PyPI into .local/venv of the repository:
#   install.sh          everything
#   install.sh cloud    the local cloud and the template checks only
#   install.sh build    cargo-lambda and the benchmark's Python runtime only
# Every package is pinned by version and hash. Does nothing, at once, when all
# is there; two installs side by side wait for each other.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
venv=$root/.local/venv
sets=("${@:-all}")
[ "${sets[*]}" = all ] && sets=(cloud build)

declare -A file=([cloud]=requirements.txt [build]=requirements-build.txt)
for set in "${sets[@]}"; do
  [ -n "${file[$set]:-}" ] || { echo "install: no such set: $set (cloud, build)" >&2; exit 2; }
done

stamp() { sha256sum "$here/${file[$1]}" | cut -d' ' -f1; }
installed() { [ "$(cat "$venv/.installed-$1" 2>/dev/null)" = "$(stamp "$1")" ]; }
# An upgrade of the system's Python can leave the environment without one.
usable() { "$venv/bin/python" -c '' 2>/dev/null; }
complete() {
  usable || return 1
  for set in "${sets[@]}"; do installed "$set" || return 1; done
}

complete && exit 0
mkdir -p "$root/.local"
exec 9>"$root/.local/install.lock"
if ! flock --nonblock 9; then
  echo "install: waiting for another install"
  flock 9
fi
complete && exit 0

# Settings of the user that would send the packages elsewhere.
unset PIP_TARGET PIP_PREFIX PIP_REQUIREMENT PYTHONPATH PYTHONHOME
export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1

python=${PYTHON:-python3}
command -v "$python" >/dev/null || { echo "install: $python is missing" >&2; exit 1; }
"$python" - <<'PY' || exit 1
import sys
if sys.version_info < (3, 11):
    sys.exit(f"install: Python 3.11 or newer is needed, this is {sys.version.split()[0]}; "
             "set PYTHON to another one")
PY

if ! usable; then
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    echo "install: python3-venv is missing, installing it with apt"
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    export DEBIAN_FRONTEND=noninteractive
    $sudo apt-get -qq update
    $sudo apt-get -qq install -y --no-install-recommends python3-venv >/dev/null
    "$python" -c 'import ensurepip, venv' || { echo "install: $python still has no ensurepip" >&2; exit 1; }
  fi
  echo "install: making .local/venv with $("$python" --version)"
  rm -rf "$venv"
  "$python" -m venv "$venv"
fi

for set in "${sets[@]}"; do
  installed "$set" && continue
  requirements=$here/${file[$set]}
  echo "install: $set, $(grep -c '^[a-z].*==' "$requirements") packages"
  log=$root/.local/install-$set.log
  if ! "$venv/bin/pip" install --require-hashes --only-binary :all: --progress-bar off \
      --requirement "$requirements" 2>&1 | tee "$log" |
      awk '/^Collecting /  { n++; if (n % 10 == 0) { print "install:   " n " packages fetched"; fflush() } }
           /^Installing /  { print "install:   unpacking"; fflush() }'; then
    tail -20 "$log" >&2
    echo "install: pip failed, the whole output is in $log" >&2
    exit 1
  fi
  stamp "$set" >"$venv/.installed-$set.new"
  mv "$venv/.installed-$set.new" "$venv/.installed-$set"
done
echo "install: done, $(du -sh "$venv" | cut -f1) in .local/venv"
