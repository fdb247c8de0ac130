"""From characters to seconds."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from callwright.kit.errors import CallwrightError
from callwright.masking import mask, windows


@dataclass(frozen=True)
class Word:
    text: str
    start: float
    end: float


def spoken(text: str, second: float = 1.0) -> list[Word]:
    return [Word(char, i * second, (i + 1) * second) for i, char in enumerate(text)]


def test_the_window_covers_the_number_and_a_guard() -> None:
    text = "电话，幺三九幺二三四五六七八。谢谢"
    words = spoken("电话幺三九幺二三四五六七八谢谢")
    ((start, end),) = windows(words, text, mask(text).spans)
    assert (start, end) == pytest.approx((1.7, 13.3))


def test_windows_never_begin_before_the_sound_and_merge_where_they_touch() -> None:
    text = "13912345678,13812345678"
    words = [Word("13912345678,", 0.1, 2.0), Word("13812345678", 2.4, 4.0)]
    ((start, end),) = windows(words, text, mask(text).spans)
    assert (start, end) == pytest.approx((0.0, 4.3))


def test_words_of_several_characters_count_whole() -> None:
    text = "call 139 1234 5678 now"
    words = [Word(" call", 0, 1), Word(" 139 12", 1, 2), Word("34 5678", 2, 3), Word(" now", 3, 4)]
    ((start, end),) = windows(words, text, mask(text).spans)
    assert (start, end) == pytest.approx((0.7, 3.3))


def test_words_that_do_not_spell_the_text_are_refused() -> None:
    with pytest.raises(CallwrightError, match="word 2"):
        windows(spoken("电器"), "电话13912345678", mask("电话13912345678").spans)
