"""A small Debian archive in memory: packages, index, and a fetcher that counts."""

from __future__ import annotations

import hashlib
import io
import lzma
import tarfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callwright.kit.clock import VirtualClock
from callwright.kit.debian import Source
from callwright.kit.debian.fetch import debian_machine
from callwright.kit.errors import CallwrightError

MIRROR = "http://mirror.test/debian"
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def regular(path: str, content: bytes = b"x", mode: int = 0o644) -> tuple[tarfile.TarInfo, bytes]:
    """A file for a package."""
    member = tarfile.TarInfo(path)
    member.size, member.mode = len(content), mode
    return member, content


def link(path: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    """A symbolic or hard link for a package."""
    member = tarfile.TarInfo(path)
    member.type, member.linkname = kind, target
    return member, b""


def deb(members: Sequence[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """A .deb with these members."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:xz") as archive:
        for member, content in members:
            archive.addfile(member, io.BytesIO(content))
    parts = (("debian-binary", b"2.0\n"), ("control.tar.xz", b""), ("data.tar.xz", data.getvalue()))
    packed = b"!<arch>\n"
    for name, body in parts:
        head = f"{name:<16}{0:<12}{0:<6}{0:<6}{100644:<8}{len(body):<10}`\n"
        packed += head.encode() + body + b"\n" * (len(body) % 2)
    return packed


@dataclass
class Archive:
    """What the mirror serves, address by address; `asked` lists every address fetched."""

    served: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def add_suite(
        self, suite: str, packages: Mapping[str, bytes], valid_until: str = "", size: int = 1
    ) -> None:
        """Serve a suite with these packages, each of `size` kB when installed."""
        stanzas = []
        for name, content in packages.items():
            path = f"pool/{suite}/{name}.deb"
            self.served[f"{MIRROR}/{path}"] = content
            stanzas.append(
                f"Package: {name}\nVersion: 1.0-{suite}\nInstalled-Size: {size}\n"
                f"Description: one\n two\nFilename: {path}\nSize: {len(content)}\n"
                f"SHA256: {hashlib.sha256(content).hexdigest()}\n"
            )
        index = lzma.compress("\n".join(stanzas).encode())
        digest, machine = hashlib.sha256(index).hexdigest(), debian_machine()
        folder = f"{MIRROR}/dists/{suite}"
        self.served[f"{folder}/main/binary-{machine}/by-hash/SHA256/{digest}"] = index
        stale = f"Valid-Until: {valid_until}\n" if valid_until else ""
        line = f" {digest} {len(index)} main/binary-{machine}/Packages.xz\n"
        self.served[f"{folder}/InRelease"] = f"Suite: {suite}\n{stale}SHA256:\n{line}".encode()

    def fetch(self, address: str) -> bytes:
        """As `download`, from memory."""
        self.asked.append(address)
        if address not in self.served:
            raise CallwrightError("download_failed", address=address, why="404", status=404)
        return self.served[address]

    def source(self) -> Source:
        """A source that takes every signature for good."""
        return Source(
            mirror=MIRROR,
            fetch=self.fetch,
            verify=lambda signed: signed.decode(),
            clock=VirtualClock(NOW),
            say=self.said.append,
        )
