"""From masked characters to the seconds of sound that must be silenced."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from callwright.kit.errors import invalid
from callwright.masking.model import Span, SpokenWord

GUARD_S = 0.3


def windows(
    words: Sequence[SpokenWord], text: str, spans: Sequence[Span], *, guard_s: float = GUARD_S
) -> list[tuple[float, float]]:
    """Time windows (start, end) in seconds that cover every span, merged and in order.

    The words, one after another, must spell `text`; spaces and punctuation may differ. Raises
    `invalid: words` where they do not: sound that cannot be placed must not pass for masked.
    """
    placed = list(_place(words, text))
    found = []
    for span in spans:
        touched = [word for word, start, end in placed if start < span.end and end > span.start]
        if touched:
            start = min(word.start for word in touched) - guard_s
            found.append((max(0.0, start), max(word.end for word in touched) + guard_s))
    return _merge(found)


def _place(words: Sequence[SpokenWord], text: str) -> Iterator[tuple[SpokenWord, int, int]]:
    at = 0
    for number, word in enumerate(words):
        start = end = at
        is_first = True
        for char in word.text:
            if not char.isalnum():
                continue
            end = _find(char, text, end, number)
            start = end if is_first else start
            is_first = False
            end += 1
        if not is_first:
            yield word, start, end
            at = end


def _find(char: str, text: str, at: int, number: int) -> int:
    while at < len(text) and not text[at].isalnum():
        at += 1
    if at >= len(text) or text[at] != char:
        raise invalid("words", f"word {number + 1} does not continue the text at character {at}")
    return at


def _merge(found: list[tuple[float, float]]) -> list[tuple[float, float]]:
    merged: list[tuple[float, float]] = []
    for start, end in sorted(found):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
