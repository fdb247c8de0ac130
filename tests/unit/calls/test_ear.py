"""When a message is over: silence after speech, however loud the line."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from callwright.ivr.ear import FIRST_WORD, Ear

FRAME = 320  # 20 ms at 16 kHz


def heard(*stretches: tuple[float, float], noise: float = 0.0) -> Ear:
    """An ear that heard (seconds, loudness) one after the other."""
    ear, rng = Ear(), np.random.default_rng(7)
    for seconds, loud in stretches:
        for _ in range(round(seconds * 50)):
            sound = rng.standard_normal(FRAME) * max(loud, noise)
            ear.hear(np.clip(sound, -32767, 32767).astype("<i2").tobytes(), 0.02)
    return ear


@given(
    st.floats(0.5, 5.0), st.floats(0.0, 6.0), st.floats(1500, 8000), st.floats(0, 100)
)  # fmt: skip
@example(spoken=1.0, quiet=4.0, loud=1500.0, noise=0.0)  # to the very frame
@settings(max_examples=40, deadline=None)
def test_silence_after_speech_ends_it(
    spoken: float, quiet: float, loud: float, noise: float
) -> None:
    ear = heard((spoken, loud), (quiet, 0.0), noise=noise)
    assert ear.has_finished(4.0) == (round(quiet * 50) >= 200)
    assert ear.last_voice_s == pytest.approx(round(spoken * 50) * 0.02)
    assert ear.voiced_s == pytest.approx(ear.last_voice_s)


def test_a_pause_to_think_does_not() -> None:
    assert not heard((1, 4000), (3, 0), (1, 4000), (3, 0)).has_finished(4.0)


def test_one_may_think_longer_before_the_first_word() -> None:
    assert not heard((4.5, 0.0)).has_finished(4.0)
    assert heard((4.0 * FIRST_WORD + 0.1, 0.0)).has_finished(4.0)


def test_a_noisy_street_behind_a_voice_is_silence() -> None:
    assert heard((2, 8000), (4.2, 400)).has_finished(4.0)


def test_no_sound_at_all_is_no_voice() -> None:
    ear = Ear()
    ear.hear(b"", 0.02)
    ear.hear(b"\x00", 0.02)
    assert (ear.voiced_s, ear.heard_s) == (0.0, 0.04)
