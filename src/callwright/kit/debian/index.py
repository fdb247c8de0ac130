"""A suite's signed index: which version, where, of what size and hash each package is."""

from __future__ import annotations

import hashlib
import lzma
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath

from callwright.kit.errors import CallwrightError

_INDEX = "main/binary-{machine}/Packages.xz"


@dataclass(frozen=True, slots=True)
class Package:
    """One package as the index names it. Sizes in bytes; `path` below the mirror's address."""

    name: str
    version: str
    path: str
    size: int
    installed_size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Suite:
    """One suite of one mirror, its signature checked. `expired_at` = the date it went stale."""

    mirror: str
    name: str
    packages: dict[str, Package]
    expired_at: datetime | None


def read_suite(
    mirror: str,
    suite: str,
    names: Sequence[str],
    *,
    machine: str,
    fetch: Callable[[str], bytes],
    verify: Callable[[bytes], str],
    now: datetime,
) -> Suite:
    """Read what the suite says of the packages `names`.

    Raises CallwrightError: "download_failed", "bad_signature", "wrong_hash",
    "package_missing" (suite, packages).
    """
    release = verify(fetch(f"{mirror}/dists/{suite}/InRelease"))
    wanted = _INDEX.format(machine=machine)
    entry = re.search(rf"^ ([0-9a-f]{{64}}) +\d+ {re.escape(wanted)}$", release, re.MULTILINE)
    if entry is None:
        raise CallwrightError("package_missing", suite=suite, packages=[wanted])
    folder = PurePosixPath(wanted).parent
    packed = fetch(f"{mirror}/dists/{suite}/{folder}/by-hash/SHA256/{entry[1]}")
    check_hash("Packages.xz", packed, entry[1])
    packages = _packages(lzma.decompress(packed).decode("utf-8"), frozenset(names))
    if missing := sorted(set(names) - set(packages)):
        raise CallwrightError("package_missing", suite=suite, packages=missing)
    return Suite(mirror, suite, packages, _expired(release, now))


def check_hash(package: str, content: bytes, sha256: str) -> None:
    """Refuse content other than the signed one: CallwrightError("wrong_hash", package, …)."""
    got = hashlib.sha256(content).hexdigest()
    if got != sha256:
        raise CallwrightError("wrong_hash", package=package, expected=sha256, got=got)


def _expired(release: str, now: datetime) -> datetime | None:
    """When the index went stale; None while it is fresh or has no such date."""
    stated = re.search(r"^Valid-Until: (.+)$", release, re.MULTILINE)
    if stated is None:
        return None
    until = parsedate_to_datetime(stated[1].replace("UTC", "+0000"))
    return until if until < now else None


def _packages(text: str, names: frozenset[str]) -> dict[str, Package]:
    """The wanted ones of all the stanzas."""
    found: dict[str, Package] = {}
    for stanza in text.split("\n\n"):
        name = stanza[len("Package: ") : stanza.find("\n")]
        if name in names:
            found[name] = _package(name, stanza)
    return found


def _package(name: str, stanza: str) -> Package:
    fields = dict(line.split(": ", 1) for line in stanza.splitlines() if re.match(r"\S+: ", line))
    return Package(
        name=name,
        version=fields["Version"],
        path=fields["Filename"],
        size=int(fields["Size"]),
        installed_size=int(fields.get("Installed-Size", "0")) * 1024,
        sha256=fields["SHA256"],
    )
