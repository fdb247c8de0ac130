"""Two hosts inside this machine, joined by a cable: network namespaces of the test's own.

The machine's own network stays as it is: when an address comes or goes there, every browser of
the machine drops what it is loading, and the pages of other tests stay white.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OURS, THEIRS, LENGTH = "10.199.77.1", "10.199.77.2", 30
NETWORK = 0x40000000  # CLONE_NEWNET of <linux/sched.h>


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
    """Make both hosts; what this thread opens and starts meanwhile is on the first one."""
    here, there = f"callwright-{os.getpid()}a", f"callwright-{os.getpid()}b"
    with _host(here), _host(there):
        _ip("-n", here, "link", "add", "cable", "type", "veth", "peer", "cable", "netns", there)
        _plug(here, OURS)
        _plug(there, THEIRS)
        with _standing_on(here):
            yield SecondHost(there)


@contextmanager
def _host(name: str) -> Iterator[None]:
    _ip("netns", "add", name)
    try:
        _ip("-n", name, "link", "set", "lo", "up")
        yield
    finally:
        _ip("netns", "delete", name)


def _plug(host: str, address: str) -> None:
    _ip("-n", host, "address", "add", f"{address}/{LENGTH}", "dev", "cable")
    _ip("-n", host, "link", "set", "cable", "up")


@contextmanager
def _standing_on(host: str) -> Iterator[None]:
    with open("/proc/thread-self/ns/net", "rb") as before, open(f"/run/netns/{host}", "rb") as now:
        _enter(now.fileno())
        try:
            yield
        finally:
            _enter(before.fileno())


def _enter(network: int) -> None:
    """`os.setns` comes with Python 3.12 only."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.setns(network, NETWORK) != 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
