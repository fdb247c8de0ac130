"""Which files of a home belong into a backup. Keys never do."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

DUMP = "database.dump"
FILES = "files"
FOLDERS = ("recordings", "prompts")  # replaced as a whole when a backup is brought back
SINGLE = ("callwright.toml", "tls/cert.pem")
PASSING = "spool"  # sound of calls that go on right now


def files_of(home: Path) -> Iterator[tuple[str, Path]]:
    """(name in the archive, file) of everything beside the database."""
    for name in SINGLE:
        if (home / name).is_file():
            yield f"{FILES}/{name}", home / name
    for folder in FOLDERS:
        for path in sorted((home / folder).rglob("*")):
            inside = path.relative_to(home)
            if path.is_file() and not path.is_symlink() and PASSING not in inside.parts:
                yield f"{FILES}/{inside.as_posix()}", path


def key_file(home: Path) -> Path:
    """The key of the recordings: kept apart from them."""
    return home / "keys" / "master.key"


def fingerprint(key: bytes) -> str:
    """Tells keys apart without telling anything about them."""
    return hashlib.sha256(b"callwright key " + key).hexdigest()[:16]
