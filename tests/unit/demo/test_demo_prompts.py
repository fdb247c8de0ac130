"""The announcements: as the PBX plays them, and without gaps that sound like an end."""

from __future__ import annotations

from itertools import groupby
from typing import Any

import numpy as np
import pytest
from tests.unit.demo.demo_material import PROMPTS, document, wav

ENTRIES: list[dict[str, Any]] = document(PROMPTS / "prompts.yaml")
PCM, FRAME = 1, 160  # 20 ms at 8 kHz
QUIET = 100  # of 32768
SILENCE_THAT_ENDS_A_PROMPT_S = 0.8  # after it, a scripted caller presses the key


def test_every_file_is_listed_once_and_every_listed_file_is_there() -> None:
    files = [entry["file"] for entry in ENTRIES]
    assert sorted(files) == sorted(path.name for path in PROMPTS.glob("*.wav"))
    assert len({(entry["key"], entry["language"]) for entry in ENTRIES}) == len(ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_pbx_can_play_it_as_it_is(entry: dict[str, Any]) -> None:
    sound = wav(PROMPTS / entry["file"])
    assert (sound.form, sound.channels, sound.rate, sound.bits) == (PCM, 1, 8000, 16)
    assert 3000 < np.abs(sound.samples.astype(int)).max() <= 16_384


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_no_pause_inside_sounds_like_the_end(entry: dict[str, Any]) -> None:
    samples = wav(PROMPTS / entry["file"]).samples.astype(float)
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    quiet = np.sqrt((frames**2).mean(axis=1)) < QUIET
    pauses = [len(list(run)) * 0.02 for silent, run in groupby(quiet) if silent]
    assert max(pauses, default=0.0) < SILENCE_THAT_ENDS_A_PROMPT_S - 0.2
