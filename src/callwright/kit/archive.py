"""A tar of named parts with a manifest of their hashes: written whole or not at all, checked."""

from __future__ import annotations

import hashlib
import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, Any

import msgspec

from callwright.kit.errors import CallwrightError, invalid

MANIFEST = "manifest.json"
_CHUNK = 1 << 20


class Part(msgspec.Struct, frozen=True):
    """One file of the archive. `size` in bytes; `sha256` hexadecimal."""

    name: str
    size: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True):
    """The last member. `about` is what the writer wants to know again."""

    format: int
    about: dict[str, Any]
    parts: list[Part]


class Writer:
    """Adds files; the archive exists under its name only after `archive_to` ended well."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self._parts: list[Part] = []

    def add(self, name: str, file: Path) -> None:
        """Add a file under a relative name."""
        info = tarfile.TarInfo(name)
        with file.open("rb") as stream:
            facts = os.fstat(stream.fileno())
            info.size, info.mtime, info.mode = facts.st_size, int(facts.st_mtime), 0o600
            hashing = _Hashing(stream)
            self._tar.addfile(info, hashing)
        self._parts.append(Part(name, info.size, hashing.digest.hexdigest()))

    def finish(self, about: dict[str, Any]) -> Manifest:
        """Write the manifest."""
        manifest = Manifest(1, about, self._parts)
        content = msgspec.json.format(msgspec.json.encode(manifest))
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        return manifest


class _Hashing:
    """A stream that remembers the hash of what was read."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Read on."""
        content = self._stream.read(size)
        self.digest.update(content)
        return content


@contextmanager
def archive_to(target: Path) -> Iterator[Writer]:
    """Write beside `target`, private; rename at the end."""
    fresh = target.with_name(f".{target.name}.new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(tar)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    finally:
        fresh.unlink(missing_ok=True)


def read_manifest(archive: Path) -> Manifest:
    """What the archive says it holds. Raises "invalid" (not an archive of ours) or "not_found"."""
    if not archive.is_file():
        raise CallwrightError("not_found", file=str(archive))
    try:
        with tarfile.open(archive, "r:") as tar:
            stream = tar.extractfile(MANIFEST)
            content = stream.read() if stream else b""
        return msgspec.json.decode(content, type=Manifest)
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise CallwrightError("damaged_file", file=archive.name, part=MANIFEST) from error
    except msgspec.MsgspecError as error:
        raise invalid(archive.name, f"{MANIFEST}: {error}") from error


def read_parts(archive: Path, manifest: Manifest, into: Path | None = None) -> None:
    """Check every part, and write it below `into` if that is given.

    Raises CallwrightError("damaged_file", file, part): its hash is another one, or it is missing.
    """
    wanted = {part.name: part for part in manifest.parts}
    name = ""
    try:
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                name = member.name
                part = wanted.pop(name, None)
                if part is not None:
                    _read_part(tar, member, part, into)
                elif name != MANIFEST:
                    raise CallwrightError("damaged_file", file=archive.name, part=name)
    except (tarfile.TarError, EOFError) as error:
        part_name = next(iter(wanted), name)
        raise CallwrightError("damaged_file", file=archive.name, part=part_name) from error
    for missing in wanted:
        raise CallwrightError("damaged_file", file=archive.name, part=missing)


def _read_part(
    tar: tarfile.TarFile, member: tarfile.TarInfo, part: Part, into: Path | None
) -> None:
    stream = tar.extractfile(member)
    if stream is None:
        raise CallwrightError("damaged_file", part=part.name)
    target = _safe(into, part.name) if into else Path(os.devnull)
    target.parent.mkdir(parents=True, exist_ok=True)
    hashing = _Hashing(stream)
    with target.open("wb") as out:
        while content := hashing.read(_CHUNK):
            out.write(content)
    if hashing.digest.hexdigest() != part.sha256:
        raise CallwrightError("damaged_file", part=part.name)


def _safe(into: Path, name: str) -> Path:
    """No name of an archive ever leads out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts:
        raise CallwrightError("damaged_file", part=name)
    return into / path
