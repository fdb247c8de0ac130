"""Tells when MixMonitor has finished writing: only its closing puts the length in the header."""

from __future__ import annotations

import struct
from pathlib import Path

from callwright.kit.clock import Clock
from callwright.ports.telephony import RecordingFiles

HEADER = 44
FIRST_LOOK_S, SLOWEST_LOOK_S, PATIENCE_S = 0.005, 0.1, 5.0


def is_final(path: Path) -> bool:
    """Whether the WAV header states the size that the file has."""
    try:
        with path.open("rb") as file:
            head = file.read(HEADER)
            size = file.seek(0, 2)
    except FileNotFoundError:
        return False
    return len(head) == HEADER and struct.unpack("<I", head[40:44])[0] in {size - 44, size - 45}


async def all_final(clock: Clock, files: RecordingFiles) -> bool:
    """Wait until both files are final; False when that does not happen in a few seconds."""
    wait, waited = FIRST_LOOK_S, 0.0
    while not (is_final(files.customer) and is_final(files.heard)):
        if waited > PATIENCE_S:
            return False
        await clock.sleep(wait)
        waited, wait = waited + wait, min(wait * 2, SLOWEST_LOOK_S)
    return True
