"""Decides for one run of digits which parts of it are a person's number, and why."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from callwright.masking import checks
from callwright.masking.context import Meaning
from callwright.masking.model import Hit, Kind
from callwright.masking.runs import Group
from callwright.masking.shapes import (
    LONGEST_NUMBER,
    Find,
    classify_window,
    is_after_plus,
    plausible_lengths,
)

_EXPECTED = {
    "mobile": 11,
    "id_card": 18,
    "bank_card": 19,
    "passport": 9,
    "account": 12,
    "secret": 8,
}
_LEAST_DIGITS, _LEAST_CORRECTION = 5, 3
_END_OF_NUMBER = re.compile(r"[,、;。\n…]")
_MONEY_BEFORE = re.compile(r"[¥￥$€£]\s?$")
_MONEY_AFTER = re.compile(r"\s{0,2}(?:元|块|圆|毛|万|亿|美元|人民币|rmb|usd|yuan|%)", re.IGNORECASE)
_UNIT_AFTER = re.compile(
    r"\s{0,2}(?:元|块|圆|毛|角|万|亿|千|百|%|年|月|日|天|个|台|件|次|位|人|度|米|公里|克|斤|吨|兆|升|平|小时|分钟|秒|岁|层|栋|倍"
    r"|折|股|寸|[kKMG]\b|kg|km|ml|rmb|usd|yuan)",
    re.IGNORECASE,
)
_LATIN = re.compile(r"[A-Za-z_]")
# A spoken digit that belongs to the next word: 一共, 一下, 两台.
_NEXT_WORD = frozenset("共下个直起定样般旦次些会台件年月块位元万千百多批种边")
_PREVIOUS_WORD = frozenset("第周期拜唯统万之每")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a run stands: the plain text, and what the words around it say."""

    plain: str
    meaning: Meaning | None


def judge(groups: Sequence[Group], place: Place) -> Iterator[Hit]:
    """The personal numbers of one run, left to right, not overlapping."""
    at = _after_public_number(groups) if place.meaning == "public" else 0
    loose: list[Group] = []
    while at < len(groups):
        found = _longest(groups, at, place)
        if found is None or _belongs_to_more(groups, at, found, place):
            loose.append(groups[at])
            at += 1
            continue
        yield from _damaged(loose, place)
        loose = []
        if found.kind is not None:
            yield found.hit(found.kind, place.plain)
        at = _index_behind(groups, at, found)
    yield from _damaged(loose, place)


def _belongs_to_more(groups: Sequence[Group], at: int, found: Find, place: Place) -> bool:
    """In a card number, damaged or not, nothing joined by dashes or blanks is a phone number."""
    if found.kind not in ("mobile", "landline") or place.meaning not in ("id_card", "bank_card"):
        return False
    behind = _index_behind(groups, at, found)
    edges = [*groups[at : at + 1 if at else at], *groups[behind : behind + 1]]
    return any(not _END_OF_NUMBER.search(group.gap) for group in edges)


def correction(groups: Sequence[Group], kind: Kind) -> Hit | None:
    """Digits said to put a number right that was just masked (…, 不对, 是五六七八)."""
    digits = "".join(group.digits for group in groups)
    if not _LEAST_CORRECTION <= len(digits) <= _EXPECTED["mobile"] or checks.is_service(digits):
        return None
    return Hit(kind, f"{kind}:correction", tuple(part for group in groups for part in group.parts))


def _index_behind(groups: Sequence[Group], at: int, found: Find) -> int:
    end = found.groups[-1].end
    while at < len(groups) and groups[at].start < end:
        at += 1
    return at


def _after_public_number(groups: Sequence[Group]) -> int:
    """An order number ends at the first comma; what follows is judged by itself."""
    for index, group in enumerate(groups):
        if index and _END_OF_NUMBER.search(group.gap):
            return index
    return len(groups)


def _longest(groups: Sequence[Group], at: int, place: Place) -> Find | None:
    """The best number that begins with group `at`: check sums first, then the longest."""
    best: Find | None = None
    total = 0
    has_plus = is_after_plus(place.plain, groups[at].start)
    lengths = plausible_lengths(_digits_from(groups, at), has_plus)
    longest = max(lengths, default=0) + 1
    for end in range(at, len(groups)):
        total += len(groups[end].digits)
        if total > longest:
            break
        if total in lengths or total - 1 in lengths:
            best = _better(best, groups[at : end + 1], place)
    return best


