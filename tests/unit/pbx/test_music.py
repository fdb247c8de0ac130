"""Music on hold: audible, not loud, endless."""

from __future__ import annotations

import io
import wave

import numpy as np

from callwright.integrations.pbx.config.music import RATE_HZ, compose, wav_file


def test_is_clearly_audible_and_never_too_loud() -> None:
    tune = compose()
    seconds = tune[: len(tune) // RATE_HZ * RATE_HZ].reshape(-1, RATE_HZ)
    loudness = np.sqrt((seconds**2).mean(axis=1))
    assert 20 <= len(seconds) <= 30
    assert loudness.min() > 0.01
    assert np.abs(tune).max() < 0.5


def test_runs_round_without_a_click() -> None:
    tune = compose()
    step = np.abs(np.diff(tune)).max()
    assert abs(tune[0] - tune[-1]) <= step


def test_is_a_file_that_the_pbx_plays() -> None:
    with wave.open(io.BytesIO(wav_file(compose()))) as file:
        shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
        assert shape == (8000, 1, 2)
        assert file.getnframes() == len(compose())
