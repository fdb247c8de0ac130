"""Uploaded sound: every good form becomes what the PBX plays, everything else is refused."""

from __future__ import annotations

import io
import wave

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.unit.scripts.recordings import recording

from callwright.integrations.pbx.media import unplayable
from callwright.integrations.sipphone.hearing import tone_level
from callwright.kit.errors import CallwrightError
from callwright.scripts.sound import LOUDNESS, MOST_BYTES, Clip, convert


def samples(clip: Clip) -> NDArray[np.int16]:
    with wave.open(io.BytesIO(clip.wav)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 8000)
        return np.frombuffer(file.readframes(file.getnframes()), "<i2")


@pytest.mark.parametrize("form", ["wav", "mp3", "mp4", "ogg"])
def test_every_form_keeps_its_tone_and_length(form: str) -> None:
    clip = convert(recording(form, 2.0))
    assert clip.seconds == pytest.approx(2.0, abs=0.1)
    assert tone_level(samples(clip), 440) > 3000
    assert tone_level(samples(clip), 1300) < 300


@pytest.mark.parametrize("volume", [0.05, 0.3, 1.0])
def test_all_are_equally_loud(volume: float) -> None:
    heard = samples(convert(recording(volume=volume))).astype(float) / 32767
    assert np.sqrt((heard**2).mean()) == pytest.approx(LOUDNESS, rel=0.1)
    assert np.abs(heard).max() < 0.9


def test_the_pbx_can_play_it(tmp_path_factory: pytest.TempPathFactory) -> None:
    file = tmp_path_factory.mktemp("voices") / "voice.wav"
    file.write_bytes(convert(recording()).wav)
    assert unplayable(str(file)) == ""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"\0" * (MOST_BYTES + 1), "larger than 10 MB"),
        (b"RIFF\0\0\0\0WAVEnonsense", "cannot be read"),
        (b"%PDF-1.7 a document, not a sound", "cannot be read"),
        ("退款".encode() * 500, "cannot be read"),
        (recording("mp3")[:40], "cannot be read"),
        (recording("flac"), "none of WAV, MP3, M4A, OGG"),
        (recording(seconds=121, rate=8000), "longer than 120 seconds"),
        (recording(volume=0.0), "silence"),
        (recording(seconds=0.001), "silence"),
    ],
    ids=["empty", "large", "broken", "pdf", "text", "cut", "flac", "long", "silent", "click"],
)
def test_what_is_no_voice_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(CallwrightError, match="invalid") as caught:
        convert(content)
    assert caught.value.params["field"] == "file"
    assert why in str(caught.value.params["why"])
