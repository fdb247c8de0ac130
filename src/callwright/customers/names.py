"""The words by which a name is found: characters, sounds, first letters of sounds."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pypinyin import Style, lazy_pinyin

from callwright.kit.find import plain

LONGEST_WORD = 24
MOST_SYLLABLES = 40
_HAN = r"\u3400-\u9fff\U00020000-\U000323af"
_SYLLABLE = re.compile(rf"[{_HAN}]|[^\W{_HAN}]+")
_ONE_HAN = re.compile(f"[{_HAN}]")
# Surnames that are read otherwise than the character elsewhere; people type both.
_SURNAMES = {
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "任": "ren", "区": "ou", "查": "zha",
    "盖": "ge", "朴": "piao", "乐": "yue", "翟": "zhai", "缪": "miao", "覃": "qin", "冼": "xian",
    "华": "hua", "尉": "yu", "万": "mo", "种": "chong", "重": "chong", "黑": "he", "长": "zhang",
}  # fmt: skip


def words_of(name: str) -> list[str]:
    """Everything that finds the name when typed, from the first letter on.

    王建国: 王, 王建 … 国; wang … wangjianguo, jianguo, guo; wjg, jg, g. Each is whole, so that one
    look into an index decides.
    """
    found: set[str] = set()
    for syllables in _readings(_SYLLABLE.findall(name)[:MOST_SYLLABLES]):
        for start in range(len(syllables)):
            found.update(_beginnings("".join(syllables[start:])))
    return sorted(found)


def typed_word(text: str) -> str:
    """What somebody typed, in the form of `words_of`."""
    return plain(text).replace("ü", "v")[:LONGEST_WORD]


def _readings(parts: list[str]) -> Iterator[list[str]]:
    """As written, as spoken in each way, and by first letters."""
    written = [plain(part) for part in parts]
    yield written
    for spoken in _spoken(written):
        yield spoken
        yield [sound[:1] for sound in spoken]


def _spoken(written: list[str]) -> Iterator[list[str]]:
    sounds = [
        lazy_pinyin(part, style=Style.NORMAL)[0] if _is_han(part) else part for part in written
    ]
    yield sounds
    if any("lv" in sound or "nv" in sound for sound in sounds):
        yield [sound.replace("v", "u") if sound in _UMLAUTS else sound for sound in sounds]
    if written and written[0] in _SURNAMES:
        yield [_SURNAMES[written[0]], *sounds[1:]]


_UMLAUTS = frozenset({"lv", "nv", "lve", "nve"})


def _is_han(part: str) -> bool:
    return _ONE_HAN.fullmatch(part) is not None


def _beginnings(word: str) -> Iterator[str]:
    for length in range(1, min(len(word), LONGEST_WORD) + 1):
        yield word[:length]
