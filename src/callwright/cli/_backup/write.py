"""Writing a backup: database and files as of one moment."""

from __future__ import annotations

import tempfile
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from callwright.cli._backup.contents import DUMP, files_of, fingerprint, key_file
from callwright.integrations.postgres.dump import dump
from callwright.kit.archive import Manifest, archive_to
from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.files import write_whole
from callwright.migrations.run import current


def target_file(target: Path, now: datetime) -> Path:
    """The file to write: in a folder it is named by the moment."""
    if target.is_dir():
        return target / f"callwright-{now:%Y%m%d-%H%M%S}.tar"
    if not target.parent.is_dir():
        raise invalid("target", f"there is no folder {target.parent}")
    return target


def write_backup(home: Path, url: str, target: Path, now: datetime) -> Manifest:
    """The database first: every recording that it knows was saved before. Raises what tools say."""
    try:
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".callwright-backup-") as folder:
            dumped = Path(folder) / DUMP
            rows = dump(url, dumped)
            with archive_to(target) as archive:
                archive.add(DUMP, dumped)
                for name, file in files_of(home):
                    archive.add(name, file)
                return archive.finish(_about(home, url, rows, now))
    except OSError as error:
        raise CallwrightError("not_written", file=str(target), why=str(error)) from error


def write_key(home: Path, target: Path) -> None:
    """Copy the key of the recordings, private. Without it a backup's recordings stay silent."""
    if not key_file(home).exists():
        raise CallwrightError("not_found", file=str(key_file(home)), why="nothing is encrypted yet")
    if target.exists():
        raise CallwrightError("already_exists", file=str(target))
    write_whole(target, key_file(home).read_bytes())


def _about(home: Path, url: str, rows: dict[str, int], now: datetime) -> dict[str, object]:
    key = key_file(home)
    return {
        "made_at": now.isoformat(),
        "version": _version(),
        "schema": current(url),
        "rows": rows,
        "key": fingerprint(key.read_bytes()) if key.exists() else "",
    }


def _version() -> str:
    try:
        return version("callwright")
    except PackageNotFoundError:
        return "checkout"
