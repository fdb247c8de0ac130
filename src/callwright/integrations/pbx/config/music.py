"""Music on hold, composed here: four slow chords with a quiet melody that runs round for ever."""

from __future__ import annotations

import io
import wave

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
BAR_S = 6.0
_LEVEL = 0.32  # of full scale at the loudest
_A4 = 69  # MIDI number of 440 Hz

# MIDI numbers: a pad of four voices, and three single notes above it, one each two seconds
_BARS = (
    ((50, 57, 61, 66), (78, 76, 73)),
    ((47, 54, 57, 62), (74, 73, 69)),
    ((43, 55, 59, 66), (71, 74, 76)),
    ((45, 52, 59, 64), (73, 71, 69)),
)

Samples = NDArray[np.float64]


def compose() -> Samples:
    """24 s in -1…1, whose end runs over into its beginning."""
    bar = int(BAR_S * RATE_HZ)
    tail = int(2.0 * RATE_HZ)
    tune = np.zeros(bar * len(_BARS))
    for number, (chord, melody) in enumerate(_BARS):
        pad = sum((_pad(note, bar + tail) for note in chord), np.zeros(bar + tail))
        _add(tune, 0.5 * pad, number * bar)
        for place, note in enumerate(melody):
            _add(tune, _bell(note, 4 * RATE_HZ), number * bar + place * 2 * RATE_HZ)
    return np.asarray(tune / np.abs(tune).max() * _LEVEL, dtype=np.float64)


def wav_file(samples: Samples) -> bytes:
    """A WAV file, 8 kHz, 16 bit, mono."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return out.getvalue()


def _hertz(note: int) -> float:
    return float(440.0 * 2 ** ((note - _A4) / 12))


def _pad(note: int, length: int) -> Samples:
    """A soft voice: two overtones, slightly beating, slow to come and slow to go."""
    t = np.arange(length) / RATE_HZ
    f = _hertz(note)
    tone = sum(np.sin(2 * np.pi * f * k * (1 + 0.001 * k) * t) / k**2 for k in (1, 2, 3))
    swell = np.minimum(1, t / 1.5) * np.minimum(1, (t[-1] - t) / 2.0)
    return np.asarray(tone * swell * swell, dtype=np.float64)


def _bell(note: int, length: int) -> Samples:
    """A single note that rings off."""
    t = np.arange(length) / RATE_HZ
    f = _hertz(note)
    tone = np.sin(2 * np.pi * f * t) + 0.3 * np.sin(4 * np.pi * f * t)
    return np.asarray(tone * np.minimum(1, t / 0.03) * np.exp(-1.6 * t), dtype=np.float64)


def _add(tune: Samples, part: Samples, start: int) -> None:
    """Mix in, what hangs over the end at the beginning."""
    np.add.at(tune, (start + np.arange(len(part))) % len(tune), part)
