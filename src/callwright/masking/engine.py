"""Masks personal data in a text or a conversation. Pure, linear, never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callwright.masking.alphabet import MASK, plain
from callwright.masking.context import Meaning, Words, find_words, is_connected
from callwright.masking.judge import Place, judge
from callwright.masking.letters import find_letters
from callwright.masking.model import Hit, Masked, Span
from callwright.masking.runs import Group, find_runs

_TURN_BREAK = "\n"
_TOUCHES_LEFT = re.compile(r"\*[\s\-.]{0,3}$")
_TOUCHES_RIGHT = re.compile(r"[\s\-.]{0,3}\*")
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
    joined = _TURN_BREAK.join(turns)
    hits = find_hits(joined)
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
    last_end = 0
    for run in find_runs(text, simple):
        groups = _without_remainders(run, simple)
        if not groups:
            continue
        start, end = groups[0].start, groups[-1].end
        meaning = words.before(simple, start) or words.after(simple, end)
        if meaning is None and is_connected(simple, last_end, start):
            meaning = carried
        yield from judge(groups, Place(simple, meaning))
        carried, last_end = meaning, end


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
