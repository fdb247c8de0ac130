"""The announcements: half the size until they are loaded, without gaps that sound like an end."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.unit.demo.demo_material import PROMPTS, document, wav

from callwright.cli._demo.load import copy_prompts

ENTRIES: list[dict[str, Any]] = document(PROMPTS / "prompts.yaml")
ULAW, PCM, FRAME = 7, 1, 160  # 20 ms at 8 kHz
QUIET = 100  # of 32768
SILENCE_THAT_ENDS_A_PROMPT_S = 0.8  # after it, a scripted caller presses the key


def test_every_file_is_listed_once_and_every_listed_file_is_there() -> None:
    files = [entry["file"] for entry in ENTRIES]
    assert sorted(files) == sorted(path.name for path in PROMPTS.glob("*.wav"))
    assert len({(entry["key"], entry["language"]) for entry in ENTRIES}) == len(ENTRIES)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as the demo's loading leaves it."""
    folder: Path = tmp_path_factory.mktemp("prompts")
    copy_prompts(PROMPTS, folder)
    return folder


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_the_pbx_can_play_it_once_it_is_loaded(entry: dict[str, Any], loaded: Path) -> None:
    kept = wav(PROMPTS / entry["file"])
    assert (kept.form, kept.channels, kept.rate, kept.bits) == (ULAW, 1, 8000, 8)
    sound = wav(loaded / entry["file"])
    assert (sound.form, sound.channels, sound.rate, sound.bits) == (PCM, 1, 8000, 16)
    assert 3000 < np.abs(sound.samples.astype(int)).max() <= 16_384


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["file"])
def test_no_pause_inside_sounds_like_the_end(entry: dict[str, Any], loaded: Path) -> None:
    samples = wav(loaded / entry["file"]).samples.astype(float)
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    quiet = np.sqrt((frames**2).mean(axis=1)) < QUIET
    pauses = [len(list(run)) * 0.02 for silent, run in groupby(quiet) if silent]
    assert max(pauses, default=0.0) < SILENCE_THAT_ENDS_A_PROMPT_S - 0.2
