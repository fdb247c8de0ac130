"""Writes telephone sound as WAV at 8 kHz mono: 16-bit PCM, or G.711 µ-law at half the size."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
from demo.render.line import LINE_RATE, Pcm

PCM_FORMAT, ULAW_FORMAT = 1, 7
ULAW_BIAS, ULAW_CLIP = 0x84, 32635  # ITU-T G.711


def write_pcm(path: Path, pcm: Pcm) -> None:
    """What Asterisk's format_wav plays as it is."""
    _write(path, PCM_FORMAT, 2, pcm.astype("<i2").tobytes())


def write_ulaw(path: Path, pcm: Pcm) -> None:
    """One byte a sample."""
    magnitude = np.minimum(np.abs(pcm.astype(np.int32)), ULAW_CLIP) + ULAW_BIAS
    segment = np.floor(np.log2(magnitude)).astype(np.int32) - 7
    code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F) | np.where(pcm < 0, 0x80, 0)
    _write(path, ULAW_FORMAT, 1, (~code & 0xFF).astype(np.uint8).tobytes())


def read_ulaw(path: Path) -> Pcm:
    """The samples of a file that `write_ulaw` wrote."""
    content = path.read_bytes()
    body = content.index(b"data", 12) + 8
    size = struct.unpack("<I", content[body - 4 : body])[0]
    code = ~np.frombuffer(content[body : body + size], dtype=np.uint8).astype(np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + ULAW_BIAS) << ((code >> 4) & 7)) - ULAW_BIAS
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _write(path: Path, number: int, width: int, body: bytes) -> None:
    form = struct.pack("<HHIIHH", number, 1, LINE_RATE, LINE_RATE * width, width, 8 * width)
    extra = b"" if number == PCM_FORMAT else struct.pack("<H4sII", 0, b"fact", 4, len(body))
    form_chunk = b"fmt " + struct.pack("<I", 16 if number == PCM_FORMAT else 18) + form + extra
    padding = b"\0" * (len(body) % 2)
    content = b"WAVE" + form_chunk + b"data" + struct.pack("<I", len(body)) + body + padding
    partial = path.with_suffix(".partial")
    partial.write_bytes(b"RIFF" + struct.pack("<I", len(content)) + content)
    partial.replace(path)
