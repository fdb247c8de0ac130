"""Keeps the PBX's log files small: Asterisk itself lets them grow for ever."""

from __future__ import annotations

from pathlib import Path

LARGEST_BYTES = 10 * 2**20
KEPT = 4  # older files of each log, `messages.log.0` being the youngest


def too_large(folder: Path) -> bool:
    """Whether it is time to turn the page."""
    return any(file.stat().st_size > LARGEST_BYTES for file in folder.glob("*.log"))


def prune(folder: Path) -> None:
    """Delete what is older than the files that are kept."""
    for file in folder.glob("*.log.*"):
        number = file.suffix.removeprefix(".")
        if number.isdigit() and int(number) >= KEPT:
            file.unlink(missing_ok=True)
