"""Writes simulated recordings: real WAV files with tones for voices."""

from __future__ import annotations

import math
import struct
import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from callwright.integrations.pbx.media import RATE_HZ
from callwright.integrations.pbx.simulator.legs import SimulatedLeg, Sound, Take

HEADER_BYTES = 44
AMPLITUDE = 8000
MUSIC_HZ = 330.0

Samples = NDArray[np.int16]


def tone(hz: float | None, start_s: float, count: int, rate: int = RATE_HZ) -> Samples:
    """`count` samples of a tone as it sounds from `start_s` on; silence without `hz`."""
    if hz is None:
        return np.zeros(count, dtype=np.int16)
    at = start_s + np.arange(count) / rate
    wave_form: Samples = (AMPLITUDE * np.sin(2 * math.pi * hz * at)).astype(np.int16)
    return wave_form


def write_take(leg: SimulatedLeg, take: Take, end: float, longest_sound_s: float) -> None:
    """Both files of a recording, from its start to `end` on one time line."""
    sounding = min(end - take.start, longest_sound_s)
    count = round(sounding * RATE_HZ)
    said = tone(leg.voice_hz, 0.0, count)
    heard = np.zeros(count, dtype=np.int16)
    for sound in leg.heard:
        _lay(heard, sound, take.start, end)
    for start, stop in take.muted:
        first, last = _span(start, stop, take.start, end, count)
        said[first:last] = 0
        heard[first:last] = 0
    total = round((end - take.start) * RATE_HZ)
    _write(take.files.customer, said, total)
    _write(take.files.heard, heard, total)


def _lay(heard: Samples, sound: Sound, zero: float, end: float) -> None:
    first, last = _span(sound.start, sound.end, zero, end, len(heard))
    if last <= first:
        return
    if sound.kind == "file":
        played = max(round((zero - sound.start) * RATE_HZ), 0)  # before the recording began
        samples = _file(sound.source)[played : played + last - first]
        heard[first : first + len(samples)] += samples
    else:
        hz = MUSIC_HZ if sound.kind == "music" else sound.voice_hz
        heard[first:last] += tone(hz, 0.0, last - first)


def _span(start: float, stop: float | None, zero: float, end: float, count: int) -> tuple[int, int]:
    first = round((start - zero) * RATE_HZ)
    last = round(((end if stop is None else stop) - zero) * RATE_HZ)
    return max(first, 0), max(min(last, count), 0)


def _file(path: str) -> Samples:
    with wave.open(path, "rb") as sound:
        return np.frombuffer(sound.readframes(sound.getnframes()), dtype="<i2").astype(np.int16)


def _write(path: Path, samples: Samples, total: int) -> None:
    """The sound, then a hole up to the full length."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".tmp")
    with unfinished.open("wb") as file:
        file.write(_header(2 * total))
        file.write(samples.tobytes())
        file.truncate(HEADER_BYTES + 2 * total)
    unfinished.rename(path)


def _header(data_bytes: int) -> bytes:
    """A WAV header: PCM, mono, 16 bit, 8 kHz."""
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", HEADER_BYTES - 8 + data_bytes, b"WAVE"),
        *(b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16),
        *(b"data", data_bytes),
    )
