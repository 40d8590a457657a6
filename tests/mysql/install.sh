#!/usr/bin/env bash
# Makes .local/mysql/mysqld, the MySQL server the tests run, and says which one it is:
#   1. $NIGHTSHIFT_MYSQLD, the path of a mysqld;
#   2. the mysqld on PATH, if it is MySQL, new enough, and free to write into .local;
#   3. the server of Ubuntu's own release, or of Debian sid (older releases of Debian have none),
#      with all libraries it needs, unpacked into .local/mysql/package. The system stays as it is.
# Needs no root. Does next to nothing when all is there; two installs side by side wait for each
# other. A server that runs already, or one in a container, cannot be used instead: the tests kill,
# restart and promote theirs, and give them certificates.
set -euo pipefail

# CHANGE REPLICATION SOURCE TO is of 8.0.23, and so is the oldest Aurora MySQL 3.
readonly OLDEST=8.0.23
readonly REMEDY="install MySQL $OLDEST or later, and put its mysqld on PATH or name it in NIGHTSHIFT_MYSQLD"

root=$(cd "$(dirname "$0")/../.." && pwd)
mysql=$root/.local/mysql
package=$mysql/package

say() { echo "mysql: $*"; }
fail() { echo "mysql: $*; $REMEDY" >&2; exit 1; }

# Prints the version of a mysqld, nothing if it is none of ours.
version() {
  local said
  said=$("$1" --no-defaults --version 2>/dev/null) || return 0
  [[ $said != *MariaDB* && $said =~ Ver\ ([0-9]+\.[0-9]+\.[0-9]+) ]] || return 0
  [ "$(printf '%s\n' "$OLDEST" "${BASH_REMATCH[1]}" | sort -V | head -1)" = "$OLDEST" ] || return 0
  echo "${BASH_REMATCH[1]}"
}

# Ubuntu's package brings an AppArmor profile that keeps its mysqld out of every other directory.
confined() { [ -e "/etc/apparmor.d/$(sed 's|^/||; s|/|.|g' <<<"$1")" ]; }

# Makes .local/mysql/mysqld start this program, in one step.
point_at() {
  [ "$(cat "$mysql/mysqld" 2>/dev/null)" != "$1" ] || return 0
  printf '%s\n' "$1" >"$mysql/mysqld.new"
  chmod +x "$mysql/mysqld.new"
  mv "$mysql/mysqld.new" "$mysql/mysqld"
}

use() {
  point_at "#!/bin/sh
exec '$1' \"\$@\""
  say "MySQL $2, $1"
  exit 0
}

mkdir -p "$mysql"
exec 9>"$mysql/install.lock"
if ! flock --nonblock 9; then
  say "waiting for another install"
  flock 9
fi

if [ -n "${NIGHTSHIFT_MYSQLD:-}" ]; then
  found=$(version "$NIGHTSHIFT_MYSQLD")
  [ -n "$found" ] || fail "NIGHTSHIFT_MYSQLD=$NIGHTSHIFT_MYSQLD is no mysqld of MySQL $OLDEST or later"
  use "$(realpath -s "$NIGHTSHIFT_MYSQLD")" "$found"
fi
if there=$(PATH=$PATH:/usr/sbin command -v mysqld); then
  found=$(version "$there")
  if [ -z "$found" ]; then
    say "$there is not MySQL $OLDEST or later"
  elif confined "$there"; then
    say "$there is confined by AppArmor"
  else
    use "$there" "$found"
  fi
fi

