"""G.711 A-law and µ-law by table, both ways, with numpy (ITU-T G.711)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Law = Literal["ulaw", "alaw"]
Pcm = NDArray[np.int16]  # 16-bit samples, mono, 8 kHz unless said otherwise

SILENCE: dict[Law, int] = {"ulaw": 0xFF, "alaw": 0xD5}
PAYLOAD_TYPE: dict[Law, int] = {"ulaw": 0, "alaw": 8}  # RFC 3551
ULAW_BIAS, ULAW_CLIP = 0x84, 32635


def encode(pcm: Pcm, law: Law) -> bytes:
    """One byte a sample."""
    return _ENCODE[law][pcm.astype(np.int16).view(np.uint16)].tobytes()


def decode(payload: bytes, law: Law) -> Pcm:
    """One sample a byte."""
    return _DECODE[law][np.frombuffer(payload, dtype=np.uint8)]


def _ulaw_levels() -> Pcm:
    code = ~np.arange(256) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + ULAW_BIAS) << ((code >> 4) & 7)) - ULAW_BIAS
    levels: Pcm = np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)
    return levels


def _alaw_levels() -> Pcm:
    code = np.arange(256) ^ 0x55
    segment = (code >> 4) & 7
    base = ((code & 0x0F) << 4) + 8 + np.where(segment > 0, 0x100, 0)
    magnitude = base << np.maximum(segment - 1, 0)
    levels: Pcm = np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)
    return levels


def _every_sample() -> NDArray[np.int32]:
    """All 16-bit samples in the order of their unsigned view, so that they index a table."""
    return np.arange(65536, dtype=np.uint16).view(np.int16).astype(np.int32)


def _segment(magnitude: NDArray[np.int32], lowest_bit: int) -> NDArray[np.int32]:
    """How many doublings lie above `lowest_bit`: the segment number 0…7."""
    bits = np.floor(np.log2(np.maximum(magnitude, 1))).astype(np.int32)
    return np.clip(bits - lowest_bit, 0, 7)


def _ulaw_codes() -> NDArray[np.uint8]:
    samples = _every_sample()
    magnitude = np.minimum(np.abs(samples), ULAW_CLIP) + ULAW_BIAS
    segment = _segment(magnitude, 7)
    code = (segment << 4) | ((magnitude >> (segment + 3)) & 0x0F)
    return (~(code | np.where(samples < 0, 0x80, 0)) & 0xFF).astype(np.uint8)


def _alaw_codes() -> NDArray[np.uint8]:
    samples = _every_sample()
    magnitude = np.where(samples < 0, -samples - 1, samples)
    segment = _segment(magnitude, 7)
    mantissa = (magnitude >> np.maximum(segment + 3, 4)) & 0x0F
    code = (segment << 4) | mantissa | np.where(samples < 0, 0, 0x80)
    return ((code ^ 0x55) & 0xFF).astype(np.uint8)


_DECODE: dict[Law, Pcm] = {"ulaw": _ulaw_levels(), "alaw": _alaw_levels()}
_ENCODE: dict[Law, NDArray[np.uint8]] = {"ulaw": _ulaw_codes(), "alaw": _alaw_codes()}
