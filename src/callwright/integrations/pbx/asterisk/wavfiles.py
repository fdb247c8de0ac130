"""Tells when MixMonitor has finished writing: only its closing puts the length in the header."""

from __future__ import annotations

import struct
from pathlib import Path

from callwright.kit.clock import Clock
from callwright.ports.telephony import RecordingFiles

HEADER = 44
_EMPTY = struct.pack(
    "<4sI4s4sIHHIIHH4sI",
    *(b"RIFF", HEADER - 8, b"WAVE", b"fmt ", 16, 1, 1, 8000, 16_000, 2, 16, b"data", 0),
)
FIRST_LOOK_S, SLOWEST_LOOK_S, PATIENCE_S = 0.005, 0.1, 5.0


def is_final(path: Path) -> bool:
    """Whether the WAV header states the size that the file has."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER)
            size = file.seek(0, 2)
    except FileNotFoundError:
        return False
    if len(head) < HEADER:
        return False
    stated: int = struct.unpack("<I", head[40:HEADER])[0]
    return stated + stated % 2 == size - HEADER  # an odd length is padded


def salvage(path: Path) -> None:
    """Complete the header of a file whose writer died: what reached the disk can be read."""
    with path.open("r+b") as file:
        size = file.seek(0, 2)
        if size < HEADER:  # nothing had been flushed yet
            file.write(b"\0" * (HEADER - size))
            file.seek(0)
            file.write(_EMPTY)
            return
        file.seek(4)
        file.write(struct.pack("<I", size - 8))
        file.seek(40)
        file.write(struct.pack("<I", size - HEADER))


async def all_final(clock: Clock, files: RecordingFiles) -> bool:
    """Wait until both files are final; False when that does not happen in a few seconds."""
    wait, waited = FIRST_LOOK_S, 0.0
    while not (is_final(files.customer) and is_final(files.heard)):
        if waited > PATIENCE_S:
            return False
        await clock.sleep(wait)
        waited, wait = waited + wait, min(wait * 2, SLOWEST_LOOK_S)
    return True
