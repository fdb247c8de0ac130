"""Backups: whole, private, checked; brought back whole or not at all."""

from __future__ import annotations

import io
import os
import stat
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from callwright.cli._backup.bring_back import bring_back, key_is_there, read_key, verify
from callwright.cli._backup.contents import DUMP, key_file
from callwright.cli._backup.write import target_file, write_backup, write_key
from callwright.integrations.postgres.server import PostgresServer
from callwright.kit.archive import read_manifest
from callwright.kit.crypto import master_key
from callwright.kit.errors import CallwrightError
from callwright.kit.process import PidFile

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOUND = "recordings/2026/03/01/one.wav.enc"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a recording, a call that goes on, settings and a key."""
    folder = tmp_path / "home"
    for name, content in {
        SOUND: b"sound of one",
        "recordings/spool/live.wav": b"half a call",
        "callwright.toml": b"site = 'main'\n",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    master_key(folder)
    return folder


@pytest.fixture
def url(database_url: str) -> str:
    """A database with some rows."""
    with psycopg.connect(database_url) as connection:
        connection.execute("create table remembered (word text)")
        connection.execute("insert into remembered values ('退款'), ('repair')")
    return database_url


@pytest.fixture
def other_url(postgres: PostgresServer) -> Iterator[str]:
    """An empty database to bring a backup back into."""
    yield postgres.ensure_database("other")
    with psycopg.connect(postgres.url("postgres"), autocommit=True) as connection:
        connection.execute("drop database other with (force)")


@pytest.fixture
def archive(home: Path, url: str, tmp_path: Path) -> Path:
    """A backup of both."""
    target = tmp_path / "backup.tar"
    write_backup(home, url, target, NOW)
    return target


def _words(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute("select word from remembered order by 1")]


def _databases(url: str) -> set[str]:
    with psycopg.connect(url) as connection:
        return {row[0] for row in connection.execute("select datname from pg_database")}


def _replaced(archive: Path, name: str, content: bytes) -> None:
    """The same archive with other content under one name."""
    with tarfile.open(archive) as tar:
        members = [(one, tar.extractfile(one)) for one in tar]
        contents = [(one, stream.read() if stream else b"") for one, stream in members]
    with tarfile.open(archive, "w") as tar:
        for member, old in contents:
            kept = content if member.name == name else old
            member.size = len(kept)
            tar.addfile(member, io.BytesIO(kept))


def test_it_holds_database_and_files_but_no_key_and_no_running_call(archive: Path) -> None:
    with tarfile.open(archive) as tar:
        names = tar.getnames()
    assert names == [DUMP, "files/callwright.toml", f"files/{SOUND}", "manifest.json"]
    assert read_manifest(archive).about["rows"]["public.remembered"] == 2
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


def test_verify_says_good_and_leaves_nothing_behind(
    archive: Path, url: str, tmp_path: Path
) -> None:
    before = _databases(url)
    verify(archive, url, tmp_path)
    assert _databases(url) == before
    assert not list(tmp_path.glob(".callwright-restore-*"))


def test_it_comes_back_in_an_empty_home(archive: Path, other_url: str, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.mkdir()
    bring_back(archive, new, other_url, force=False)
    assert _words(other_url) == ["repair", "退款"]
    assert (new / SOUND).read_bytes() == b"sound of one"
    assert (new / "callwright.toml").read_text() == "site = 'main'\n"
    assert {path.name for path in new.iterdir()} == {"recordings", "callwright.toml"}


def test_what_is_there_is_only_replaced_by_force(archive: Path, home: Path, url: str) -> None:
    with psycopg.connect(url) as connection:
        connection.execute("insert into remembered values ('newer')")
    later = home / "recordings/2026/03/02/two.wav.enc"
    later.parent.mkdir(parents=True)
    later.write_bytes(b"sound of two")
    with pytest.raises(CallwrightError) as refusal:
        bring_back(archive, home, url, force=False)
    assert refusal.value.code == "not_empty"
    assert "newer" in _words(url)
    bring_back(archive, home, url, force=True)
    assert "newer" not in _words(url)
    assert not later.exists()
    assert (home / "recordings/spool/live.wav").exists()


@pytest.mark.parametrize("part", [DUMP, f"files/{SOUND}", "files/callwright.toml"])
def test_a_damaged_part_is_named_and_nothing_is_changed(
    archive: Path, home: Path, url: str, part: str
) -> None:
    _replaced(archive, part, b"something else")
    with pytest.raises(CallwrightError) as refusal:
        bring_back(archive, home, url, force=True)
    assert (refusal.value.code, refusal.value.params["part"]) == ("damaged_file", part)
    assert _words(url) == ["repair", "退款"]
    assert (home / SOUND).read_bytes() == b"sound of one"


def test_a_cut_file_is_refused(archive: Path, url: str, tmp_path: Path) -> None:
    os.truncate(archive, archive.stat().st_size // 2)
    with pytest.raises(CallwrightError, match="damaged_file"):
        verify(archive, url, tmp_path)


def test_a_file_that_is_no_backup_is_refused(url: str, tmp_path: Path) -> None:
    wrong = tmp_path / "holiday.jpg"
    wrong.write_bytes(b"\xff\xd8\xff" * 1000)
    with pytest.raises(CallwrightError, match=r"holiday\.jpg"):
        verify(wrong, url, tmp_path)


def test_a_name_that_leads_outside_is_refused(archive: Path, url: str, tmp_path: Path) -> None:
    text = archive.read_bytes().replace(b"files/callwright.toml", b"../../callwright.toml")
    archive.write_bytes(text)
    with pytest.raises(CallwrightError, match="damaged_file"):
        verify(archive, url, tmp_path / "home")


def test_rows_that_do_not_agree_are_told(archive: Path, url: str, tmp_path: Path) -> None:
    with tarfile.open(archive) as tar:
        stream = tar.extractfile("manifest.json")
        manifest = stream.read() if stream else b""
    lied = manifest.replace(b'"public.remembered": 2', b'"public.remembered": 3')
    assert lied != manifest
    _replaced(archive, "manifest.json", lied)
    with pytest.raises(CallwrightError, match=r"public\.remembered"):
        verify(archive, url, tmp_path)


def test_a_running_platform_is_not_replaced(archive: Path, home: Path, url: str) -> None:
    PidFile(home / "platform.pid").write(os.getpid())
    with pytest.raises(CallwrightError, match="end it first"):
        bring_back(archive, home, url, force=True)


def test_nothing_is_left_where_the_database_cannot_be_dumped(home: Path, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "b.tar"
    target.parent.mkdir()
    with suppress(psycopg.OperationalError, CallwrightError):
        write_backup(home, "postgresql:///none?host=/nonexistent", target, NOW)
    assert list(target.parent.iterdir()) == []


def test_the_key_goes_apart_and_only_the_right_one_comes_back(
    archive: Path, home: Path, tmp_path: Path
) -> None:
    kept = tmp_path / "key"
    write_key(home, kept)
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    manifest = read_manifest(archive)
    assert read_key(kept, manifest) == key_file(home).read_bytes()
    assert not key_is_there(tmp_path, manifest)
    kept.write_bytes(b"another key")
    with pytest.raises(CallwrightError, match="not the key"):
        read_key(kept, manifest)


def test_a_folder_gets_a_file_named_by_the_moment(tmp_path: Path) -> None:
    assert target_file(tmp_path, NOW) == tmp_path / "callwright-20260301-120000.tar"
    with pytest.raises(CallwrightError, match="no folder"):
        target_file(tmp_path / "missing" / "b.tar", NOW)
