"""RTP packets and telephone events on the wire (RFC 3550, RFC 4733)."""

from __future__ import annotations

import struct
from dataclasses import dataclass

KEYS = "0123456789*#ABCD"  # the place in this text is the RFC 4733 event number
_HEADER = struct.Struct("!BBHII")
_EVENT = struct.Struct("!BBH")
KEY_VOLUME = 10  # dBm0 below zero


@dataclass(frozen=True, slots=True)
class Packet:
    """One RTP packet. `timestamp` counts samples at 8 kHz."""

    payload_type: int
    sequence: int
    timestamp: int
    source: int
    payload: bytes
    marker: bool = False

    def render(self) -> bytes:
        """The bytes for the wire."""
        kind = self.payload_type | (0x80 if self.marker else 0)
        head = _HEADER.pack(
            0x80, kind, self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF, self.source
        )
        return head + self.payload


@dataclass(frozen=True, slots=True)
class KeyEvent:
    """A pressed key: its name, samples held so far, and whether it was let go."""

    key: str
    held: int
    ended: bool

    def render(self) -> bytes:
        """The payload of a telephone-event packet."""
        flags = (0x80 if self.ended else 0) | KEY_VOLUME
        return _EVENT.pack(KEYS.index(self.key), flags, self.held)


def parse_packet(data: bytes) -> Packet | None:
    """Read a datagram; None when it is not RTP version 2."""
    if len(data) < 12 or data[0] >> 6 != 2:
        return None
    first, kind, sequence, timestamp, source = _HEADER.unpack_from(data)
    start = 12 + 4 * (first & 0x0F)
    if first & 0x10:  # an extension: its length stands in its second half
        if len(data) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(data[start + 2 : start + 4], "big")
    end = len(data) - (data[-1] if first & 0x20 else 0)
    if start > end:
        return None
    return Packet(kind & 0x7F, sequence, timestamp, source, data[start:end], bool(kind & 0x80))


def parse_key(payload: bytes) -> KeyEvent | None:
    """Read a telephone event; None when it is no key."""
    if len(payload) < 4:
        return None
    number, flags, held = _EVENT.unpack_from(payload)
    if number >= len(KEYS):
        return None
    return KeyEvent(KEYS[number], held, bool(flags & 0x80))