def _digits_from(groups: Sequence[Group], at: int) -> str:
    digits = ""
    for group in groups[at : at + LONGEST_NUMBER]:
        digits += group.digits
        if len(digits) >= LONGEST_NUMBER:
            break
    return digits


def _better(best: Find | None, window: Sequence[Group], place: Place) -> Find | None:
    if _ends_in_next_word(window, place):
        return best
    for found in (
        classify_window(window, place.plain, place.meaning),
        _trimmed(window, place),
    ):
        if found and not _is_part_of_something(found, place):
            best = found if best is None or found.weight >= best.weight else best
    return best


def _ends_in_next_word(window: Sequence[Group], place: Place) -> bool:
    """…八九七八，一共两件: this 一 counts nothing."""
    last = window[-1]
    stands_alone = last.spoken and last.end - last.start == 1 and last.gap != ""
    in_one_by_one = all(len(group.digits) == 1 for group in window)
    follows = place.plain[last.end : last.end + 1]
    return stands_alone and not in_one_by_one and follows in _NEXT_WORD


def _trimmed(window: Sequence[Group], place: Place) -> Find | None:
    """The same without a spoken digit that belongs to a neighbouring word (…零零零一共)."""
    first, last = window[0], window[-1]
    if last.spoken and len(last.digits) > 1 and place.plain[last.end : last.end + 1] in _NEXT_WORD:
        shorter = (*window[:-1], _cut(last, 0, len(last.digits) - 1))
        return classify_window(shorter, place.plain, place.meaning)
    before = place.plain[first.start - 1 : first.start]
    if first.spoken and len(first.digits) > 1 and before in _PREVIOUS_WORD:
        shorter = (_cut(first, 1, len(first.digits)), *window[1:])
        return classify_window(shorter, place.plain, place.meaning)
    return None


def _cut(group: Group, start: int, end: int) -> Group:
    """Part of a group whose digits are one character each."""
    first, last = group.start + start, group.start + end
    if group.end - group.start != len(group.digits):
        return group
    return Group(
        first,
        last,
        group.digits[start:end],
        group.spoken,
        group.misheard,
        group.gap,
        ((first, last),),
    )


def _is_part_of_something(found: Find, place: Place) -> bool:
    """A sum of money, or a code with letters directly before or behind it."""
    first, last = found.groups[0], found.groups[-1]
    plain = place.plain
    if _MONEY_BEFORE.search(plain, max(0, first.start - 2), first.start):
        return True
    if _MONEY_AFTER.match(plain, last.end):
        return True
    if place.meaning is not None or first.spoken:
        return False
    touches_before = _LATIN.match(plain, first.start - 1) if first.start else None
    return touches_before is not None or _LATIN.match(plain, last.end) is not None


def _damaged(loose: Sequence[Group], place: Place) -> Iterator[Hit]:
    """What recognition left of a number after a word that promised one: no check sum asked."""
    if place.meaning in (None, "public") or not loose:
        return
    taken = _take(loose, place)
    digits = "".join(group.digits for group in taken)
    if len(digits) < _LEAST_DIGITS:
        return
    kind = _kind_of_damaged(digits, place.meaning)
    if kind == "mobile" and _is_public(taken):
        return
    if kind == "mobile" and len(digits) in (7, 8) and digits[0] in "2345678":
        kind = "landline"
    parts = tuple(part for group in taken for part in group.parts)
    yield Hit(kind, f"{kind}:after_word", parts)


def _is_public(groups: Sequence[Group]) -> bool:
    heard = [group.digits for group in groups if not group.misheard]
    return checks.is_service("".join(heard)) or all(map(checks.is_short_code, heard))


def _kind_of_damaged(digits: str, meaning: Meaning | None) -> Kind:
    match meaning:
        case "id_card" | "bank_card" | "passport" | "account":
            return meaning
        case "secret":
            return "account"
        case _:
            return "landline" if digits.startswith("0") and len(digits) > 9 else "mobile"


def _take(loose: Sequence[Group], place: Place) -> list[Group]:
    """Groups up to the length one expects, without a trailing quantity (…, 2019年)."""
    expected = _EXPECTED.get(place.meaning or "", 11)
    taken: list[Group] = []
    total = 0
    for group in loose:
        is_quantity = not group.spoken and _UNIT_AFTER.match(place.plain, group.end)
        is_complete = total >= expected and "\n" not in group.gap  # turns repeat it in pieces
        if is_quantity or is_complete:
            break
        taken.append(group)
        total += len(group.digits)
    return taken
