"""WAV files: reading 16-bit PCM and G.711 into 8 kHz samples, writing either, atomically."""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from callwright.integrations.sipphone.g711 import Law, Pcm, decode, encode
from callwright.kit.errors import CallwrightError

RATE = 8000
PCM_FORMAT, ALAW_FORMAT, ULAW_FORMAT, EXTENSIBLE = 1, 6, 7, 0xFFFE
G711_FORMATS: dict[int, Law] = {ALAW_FORMAT: "alaw", ULAW_FORMAT: "ulaw"}
WANTED = "16-bit PCM at 8000 or 16000 Hz, or G.711 at 8000 Hz, mono"
HALF_BAND_TAPS = 127  # transition 3.5–4.5 kHz, stop band below -60 dB
Codec = Literal["pcm", "ulaw", "alaw"]


@dataclass(frozen=True, slots=True)
class _Format:
    """The `fmt ` chunk: WAVE format number, channels, samples a second, bits a sample."""

    number: int
    channels: int
    rate: int
    bits: int


def read_wav(path: Path) -> Pcm:
    """All of a file as 16-bit mono samples at 8 kHz.

    Raises `CallwrightError("audio_missing" | "audio_format", file=…, why=…)`.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CallwrightError(
            "audio_missing", file=str(path), why=error.strerror or "unreadable"
        ) from error
    if len(data) < 12 or data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise _wrong(path, "not a WAV file")
    chunks = dict(_chunks(data))
    if b"fmt " not in chunks or len(chunks[b"fmt "]) < 16:
        raise _wrong(path, "the WAV header has no format")
    if b"data" not in chunks:
        raise _wrong(path, "the WAV file holds no sound")
    return _samples(path, _format(chunks[b"fmt "]), chunks[b"data"])


def write_wav(path: Path, pcm: Pcm, *, codec: Codec = "pcm") -> None:
    """Write 8 kHz mono samples; the name appears only when the file is whole."""
    body = pcm.astype("<i2").tobytes() if codec == "pcm" else encode(pcm, codec)
    number = {"pcm": PCM_FORMAT, "ulaw": ULAW_FORMAT, "alaw": ALAW_FORMAT}[codec]
    width = 2 if codec == "pcm" else 1
    form = struct.pack("<HHIIHH", number, 1, RATE, RATE * width, width, 8 * width)
    chunks = _chunk(b"fmt ", form if codec == "pcm" else form + b"\0\0")
    if codec != "pcm":
        chunks += _chunk(b"fact", struct.pack("<I", len(pcm)))
    content = b"WAVE" + chunks + _chunk(b"data", body)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    temporary.write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)
    temporary.replace(path)


def halve_rate(pcm: Pcm) -> Pcm:
    """16 kHz to 8 kHz: low-pass below 4 kHz, then every second sample; no shift in time."""
    place = np.arange(HALF_BAND_TAPS) - HALF_BAND_TAPS // 2
    taps = np.sinc(place / 2) * np.blackman(HALF_BAND_TAPS)
    smooth = np.convolve(pcm.astype(np.float64), taps / taps.sum())
    start = HALF_BAND_TAPS // 2
    kept = smooth[start : start + len(pcm) : 2]
    return np.clip(np.rint(kept), -32768, 32767).astype(np.int16)


def _samples(path: Path, form: _Format, body: bytes) -> Pcm:
    if form.channels != 1:
        raise _wrong(path, f"it has {form.channels} channels")
    law = G711_FORMATS.get(form.number)
    if law is not None:
        if form.rate != RATE:
            raise _wrong(path, f"it has {form.rate} Hz")
        return decode(body, law)
    if form.number != PCM_FORMAT or form.bits != 16:
        raise _wrong(path, f"it is WAVE format {form.number} with {form.bits} bits")
    if form.rate not in (RATE, 2 * RATE):
        raise _wrong(path, f"it has {form.rate} Hz")
    pcm = np.frombuffer(body[: len(body) // 2 * 2], dtype="<i2").astype(np.int16)
    return pcm if form.rate == RATE else halve_rate(pcm)


def _format(chunk: bytes) -> _Format:
    number, channels, rate, _, _, bits = struct.unpack("<HHIIHH", chunk[:16])
    if number == EXTENSIBLE and len(chunk) >= 26:
        number = struct.unpack("<H", chunk[24:26])[0]
    return _Format(number, channels, rate, bits)


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Name and body of each RIFF chunk; a chunk that the file cuts short ends with the file."""
    place = 12
    while place + 8 <= len(data):
        size = struct.unpack("<I", data[place + 4 : place + 8])[0]
        yield data[place : place + 4], data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _wrong(path: Path, why: str) -> CallwrightError:
    return CallwrightError("audio_format", file=str(path), why=why, wanted=WANTED)
