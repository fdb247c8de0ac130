"""Making a database folder, and its configuration."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from pathlib import Path

from callwright.integrations.postgres.place import Place
from callwright.integrations.postgres.programs import MAJOR, programs_for
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole

ROLE = "callwright"
_NEEDED_MB = 200

_SETTINGS = """\
# Written at every start; settings of your own go in by ALTER SYSTEM.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 60
shared_buffers = 64MB
effective_cache_size = 512MB
work_mem = 8MB
maintenance_work_mem = 64MB
max_wal_size = 512MB
wal_compression = on
jit = off
huge_pages = off
io_method = sync
max_logical_replication_workers = 0
timezone = 'UTC'
# No personal data in the log: neither values nor the rows that an error is about.
log_timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_min_messages = warning
log_error_verbosity = terse
log_min_error_statement = panic
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_checkpoints = off
"""
_FORGETFUL = """\
# For tests: a crash of the machine may lose data.
fsync = off
synchronous_commit = off
full_page_writes = off
"""


def environment() -> dict[str, str]:
    """What the programs get of our environment: nothing personal, no PG… variable."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}


def ensure_cluster(place: Place, *, durable: bool) -> None:
    """Make the data folder at the first start; refuse one that is damaged or of another version.

    Raises CallwrightError("database_damaged" | "database_version" | "disk_full" |
    "database_not_made").
    """
    version = place.data / "PG_VERSION"
    if not place.data.exists():
        _initialise(place, durable=durable)
    elif not version.exists() or not (place.data / "global" / "pg_control").exists():
        raise CallwrightError(
            "database_damaged", folder=str(place.data), remedy="restore a backup into an empty home"
        )
    elif version.read_text().strip() != MAJOR:
        found = version.read_text().strip()
        raise CallwrightError("database_version", found=found, needed=MAJOR)
    elif not place.passfile.exists():
        raise CallwrightError("database_key_missing", file=str(place.passfile))


def write_settings(place: Place, socket: Path, port: int, *, durable: bool) -> None:
    """Write postgresql.conf and pg_hba.conf: local socket only, every user by password."""
    quoted = str(socket).replace("'", "''")
    text = _SETTINGS.format(port=port, socket=quoted) + ("" if durable else _FORGETFUL)
    _write(place, place.data / "postgresql.conf", text)
    _write(place, place.data / "pg_hba.conf", "local all all scram-sha-256\n")


def _write(place: Place, path: Path, text: str) -> None:
    fresh = path.with_name(path.name + ".new")
    fresh.write_text(text, "utf-8")
    place.own(fresh, 0o600)
    fresh.replace(path)


def _initialise(place: Place, *, durable: bool) -> None:
    """Run initdb in a folder beside, then rename: there is a whole database or none."""
    free_mb = shutil.disk_usage(place.root).free // 2**20
    if free_mb < _NEEDED_MB:
        raise CallwrightError(
            "disk_full", folder=str(place.root), free_mb=free_mb, needed_mb=_NEEDED_MB
        )
    fresh = place.root / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    password = secrets.token_hex(24)
    password_file = place.root / "password.new"
    _write(place, password_file, password + "\n")
    try:
        _run_initdb(place, fresh, password_file, durable=durable)
    finally:
        password_file.unlink(missing_ok=True)
    _write_passfile(place.passfile, password)
    fresh.replace(place.data)


def _run_initdb(place: Place, data: Path, password_file: Path, *, durable: bool) -> None:
    argv = [str(programs_for(place.account) / "initdb"), "--pgdata", str(data)]
    argv += ["--username", ROLE, "--pwfile", str(password_file), "--auth", "scram-sha-256"]
    argv += ["--encoding", "UTF8", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    argv += ["--locale", "C", "--lc-ctype", "C.UTF-8", "--no-instructions"]
    argv += [] if durable else ["--no-sync"]
    account = place.account
    done = subprocess.run(
        argv,
        cwd=place.root,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
    )
    if done.returncode:
        shutil.rmtree(data, ignore_errors=True)
        raise CallwrightError("database_not_made", why=done.stderr.strip()[-500:])


def _write_passfile(path: Path, password: str) -> None:
    """The password where libpq looks for it, so that it stands in no URL, log or process list."""
    write_whole(path, f"*:*:*:{ROLE}:{password}\n".encode())
