"""Finds runs of digits, written or spoken, with the pauses and fillers people put between them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from callwright.kit.patterns import all_or_nothing
from callwright.masking.alphabet import MISHEARD_DIGITS, is_spoken

_ENGLISH = {
    "zero": "0",
    "oh": "0",
    "one": "1",
    "two": "2",
    "three": "3",
    "four": "4",
    "five": "5",
    "six": "6",
    "seven": "7",
    "eight": "8",
    "nine": "9",
}
_TIMES = {"double": 2, "triple": 3}
_WORD = rf"(?<![A-Za-z])(?:(?:double|triple) )?(?:{'|'.join(_ENGLISH)})(?![A-Za-z])"
_TENS = r"[1-9]百(?:[1-9]十[1-9]?|0[1-9])|[1-9]十[1-9]?|十[1-9]"
_DIGIT = rf"(?:{_TENS}|[0-9]|{_WORD})"
_PAUSE = (
    r"(?:[ \t\r\n\xa0\-‐-―_.·•/()\[\],、。;…~\u200b-\u200f\u2060\ufeff]++"
    r"|嗯+|呃+|额|啊|哦|唉|诶|那个|然后|就是|再来|横杠|杠|空格|转分机|分机|转|好的|好|对|您说|你说|您讲|请说|继续|请继续"
    r"|收到|您稍等|还有呢|(?<![A-Za-z])(?:uh|um|okay|ok|yes|and|then|dash)(?![A-Za-z]))"
)
_PAUSES = all_or_nothing(rf"{_PAUSE}{{0,12}}", "pauses")
_MISHEARD = f"[{''.join(MISHEARD_DIGITS)}]"
_CHECK_LETTER = r"(?:[xX](?![A-Za-z0-9])|叉|[艾埃爱]克斯|大写的?[xX])"
_RUN = re.compile(
    rf"(?:\+|[以依腰妖邀吆](?={_DIGIT}))?{_DIGIT}(?:{_PAUSES}(?:{_DIGIT}|{_CHECK_LETTER}"
    rf"|{_MISHEARD}(?={_PAUSE}{{0,2}}{_DIGIT})))*",
    re.IGNORECASE,
)
_TOKEN = re.compile(
    rf"(?P<tens>{_TENS})|(?P<figures>[0-9]+?(?=[1-9]?百|[1-9]?十|[^0-9]|$))|(?P<word>{_WORD})"
    rf"|(?P<letter>{_CHECK_LETTER})|(?P<misheard>{_MISHEARD})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """Digits said or written in one breath. `gap` is what stood between it and the one before."""

    start: int
    end: int
    digits: str
    spoken: bool
    misheard: bool = False
    gap: str = ""
    parts: tuple[tuple[int, int], ...] = ()


def find_runs(text: str, plain: str) -> Iterator[list[Group]]:
    """Every run of digits in the text as its groups, left to right. Linear in the text."""
    for found in _RUN.finditer(plain):
        if found.end() - found.start() >= 3:
            yield list(_groups(text, plain, found.start(), found.end()))


def _groups(text: str, plain: str, start: int, end: int) -> Iterator[Group]:
    last = start
    spoken = False
    for token in _TOKEN.finditer(plain, start, end):
        gap = plain[last : token.start()].lstrip("+")
        for group in _split_by_style(text, token, spoken_before=spoken):
            spoken = group.spoken
            yield Group(
                group.start, group.end, group.digits, group.spoken, group.misheard, gap, group.parts
            )
            gap = ""
        last = token.end()


def _split_by_style(text: str, token: re.Match[str], *, spoken_before: bool) -> Iterator[Group]:
    """Figures and spoken digits that touch (13800138000一台) are two groups."""
    start, end = token.span()
    if token.lastgroup != "figures":
        digits = _value(token)
        misheard = token.lastgroup == "misheard"
        spoken = token.lastgroup != "letter" or spoken_before  # X is written in both styles
        yield Group(start, end, digits, spoken, misheard, parts=((start, end),))
        return
    for spoken, chars in groupby(range(start, end), key=lambda at: is_spoken(text[at])):
        places = list(chars)
        first, last = places[0], places[-1] + 1
        digits = token.group()[first - start : last - start]
        yield Group(first, last, digits, spoken, parts=((first, last),))


def _value(token: re.Match[str]) -> str:
    said = token.group().lower()
    match token.lastgroup:
        case "tens":
            return _tens(said)
        case "word":
            *times, word = said.split()
            return _ENGLISH[word] * (_TIMES[times[0]] if times else 1)
        case "letter":
            return "X"
        case _:
            return MISHEARD_DIGITS[said]


def _tens(said: str) -> str:
    """一百三十八 → 138, 一百零八 → 108, 五十六 → 56, 十三 → 13 (already in figures and 百, 十)."""
    hundreds, _, rest = said.rpartition("百")
    if rest.startswith("0"):
        return hundreds + rest
    tens, _, ones = rest.partition("十")
    return hundreds + (tens or "1") + (ones or "0")
