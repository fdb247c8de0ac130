"""How a Chinese text is looked for: one spelling, and the letters that people type for it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

from callwright.kit.simplified import to_simplified

Syllables = tuple[tuple[str, ...], ...]  # for each character all its readings

_PARTS = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\u3400-\u4dbf\u4e00-\u9fff]+")
VARIANTS = 12  # ways to read the initials of one title that are kept


@lru_cache(maxsize=50_000)
def plain(text: str) -> str:
    """Half-width, lower case, simplified: 「物流停滯」 and 「物流停滞」 are one."""
    folded = unicodedata.normalize("NFKC", text).lower()
    simple = folded if folded.isascii() else to_simplified(folded)
    return " ".join(simple.split())


def is_hanzi(char: str) -> bool:
    """Whether it is a Chinese character."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf"


def syllables(text: str) -> Syllables:
    """The readings of each character of a plain text; words decide where a character has several.

    Letters and digits stand for themselves, everything else is left out.
    """
    kept = "".join(char for char in text if is_hanzi(char) or char.isalnum())
    found = [readings for part in _PARTS.findall(kept) for readings in _readings(part)]
    return tuple(_typed(readings) for readings in found)


def _readings(part: str) -> Sequence[Sequence[str]]:
    if not is_hanzi(part[0]):
        return [(char,) for char in part]
    return pinyin(part, style=Style.NORMAL, heteronym=True)


def _typed(readings: Sequence[str]) -> tuple[str, ...]:
    """As they are typed: ü is v, and many type u."""
    both = [form for reading in readings for form in (reading, reading.replace("v", "u"))]
    return tuple(dict.fromkeys(both))


def initials(read: Syllables) -> tuple[str, ...]:
    """Every way to type a text by first letters: 物流停滞 → wlts… as far as readings allow."""
    letters = [tuple(dict.fromkeys(reading[0] for reading in readings)) for readings in read]
    ways: list[str] = []
    for way in product(*letters):
        ways.append("".join(way))
        if len(ways) == VARIANTS:
            break
    return tuple(ways)


def spells(typed: str, read: Syllables) -> bool:
    """Whether letters spell the text from its beginning: whole syllables, first letters, or a mix;
    the last syllable may be unfinished."""
    places = {0}
    for readings in read:
        following: set[int] = set()
        for place in places:
            rest = typed[place:]
            if any(reading.startswith(rest) for reading in readings):
                return True
            following |= {place + len(r) for r in readings if rest.startswith(r)}
            following |= {place + 1 for r in readings if rest[0] == r[0]}
        if len(typed) in following:
            return True
        if not following:
            return False
        places = following
    return False
