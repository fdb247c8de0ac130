"""Puts received packets where they belong in time; what never came is silence."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from callwright.integrations.sipphone.g711 import Law, Pcm, decode
from callwright.integrations.sipphone.rtp import Packet
from callwright.integrations.sipphone.wav import RATE

BELIEVED_S = 0.5  # how far a jump of RTP time may differ from the clock to be taken as true
HALF_RANGE = 1 << 31


@dataclass(slots=True)
class _Stream:
    """Where one RTP source stands: its last packet, and that packet's place in our time."""

    source: int
    sequence: int
    timestamp: int
    place: int  # samples from zero
    arrived: float


class Timeline:
    """Everything heard, from time zero, as 8 kHz samples.

    RTP time is trusted within a stream. When a stream begins, or jumps by more than the clock
    allows (a PBX that splices streams), the packet is placed by its arrival instead.
    """

    def __init__(self) -> None:
        self.packets = 0
        self.splices = 0  # how often RTP time jumped against the clock
        self._stream: _Stream | None = None
        self._pieces: list[tuple[int, bytes, Law]] = []
        self._end = 0
        self._last_sound_end: int | None = None
        self._measured = 0  # pieces already looked at by pause_after_sound

    def add(self, packet: Packet, law: Law, at_s: float) -> None:
        """Take one audio packet that arrived `at_s` seconds after zero."""
        place = self._place(packet, at_s)
        stream = self._stream
        if stream is None or _signed(packet.timestamp - stream.timestamp) > 0 or (
            packet.source != stream.source or place > stream.place
        ):  # fmt: skip
            self._stream = _Stream(packet.source, packet.sequence, packet.timestamp, place, at_s)
        self.packets += 1
        if place >= 0 and packet.payload:
            self._pieces.append((place, packet.payload, law))
            self._end = max(self._end, place + len(packet.payload))

    @property
    def seconds(self) -> float:
        """From zero to the end of the last sound."""
        return self._end / RATE

    def pause_after_sound(self, now_s: float, since_s: float, level: int) -> float:
        """Seconds since sound louder than `level` (mean amplitude) was last heard.

        0 while there was none after `since_s`.
        """
        for place, payload, law in self._pieces[self._measured :]:
            if np.abs(decode(payload, law).astype(np.int32)).mean() > level:
                self._last_sound_end = place + len(payload)
        self._measured = len(self._pieces)
        if self._last_sound_end is None or self._last_sound_end <= since_s * RATE:
            return 0.0
        return max(now_s - self._last_sound_end / RATE, 0.0)

    def samples(self) -> Pcm:
        """Everything so far; gaps are zeros."""
        heard: Pcm = np.zeros(self._end, dtype=np.int16)
        for place, payload, law in self._pieces:
            heard[place : place + len(payload)] = decode(payload, law)
        return heard

    def _place(self, packet: Packet, at_s: float) -> int:
        by_arrival = max(round(at_s * RATE) - len(packet.payload), self._end)
        stream = self._stream
        if stream is None or packet.source != stream.source:
            return by_arrival
        ahead = _signed(packet.timestamp - stream.timestamp)
        in_order = (packet.sequence - stream.sequence) & 0xFFFF == 1
        if in_order and ahead == len(packet.payload):
            return stream.place + ahead
        waited = at_s - stream.arrived
        if abs(ahead / RATE - waited) <= BELIEVED_S:
            return stream.place + ahead
        self.splices += 1
        return by_arrival


def _signed(difference: int) -> int:
    """A difference of 32-bit timestamps, wrapped to the nearest."""
    return (difference + HALF_RANGE) % (1 << 32) - HALF_RANGE
