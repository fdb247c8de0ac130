"""Sound in: WAV channels read block by block, and other sample rates brought to ours."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from callwright.kit.errors import invalid

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]

SAMPLE_BYTES = 2
FULL_SCALE = 32768.0


class Resampler:
    """Streaming rate change, band-limited (libswresample). Rates in Hz."""

    def __init__(self, rate: int, wanted: int) -> None:
        from av import AudioResampler

        self._rate = rate
        self._inner = AudioResampler(format="s16", layout="mono", rate=wanted)

    def feed(self, samples: Samples) -> Samples:
        """What can be said after these samples; a little stays inside."""
        from av import AudioFrame

        if not samples.size:
            return samples
        frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
        frame.sample_rate = self._rate
        return _joined([part.to_ndarray()[0] for part in self._inner.resample(frame)])

    def flush(self) -> Samples:
        """The little that stayed inside."""
        return _joined([part.to_ndarray()[0] for part in self._inner.resample(None)])


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """One whole stretch at another rate."""
    if rate == wanted or not samples.size:
        return samples
    resampler = Resampler(rate, wanted)
    return _joined([resampler.feed(samples), resampler.flush()])


def to_floats(samples: Samples) -> Floats:
    """-1…1, as models want it."""
    return samples.astype(np.float32) / FULL_SCALE


def wav_rate(path: Path, channel: int) -> int:
    """The file's rate in Hz; says what is wrong when it cannot be heard."""
    with _opened(path) as wav:
        if wav.getsampwidth() != SAMPLE_BYTES:
            raise invalid("wav", f"{8 * wav.getsampwidth()}-bit samples; 16-bit PCM is needed")
        if not 0 <= channel < wav.getnchannels():
            raise invalid("channel", f"{channel}, but the file has {wav.getnchannels()}")
        return wav.getframerate()


def wav_blocks(path: Path, channel: int, seconds: float) -> Iterator[Samples]:
    """One channel, in blocks of so many seconds."""
    with _opened(path) as wav:
        size = max(1, int(wav.getframerate() * seconds))
        while raw := wav.readframes(size):
            whole = np.frombuffer(raw, dtype="<i2")
            channels = wav.getnchannels()
            yield np.ascontiguousarray(
                whole[: whole.size // channels * channels][channel::channels]
            )


def _opened(path: Path) -> wave.Wave_read:
    try:
        return wave.open(str(path), "rb")
    except FileNotFoundError as error:
        raise invalid("wav", f"no such file: {path.name}") from error
    except (wave.Error, EOFError) as error:
        raise invalid("wav", f"{path.name} is not a PCM WAV file: {error}") from error


def _joined(parts: list[Samples]) -> Samples:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)
