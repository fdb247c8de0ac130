"""Telephone speech for one text, kept by hash so that only changed sentences are spoken again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from demo.render import line, weights
from demo.render.spoken_numbers import digits_one_by_one


@dataclass(frozen=True, slots=True)
class Part:
    """Who speaks: a Kokoro voice, its language (zh or en) and its speed (1.0 = usual)."""

    voice: str
    language: str
    speed: float = 1.0


def speak(text: str, part: Part) -> line.Pcm:
    """16-bit samples at 8 kHz."""
    kept = weights.HOME / "spoken" / f"{_key(text, part)}.npy"
    if kept.is_file():
        return np.asarray(np.load(kept), dtype=np.int16)
    from demo.render.voice import say

    pcm = line.telephone(say(text, voice=part.voice, language=part.language, speed=part.speed))
    kept.parent.mkdir(parents=True, exist_ok=True)
    partial = kept.with_suffix(".partial.npy")
    np.save(partial, pcm)
    partial.replace(kept)
    return pcm


def _key(text: str, part: Part) -> str:
    return hashlib.sha256(f"{part}|{digits_one_by_one(text)}".encode()).hexdigest()[:32]
