"""Whisper says nothing where nothing was said, even if the voice detector let the sound pass."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from tests.contract.speech.sounds import RATE, ROOT, noise, silence

from callwright.integrations.speech.audio import Samples
from callwright.integrations.speech.whisper_engine import WhisperEngine

SECONDS = 3.0
TIME = np.arange(int(SECONDS * RATE)) / RATE


def tones(*hertz: float, on_s: float, every_s: float) -> Samples:
    """Tones that come and go, as a telephone network makes them."""
    sound: Samples = np.zeros(TIME.size, np.int16)
    for each in hertz:
        wave = np.sin(2 * np.pi * each * TIME) * (TIME % every_s < on_s)
        sound += (wave * 8000 / len(hertz)).astype(np.int16)
    return sound


def brown_noise() -> Samples:
    """Wind and rumbling."""
    steps = np.cumsum(np.random.default_rng(2).normal(size=TIME.size))
    sound = steps - np.convolve(steps, np.ones(400) / 400, mode="same")
    loud: Samples = np.zeros(TIME.size, np.int16)
    loud[:] = sound / np.abs(sound).max() * 16000
    return loud


SOUNDS: dict[str, Callable[[], Samples]] = {
    "silence": lambda: silence(SECONDS),
    "quiet noise": lambda: noise(SECONDS, 0.001),
    "noise": lambda: noise(SECONDS),
    "loud noise": lambda: noise(SECONDS, 0.3),
    "rumble": brown_noise,
    "ringing": lambda: tones(450, on_s=1.0, every_s=3.0),
    "busy": lambda: tones(450, on_s=0.35, every_s=0.7),
    "keys": lambda: tones(770, 1336, on_s=0.1, every_s=0.3),
    "chord": lambda: tones(220, 277, 330, on_s=3.0, every_s=3.0),
}


@pytest.fixture(scope="module")
def engine() -> WhisperEngine:
    made = WhisperEngine(ROOT / ".callwright" / "models" / "whisper-base", threads=1)
    made.load()
    return made


@pytest.mark.parametrize("name", SOUNDS)
def test_no_text(engine: WhisperEngine, name: str) -> None:
    assert engine.recognise(SOUNDS[name](), RATE, "zh", ()) is None


@pytest.mark.parametrize("name", ["silence", "noise"])
def test_no_text_in_english_either(engine: WhisperEngine, name: str) -> None:
    assert engine.recognise(SOUNDS[name](), RATE, "en", ()) is None
