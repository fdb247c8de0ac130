"""What a finished tree holds, so that a second run needs no network to see that it is whole."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

STAMP = ".packages.json"


@dataclass(frozen=True, slots=True)
class Stamp:
    """Package versions got, from which suite, which path prefixes were kept, and a file digest."""

    suite: str
    keep: list[str]
    versions: dict[str, str]
    files: str

    def answers(self, names: Sequence[str], keep: Sequence[str]) -> bool:
        """Whether this is the tree for these packages."""
        return set(self.versions) == set(names) and self.keep == list(keep)


def file_digest(tree: Path) -> str:
    """A hash over all paths and sizes: finds a lost or cut file without reading contents."""
    digest = hashlib.sha256()
    for folder, folders, names in os.walk(tree):
        folders.sort()
        for name in sorted(names):
            path = Path(folder, name)
            if name != STAMP:
                digest.update(f"{path.relative_to(tree)} {path.lstat().st_size}\n".encode())
    return digest.hexdigest()


def write_stamp(tree: Path, suite: str, keep: Sequence[str], versions: dict[str, str]) -> None:
    """The last file to be written into a tree."""
    stamp = Stamp(suite, list(keep), versions, file_digest(tree))
    (tree / STAMP).write_text(json.dumps(asdict(stamp), indent=1, sort_keys=True) + "\n")


def read_stamp(tree: Path) -> Stamp | None:
    """The stamp of a whole tree; None when there is none or a file is missing or cut."""
    try:
        stamp = Stamp(**json.loads((tree / STAMP).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return stamp if stamp.files == file_digest(tree) else None
