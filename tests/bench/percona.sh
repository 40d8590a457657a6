#!/usr/bin/env bash
# Makes .local/percona/pt-archiver, which `make bench-jobs` measures beside run-job, and says which
# one it is:
#   1. $NIGHTSHIFT_PT_ARCHIVER, the path of one;
#   2. the one on PATH, if it is new enough;
#   3. Debian sid's, with its Perl and all libraries it needs, unpacked into .local/percona/package.
#      The system stays as it is.
# Needs no root. Does next to nothing when all is there.
set -euo pipefail

# Older ones ask MySQL 8.4 and later for SHOW SLAVE STATUS, which these do not know any more.
readonly OLDEST=3.7.0
readonly REMEDY="install Percona Toolkit $OLDEST or later, and put its pt-archiver on PATH or name it in NIGHTSHIFT_PT_ARCHIVER"

root=$(cd "$(dirname "$0")/../.." && pwd)
percona=$root/.local/percona
package=$percona/package

say() { echo "percona: $*"; }
fail() { echo "percona: $*; $REMEDY" >&2; exit 1; }

# Prints the version of a pt-archiver, nothing if it does not run or is too old.
version() {
  local said
  said=$("$1" --version 2>/dev/null) || return 0
  [[ $said =~ ^pt-archiver\ ([0-9]+\.[0-9]+\.[0-9]+) ]] || return 0
  [ "$(printf '%s\n' "$OLDEST" "${BASH_REMATCH[1]}" | sort -V | head -1)" = "$OLDEST" ] || return 0
  echo "${BASH_REMATCH[1]}"
}

# Makes .local/percona/pt-archiver start this program, in one step.
point_at() {
  printf '%s\n' "$1" >"$percona/pt-archiver.new"
  chmod +x "$percona/pt-archiver.new"
  mv "$percona/pt-archiver.new" "$percona/pt-archiver"
}

use() {
  point_at "#!/bin/sh
exec '$1' \"\$@\""
  say "pt-archiver $2, $1"
  exit 0
}

mkdir -p "$percona"
exec 9>"$percona/install.lock"
if ! flock --nonblock 9; then
  say "waiting for another install"
  flock 9
fi

if [ -n "${NIGHTSHIFT_PT_ARCHIVER:-}" ]; then
  found=$(version "$NIGHTSHIFT_PT_ARCHIVER")
  [ -n "$found" ] || fail "NIGHTSHIFT_PT_ARCHIVER=$NIGHTSHIFT_PT_ARCHIVER is no pt-archiver of $OLDEST or later"
  use "$(realpath -s "$NIGHTSHIFT_PT_ARCHIVER")" "$found"
fi
if there=$(command -v pt-archiver); then
  found=$(version "$there")
  [ -z "$found" ] || use "$there" "$found"
  say "$there is older than $OLDEST"
fi

# How the unpacked one is started: with the Perl and the C library it was built for, not the system's.
packaged() {
  local usr=$package/usr loader folders perl folder modules=
  for loader in "$usr"/lib/*-linux-gnu*/ld-linux*.so.* "$usr"/lib*/ld-linux*.so.*; do
    [ ! -e "$loader" ] || break
  done
  folders=("$usr"/lib/*-linux-gnu)
  for perl in "$usr"/bin/perl5.*; do [ -x "$perl" ] && break; done
  for folder in "$usr/share/perl5" "$usr"/lib/*/perl5/5.* "$usr"/lib/*/perl/5.* "$usr"/lib/*/perl-base \
    "$usr"/share/perl/5.*; do
    [ ! -d "$folder" ] || modules=$modules:$folder
  done
  echo "#!/bin/sh
MARIADB_PLUGIN_DIR='${folders[0]}/libmariadb3/plugin' PERL5LIB='${modules#:}' \\
exec '$loader' --library-path '${folders[0]}' '$perl' '$usr/bin/pt-archiver' \"\$@\""
}

# Says which release's package is unpacked; the file is written last.
if [ -e "$package/.from" ]; then
  point_at "$(packaged)"
  found=$(version "$percona/pt-archiver")
  if [ -n "$found" ]; then
    say "pt-archiver $found, $(cat "$package/.from")'s package in .local/percona"
    exit 0
  fi
  say "the package in .local/percona does not run, fetching it again"
fi

for tool in apt-get dpkg dpkg-deb; do
  command -v "$tool" >/dev/null || fail "no pt-archiver here, and no $tool to fetch one with"
done
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -e "$keyring" ] || fail "no pt-archiver here, and $keyring is missing, which its package is checked with"
# The system's own mirror: the first one its sources name.
uri=$({ cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; } 2>/dev/null |
  grep -oE "^(URIs:|deb ).*" | grep -oE "https?://[^ ]*/debian/?( |$)" | tr -d ' ' | head -1 || true)
uri=${uri:-http://deb.debian.org/debian}
arch=$(dpkg --print-architecture)

say "fetching Debian sid's package for $arch from $uri"
apt=$percona/apt
rm -rf "$apt" "$package"
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,sources.d} "$package"/usr/{lib,lib64,bin,sbin}
cat >"$apt/sources.d/percona.sources" <<SOURCES
Types: deb
URIs: $uri
Suites: sid
Components: main
Signed-By: $keyring
SOURCES
# As if nothing were installed, so that Perl and every library come along and all fit together.
: >"$apt/status"
cat >"$apt/apt.conf" <<CONF
Dir::State "$apt/state";
Dir::State::status "$apt/status";
Dir::Cache "$apt/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt/sources.d";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Install-Recommends "false";
APT::Get::List-Cleanup "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Acquire::Retries "3";
CONF
export APT_CONFIG=$apt/apt.conf DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
log=$percona/install.log
if ! { apt-get update && apt-get install -y --download-only percona-toolkit; } >"$log" 2>&1; then
  tail -5 "$log" >&2
  fail "apt-get cannot fetch Debian sid's package, the whole output is in $log"
fi

for folder in bin lib lib64 sbin; do ln -s "usr/$folder" "$package/$folder"; done
for deb in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$package" --keep-directory-symlink --no-same-owner \
    --exclude=./usr/share/{doc,man,locale,zoneinfo}
done
point_at "$(packaged)"
found=$(version "$percona/pt-archiver")
[ -n "$found" ] || fail "Debian sid's pt-archiver does not start: $("$percona/pt-archiver" --version 2>&1 | head -3)"
rm -rf "$apt"
echo "Debian sid" >"$package/.from"
say "pt-archiver $found, Debian sid's package in .local/percona, $(du -sh "$package" | cut -f1)"
