"""UUIDv7: ids that sort by time."""

from __future__ import annotations

import os
import time
import uuid


def new_id(at_ms: int | None = None) -> uuid.UUID:
    """A fresh UUIDv7 (RFC 9562): 48 bits of Unix milliseconds, the rest random."""
    stamp = time.time_ns() // 1_000_000 if at_ms is None else at_ms
    tail = int.from_bytes(os.urandom(10), "big")
    value = (stamp & (1 << 48) - 1) << 80 | tail
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return uuid.UUID(int=value)
