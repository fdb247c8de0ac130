"""Finds a table's keywords in a sentence, also as recognition misspells them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import ahocorasick
from pypinyin import Style, lazy_pinyin
from pypinyin.constants import PHRASES_DICT

from callwright.tickets.sentences import simplify

_HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")
# Words of everyday grammar sound like too much else (碎了 and 岁了, 想买 and 想卖).
_NO_SOUND = re.compile("[了想要能再不买多大小给把钱我你来的一没还有什]")
# Words of their own that sound like a keyword and stand in no list of phrases.
_REAL_WORDS = frozenset(
    ["司机", "打着", "前收", "一站", "十名", "水号", "定购", "登陆", "帐号", "帐户"]
)
_LATIN_TAIL = ("", "s", "es", "d", "ed", "ing", "'s", "ment", "er")
_FIRST_SYLLABLE = 0xE000


@dataclass(frozen=True, slots=True)
class Found:
    """A keyword in a sentence: where, which, and whether only by its sound."""

    start: int
    end: int
    keyword: str
    by_sound: bool = False


class WordFinder:
    """All keywords at once, in linear time (Aho-Corasick), by letter and by toneless sound."""

    def __init__(self, keywords: Iterable[str]) -> None:
        self._by_letter = ahocorasick.Automaton()
        self._by_sound = ahocorasick.Automaton()
        self._has_sound = False
        for keyword in keywords:
            self._by_letter.add_word(simplify(keyword), keyword)
            if _HAN.fullmatch(simplify(keyword)) and not _NO_SOUND.search(keyword):
                self._by_sound.add_word(_sound(simplify(keyword)), keyword)
                self._has_sound = True
        self._by_letter.make_automaton()
        self._by_sound.make_automaton()

    def find(self, simple: str) -> list[Found]:
        """Keywords of one simplified sentence; overlapping ones are settled."""
        taken: set[int] = set()
        exact = _longest_only(self._spelled(simple), taken)
        heard = _longest_only(self._heard(simple), taken)
        return sorted([*exact, *heard], key=lambda found: found.start)

    def _spelled(self, simple: str) -> Iterator[Found]:
        if len(self._by_letter) == 0:
            return
        for last, keyword in self._by_letter.iter(simple):
            start, end = last + 1 - len(simplify(keyword)), last + 1
            if _is_whole(simple, start, end):
                yield Found(start, end, keyword)

    def _heard(self, simple: str) -> Iterator[Found]:
        if not self._has_sound:
            return
        for last, keyword in self._by_sound.iter(_sound(simple)):
            start, end = last + 1 - len(simplify(keyword)), last + 1
            written = simple[start:end]
            if _is_misspelling(written, simplify(keyword)) and not _makes_sense(simple, start, end):
                yield Found(start, end, keyword, by_sound=True)


def _is_misspelling(written: str, keyword: str) -> bool:
    """Same sound, at least one same character, and no word of its own (发火 is not 发货)."""
    if written == keyword or written in _REAL_WORDS or written in PHRASES_DICT:
        return False
    return any(one == other for one, other in zip(written, keyword, strict=True))


def _makes_sense(simple: str, start: int, end: int) -> bool:
    """Whether a dictionary word covers part of the place: 衣机 of 洗衣机 is no misheard 移机."""
    return any(
        simple[first:last] in PHRASES_DICT
        for first in range(max(0, start - 2), end)
        for last in range(max(first + 2, start + 1), min(first + 4, len(simple)) + 1)
    )


def _is_whole(simple: str, start: int, end: int) -> bool:
    """Latin words and figures only as wholes: no 'order' in 'border', no 315 in 13150."""
    before, first = simple[start - 1 : start], simple[start]
    if first.isascii() and first.isalnum() and before.isascii() and before.isalnum():
        return first.isdigit() != before.isdigit() and not before.isalpha()
    if not (simple[end - 1].isascii() and simple[end - 1].isalnum()):
        return True
    tail = re.match(r"[a-z']*", simple[end:]) if simple[end - 1].isalpha() else None
    if tail is not None:
        return tail.group() in _LATIN_TAIL
    return not simple[end : end + 1].isdigit()


def _longest_only(found: Iterable[Found], taken: set[int]) -> list[Found]:
    """Of words that overlap the longest counts, of equal ones the later (要退款 is 退款).

    `taken` are the places already spoken for; those of the kept words are added.
    """
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, -one.start)):
        places = range(one.start, one.end)
        if taken.isdisjoint(places):
            taken.update(places)
            kept.append(one)
    return kept


_syllables: dict[str, str] = {}


@lru_cache(maxsize=16384)
def _syllable(char: str) -> str:
    """One private character per toneless syllable; other characters stand for nothing."""
    if not "\u4e00" <= char <= "\u9fff":
        return "\x00"
    sound = lazy_pinyin(char, style=Style.NORMAL)[0]
    return _syllables.setdefault(sound, chr(_FIRST_SYLLABLE + len(_syllables)))


def _sound(simple: str) -> str:
    return "".join(map(_syllable, simple))
