"""Which kind of number a window of digit groups is by itself, and which of it may stay readable."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from callwright.masking import checks
from callwright.masking.context import Meaning
from callwright.masking.model import Hit, Kind, Range
from callwright.masking.runs import Group

_COMMA = re.compile(r"[,、;。…]")
_COMMA_OR_LINE = re.compile(r"[,、;。\n…]")
_MOBILE_SHAPES = frozenset(
    [(11,), (3, 4, 4), (3, 3, 5), (4, 4, 3), (3, 8), (7, 4), (4, 3, 4), (5, 6), (3, 4, 2, 2)]
)
_HOTLINE_SHAPES = frozenset([(10,), (3, 7), (3, 3, 4), (3, 4, 3), (4, 3, 3), (6, 4), (4, 6)])
_EXTENSION = ("-", "转", "分机", "转分机")
_HYPHENATED = re.compile(r"0\d{2,3}")


LONGEST_NUMBER = 23
_LENGTHS: tuple[tuple[re.Pattern[str], frozenset[int]], ...] = (
    (re.compile(r"[1-8]\d{5}(?:19|20)[0-9]{2}[01]"), frozenset([18])),
    (re.compile(r"[1-8]\d{7}[01]\d[0-3]"), frozenset([15])),
    (re.compile(r"[2-9]\d{12}|103\d{10}"), frozenset(range(13, 20))),
    (re.compile(r"\d?1[3-9]\d{8}"), frozenset(range(10, 14))),
    (re.compile(r"(?:0086|86|0|17951|12593|179)\d{7}"), frozenset(range(10, 18))),
    (re.compile(r"[2-9]\d{9}"), frozenset([10])),
)
_INTERNATIONAL = frozenset(range(8, 16))


def plausible_lengths(digits: str, has_plus: bool) -> frozenset[int]:
    """How many of these digits a number that begins with them can have: a cheap first sieve."""
    found = _INTERNATIONAL if has_plus else frozenset()
    for pattern, lengths in _LENGTHS:
        if pattern.match(digits):
            found |= lengths
    return found


@dataclass(frozen=True, slots=True)
class Find:
    """A window of groups recognised as a number. `kind` None: public, stays readable.

    `weight` orders finds that begin at one place; `tail` is how many last figures stay readable,
    `head` how many of the last eleven.
    """

    groups: tuple[Group, ...]
    kind: Kind | None
    rule: str
    weight: int
    head: int = 0
    tail: int = 0

    def hit(self, kind: Kind, plain: str) -> Hit:
        """As a hit with its readable ranges; a plus sign before it belongs to it."""
        parts = tuple(part for group in self.groups for part in group.parts)
        if is_after_plus(plain, parts[0][0]):
            parts = ((parts[0][0] - 1, parts[0][1]), *parts[1:])
        if any(group.spoken for group in self.groups):
            return Hit(kind, f"{self.rule}+spoken", parts)
        if any("\n" in group.gap for group in self.groups[1:]):
            return Hit(kind, f"{self.rule}+over_turns", parts)
        return Hit(kind, self.rule, parts, tuple(_shown(parts, self.head, self.tail)))


def _shown(parts: Sequence[Range], head: int, tail: int) -> list[Range]:
    places = [at for start, end in parts for at in range(start, end)]
    kept = places[len(places) - tail :] if tail else []
    if head:
        kept = places[-11 : -11 + head] + kept
    return [(at, at + 1) for at in kept]


def is_after_plus(plain: str, at: int) -> bool:
    """Whether a plus sign stands directly before this place."""
    return at > 0 and plain[at - 1] == "+"


def classify_window(window: Sequence[Group], plain: str, meaning: Meaning | None) -> Find | None:
    """The number that exactly these groups make, or None."""
    groups = tuple(window)
    digits = "".join(group.digits for group in groups)
    if len(digits) < 7:
        return None
    comma = _COMMA if meaning is not None else _COMMA_OR_LINE
    has_comma = any(comma.search(group.gap) for group in groups[1:])
    if has_comma and not all(group.spoken for group in groups):
        return _mobile(groups, digits) if _has_mobile_shape(groups) else None
    has_plus = is_after_plus(plain, groups[0].start)
    return (
        _identity(groups, digits, meaning)
        or _public(groups, digits)
        or (_abroad(groups, digits) if has_plus else None)
        or _mobile(groups, digits)
        or _landline(groups, digits, plain)
    )


def _identity(groups: tuple[Group, ...], digits: str, meaning: Meaning | None) -> Find | None:
    if checks.is_id_card(digits):
        rule = "id_card:checksum" if checks.id_card_sum(digits) else "id_card:birthday"
        return Find(groups, "id_card", rule, 40)
    if meaning == "id_card" and checks.is_old_id_card(digits):
        return Find(groups, "id_card", "id_card:birthday", 40)
    if checks.is_bank_card(digits):
        return Find(groups, "bank_card", "bank_card:luhn", 30, tail=4)
    return None


def _mobile(groups: tuple[Group, ...], digits: str) -> Find | None:
    if _is_address_of_a_machine(groups):
        return None
    if checks.mobile_tail(digits):
        return Find(groups, "mobile", "mobile:number_plan", 20, head=3, tail=4)
    if any(group.misheard for group in groups):
        return None
    if re.fullmatch(r"09\d{8}", digits):
        return Find(groups, "mobile", "mobile:taiwan", 15, tail=3)
    if _sizes(groups) == (3, 3, 4) and digits[0] in "23456789" and not groups[0].spoken:
        return Find(groups, "mobile", "mobile:north_america", 10, tail=4)
    if all(group.spoken for group in groups) and re.fullmatch(r"1[3-9]\d{8,11}", digits):
        return Find(groups, "mobile", "mobile:nearly", 5)
    return None


def _landline(groups: tuple[Group, ...], digits: str, plain: str) -> Find | None:
    if any(group.misheard for group in groups) or _is_address_of_a_machine(groups):
        return None
    if checks.is_landline(digits):
        return Find(groups, "landline", "landline:area_code", 18)
    with_dash = len(groups) > 1 and _HYPHENATED.fullmatch(groups[0].digits) is not None
    rest = digits[len(groups[0].digits) :]
    if with_dash and groups[1].gap.strip() in ("-", "—", "–") and len(rest) in (7, 8):
        return Find(groups, "landline", "landline:hyphen", 17)
    if len(groups) > 2 and groups[-1].gap.strip() in _EXTENSION and len(groups[-1].digits) < 6:
        inner = _landline(groups[:-1], digits[: -len(groups[-1].digits)], plain)
        return inner and Find(groups, "landline", "landline:extension", 19)
    return None


def _public(groups: tuple[Group, ...], digits: str) -> Find | None:
    if checks.is_hotline(digits) and (groups[0].spoken or _sizes(groups) in _HOTLINE_SHAPES):
        return Find(groups, None, "service:hotline", 25)
    return None


def _abroad(groups: tuple[Group, ...], digits: str) -> Find | None:
    if 8 <= len(digits) <= 15 and not digits.startswith("86"):
        return Find(groups, "mobile", "mobile:international", 12, tail=2)
    return None


def _sizes(groups: Sequence[Group]) -> tuple[int, ...]:
    return tuple(len(group.digits) for group in groups)


def _has_mobile_shape(groups: Sequence[Group]) -> bool:
    sizes = _sizes(groups)
    return sizes in _MOBILE_SHAPES or set(sizes) == {1}


def _is_address_of_a_machine(groups: Sequence[Group]) -> bool:
    """192.168.100.10 has eleven figures and is nobody's phone."""
    gaps = [group.gap for group in groups[1:]]
    return len(gaps) == 3 and all(gap == "." for gap in gaps) and max(_sizes(groups)) <= 3
