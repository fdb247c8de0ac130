"""Starting, adopting and stopping the embedded PostgreSQL, which outlives the platform."""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg import sql

from callwright.integrations.postgres.cluster import (
    ROLE,
    ensure_cluster,
    environment,
    write_settings,
)
from callwright.integrations.postgres.place import Place, find_place, socket_folder
from callwright.integrations.postgres.programs import programs_for
from callwright.kit.errors import CallwrightError
from callwright.kit.process import command_line, is_alive, spawn_detached

MAINTENANCE_DATABASE = "postgres"
_START_S = 180.0  # replaying the log of a crash may take this long
_STOP_S = 30.0
_DYING_S = 2.0  # from a kill -9 to the end of the process
_POLL_S = 0.02
_LOG_LIMIT = 10 * 2**20
_STILL_IN_USE = "pre-existing shared memory block"
_READY_LINE = 7


@dataclass(frozen=True, slots=True)
class Running:
    """A live server, as its postmaster.pid tells it."""

    pid: int
    port: int
    socket: Path
    ready: bool


class PostgresServer:
    """One embedded server of one home. Every method may be called by several processes at once."""

    def __init__(self, home: Path, port: int, *, durable: bool = True) -> None:
        self.home = home.resolve()
        self._port = port
        self._durable = durable

    def ensure(self) -> str:
        """Start the server, or adopt the one that runs; returns the maintenance database's URL.

        The URL is libpq's (`postgresql://…?host=<socket folder>&port=…&passfile=…`) and holds no
        secret. Raises CallwrightError("database_unreachable", why, log) and those of the cluster.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        with _locked(self.home / "db.lock"):
            place = find_place(self.home)
            running = self._adoptable(place)
            if running is None:
                ensure_cluster(place, durable=self._durable)
                running = self._start(place)
        return _url(place, running, MAINTENANCE_DATABASE)

    def ensure_database(self, name: str, *, template: str = "template1") -> str:
        """Make the database if it is missing (as a copy of `template`); returns its URL."""
        maintenance = self.ensure()
        with (
            _locked(self.home / "db.lock"),
            psycopg.connect(maintenance, autocommit=True) as connection,
        ):
            exists = connection.execute("select 1 from pg_database where datname = %s", [name])
            if exists.fetchone() is None:
                create = sql.SQL("create database {} template {}")
                connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        return self.url(name)

    def url(self, database: str) -> str:
        """The URL of one database of the running server. Raises "database_unreachable"."""
        place = find_place(self.home)
        running = _read_running(place.data)
        if running is None:
            raise CallwrightError("database_unreachable", why="not running", log=str(place.log))
        return _url(place, running, database)

    def pid(self) -> int | None:
        """The running server's process id."""
        running = _read_running(find_place(self.home).data)
        return running.pid if running else None

    def stop(self) -> None:
        """End the server: open transactions are rolled back, everything committed is kept."""
        place = find_place(self.home)
        with _locked(self.home / "db.lock"):
            running = _read_running(place.data)
            if running is not None:
                _stop(running.pid)

    def _adoptable(self, place: Place) -> Running | None:
        """The running server, once it is ready; one whose socket was deleted is ended first."""
        running = _read_running(place.data)
        if running is None:
            return None
        if running.ready and not (running.socket / f".s.PGSQL.{running.port}").exists():
            _stop(running.pid)
            return None
        try:
            running = _until_ready(place, running.pid)
            psycopg.connect(_url(place, running, MAINTENANCE_DATABASE)).close()
        except (CallwrightError, psycopg.OperationalError) as error:
            if _dies(running.pid):
                return None  # killed just now: the next one is started
            if isinstance(error, CallwrightError):
                raise
        return running

    def _start(self, place: Place) -> Running:
        deadline = time.monotonic() + _STOP_S
        while True:
            try:
                return self._start_once(place)
            except CallwrightError as error:
                # After a kill -9 of the server its workers need a moment to notice and leave.
                if _STILL_IN_USE not in str(error) or time.monotonic() > deadline:
                    raise
                time.sleep(_POLL_S)

    def _start_once(self, place: Place) -> Running:
        socket = socket_folder(place)
        write_settings(place, socket, self._port, durable=self._durable)
        _rotate(place.log)
        pid = spawn_detached(
            [str(programs_for(place.account) / "postgres"), "-D", str(place.data)],
            cwd=place.data,
            env=environment() | _dead_predecessor(place.data),
            log=place.log,
            user=place.account,
        )
        return _until_ready(place, pid)


def _dies(pid: int) -> bool:
    """Whether a server that does not answer is gone within a moment."""
    deadline = time.monotonic() + _DYING_S
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return not is_alive(pid)


def _until_ready(place: Place, pid: int) -> Running:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        running = _read_running(place.data)
        if running is not None and running.pid == pid and running.ready:
            return running
        if not is_alive(pid):
            raise CallwrightError("database_unreachable", why=_tail(place.log), log=str(place.log))
        time.sleep(_POLL_S)
    raise CallwrightError("database_unreachable", why="still not ready", log=str(place.log))


def _read_running(data: Path) -> Running | None:
    """What postmaster.pid says, if that process lives and is the server of this folder."""
    try:
        lines = (data / "postmaster.pid").read_text("utf-8").splitlines()
        pid, port, socket = int(lines[0]), int(lines[3]), Path(lines[4])
    except (OSError, ValueError, IndexError):
        return None
    if not is_alive(pid) or str(data) not in command_line(pid):
        return None
    ready = len(lines) > _READY_LINE and lines[_READY_LINE].strip() == "ready"
    return Running(pid, port, socket, ready)


def _dead_predecessor(data: Path) -> dict[str, str]:
    """Tells the server whose pid in its lock file is a dead server's, now reused by a stranger.

    The file itself stays: by it the server finds workers of the dead one that still write.
    """
    lock = data / "postmaster.pid"
    if not lock.exists():
        return {}
    lines = lock.read_text("utf-8").splitlines()
    if not lines:
        lock.unlink()  # a crash while it was written
        return {}
    return {"PG_GRANDPARENT_PID": lines[0].strip()}


def _stop(pid: int) -> None:
    """Fast shutdown; if that takes too long, an immediate one, repaired at the next start."""
    for number in (signal.SIGINT, signal.SIGQUIT):
        os.kill(pid, number)
        deadline = time.monotonic() + _STOP_S
        while time.monotonic() < deadline:
            if not is_alive(pid):
                return
            time.sleep(_POLL_S)
    raise CallwrightError("database_not_stopped", pid=pid)


def _url(place: Place, running: Running, database: str) -> str:
    where = {"host": str(running.socket), "port": running.port, "passfile": str(place.passfile)}
    return f"postgresql://{ROLE}@/{quote(database, safe='')}?{urlencode(where, quote_via=quote)}"


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > _LOG_LIMIT:
        log.replace(log.with_name(log.name + ".1"))


def _tail(log: Path, lines: int = 5) -> str:
    text = log.read_text("utf-8", "replace") if log.exists() else ""
    return " | ".join(text.splitlines()[-lines:])


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """One process at a time; the kernel frees the lock of a dead one."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
