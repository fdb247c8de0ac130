"""Makes studio speech into telephone speech: cut, band-limit, level, 8 kHz."""

from __future__ import annotations

import numpy as np
from demo.render.voice import RATE, Sound
from numpy.typing import NDArray
from scipy import signal

LINE_RATE = 8_000
BAND_HZ = (300, 3400)  # ITU-T G.712
PEAK = 0.5  # -6 dBFS
SPEECH_RMS = 0.09  # about -21 dBFS while somebody talks
QUIET = 0.01  # of the loudest 20 ms frame's level: below it nobody talks
MARGIN_S, FADE_S = 0.06, 0.02

Pcm = NDArray[np.int16]


def telephone(sound: Sound) -> Pcm:
    """16-bit samples at 8 kHz, trimmed of silence, levelled, faded at both ends."""
    band = signal.butter(6, BAND_HZ, btype="bandpass", fs=RATE, output="sos")
    narrow = signal.sosfiltfilt(band, np.concatenate([sound, np.zeros(RATE // 4)]))
    small = signal.resample_poly(narrow, LINE_RATE, RATE)
    return (_faded(_levelled(_trimmed(small))) * 32767).astype(np.int16)


def silence(seconds: float) -> Pcm:
    """Nothing, at 8 kHz."""
    return np.zeros(round(seconds * LINE_RATE), dtype=np.int16)


def _frame_levels(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    frame = LINE_RATE // 50
    whole = samples[: len(samples) // frame * frame].reshape(-1, frame)
    return np.asarray(np.sqrt((whole**2).mean(axis=1)))


def _trimmed(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    levels = _frame_levels(samples)
    loud = np.flatnonzero(levels > levels.max() * QUIET * 2)
    margin, frame = round(MARGIN_S * LINE_RATE), LINE_RATE // 50
    return samples[max(loud[0] * frame - margin, 0) : (loud[-1] + 1) * frame + margin]


def _levelled(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    levels = _frame_levels(samples)
    speech = np.sqrt((levels[levels > levels.max() * 0.1] ** 2).mean())
    gained = samples * (SPEECH_RMS / speech)
    return np.asarray(gained * min(1.0, PEAK / np.abs(gained).max()))


def _faded(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    ramp = np.linspace(0.0, 1.0, round(FADE_S * LINE_RATE))
    shaped = samples.copy()
    shaped[: len(ramp)] *= ramp
    shaped[-len(ramp) :] *= ramp[::-1]
    return shaped
