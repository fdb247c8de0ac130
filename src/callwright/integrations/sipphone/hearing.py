"""Who hears what: is this source in that sound, how strong, how late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.wav import RATE

FRAME = 160  # 20 ms
VOICED_BELOW_PEAK_DB = 35.0
LONGEST_PAUSE_S = 0.3  # a longer one ends an utterance
SHORTEST_S = 0.2
WINDOW_S = 3.0  # longer utterances are cut, so that jitter inside them does no harm
WHITENING_FLOOR = 1e-3  # of the mean power: what lies 30 dB below is coding noise
QUIET_FLOOR = 1e-3  # sound 30 dB below the source does not count as heard
LEVEL_SAMPLES = 160
LEVEL_FLOOR = 0.3  # of the source's own mean level
Spectrum = NDArray[np.complex128]
Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Heard:
    """How much of a source is in a sound.

    `correlation` = normalised cross-correlation at the best lag, 0…1, mean over the source's
    utterances weighted by their energy. `offset_s` = how much later than in the source the
    loudest utterance is heard. `gain` = amplitude heard / amplitude of the source.
    """

    correlation: float
    offset_s: float
    gain: float


NOTHING = Heard(0.0, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Match:
    energy: float
    correlation: float
    offset: int
    gain: float


def correlation(source: Pcm, heard: Pcm, *, window_s: float = WINDOW_S) -> Heard:
    """Look for a source in what was heard, both 16-bit 8 kHz; each utterance at its own lag.

    `window_s` = the longest stretch with one lag: shorter where sound stutters on its way.
    Both are whitened by the source's spectrum and evened out in loudness: two strangers'
    vowels and clicks would otherwise look alike.
    """
    spans = utterances(source, window_s)
    if not spans or len(heard) < FRAME:
        return NOTHING
    longest = max(end - start for start, end in spans)
    size = _power_of_two(max(len(source), len(heard)) + longest)
    whiten = _whitening(source, size)
    floor = LEVEL_FLOOR * float(np.sqrt((_filtered(source, whiten, size) ** 2).mean()))
    even_source = _levelled(_filtered(source, whiten, size), floor)
    even_heard = _levelled(_filtered(heard, whiten, size), floor)
    spectrum = np.fft.rfft(even_heard, size)
    matches = []
    for start, end in spans:
        best, likeness = _best_lag(even_source[start:end], even_heard, spectrum)
        matches.append(_measured(source[start:end], heard, start, best, likeness))
    energy = sum(match.energy for match in matches)
    loudest = max(matches, key=lambda match: match.energy * match.correlation)
    mean = sum(match.energy * match.correlation for match in matches) / energy
    gain = sum(match.energy * match.gain for match in matches) / energy
    return Heard(round(float(mean), 4), round(loudest.offset / RATE, 4), round(float(gain), 4))


def correlation_of_all(turns: Sequence[Pcm], heard: Pcm) -> Heard:
    """Like `correlation`, for a source that was said in several turns with pauses between."""
    pause = np.zeros(round(RATE * LONGEST_PAUSE_S * 2), dtype=np.int16)
    parts = [part for turn in turns for part in (turn, pause)]
    return correlation(np.concatenate(parts), heard) if parts else NOTHING


def tone_level(pcm: Pcm, frequency_hz: float) -> float:
    """Amplitude (0…32767) of one frequency in a sound (Goertzel's sum, written as a product)."""
    if not len(pcm):
        return 0.0
    turn = np.exp(-2j * np.pi * frequency_hz / RATE * np.arange(len(pcm)))
    return float(2 * abs(np.dot(pcm.astype(np.float64), turn)) / len(pcm))


def utterances(source: Pcm, window_s: float = WINDOW_S) -> list[tuple[int, int]]:
    """First and end sample of each stretch of speech, cut at pauses and after `window_s`."""
    spans: list[tuple[int, int]] = []
    for start, end in _voiced_stretches(source):
        pieces = max(round((end - start) / (window_s * RATE)), 1)
        edges = np.linspace(start, end, pieces + 1).astype(int)
        spans += [(int(a), int(b)) for a, b in pairwise(edges)]
    return [span for span in spans if span[1] - span[0] >= SHORTEST_S * RATE]


def _voiced_stretches(source: Pcm) -> list[tuple[int, int]]:
    frames = len(source) // FRAME
    if frames == 0:
        return []
    power = (source[: frames * FRAME].reshape(frames, FRAME).astype(np.float64) ** 2).mean(axis=1)
    if power.max() <= 0:
        return []
    voiced = np.flatnonzero(power > power.max() * 10 ** (-VOICED_BELOW_PEAK_DB / 10))
    breaks = np.flatnonzero(np.diff(voiced) > LONGEST_PAUSE_S * RATE / FRAME)
    groups = np.split(voiced, breaks + 1)
    return [(int(group[0]) * FRAME, (int(group[-1]) + 1) * FRAME) for group in groups]


def _best_lag(piece: Real, sound: Real, spectrum: Spectrum) -> tuple[int, float]:
    """Where in the sound a piece fits best, and its normalised correlation there."""
    size = 2 * (len(spectrum) - 1)
    energy = float((piece**2).sum())
    crossed = np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, size)), size)[: len(sound)]
    running = np.concatenate(([0.0], np.cumsum(sound**2)))
    ends = np.minimum(np.arange(len(sound)) + len(piece), len(sound))
    local = running[ends] - running[: len(sound)]
    normal = np.abs(crossed) / np.sqrt(energy * np.maximum(local, energy * QUIET_FLOOR))
    best = int(np.argmax(normal))
    return best, min(float(normal[best]), 1.0)


def _measured(piece: Pcm, heard: Pcm, start: int, best: int, likeness: float) -> _Match:
    """Energy and gain of one utterance at the place that was found."""
    said = piece.astype(np.float64)
    there = heard[best : best + len(piece)].astype(np.float64)
    energy = float((said**2).sum())
    gain = abs(float(np.dot(said[: len(there)], there))) / energy
    return _Match(energy, likeness, best - start, gain)


def _levelled(sound: Real, floor: float) -> Real:
    """The sound with its loudness over time evened out, so that no click outweighs a sentence."""
    window = np.ones(LEVEL_SAMPLES) / LEVEL_SAMPLES
    level = np.sqrt(np.maximum(np.convolve(sound**2, window, mode="same"), 0))
    return sound / np.maximum(level, floor)


def _whitening(source: Pcm, size: int) -> Real:
    """Gain per frequency that flattens the source's long-time spectrum down to the floor."""
    block = 512
    count = max(len(source) // block, 1)
    padded = np.zeros(count * block)
    padded[: min(len(source), len(padded))] = source[: len(padded)]
    power = (np.abs(np.fft.rfft(padded.reshape(count, block) * np.hanning(block))) ** 2).mean(0)
    coarse = 1 / np.sqrt(power + WHITENING_FLOOR * power.mean())
    places = np.linspace(0, block // 2, size // 2 + 1)
    gains: Real = np.interp(places, np.arange(block // 2 + 1), coarse / coarse.mean())
    return gains


def _filtered(pcm: Pcm, whiten: Real, size: int) -> Real:
    spectrum: Spectrum = np.fft.rfft(pcm.astype(np.float64), size) * whiten
    return np.fft.irfft(spectrum, size)[: len(pcm)]


def _power_of_two(least: int) -> int:
    return 1 << (least - 1).bit_length()
