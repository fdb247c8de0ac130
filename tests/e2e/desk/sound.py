"""Speech for the fake microphone and the caller, and what is heard of it."""

from __future__ import annotations

import asyncio
import wave
from pathlib import Path

import numpy as np

from callwright.integrations.sipphone import Call
from callwright.integrations.sipphone.g711 import Pcm
from callwright.integrations.sipphone.hearing import correlation, utterances
from callwright.integrations.sipphone.wav import read_wav
from tests.e2e.calls.playing import CALLS

RATE = 8000
FRAME = 160  # 20 ms
SETTLE_S = 0.5  # until a change is heard everywhere
PIECE = RATE * 3 // 2
BREATH = np.zeros(RATE // 10, dtype=np.int16)
# What the fake microphone says without end: short, so that any ten seconds hold all of it.
AGENT_VOICE = ("refund-agent", 4.5)
HEARD, OTHER = 0.5, 0.3  # correlation with what is said, and with what somebody else says
QUIET = 100  # mean amplitude up to which there is silence


def spoken(name: str, seconds: float) -> Pcm:
    """About as much of a demo call's voice, such as `refund-agent`; its long pauses taken out."""
    voice = read_wav(CALLS / "audio" / f"{name}.wav")
    parts: list[Pcm] = []
    for start, end in utterances(voice):
        if sum(map(len, parts)) + end - start > seconds * RATE:
            break
        parts += [voice[start:end], BREATH]
    return np.concatenate(parts)


def best_piece(voice: Pcm, heard: Pcm) -> float:
    """Correlation of that piece of a voice which came through best: a busy page drops some."""
    pieces = (voice[at : at + PIECE] for at in range(0, len(voice) - PIECE + 1, PIECE))
    return max(correlation(piece, heard).correlation for piece in pieces)


def likeness(voice: Pcm, heard: Pcm) -> float:
    """How much of a voice is in what was heard: normalised cross-correlation, 0…1.

    Half a second at a time, for a busy machine's fake microphone stutters.
    """
    return correlation(voice, heard, window_s=0.5).correlation


def loudness(pcm: Pcm) -> float:
    """Mean amplitude, 0…32767; nothing heard at all is silence too."""
    return float(np.abs(pcm.astype(np.float64)).mean()) if len(pcm) else 0.0


def longest_silence(pcm: Pcm) -> float:
    """Seconds of the longest stretch without any sound."""
    frames = np.abs(pcm[: len(pcm) // FRAME * FRAME].reshape(-1, FRAME).astype(np.int32))
    loud = np.flatnonzero(frames.mean(axis=1) > QUIET)
    edges = np.concatenate(([-1], loud, [len(frames)]))
    return float((np.diff(edges).max() - 1) * FRAME / RATE)


async def next_seconds(call: Call, seconds: float) -> Pcm:
    """What a phone hears from a moment later on."""
    await asyncio.sleep(SETTLE_S)
    before = len(call.heard())
    await asyncio.sleep(seconds)
    return call.heard()[before:]


def recorded(file: Path) -> tuple[Pcm, Pcm]:
    """The customer's and the agent's channel of a recording."""
    with wave.open(str(file)) as sound:
        both = np.frombuffer(sound.readframes(sound.getnframes()), "<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1]
