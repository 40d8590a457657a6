"""The data directory every server starts from, made once: initialising one takes seconds.

It holds `data/`, the certificates `ca.pem`, `server-cert.pem` and `server-key.pem`, and the
passwords of the two accounts it has beside MySQL's own: `root` and `replication`, both from
127.0.0.1 only, as files of their names in `passwords/`.
"""
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[1] / ".local" / "mysql"

# What the files on disk depend on, so the servers need it as well.
OPTIONS = ["--no-defaults", "--innodb-doublewrite=OFF", "--loose-innodb-redo-log-capacity=8M",
           "--innodb-use-native-aio=OFF", "--mysqlx=OFF"]
if os.geteuid() == 0:
    OPTIONS.append("--user=root")


def copy(mysqld, directory):
    """Copies the template of this mysqld and of this file; makes it if there is none."""
    template = HOME / f"template-{key(mysqld)}"
    with open(HOME / "template.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if not template.is_dir():
            # Lets go of the lock for a moment, in which another may make it.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not template.is_dir():
                for old in HOME.glob("template-*"):
                    shutil.rmtree(old, ignore_errors=True)
                unfinished = HOME / "template-unfinished"
                make(mysqld, unfinished)
                unfinished.rename(template)
        shutil.copytree(template, directory)


def key(mysqld):
    said = subprocess.run([mysqld, "--no-defaults", "--version"], capture_output=True, text=True,
                          check=True).stdout
    version = re.search(r"Ver (\S+)", said).group(1)
    sources = b"".join((HERE / name).read_bytes() for name in ("template.py", "certificates.py"))
    return f"{version}-{hashlib.sha256(sources).hexdigest()[:8]}"


def make(mysqld, directory):
    from certificates import write

    directory.mkdir()
    write(directory)
    passwords = {name: secrets.token_hex(16) for name in ("root", "replication")}
    (directory / "passwords").mkdir(mode=0o700)
    for name, password in passwords.items():
        (directory / "passwords" / name).write_text(password)
    start = directory / "passwords" / "start.sql"
    # One statement in a line, as an init file wants them.
    start.write_text(
        "RENAME USER root@localhost TO root@'127.0.0.1';\n"
        f"ALTER USER root@'127.0.0.1' IDENTIFIED BY '{passwords['root']}';\n"
        f"CREATE USER replication@'127.0.0.1' IDENTIFIED BY '{passwords['replication']}';\n"
        "GRANT REPLICATION SLAVE ON *.* TO replication@'127.0.0.1';\n")
    done = subprocess.run([mysqld, *OPTIONS, "--initialize-insecure", f"--init-file={start}",
                           f"--datadir={directory / 'data'}"], capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"mysqld --initialize: {done.stderr[-2000:]}")
    start.unlink()
    # Else every copy would have the same server UUID, and no two of them could replicate.
    (directory / "data" / "auto.cnf").unlink(missing_ok=True)
    # Keys and certificates mysqld makes for itself: those that count are ours.
    for pem in (directory / "data").glob("*.pem"):
        pem.unlink()
