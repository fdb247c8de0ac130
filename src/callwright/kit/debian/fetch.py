"""Fetches packages by name: mirror, signature, hashes, unpacking, and one rename at the end."""

from __future__ import annotations

import errno
import fcntl
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from callwright.kit.clock import Clock, SystemClock
from callwright.kit.debian.download import download
from callwright.kit.debian.index import Package, Suite, check_hash, read_suite
from callwright.kit.debian.signature import verified_text
from callwright.kit.debian.sources import find_mirrors
from callwright.kit.debian.stamp import read_stamp, write_stamp
from callwright.kit.debian.unpack import unpack
from callwright.kit.errors import CallwrightError

__all__ = ["DEFAULT_SUITES", "Source", "fetch_packages", "read_stamp"]

DEFAULT_SUITES = ("forky", "sid")
_KEEP = ("usr/",)
_MACHINES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_AT_ONCE = 4


@dataclass(frozen=True, slots=True)
class Source:
    """Where packages come from and how they are checked; tests put their own in.

    `mirror` = base address of a Debian archive; empty = those that apt's sources name.
    """

    mirror: str = ""
    fetch: Callable[[str], bytes] = download
    verify: Callable[[bytes], str] = verified_text
    clock: Clock = field(default_factory=SystemClock)
    say: Callable[[str], None] = print

    def mirrors(self) -> list[str]:
        """Base addresses to try, in order."""
        return [self.mirror.rstrip("/")] if self.mirror else find_mirrors()


def fetch_packages(
    names: Sequence[str],
    dest: Path,
    suites: Sequence[str] = DEFAULT_SUITES,
    keep: Sequence[str] = _KEEP,
    source: Source | None = None,
) -> dict[str, str]:
    """Make `dest` a tree of exactly these packages; returns their versions by name.

    Only files below the prefixes `keep` (as `usr/lib/`) are written. A whole tree is found again
    without network. Dependencies are not followed. Raises CallwrightError: "no_mirror",
    "no_verifier", "bad_signature", "download_failed", "package_missing", "wrong_hash",
    "wrong_package", "unsafe_package", "disk_full", "unsupported_machine"; then nothing is left.
    """
    dest.parent.mkdir(parents=True, exist_ok=True)
    with _alone(dest):
        stamp = read_stamp(dest)
        if stamp is not None and stamp.answers(names, keep):
            return dict(stamp.versions)
        origin = source or Source()
        suite = _find_suite(names, suites, origin)
        _build(suite, dest, keep, origin)
        return {name: package.version for name, package in sorted(suite.packages.items())}


def debian_machine() -> str:
    """Debian's name of this machine's architecture."""
    machine = platform.machine().lower()
    if machine not in _MACHINES:
        raise CallwrightError("unsupported_machine", machine=machine, known=sorted(_MACHINES))
    return _MACHINES[machine]


def _find_suite(names: Sequence[str], suites: Sequence[str], source: Source) -> Suite:
    """The first suite on the first mirror that has all of them; else the last thing that failed."""
    machine, fault = debian_machine(), CallwrightError("no_mirror", where="")
    for mirror in source.mirrors():
        for name in suites:
            try:
                suite = read_suite(
                    mirror,
                    name,
                    names,
                    machine=machine,
                    fetch=source.fetch,
                    verify=source.verify,
                    now=source.clock.now(),
                )
            except CallwrightError as error:
                if error.code not in ("download_failed", "package_missing"):
                    raise
                fault = error
                continue
            if suite.expired_at is not None:
                source.say(f"{mirror} {name}: signed, but stale since {suite.expired_at:%Y-%m-%d}")
            return suite
    raise fault


def _build(suite: Suite, dest: Path, keep: Sequence[str], source: Source) -> None:
    """Download, check and unpack beside `dest`, then put it there."""
    fresh, old = dest.with_name(dest.name + ".tmp"), dest.with_name(dest.name + ".old")
    _remove(fresh)
    _check_room(suite, dest.parent)
    source.say(f"{len(suite.packages)} packages of {suite.name} from {suite.mirror}")
    try:
        fresh.mkdir()
        for package, deb in _downloads(suite, source):
            unpack(package.name, deb, fresh, keep)
        versions = {name: package.version for name, package in suite.packages.items()}
        _open_folders(fresh)
        write_stamp(fresh, suite.name, keep, versions)
        _remove(old)
        if dest.exists():
            dest.rename(old)
        fresh.rename(dest)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise CallwrightError("disk_full", path=str(dest)) from error
        raise
    finally:
        _remove(fresh)
        _remove(old)


def _open_folders(tree: Path) -> None:
    """Whoever runs what is in it may read it, whatever our umask was."""
    for folder, _, _ in os.walk(tree):
        Path(folder).chmod(0o755)


def _remove(path: Path) -> None:
    """Delete a tree, or a link to one."""
    if path.is_symlink():
        path.unlink()
    else:
        shutil.rmtree(path, ignore_errors=True)


def _downloads(suite: Suite, source: Source) -> Iterator[tuple[Package, bytes]]:
    """Each package with its checked content, a few at a time."""

    def get(package: Package) -> bytes:
        content = source.fetch(f"{suite.mirror}/{package.path}")
        check_hash(package.name, content, package.sha256)
        return content

    packages = list(suite.packages.values())
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            yield from zip(packages, pool.map(get, packages), strict=True)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _check_room(suite: Suite, folder: Path) -> None:
    """Refuse before the first byte where the packages cannot fit."""
    needed = sum(package.installed_size for package in suite.packages.values())
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise CallwrightError("disk_full", path=str(folder), needed=needed, free=free)


@contextmanager
def _alone(dest: Path) -> Iterator[None]:
    """One fetcher per tree: a second one waits and then finds the work done."""
    with dest.with_name(f".{dest.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
