"""Text to speech by sherpa-onnx: a tiny model speaks, a missing or broken one says so."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.unit.tts.tiny_voice import HERTZ, PER_PHONEME, RATE, write_voice

from callwright.integrations.sipphone.hearing import tone_level
from callwright.integrations.tts.sherpa_onnx import NoSpeech, SherpaSpeech
from callwright.kit.errors import CallwrightError


async def test_a_model_speaks_each_phoneme(tmp_path: Path) -> None:
    voice = SherpaSpeech(write_voice(tmp_path / "tiny"), speaker=0)
    await spoken(voice)
    await voice.close()


async def spoken(voice: SherpaSpeech) -> None:
    assert voice.voice == "tiny/0"
    for _ in range(2):
        speech = await voice.speak("你好", "zh-Hans")
        samples = np.frombuffer(speech.pcm, np.float32)
        assert speech.rate == RATE
        assert len(samples) >= 4 * PER_PHONEME
        narrow = (samples[::2] * 32767).astype(np.int16)
        assert tone_level(narrow, HERTZ) > 8000


@pytest.mark.parametrize("missing", ["model.onnx", "tokens.txt"])
async def test_a_model_that_is_not_there_names_what_is_missing(
    tmp_path: Path, missing: str
) -> None:
    folder = write_voice(tmp_path / "tiny")
    (folder / missing).unlink()
    voice = SherpaSpeech(folder)
    with pytest.raises(CallwrightError, match="no_tts") as caught:
        await voice.speak("你好", "zh-Hans")
    assert caught.value.params == {"model": "tiny", "why": f"not installed: {missing}"}
    await voice.close()


async def test_a_broken_model_ends_its_own_process_and_a_good_one_is_started_after(
    tmp_path: Path,
) -> None:
    folder = write_voice(tmp_path / "tiny")
    good = (folder / "model.onnx").read_bytes()
    (folder / "model.onnx").write_bytes(b"no model at all")
    voice = SherpaSpeech(folder)
    with pytest.raises(CallwrightError, match="no_tts") as caught:
        await voice.speak("你好", "zh-Hans")
    assert "process ended" in str(caught.value.params["why"])
    (folder / "model.onnx").write_bytes(good)
    await spoken(voice)
    await voice.close()


async def test_without_a_setting_the_setting_is_named() -> None:
    with pytest.raises(CallwrightError, match="no_tts") as caught:
        await NoSpeech().speak("你好", "zh-Hans")
    assert caught.value.params["field"] == "tts.model"
