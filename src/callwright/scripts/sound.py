"""A recording that somebody uploaded becomes what the PBX plays: 8 kHz, mono, 16 bit, levelled."""

from __future__ import annotations

import io
import wave
from dataclasses import dataclass

import av
import numpy as np
from av.error import FFmpegError
from numpy.typing import NDArray

from callwright.kit.errors import CallwrightError, invalid

RATE = 8000
MOST_BYTES = 10 * 1024 * 1024
MOST_S = 120.0
FORMATS = frozenset({"wav", "mp3", "mov", "mp4", "m4a", "ogg"})
FRAME = RATE // 50  # 20 ms
LOUDNESS = 10 ** (-20 / 20)  # of the frames in which somebody speaks, of full scale
FLOOR = 10 ** (-50 / 20)  # quieter frames are pauses
PEAK = 10 ** (-1 / 20)
MOST_GAIN = 10.0  # 20 dB: more would bring up the noise of the room

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Clip:
    """A WAV file for the PBX and how long it sounds."""

    wav: bytes
    seconds: float


def convert(content: bytes) -> Clip:
    """Check and convert a WAV, MP3, M4A or OGG file; `invalid` names what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise invalid("file", f"larger than {MOST_BYTES >> 20} MB")
    if not content:
        raise invalid("file", "empty")
    try:
        samples = _decode(content)
    except FFmpegError as error:
        raise invalid("file", f"cannot be read as sound: {error.strerror}") from error
    return clip_of(samples)


def clip_of(samples: Samples) -> Clip:
    """Level samples between -1 and 1 and put them into a file."""
    levelled = level(samples)
    return Clip(_wav(levelled), round(len(levelled) / RATE, 3))


def _decode(content: bytes) -> Samples:
    """The first sound in the file; nothing after the longest length is looked at."""
    with av.open(io.BytesIO(content), mode="r") as container:
        if FORMATS.isdisjoint(container.format.name.split(",")):
            raise invalid("file", f"{container.format.name} is none of WAV, MP3, M4A, OGG")
        if not container.streams.audio:
            raise invalid("file", "no sound in it")
        resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        kept, count = list[Samples](), 0
        for frame in container.decode(audio=0):
            parts = [part.to_ndarray()[0] for part in resampler.resample(frame)]
            kept += parts
            count += sum(map(len, parts))
            if count > MOST_S * RATE:
                raise invalid("file", f"longer than {MOST_S:.0f} seconds")
        kept += [part.to_ndarray()[0] for part in resampler.resample(None)]
    return np.concatenate(kept).astype(np.float32) if kept else np.zeros(0, np.float32)


def level(samples: Samples) -> Samples:
    """As loud as all other replies, without clipping; silence is refused."""
    whole = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    loud = np.sqrt((whole.astype(np.float64) ** 2).mean(axis=1)) if len(whole) else np.zeros(0)
    spoken = loud[loud > FLOOR]
    if not len(spoken):
        raise invalid("file", "nothing but silence")
    gain = min(LOUDNESS / float(np.sqrt((spoken**2).mean())), MOST_GAIN)
    raised = samples * np.float32(gain)
    highest = float(np.abs(raised).max())
    return raised * np.float32(PEAK / highest) if highest > PEAK else raised


def _wav(samples: Samples) -> bytes:
    held = io.BytesIO()
    with wave.open(held, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((samples * 32767).round().astype("<i2").tobytes())
    return held.getvalue()


def seconds_of(wav: bytes) -> float:
    """How long a file of ours sounds."""
    try:
        with wave.open(io.BytesIO(wav), "rb") as file:
            return file.getnframes() / file.getframerate()
    except (wave.Error, EOFError) as error:
        raise CallwrightError("invalid", field="file", why=str(error)) from error
