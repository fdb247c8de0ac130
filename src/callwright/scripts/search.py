"""Finding a script by whatever a person types: its number, words, or pinyin. Pure.

Equal figures are ordered by number, so the same question has the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from callwright.scripts.chinese import Syllables, initials, plain, spells, syllables
from callwright.scripts.model import Script, read_number
from callwright.scripts.variables import without_variables

Reason = Literal["no", "keyword", "title", "text", "group", "initials", "pinyin"]

SEVERAL_WORDS = 100  # words that hit apart come after words that hit together
SHORTEST_IN_TEXT = 3  # letters that are looked for in the first letters of whole texts

# Best first: what is looked for, in which field, as the whole (=), its beginning (^) or a part (*)
_WAYS: tuple[tuple[Reason, str, str], ...] = (
    ("keyword", "keywords", "="),
    ("title", "title", "="),
    ("title", "title", "^"),
    ("keyword", "keywords", "^"),
    ("title", "title", "*"),
    ("keyword", "keywords", "*"),
    ("initials", "title_initials", "="),
    ("initials", "keyword_initials", "="),
    ("initials", "title_initials", "^"),
    ("initials", "keyword_initials", "^"),
    ("pinyin", "spelled", "^"),
    ("initials", "title_initials", "*"),
    ("pinyin", "spelled", "*"),
    ("text", "text", "*"),
    ("group", "group", "*"),
    ("initials", "text_initials", "*"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A script prepared for search: each field is its values, a line each, in one string."""

    number: int
    title: str
    keywords: str
    text: str
    group: str
    title_initials: str
    keyword_initials: str
    text_initials: str
    spelled: tuple[Syllables, ...]
    everything: str  # all words: what is not in here is nowhere
    beginnings: frozenset[str]  # the first two letters of every way to spell a name from any place


@dataclass(frozen=True, slots=True)
class Hit:
    """A script that was found: the lower the rank the better; `why` says by what."""

    script: Script
    rank: int
    why: Reason


def _lines(values: Iterable[str]) -> str:
    return "\n" + "".join(f"{value}\n" for value in values)


@lru_cache(maxsize=50_000)
def _entry(number: int, title: str, keywords: tuple[str, ...], text: str, group: str) -> Entry:
    names, words = [plain(name) for name in (title, *keywords)], plain(without_variables(text))
    read = tuple(syllables(name) for name in names)
    return Entry(
        number=number,
        title=_lines(names[:1]),
        keywords=_lines(names[1:]),
        text=words,
        group=plain(group),
        title_initials=_lines(initials(read[0])),
        keyword_initials=_lines(way for word in read[1:] for way in initials(word)),
        text_initials=initials(syllables(words))[0],
        spelled=read,
        everything=_lines([*names, words, plain(group)]),
        beginnings=frozenset(pair for name in read for pair in _beginnings(name)),
    )


def _beginnings(name: Syllables) -> Iterator[str]:
    for readings, following in zip(name, (*name[1:], ()), strict=True):
        for reading in readings:
            yield reading[:2]
            yield from (reading[0] + other[0] for other in (*following, " "))


def entry_of(script: Script) -> Entry:
    """Prepared once for each wording."""
    body = script.body
    return _entry(script.head.number, body.title, tuple(body.keywords), body.text, body.group)


def prepare(scripts: Iterable[Script]) -> None:
    """Find the letters of all scripts now, so that the first search need not."""
    for script in scripts:
        entry_of(script)


def search(scripts: Iterable[Script], typed: str, prefer: str = "") -> list[Hit]:
    """The scripts that fit, best first; of equally good ones those in the preferred language."""
    whole = plain(typed)
    if not whole:
        return []
    asked = [_Asked(whole), *(_Asked(word) for word in whole.split())]
    found: list[Hit] = []
    for script in scripts:
        entry = entry_of(script)
        hit = asked[0].rank(entry) or (_all_words(entry, asked[1:]) if len(asked) > 2 else None)
        if hit:
            found.append(Hit(script, *hit))
    return sorted(found, key=lambda hit: (hit.rank, *listed(hit.script, prefer)))


def listed(script: Script, prefer: str) -> tuple[bool, int]:
    """The order of a list: the preferred language first, then by number."""
    return script.body.language != prefer, script.head.number


def _all_words(entry: Entry, words: Sequence[_Asked]) -> tuple[int, Reason] | None:
    hits = [word.rank(entry) for word in words]
    good = [hit for hit in hits if hit]
    if len(good) < len(words):
        return None
    return SEVERAL_WORDS + sum(place for place, _ in good), min(good)[1]


class _Asked:
    """What was typed, and the ways that make sense for it, looked at once for all scripts."""

    def __init__(self, typed: str) -> None:
        self.typed = typed
        short = typed.isdecimal() and len(typed) < 10
        self.number = int(typed) if short else read_number(typed)
        letters = typed.replace(" ", "")
        self.letters = letters if letters.isascii() and letters.isalpha() else ""
        self.beginning = self.letters[:2].ljust(2)
        self.ways = [
            (place, why, field, {"=": f"\n{typed}\n", "^": f"\n{typed}", "*": typed}[form], form)
            for place, (why, field, form) in enumerate(_WAYS, 1)
            if self._makes_sense(why, field)
        ]

    def _makes_sense(self, why: Reason, field: str) -> bool:
        if field == "text_initials":
            return len(self.letters) >= SHORTEST_IN_TEXT
        return bool(self.letters) or why not in ("initials", "pinyin")

    def rank(self, entry: Entry) -> tuple[int, Reason] | None:
        """The best of all the ways in which it fits a script, or None."""
        if self.number == entry.number:
            return 0, "no"
        if not self._may_fit(entry):
            return None
        for place, why, field, wanted, form in self.ways:
            if why == "pinyin":
                fits = self._spells(entry.spelled, inside=form == "*")
            else:
                fits = wanted in getattr(entry, field)
            if fits:
                return place, why
        return None

    def _may_fit(self, entry: Entry) -> bool:
        """Rules most scripts out at once: a search looks at all of them at every key."""
        if self.typed in entry.everything:
            return True
        return bool(self.letters) and (
            self.beginning in entry.beginnings or self.letters in entry.text_initials
        )

    def _spells(self, words: Iterable[Syllables], *, inside: bool) -> bool:
        return any(
            spells(self.letters, word[place:])
            for word in words
            for place in (range(1, len(word)) if inside else range(min(1, len(word))))
            if any(reading[0] == self.letters[0] for reading in word[place])
        )
