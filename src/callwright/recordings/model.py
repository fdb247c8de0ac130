"""Sound as arrays: stitching two lanes, silencing windows, peaks for a picture. Pure."""

from __future__ import annotations

import io
import wave
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from callwright.kit.errors import CallwrightError

RATE = 8000  # Hz, what the PBX records
CUSTOMER, AGENT = 0, 1  # left, right
FADE_S = 0.01

Pcm = npt.NDArray[np.int16]
Window = tuple[float, float]  # seconds


def read_lane(file: Path) -> Pcm:
    """A mono 16-bit 8 kHz WAV of the PBX. A header that was never finished is read past."""
    raw = file.read_bytes()
    at = raw.find(b"data")
    if raw[:4] != b"RIFF" or at < 0:
        raise CallwrightError("damaged_file", file=file.name)
    body = raw[at + 8 :]
    return np.frombuffer(body[: len(body) // 2 * 2], "<i2")


def stitch(customer: Pcm, heard: Pcm) -> Pcm:
    """Two lanes as one array of shape (samples, 2); the shorter one ends in silence."""
    stereo = np.zeros((max(len(customer), len(heard)), 2), np.int16)
    stereo[: len(customer), CUSTOMER] = customer
    stereo[: len(heard), AGENT] = heard
    return stereo


def silence(stereo: Pcm, lane: int, windows: Sequence[Window]) -> Pcm:
    """A copy with the windows of one lane silent, edges faded; the length stays."""
    gain = np.ones(len(stereo), np.float32)
    for start, end in windows:
        first, last = max(int(start * RATE), 0), min(int(np.ceil(end * RATE)), len(stereo))
        gain[first:last] = 0
    fade = int(FADE_S * RATE)
    smooth = np.convolve(gain, np.ones(fade) / fade, "same")
    masked = stereo.copy()
    masked[:, lane] = (stereo[:, lane] * np.minimum(gain, smooth)).astype(np.int16)
    return masked


def to_wav(stereo: Pcm) -> bytes:
    """A 16-bit WAV file in memory."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(stereo.tobytes())
    return out.getvalue()


def from_wav(data: bytes) -> Pcm:
    """The array of a stereo WAV of ours."""
    with wave.open(io.BytesIO(data)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)


def peaks(stereo: Pcm, per_second: int = 20) -> dict[str, list[int]]:
    """The loudest sample (0…100) of each slice, per lane: a picture of the call."""
    step = RATE // per_second
    slices = len(stereo) // step
    cut = np.abs(stereo[: slices * step].astype(np.int32)).reshape(slices, step, 2).max(axis=1)
    scaled = (cut * 100 // 32768).astype(int)
    return {"customer": scaled[:, CUSTOMER].tolist(), "agent": scaled[:, AGENT].tolist()}
