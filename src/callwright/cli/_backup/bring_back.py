"""Checking a backup, and bringing it back: everything beside the old data, then a swap."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from callwright.cli._backup.contents import (
    DUMP,
    FILES,
    FOLDERS,
    PASSING,
    SINGLE,
    fingerprint,
    key_file,
)
from callwright.integrations.postgres.dump import (
    count_rows,
    database_name,
    replace_database,
    restore,
    scratch_database,
)
from callwright.kit.archive import Manifest, read_manifest, read_parts
from callwright.kit.errors import CallwrightError
from callwright.kit.files import write_whole
from callwright.kit.process import PidFile


def verify(archive: Path, url: str, folder: Path) -> Manifest:
    """Check every hash, load the dump into a scratch database, compare all counts of rows."""
    with _loaded(archive, url, folder) as (manifest, _, _):
        return manifest


def bring_back(archive: Path, home: Path, url: str, *, force: bool) -> Manifest:
    """Replace database and files by the backup's. Raises "not_empty" where data would be lost."""
    if PidFile(home / "platform.pid").read() is not None:
        raise CallwrightError("wrong_state", what="platform", why="it runs; end it first")
    if not force:
        _refuse_when_used(home, url)
    with _loaded(archive, url, home) as (manifest, unpacked, fresh):
        replace_database(url, fresh)
        _replace_files(unpacked / FILES, home)
    return manifest


def read_key(source: Path, manifest: Manifest) -> bytes:
    """The key that --keys-to wrote; the key of another home is refused."""
    if not source.is_file():
        raise CallwrightError("not_found", file=str(source))
    key = source.read_bytes()
    if manifest.about.get("key") != fingerprint(key):
        raise CallwrightError("invalid", field=str(source), why="is not the key of this backup")
    return key


def bring_key_back(home: Path, key: bytes) -> None:
    """Put the recordings' key in place."""
    key_file(home).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(key_file(home), key)


def key_is_there(home: Path, manifest: Manifest) -> bool:
    """Whether the home can read the backup's recordings."""
    told, key = manifest.about.get("key"), key_file(home)
    return not told or (key.exists() and fingerprint(key.read_bytes()) == told)


@contextmanager
def _loaded(archive: Path, url: str, beside: Path) -> Iterator[tuple[Manifest, Path, str]]:
    """The archive unpacked below `beside`, its dump in a scratch database, both checked."""
    manifest = read_manifest(archive)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".callwright-restore-") as folder:
        unpacked = Path(folder)
        read_parts(archive, manifest, unpacked)
        fresh = f"{database_name(url)}_restored"
        with scratch_database(url, fresh) as scratch:
            found, told = restore(scratch, unpacked / DUMP), manifest.about["rows"]
            if found != told:
                wrong = sorted(name for name, rows in told.items() if found.get(name) != rows)
                raise CallwrightError("damaged_file", file=archive.name, part=DUMP, tables=wrong)
            yield manifest, unpacked, fresh


def _refuse_when_used(home: Path, url: str) -> None:
    used = [name for name in FOLDERS if any((home / name).glob("*/*"))]
    try:
        with psycopg.connect(url) as connection:
            if any(count_rows(connection).values()):
                used.append(f"database {database_name(url)}")
    except psycopg.OperationalError as error:
        if "does not exist" not in str(error):
            raise CallwrightError("database_unreachable", why=str(error).strip()) from error
    if used:
        raise CallwrightError("not_empty", holds=used, remedy="--force replaces it")


def _replace_files(source: Path, home: Path) -> None:
    """Folder by folder, by renames; what only the old home had in them goes."""
    for name in FOLDERS:
        fresh, place, old = source / name, home / name, home / f".{name}.old"
        shutil.rmtree(old, ignore_errors=True)
        if place.exists():
            place.rename(old)
        if fresh.exists():
            fresh.rename(place)
        if (old / PASSING).exists():  # a PBX that goes on running writes there
            place.mkdir(exist_ok=True)
            (old / PASSING).rename(place / PASSING)
        shutil.rmtree(old, ignore_errors=True)
    for name in SINGLE:
        if (source / name).exists():
            (home / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            (source / name).replace(home / name)
