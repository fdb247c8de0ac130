"""Received packets in time: gaps are silence, late ones find their place, splices do no harm."""

from __future__ import annotations

import numpy as np

from callwright.integrations.sipphone.g711 import encode
from callwright.integrations.sipphone.rtp import Packet
from callwright.integrations.sipphone.timeline import Timeline

LOUD = encode(np.full(160, 8000, dtype=np.int16), "ulaw")


def _packet(number: int, *, base: int = 1000, source: int = 1) -> Packet:
    return Packet(0, number & 0xFFFF, (base + number * 160) & 0xFFFFFFFF, source, LOUD)


def _loud(line: Timeline) -> list[bool]:
    """For each 20 ms whether there was sound."""
    return [bool(part[0]) for part in line.samples().reshape(-1, 160)]


def _feed(line: Timeline, numbers: list[int], **how: int) -> None:
    for number in numbers:
        line.add(_packet(number, **how), "ulaw", (number + 1) * 0.02)


def test_a_lost_packet_is_silence() -> None:
    line = Timeline()
    _feed(line, [0, 1, 3])
    assert _loud(line) == [True, True, False, True]


def test_a_late_packet_finds_its_place() -> None:
    line = Timeline()
    _feed(line, [0, 2])
    line.add(_packet(1), "ulaw", 0.07)
    assert _loud(line) == [True, True, True]


def test_time_wraps_around() -> None:
    line = Timeline()
    _feed(line, list(range(6)), base=2**32 - 320)
    assert _loud(line) == [True] * 6
    assert line.splices == 0


def test_a_stalled_receiver_does_not_stretch_time() -> None:
    line = Timeline()
    for number in range(10):
        line.add(_packet(number), "ulaw", 0.02 if number == 0 else 3.0)
    assert _loud(line) == [True] * 10


def test_a_pause_of_the_sender_is_kept() -> None:
    line = Timeline()
    _feed(line, [0, 1])
    line.add(Packet(0, 2, 1000 + 50 * 160, 1, LOUD), "ulaw", 51 * 0.02)
    assert len(line.samples()) == 51 * 160
    assert line.splices == 0


def test_a_spliced_stream_is_placed_by_its_arrival() -> None:
    line = Timeline()
    _feed(line, [0, 1])
    line.add(Packet(0, 2, 900_000, 1, LOUD), "ulaw", 0.10)
    line.add(Packet(0, 3, 900_160, 1, LOUD), "ulaw", 0.12)
    assert _loud(line) == [True, True, False, False, True, True]
    assert line.splices == 1


def test_another_source_goes_on_where_it_arrives() -> None:
    line = Timeline()
    _feed(line, [0, 1])
    line.add(_packet(700, source=2), "ulaw", 0.06)
    line.add(_packet(701, source=2), "ulaw", 0.08)
    assert _loud(line) == [True] * 4


def test_the_pause_after_sound() -> None:
    line = Timeline()
    assert line.pause_after_sound(5.0, 0.0, 200) == 0.0
    _feed(line, [0, 1])
    assert line.pause_after_sound(1.04, 0.0, 200) == 1.0
    assert line.pause_after_sound(1.04, 0.5, 200) == 0.0
