"""Other rates keep their tones; channels are told apart; unusable files are named."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest
from tests.contract.speech.sounds import silence, write_wav

from callwright.integrations.speech.audio import (
    Resampler,
    Samples,
    resampled,
    wav_blocks,
    wav_rate,
)
from callwright.kit.errors import CallwrightError


def tone(hertz: float, rate: int, seconds: float = 1.0) -> Samples:
    """A sine of half loudness."""
    time = np.arange(int(rate * seconds)) / rate
    return (np.sin(2 * np.pi * hertz * time) * 16000).astype(np.int16)


def pitch(samples: Samples, rate: int) -> float:
    """The strongest frequency in Hz."""
    power = np.abs(np.fft.rfft(samples * np.hanning(samples.size)))
    return float(power.argmax() * rate / samples.size)


@pytest.mark.parametrize("rate", [8000, 11025, 16000, 44100, 48000])
def test_a_tone_stays_a_tone(rate: int) -> None:
    changed = resampled(tone(1000, rate), rate, 16000)
    assert changed.size == pytest.approx(16000, abs=40)
    assert pitch(changed, 16000) == pytest.approx(1000, abs=5)
    assert np.abs(changed[1000:-1000]).max() == pytest.approx(16000, rel=0.03)


def test_what_a_lower_rate_cannot_hold_is_removed_not_folded() -> None:
    changed = resampled(tone(7000, 48000), 48000, 8000)
    assert np.abs(changed[500:-500]).max() < 500


def test_pieces_give_the_same_as_the_whole() -> None:
    sound = tone(440, 48000)
    resampler = Resampler(48000, 16000)
    pieces = [resampler.feed(sound[begin : begin + 960]) for begin in range(0, sound.size, 960)]
    assert np.array_equal(
        np.concatenate([*pieces, resampler.flush()]), resampled(sound, 48000, 16000)
    )


def test_blocks_of_one_channel_make_up_the_channel(tmp_path: Path) -> None:
    left, right = tone(440, 8000), tone(880, 8000)
    wav = write_wav(tmp_path / "call.wav", left, right)
    assert wav_rate(wav, 1) == 8000
    for channel, wanted in enumerate((left, right)):
        assert np.array_equal(np.concatenate(list(wav_blocks(wav, channel, 0.3))), wanted)


def test_a_file_cut_off_within_a_frame_is_read_to_there(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "call.wav", tone(440, 8000), tone(880, 8000))
    wav.write_bytes(wav.read_bytes()[:-6])
    assert sum(block.size for block in wav_blocks(wav, 0, 0.3)) == 8000 - 2


def test_other_sample_sizes_are_named(tmp_path: Path) -> None:
    path = tmp_path / "call.wav"
    with wave.open(str(path), "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(1)
        wav.setframerate(8000)
        wav.writeframes(bytes(silence(1).size))
    with pytest.raises(CallwrightError, match="8-bit"):
        wav_rate(path, 0)