# How the unpacked server is started: with the C library it was built for, not the system's.
packaged() {
  local loaders=("$package"/usr/lib/*-linux-gnu*/ld-linux*.so.* "$package"/usr/lib*/ld-linux*.so.*)
  local loader folders=("$package"/usr/lib/*-linux-gnu*) usr=$package/usr
  for loader in "${loaders[@]}"; do [ ! -e "$loader" ] || break; done
  echo "#!/bin/sh
exec '$loader' --library-path '$folders' '$usr/sbin/mysqld' \"\$@\" --basedir='$usr' \\
  --lc-messages-dir='$usr/share/mysql' --character-sets-dir='$usr/share/mysql/charsets' \\
  --plugin-dir='$usr/lib/mysql/plugin'"
}

# Says which release's package is unpacked; the file is written last.
if [ -e "$package/.from" ]; then
  point_at "$(packaged)"
  found=$(version "$mysql/mysqld")
  if [ -n "$found" ]; then
    say "MySQL $found, $(cat "$package/.from")'s package in .local/mysql"
    exit 0
  fi
  say "the package in .local/mysql does not run, fetching it again"
fi

for tool in apt-get dpkg dpkg-deb; do
  command -v "$tool" >/dev/null || fail "no MySQL here, and no $tool to fetch one with"
done

arch=$(dpkg --print-architecture)
# The system's own mirror of a distribution: the first one its sources name.
mirror() {
  { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; } 2>/dev/null |
    grep -oE "^(URIs:|deb ).*" | grep -oE "https?://[^ ]*/$1/?( |$)" | tr -d ' ' | head -1
}
. /etc/os-release
if [[ " $ID ${ID_LIKE:-} " == *" ubuntu "* ]]; then
  suite=${UBUNTU_CODENAME:-$VERSION_CODENAME}
  from="Ubuntu $suite"
  suites="$suite $suite-updates $suite-security"
  components="main universe"
  keyring=/usr/share/keyrings/ubuntu-archive-keyring.gpg
  if [ "$arch" = amd64 ]; then
    uri=$(mirror ubuntu || true)
    uri=${uri:-http://archive.ubuntu.com/ubuntu}
  else
    uri=$(mirror ubuntu-ports || true)
    uri=${uri:-http://ports.ubuntu.com/ubuntu-ports}
  fi
else
  from="Debian sid"
  suites=sid
  components=main
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  uri=$(mirror debian || true)
  uri=${uri:-http://deb.debian.org/debian}
fi
[ -e "$keyring" ] || fail "no MySQL here, and $keyring is missing, which its package is checked with"

say "fetching $from's package for $arch from $uri"
apt=$mysql/apt
rm -rf "$apt" "$package"
mkdir -p "$apt"/{state/lists/partial,cache/archives/partial,sources.d} "$package"
cat >"$apt/sources.d/mysql.sources" <<SOURCES
Types: deb
URIs: $uri
Suites: $suites
Components: $components
Signed-By: $keyring
SOURCES
# As if nothing were installed, so that every library comes along and all fit together. Only perl
# counts as there: it is for scripts that are not used here.
cat >"$apt/status" <<STATUS
Package: perl
Status: install ok installed
Architecture: $arch
Multi-Arch: allowed
Version: 5.99.0-1
Maintainer: nobody <nobody@localhost>
Description: not here

STATUS
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
log=$mysql/install.log
if ! {
  apt-get update &&
    name=$(apt-cache pkgnames mysql-server-core | sort -V | tail -1) &&
    apt-get install -y --download-only "${name:-mysql-server-core}"
} >"$log" 2>&1; then
  tail -5 "$log" >&2
  fail "apt-get cannot fetch $from's package, the whole output is in $log"
fi

# Older packages still have /lib beside /usr/lib.
mkdir -p "$package"/usr/{lib,lib64,sbin}
for folder in lib lib64 sbin; do ln -s "usr/$folder" "$package/$folder"; done
# Nothing is run of what the packages bring but mysqld.
for deb in "$apt"/cache/archives/*.deb; do
  dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$package" --keep-directory-symlink --no-same-owner \
    --exclude=./usr/{bin,lib/mysql-test} --exclude=./usr/share/{doc,man,locale,zoneinfo,perl}
done
point_at "$(packaged)"
found=$(version "$mysql/mysqld")
[ -n "$found" ] || fail "$from's mysqld does not start: $("$mysql/mysqld" --no-defaults --version 2>&1 | head -3)"
rm -rf "$apt"
echo "$from" >"$package/.from"
say "MySQL $found, $from's package in .local/mysql, $(du -sh "$package" | cut -f1)"
