"""A second host on this machine: a network namespace with a cable to ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OURS, THEIRS, LENGTH = "10.199.77.1", "10.199.77.2", 30


@dataclass(frozen=True, slots=True)
class SecondHost:
    """Its namespace; our own address on the cable is `OURS`."""

    name: str

    def program(self, command: str, folder: Path) -> str:
        """A launcher that starts a program over there."""
        launcher = folder / "over-there"
        launcher.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {command} "$@"\n')
        launcher.chmod(0o755)
        return str(launcher)


def obstacle() -> str | None:
    """Why no second host can be made here; None when it can."""
    if os.geteuid() != 0:
        return "NOT ROOT: no network namespace can be made"
    return None if shutil.which("ip") else "NO iproute2: no network namespace can be made"


@contextmanager
def second_host() -> Iterator[SecondHost]:
    """Make the host and the cable; both are gone at the end."""
    name = f"callwright-{os.getpid()}"
    ours, theirs = f"cw{os.getpid()}a", f"cw{os.getpid()}b"
    _ip("netns", "add", name)
    try:
        _ip("link", "add", ours, "type", "veth", "peer", "name", theirs, "netns", name)
        _ip("address", "add", f"{OURS}/{LENGTH}", "dev", ours)
        _ip("link", "set", ours, "up")
        _ip("-n", name, "address", "add", f"{THEIRS}/{LENGTH}", "dev", theirs)
        _ip("-n", name, "link", "set", theirs, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        yield SecondHost(name)
    finally:
        _ip("netns", "delete", name)


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
