"""The embedded server: first start, adoption, recovery, refusal of what is damaged."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from callwright.integrations.postgres.place import find_place
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.errors import CallwrightError

PORT = 8714


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A private home; its database is ended and deleted, wherever it was put."""
    folder = tmp_path / "home"
    folder.mkdir(mode=0o700)
    yield folder
    PostgresServer(folder, PORT).stop()
    shutil.rmtree(find_place(folder).root)


@pytest.fixture
def server(home: Path) -> PostgresServer:
    """Of that home; not started."""
    return PostgresServer(home, PORT, durable=False)


def _remember(server: PostgresServer, word: str) -> None:
    with psycopg.connect(server.ensure()) as connection:
        connection.execute("create table if not exists remembered (word text primary key)")
        connection.execute("insert into remembered values (%s)", [word])


def _remembered(server: PostgresServer) -> list[str]:
    with psycopg.connect(server.ensure()) as connection:
        return [row[0] for row in connection.execute("select word from remembered order by word")]


def test_first_start_makes_a_utf8_database_without_tcp(server: PostgresServer) -> None:
    with psycopg.connect(server.ensure_database("callwright")) as connection:
        found = connection.execute(
            "select upper('é') || '话匠', current_setting('listen_addresses'), datctype"
            " from pg_database where datname = current_database()"
        ).fetchone()
    assert found == ("É话匠", "", "C.UTF-8")


def test_second_start_adopts_the_running_server(home: Path, server: PostgresServer) -> None:
    url = server.ensure()
    pid = server.pid()
    assert PostgresServer(home, PORT + 10).ensure() == url
    assert server.pid() == pid


def test_it_outlives_the_process_that_started_it(home: Path, server: PostgresServer) -> None:
    code = (
        "from pathlib import Path\n"
        "from callwright.integrations.postgres.server import PostgresServer\n"
        f"server = PostgresServer(Path({str(home)!r}), {PORT}, durable=False)\n"
        "server.ensure()\n"
        "print(server.pid())\n"
    )
    started = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    server.ensure()
    assert server.pid() == int(started.stdout)


def test_killed_server_comes_back_with_everything_committed(home: Path) -> None:
    server = PostgresServer(home, PORT, durable=True)
    _remember(server, "before")
    first = server.pid()
    assert first is not None
    busy = psycopg.connect(server.ensure())
    busy.execute("insert into remembered values ('uncommitted')")
    os.kill(first, signal.SIGKILL)
    assert _remembered(server) == ["before"]
    busy.close()
    assert server.pid() != first


def test_lock_file_that_names_a_strangers_pid_is_seen_through(server: PostgresServer) -> None:
    _remember(server, "kept")
    lock = find_place(server.home).data / "postmaster.pid"
    lines = lock.read_text().splitlines()
    server.stop()
    lock.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    shutil.chown(lock, find_place(server.home).owner)
    assert _remembered(server) == ["kept"]


def test_stop_keeps_data_and_ends_the_process(server: PostgresServer) -> None:
    _remember(server, "kept")
    server.stop()
    assert server.pid() is None
    assert _remembered(server) == ["kept"]


def test_lost_socket_means_a_new_start(server: PostgresServer) -> None:
    server.ensure()
    first = server.pid()
    for socket in (find_place(server.home).root / "socket").iterdir():
        socket.unlink()
    with psycopg.connect(server.ensure()) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert server.pid() != first


def test_four_at_once_start_one_server(home: Path) -> None:
    servers = [PostgresServer(home, PORT, durable=False) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        urls = set(pool.map(lambda one: one.ensure_database("callwright"), servers))
    assert len(urls) == 1
    assert len({server.pid() for server in servers}) == 1


def test_log_holds_no_values(server: PostgresServer) -> None:
    _remember(server, "13800138000")
    with pytest.raises(psycopg.errors.UniqueViolation):
        _remember(server, "13800138000")
    assert "13800138000" not in find_place(server.home).log.read_text()


class Damage(NamedTuple):
    """What is done to a home, and the error it must give."""

    do: Callable[[Path], object]
    code: str


@pytest.mark.parametrize(
    "damage",
    [
        Damage(lambda data: (data / "PG_VERSION").unlink(), "database_damaged"),
        Damage(lambda data: (data / "PG_VERSION").write_text("16\n"), "database_version"),
        Damage(lambda data: (data / "global" / "pg_control").unlink(), "database_damaged"),
        Damage(
            lambda data: (data / "global" / "pg_control").write_bytes(b"\0" * 8192),
            "database_unreachable",
        ),
    ],
    ids=["no version", "older version", "no control file", "overwritten control file"],
)
def test_damaged_folder_is_refused_in_words(server: PostgresServer, damage: Damage) -> None:
    server.ensure()
    server.stop()
    damage.do(find_place(server.home).data)
    with pytest.raises(CallwrightError) as refusal:
        server.ensure()
    assert refusal.value.code == damage.code


def test_full_disk_is_said_before_anything_is_made(
    server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1, 1, 0))
    with pytest.raises(CallwrightError) as refusal:
        server.ensure()
    assert refusal.value.code == "disk_full"
    assert list(find_place(server.home).root.iterdir()) == []


def test_lost_password_file_is_named(server: PostgresServer) -> None:
    server.ensure()
    server.stop()
    find_place(server.home).passfile.unlink()
    with pytest.raises(CallwrightError, match=r"database\.pgpass"):
        server.ensure()


def test_a_spoiled_note_never_sends_it_elsewhere(home: Path, server: PostgresServer) -> None:
    server.ensure()
    server.stop()
    note = home / "db.path"
    if not note.exists():
        pytest.skip("NOT ROOT: the database lies in the home, there is no note")
    kept = note.read_text()
    note.write_text("")
    with pytest.raises(CallwrightError, match=r"db\.path"):
        server.ensure()
    note.write_text(kept)


def test_a_home_that_was_deleted_and_made_again_starts_afresh(home: Path) -> None:
    server = PostgresServer(home, PORT, durable=False)
    _remember(server, "of the old home")
    server.stop()
    old = find_place(home).root
    shutil.rmtree(home)
    home.mkdir(mode=0o700)
    with psycopg.connect(server.ensure()) as connection:
        assert connection.execute("select to_regclass('remembered')").fetchone() == (None,)
    if old != find_place(home).root:
        shutil.rmtree(old)
