"""Cuts turns into sentences and writes them in one form for matching, offsets kept."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callwright.kit.simplified import simplified_letter, to_simplified
from callwright.masking.alphabet import SPOKEN_DIGITS
from callwright.tickets.model import Said

_END = re.compile(r"[。！？!?；;\n]+|\.(?=\s|$)")
_REST = 20
_SPOKEN_RUN = re.compile(f"[{''.join(SPOKEN_DIGITS)}0-9]{{3,}}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` as said; `simple` simplified, lower case, half width, of the same length.

    In `simple`, three spoken digits in a row and more are figures (一二三一五 → 12315).
    `rest` is how the same turn goes on (20 characters).
    """

    turn: int
    speaker: str
    text: str
    simple: str
    is_question: bool
    rest: str


def cut(turns: Sequence[Said]) -> Iterator[Sentence]:
    """All sentences in order, without empty ones."""
    for index, turn in enumerate(turns):
        simple = simplify(turn.text)
        start = 0
        ends = [(found.start(), found.end()) for found in _END.finditer(turn.text)]
        for stop, following in [*ends, (len(turn.text), len(turn.text))]:
            text = turn.text[start:stop]
            if text.strip():
                mark = turn.text[stop:following]
                asks = "？" in mark or "?" in mark
                piece = simple[start:stop]
                yield Sentence(
                    index, turn.speaker, text, piece, asks, simple[following : following + _REST]
                )
            start = following


def simplify(text: str) -> str:
    """Simplified characters, lower case, half width. Same length as `text`."""
    halved = "".join(map(_half_width, text))
    converted = to_simplified(halved)
    if len(converted) != len(halved):
        converted = "".join(map(simplified_letter, halved))
    lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in converted)
    return _SPOKEN_RUN.sub(_figures, lowered)


def _figures(found: re.Match[str]) -> str:
    return "".join(SPOKEN_DIGITS.get(char, char) for char in found.group())


def _half_width(char: str) -> str:
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:
        return chr(code - 0xFEE0)
    return "'" if char == "’" else char
