"""Python, memory, disk and clock of this machine."""

from __future__ import annotations

import platform
import shutil
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import psutil

from callwright.cli._doctor.findings import Finding, Level, checks
from callwright.kit.clock import SystemClock
from callwright.kit.settings import Settings

OLDEST_PYTHON = (3, 11)
LITTLE_MEMORY_MB, LITTLE_DISK_MB, NO_DISK_MB = 500, 2000, 200
EPOCH_OF_THIS_CODE = datetime(2026, 1, 1, tzinfo=UTC)


@checks.register("python")
def check_python(_: Settings) -> Iterator[Finding]:
    """Version and machine."""
    fact = f"Python {platform.python_version()} on {platform.machine()}"
    good = sys.version_info >= OLDEST_PYTHON
    yield Finding("python", "ok" if good else "bad", fact, "" if good else "use Python >= 3.11")


@checks.register("memory")
def check_memory(_: Settings) -> Iterator[Finding]:
    """What is left for speech recognition."""
    free = psutil.virtual_memory().available >> 20
    if free >= LITTLE_MEMORY_MB:
        yield Finding("memory", "ok", f"{free} MB available")
    else:
        yield Finding("memory", "warn", f"only {free} MB available", "end other programs")


@checks.register("disk")
def check_disk(settings: Settings) -> Iterator[Finding]:
    """Room for recordings and the database."""
    place = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(place).free >> 20
    fact = f"{free} MB free at {place}"
    if free >= LITTLE_DISK_MB:
        yield Finding("disk", "ok", fact)
    else:
        level: Level = "bad" if free < NO_DISK_MB else "warn"
        yield Finding("disk", level, fact, "free space, or move the home to a bigger disk")


@checks.register("clock")
def check_clock(_: Settings) -> Iterator[Finding]:
    """A clock that is plainly wrong breaks certificates and due times."""
    now = SystemClock().now()
    fact = f"{now:%Y-%m-%d %H:%M:%S} UTC"
    if now < EPOCH_OF_THIS_CODE:
        yield Finding("clock", "bad", fact, "set the clock: timedatectl set-ntp true")
    elif _is_synchronised() is False:
        yield Finding(
            "clock", "warn", f"{fact}, not synchronised", "run a time service: timedatectl"
        )
    else:
        yield Finding("clock", "ok", fact)


def _is_synchronised() -> bool | None:
    """What systemd's time service says; None where it does not run."""
    folder = Path("/run/systemd/timesync")
    return (folder / "synchronized").exists() if folder.exists() else None
