"""Unpacks the data of a .deb into a private tree: nothing leaves the tree, no devices."""

from __future__ import annotations

import io
import os
import posixpath
import shutil
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from callwright.kit.errors import CallwrightError

_MERGED = ("bin", "sbin", "lib", "lib64")  # stand below usr in today's Debian
_MODE = 0o755


def unpack(package: str, deb: bytes, tree: Path, keep: Sequence[str]) -> None:
    """Write those files of the package whose path starts with one of `keep` (as `usr/lib/`).

    Raises CallwrightError("wrong_package", package, why) and ("unsafe_package", package, path).
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(_data_member(deb)), mode="r:*") as archive:
            for member in archive:
                path = _inside(package, member.name)
                if path.startswith(tuple(keep)):
                    _write(package, archive, member, tree, path)
    except (tarfile.TarError, EOFError, ValueError) as error:
        raise CallwrightError("wrong_package", package=package, why=str(error)) from error


def _data_member(deb: bytes) -> bytes:
    """The data.tar of a .deb, which is an ar archive."""
    if not deb.startswith(b"!<arch>\n"):
        raise ValueError("not a .deb")
    for name, body in _members(deb):
        if name.startswith("data.tar"):
            return body
    raise ValueError("no data in it")


def _members(deb: bytes) -> Iterator[tuple[str, bytes]]:
    """Names and contents of an ar archive; members start at even offsets."""
    at = 8
    while at + 60 <= len(deb):
        name, size = deb[at : at + 16].decode("ascii").strip(), int(deb[at + 48 : at + 58])
        yield name, deb[at + 60 : at + 60 + size]
        at += 60 + size + size % 2


def _inside(package: str, name: str) -> str:
    """A member's path below the tree, with the old top folders put below usr."""
    path = posixpath.normpath(name)
    if path.startswith("/") or path.split("/")[0] == "..":
        raise CallwrightError("unsafe_package", package=package, path=name)
    return f"usr/{path}" if path.split("/")[0] in _MERGED else path


def _write(
    package: str, archive: tarfile.TarFile, member: tarfile.TarInfo, tree: Path, path: str
) -> None:
    target = tree / path
    if not _stays(target.parent, tree):
        raise CallwrightError("unsafe_package", package=package, path=member.name)
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.isreg():
        body = archive.extractfile(member)
        if body is None:
            raise ValueError(f"{path} has no content")
        target.unlink(missing_ok=True)
        with target.open("xb") as file:
            shutil.copyfileobj(body, file)
        target.chmod(member.mode & _MODE | 0o600)
    elif member.issym() or member.islnk():
        _link(package, member, tree, target)
    else:
        raise CallwrightError("unsafe_package", package=package, path=member.name)


def _link(package: str, member: tarfile.TarInfo, tree: Path, target: Path) -> None:
    """A link, always written as a relative one; where it would lead out, the package is refused."""
    if member.islnk():
        goal = tree / _inside(package, member.linkname)
    elif member.linkname.startswith("/"):
        goal = tree / _inside(package, member.linkname.lstrip("/"))
    else:
        goal = target.parent / member.linkname
    if not _stays(goal, tree):
        raise CallwrightError("unsafe_package", package=package, path=member.name)
    target.unlink(missing_ok=True)
    target.symlink_to(os.path.relpath(os.path.normpath(goal), target.parent))


def _stays(path: Path, tree: Path) -> bool:
    """Whether a path, with all links on its way followed, lies in the tree."""
    return Path(os.path.normpath(path)).resolve().is_relative_to(tree.resolve())
