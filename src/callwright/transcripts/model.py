"""Turns, their masking, and the index that finds Chinese words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from callwright.kit.errors import CallwrightError
from callwright.kit.find import pieces, plain
from callwright.masking import mask_turns, windows
from callwright.masking.model import Span

Window = tuple[float, float]
# The channel of the recording in which a speaker is heard: what is played sounds beside the agent.
_LANES = {"customer": "customer", "agent": "agent", "system": "agent"}
MOSTLY = 0.5


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word with its seconds in the recording."""

    text: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Turn:
    """What one speaker said between two pauses. Times are seconds of the recording."""

    id: UUID
    speaker: str
    start: float
    end: float
    text: str
    words: tuple[TimedWord, ...]
    masked: str = ""
    spans: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class MaskedTalk:
    """All turns masked, and what must be silent in each lane."""

    turns: tuple[Turn, ...]
    customer: tuple[Window, ...]
    agent: tuple[Window, ...]


def mask_talk(turns: Sequence[Turn]) -> MaskedTalk:
    """Mask a whole conversation; a number may be asked for in one turn and said in the next."""
    found = mask_turns([turn.text for turn in turns])
    masked: list[Turn] = []
    lanes: dict[str, list[Window]] = {"customer": [], "agent": []}
    for turn, result in zip(turns, found, strict=True):
        spans = tuple({"start": s.start, "end": s.end, "kind": s.kind} for s in result.spans)
        masked.append(replace(turn, masked=result.text, spans=spans))
        if result.spans:
            lanes[_LANES[turn.speaker]].extend(_windows(turn, result.spans))
    return MaskedTalk(tuple(masked), tuple(lanes["customer"]), tuple(lanes["agent"]))


def said_by_people(heard: Sequence[Turn], played: Sequence[Turn]) -> list[Turn]:
    """Of what was recognised in the agent's channel, all but what was played into it."""
    return [turn for turn in heard if _shared(turn, played) <= MOSTLY * (turn.end - turn.start)]


def _shared(turn: Turn, others: Sequence[Turn]) -> float:
    """How many seconds of a turn others sound too."""
    return sum(max(0.0, min(turn.end, o.end) - max(turn.start, o.start)) for o in others)


def _windows(turn: Turn, spans: Sequence[Span]) -> list[Window]:
    """Seconds to silence; the whole turn when the words cannot be placed."""
    try:
        return windows(turn.words, turn.text, spans)
    except CallwrightError:
        return [(turn.start, turn.end)]


def masked_words(turn: Turn) -> list[dict[str, Any]]:
    """The words with times, each cut from the masked text; empty when they cannot be placed."""
    words: list[dict[str, Any]] = []
    at = 0
    for word in turn.words:
        start = end = at
        for char in word.text:
            if not char.isalnum():
                continue
            place = turn.text.find(char, end)
            if place < 0:
                return []
            start = place if start == end == at else start
            end = place + 1
        if end > at:
            words.append({"text": turn.masked[start:end], "start": word.start, "end": word.end})
            at = end
    return words


def found_by(text: str) -> list[str]:
    """The pieces by which a text's words are found, simplified or traditional."""
    return pieces([plain(text)])


def pieces_of(typed: str) -> list[str]:
    """The pieces that a text with the typed word must have; none when nothing was typed."""
    word = plain(typed)
    return pieces([word], (min(2, len(word)),)) if word else []
