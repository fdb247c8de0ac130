"""The measure of who hears whom: high for the source, low for any other speech."""

from __future__ import annotations

import os
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from tests.phones import speech_like, tone

from callwright.integrations.sipphone.g711 import Pcm, decode, encode
from callwright.integrations.sipphone.hearing import (
    correlation,
    correlation_of_all,
    tone_level,
    utterances,
)
from callwright.integrations.sipphone.wav import read_wav

DATA = Path(os.environ.get("CALLWRIGHT_TEST_DATA", "../shared/data"))
LIBRIVOX = DATA / "public" / "pocketsphinx_en" / "librivox"


def _through_the_network(pcm: Pcm, gain: float = 0.5) -> Pcm:
    """A-law, quieter, µ-law: two coders and a PBX between."""
    once = decode(encode(pcm, "alaw"), "alaw")
    return decode(encode((once * gain).astype(np.int16), "ulaw"), "ulaw")


def _silence(seconds: float) -> Pcm:
    return np.zeros(round(8000 * seconds), dtype=np.int16)


def test_the_source_is_found_with_delay_and_gain() -> None:
    source = speech_like(8, seed=1)
    heard = np.concatenate([_silence(1.25), _through_the_network(source), _silence(2)])
    found = correlation(source, heard)
    assert found.correlation > 0.9
    assert abs(found.offset_s - 1.25) < 0.001
    assert abs(found.gain - 0.5) < 0.05


def test_less_was_heard_than_was_said() -> None:
    source = speech_like(30, seed=1)
    assert 0 < correlation(source, source[: 8000 * 5]).correlation < 0.5


@pytest.mark.parametrize("seed", range(2, 7))
def test_other_speech_is_not_taken_for_it(seed: int) -> None:
    assert correlation(speech_like(8, seed=1), speech_like(40, seed=seed)).correlation < 0.1


def test_jitter_between_utterances_does_no_harm() -> None:
    turns = [speech_like(3, seed=seed) for seed in range(10, 14)]
    pieces: list[Pcm] = []
    for number, turn in enumerate(turns):
        pieces += [_silence(0.1 + 0.37 * number), _through_the_network(turn)]
    assert correlation_of_all(turns, np.concatenate(pieces)).correlation > 0.9


def test_a_conversation_around_it_does_no_harm() -> None:
    mine, theirs = speech_like(5, seed=20), speech_like(30, seed=21)
    heard = np.concatenate([theirs[:120_000], _through_the_network(mine), theirs[120_000:]])
    assert correlation(mine, heard).correlation > 0.9


def test_a_faint_echo_is_noticed() -> None:
    source = speech_like(6, seed=30)
    echo = (source * 0.1).astype(np.int16)
    assert correlation(source, np.concatenate([_silence(0.3), echo])).correlation > 0.5


def test_half_of_it_lost_is_half_heard() -> None:
    turns = [speech_like(4, seed=seed) for seed in (40, 41)]
    found = correlation_of_all(turns, np.concatenate([_silence(1), turns[0], _silence(6)]))
    assert 0.3 < found.correlation < 0.7


@pytest.mark.parametrize("heard", [_silence(0), _silence(3)])
def test_nothing_heard(heard: Pcm) -> None:
    assert correlation(speech_like(3, seed=1), heard).correlation < 0.01
    assert correlation(_silence(3), speech_like(3, seed=1)).correlation == 0.0
    assert correlation_of_all([], heard).correlation == 0.0


def test_utterances_are_cut_at_pauses() -> None:
    pcm = np.concatenate([_silence(0.5), tone(300, 1), _silence(1), tone(300, 7), _silence(0.5)])
    spans = [(round(a / 8000, 1), round(b / 8000, 1)) for a, b in utterances(pcm)]
    assert spans[0] == (0.5, 1.5)
    assert spans[1][0] == 2.5
    assert spans[-1][1] == 9.5
    assert max(end - start for start, end in spans) <= 4.5


def test_tone_level_tells_tones_apart() -> None:
    pcm = tone(400, 1, amplitude=8000)
    assert abs(tone_level(pcm, 400) - 8000) < 10
    assert tone_level(pcm, 1200) < 10
    assert tone_level(_silence(0), 400) == 0.0


@pytest.mark.skipif(not LIBRIVOX.is_dir(), reason=f"no real speech: {LIBRIVOX} is not there")
def test_one_reader_is_told_apart_sentence_by_sentence() -> None:
    sentences = [read_wav(path) for path in sorted(LIBRIVOX.glob("*.wav"))]
    for mine, other in permutations(range(len(sentences)), 2):
        assert correlation(sentences[mine], sentences[other]).correlation < 0.1
    for sentence in sentences:
        assert correlation(sentence, _through_the_network(sentence)).correlation > 0.9
