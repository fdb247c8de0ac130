"""Masks personal data in a text or a conversation. Pure, linear, never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callwright.masking.alphabet import MASK, plain
from callwright.masking.context import Meaning, Words, find_words, is_connected
from callwright.masking.judge import Place, correction, judge
from callwright.masking.letters import find_letters
from callwright.masking.model import Hit, Kind, Masked, Span
from callwright.masking.runs import Group, find_runs

_TURN_BREAK = "\n"
_LONGEST_NOD, _MOST_NODS = 10, 3
_DIGIT = re.compile(r"[0-9]|zero|one|two|three|four|five|six|seven|eight|nine|叉|[xX]")
_BEGINS_WITH_DIGIT = re.compile(
    r"\W*(?:\w{0,4}\W*)(?:[0-9]|zero|one|two|three|four|five|six|seven|eight|nine|叉|[xX])"
)
_ENDS_WITH_DIGIT = re.compile(
    r"(?:[0-9]|zero|one|two|three|four|five|six|seven|eight|nine)\W{0,4}(?:\w?\W{0,3})$"
)
_TOUCHES_LEFT = re.compile(r"\*[ \-.]{0,3}$")
_TOUCHES_RIGHT = re.compile(r"[ \-.]{0,3}\*")
_CORRECTION = re.compile(r"不对|错了|不是|应该|改成|更正|no\b|sorry|i mean", re.IGNORECASE)
_LONGEST_REMAINDER = 8


def mask(text: str, *, before: str = "") -> Masked:
    """Star every personal datum of `text`.

    `before` is what was said just before it (other turns); it only lends its meaning, as when the
    agent asked for a card number. Offsets of the spans are characters of `text`.
    """
    if not before:
        return mask_turns([text])[0]
    return mask_turns([before, text])[1]


def mask_turns(turns: Sequence[str]) -> list[Masked]:
    """Mask a conversation, one result per turn. Numbers may go on over several turns."""
    hits = find_hits(_without_nods(turns))
    results = []
    start = 0
    cursor = 0
    for turn in turns:
        end = start + len(turn)
        while cursor < len(hits) and hits[cursor].end <= start:
            cursor += 1
        results.append(_render(turn, start, hits[cursor : _first_beyond(hits, cursor, end)]))
        start = end + len(_TURN_BREAK)
    return results


def _without_nods(turns: Sequence[str]) -> str:
    """The joined turns, with short turns between two pieces of a number (嗯, 您继续) blanked."""
    simple = [plain(turn) for turn in turns]
    quiet = list(turns)
    piece_before = False
    nods: list[int] = []
    for index, turn in enumerate(simple):
        if _is_nod(turn):
            nods.append(index)
            continue
        if piece_before and len(nods) <= _MOST_NODS and _BEGINS_WITH_DIGIT.match(turn):
            for nod in nods:
                quiet[nod] = " " * len(turns[nod])
        piece_before = _ENDS_WITH_DIGIT.search(turn) is not None
        nods = []
    return _TURN_BREAK.join(quiet)


def _is_nod(simple: str) -> bool:
    is_short = len(simple) <= _LONGEST_NOD and not _DIGIT.search(simple)
    return is_short and not find_words(simple).all


def _first_beyond(hits: Sequence[Hit], cursor: int, end: int) -> int:
    while cursor < len(hits) and hits[cursor].start < end:
        cursor += 1
    return cursor


def find_hits(text: str) -> list[Hit]:
    """All finds in order of place, none overlapping another."""
    simple = plain(text)
    words = find_words(simple)
    return _settle([*find_letters(simple, words), *_numbers(text, simple, words)])


def _numbers(text: str, simple: str, words: Words) -> Iterator[Hit]:
    carried: Meaning | None = None
    last_kind: Kind | None = None
    last_end = 0
    for run in find_runs(text, simple):
        groups = _without_remainders(run, simple)
        if not groups:
            continue
        start, end = groups[0].start, groups[-1].end
        meaning = words.before(simple, start) or words.after(simple, end)
        follows = is_connected(simple, last_end, start)
        if meaning is None and follows:
            meaning = carried
        hits = list(judge(groups, Place(simple, meaning)))
        if not hits and follows and last_kind and _CORRECTION.search(simple, last_end, start):
            hits = list(filter(None, [correction(groups, last_kind)]))
        yield from hits
        carried, last_end = meaning, end
        last_kind = hits[-1].kind if hits else None


def _without_remainders(groups: list[Group], simple: str) -> list[Group]:
    """Drops what an earlier masking left readable: 138 and 5678 of 138****5678."""
    first, last = groups[0], groups[-1]
    if len(first.digits) <= _LONGEST_REMAINDER and _TOUCHES_LEFT.search(
        simple, max(0, first.start - 4), first.start
    ):
        groups = groups[1:]
    if groups and len(last.digits) <= _LONGEST_REMAINDER and _TOUCHES_RIGHT.match(simple, last.end):
        groups = groups[:-1]
    return groups


def _settle(hits: list[Hit]) -> list[Hit]:
    """A find inside another is dropped; two that only overlap become one, so nothing leaks."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if not kept or hit.start >= kept[-1].end:
            kept.append(hit)
        elif hit.end > kept[-1].end:
            kept[-1] = _joined(kept[-1], hit)
    return kept


def _joined(first: Hit, second: Hit) -> Hit:
    outer = max(first, second, key=lambda hit: hit.end - hit.start)
    return Hit(outer.kind, outer.rule, (*first.parts, *second.parts))


def _render(turn: str, offset: int, hits: Sequence[Hit]) -> Masked:
    chars = list(turn)
    spans = []
    for hit in hits:
        parts = _inside(hit.parts, offset, len(turn))
        if not parts:
            continue
        shown = {
            at for start, end in _inside(hit.shown, offset, len(turn)) for at in range(start, end)
        }
        for start, end in parts:
            for at in range(start, end):
                if at not in shown and not chars[at].isspace():
                    chars[at] = MASK
        end = max(end for _, end in parts)
        spans.append(Span(parts[0][0], end, hit.kind, hit.rule))
    return Masked("".join(chars), tuple(spans))


def _inside(ranges: Sequence[tuple[int, int]], offset: int, length: int) -> list[tuple[int, int]]:
    """The ranges that lie in this turn, counted from its beginning."""
    shifted = ((start - offset, end - offset) for start, end in ranges)
    return [(start, end) for start, end in shifted if start >= 0 and end <= length]
