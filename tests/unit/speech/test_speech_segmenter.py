"""Utterances are cut at pauses, never too short, never too long, and nothing between is lost."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callwright.integrations.speech.audio import Samples
from callwright.integrations.speech.segmenter import LONGEST, WINDOW_S, Cut, Segmenter

RATE, WINDOW = 8000, 256
LOUD, QUIET = 8000, 0


def detect(window: Samples) -> float:
    """A detector that hears loudness."""
    return 1.0 if np.abs(window).max() > 1000 else 0.0


def sound(*stretches: tuple[float, int]) -> Samples:
    """(seconds, loudness) after each other."""
    parts = [np.full(int(seconds * RATE), level, np.int16) for seconds, level in stretches]
    return np.concatenate(parts)


def cut(samples: Samples, at: float = 0.0) -> list[Cut]:
    """All at once."""
    segmenter = Segmenter(detect, window=WINDOW, at=at)
    return [*segmenter.feed(samples), *segmenter.flush()]


def seconds(cut: Cut) -> float:
    """Its length."""
    return cut.samples.size / RATE


def test_a_pause_of_half_a_second_parts_two_utterances() -> None:
    cuts = cut(sound((1, QUIET), (2, LOUD), (0.7, QUIET), (1, LOUD), (1, QUIET)))
    assert [round(found.start, 1) for found in cuts] == [0.8, 3.5]
    assert [round(seconds(found), 1) for found in cuts] == [2.4, 1.4]


def test_a_breath_inside_a_sentence_does_not() -> None:
    assert len(cut(sound((1, LOUD), (0.3, QUIET), (1, LOUD), (1, QUIET)))) == 1


def test_a_click_is_no_utterance() -> None:
    assert cut(sound((1, QUIET), (0.1, LOUD), (2, QUIET))) == []


def test_an_utterance_is_closed_before_the_next_sound_comes() -> None:
    segmenter = Segmenter(detect, window=WINDOW)
    assert len(segmenter.feed(sound((1, LOUD), (0.6, QUIET)))) == 1


def test_what_is_open_at_the_end_comes_with_flush_to_its_last_sample() -> None:
    samples = sound((1.001, LOUD))
    [found] = cut(samples)
    assert found.samples.size == samples.size


def test_endless_speech_is_cut_where_it_is_quietest() -> None:
    cuts = cut(sound((12, LOUD), (0.2, QUIET), (6, LOUD)))
    assert len(cuts) == 2
    assert cuts[0].start + seconds(cuts[0]) == pytest.approx(12.1, abs=0.1)
    assert cuts[1].start == pytest.approx(cuts[0].done_to)


def test_idle_position_moves_on_in_silence_and_stops_in_speech() -> None:
    segmenter = Segmenter(detect, window=WINDOW)
    segmenter.feed(sound((5, QUIET)))
    assert segmenter.idle_at == pytest.approx(4.8, abs=0.05)
    segmenter.feed(sound((1, LOUD)))
    assert segmenter.idle_at is None


@given(
    st.lists(
        st.tuples(st.floats(0.05, 20.0), st.sampled_from([LOUD, QUIET])), min_size=1, max_size=8
    ),
    st.integers(40, 5000),
)
@settings(deadline=None, max_examples=40)
def test_cuts_are_the_stream_itself_and_do_not_depend_on_how_it_arrives(
    stretches: list[tuple[float, int]], piece: int
) -> None:
    samples = sound(*stretches)
    segmenter = Segmenter(detect, window=WINDOW)
    cuts = []
    for begin in range(0, samples.size, piece):
        cuts += segmenter.feed(samples[begin : begin + piece])
    cuts += segmenter.flush()
    end = 0.0
    for found, other in zip(cuts, cut(samples), strict=True):
        assert found.start == other.start
        assert found.start >= end - 1e-6
        assert seconds(found) <= (LONGEST + 1) * WINDOW_S
        begin = round(found.start * RATE)
        assert np.array_equal(found.samples, samples[begin : begin + found.samples.size])
        end = found.start + seconds(found)


@given(
    st.lists(st.tuples(st.floats(0.8, 4.0), st.floats(0.9, 3.0)), min_size=2, max_size=5),
    st.data(),
)
@settings(deadline=None, max_examples=40)
def test_a_detector_begun_anew_after_any_cut_finds_the_rest(
    turns: list[tuple[float, float]], data: st.DataObject
) -> None:
    samples = sound(*[part for loud, quiet in turns for part in ((quiet, QUIET), (loud, LOUD))])
    cuts = cut(samples)
    number = data.draw(st.integers(0, len(cuts) - 1))
    at = cuts[number].done_to
    rest = cut(samples[round(at * RATE) :], at=at)
    assert [round(found.start, 1) for found in rest] == pytest.approx(
        [round(found.start, 1) for found in cuts[number + 1 :]], abs=0.11
    )
