"""Personal data with letters in them: e-mail, plate, passport, account names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from callwright.masking.context import Words, is_connected
from callwright.masking.model import Hit

_DOMAIN = re.compile(r"[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63}){1,4}")
_LOCAL_TAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}$")
_SPOKEN_EMAIL = re.compile(
    r"(?<![A-Za-z0-9._%+\-])(?:[A-Za-z0-9]{1,24} (?:dot|underscore) ){0,3}"
    r"[A-Za-z0-9._%+\-]{1,64} {0,2}(?:艾特|@|小老鼠|圈a|(?<= )at(?= )) {0,2}"
    r"[A-Za-z0-9\-]{1,63} {0,2}(?:\.|点|(?<= )dot(?= )) {0,2}"
    r"(?:com|cn|net|org|hk|tw)(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领][A-Z][·•.\- ]?"
    r"((?:[A-HJ-NP-Z0-9][ \-]?){4,5}[A-HJ-NP-Z0-9挂学警港澳])(?![A-Z0-9*])",
    re.IGNORECASE,
)
_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9*])(?:[EG]\d{8}|E[A-HJ-NP-Z]\d{7}|[DSPHK][A-Z]?\d{7,8})(?![A-Za-z0-9*])"
)
_PERMIT = re.compile(r"(?<![A-Za-z0-9*])[A-Za-z]{1,2} ?\d(?: ?\d){6,9}(?![A-Za-z0-9*])")
_ACCOUNT = re.compile(
    r"(?<![A-Za-z0-9])(?=[A-Za-z0-9_.\-]*[A-Za-z])[A-Za-z0-9][A-Za-z0-9_.\-]{3,31}"
)
_ENGLISH_WORD = re.compile(r"[A-Za-z]+")


def find_letters(plain: str, words: Words) -> Iterator[Hit]:
    """All of them; the caller settles overlaps."""
    yield from _emails(plain)
    yield from _plates(plain)
    yield from _passports(plain, words)
    yield from _accounts(plain, words)


def _emails(plain: str) -> Iterator[Hit]:
    at = plain.find("@")
    while at >= 0:
        local = _LOCAL_TAIL.search(plain, max(0, at - 64), at)
        domain = _DOMAIN.match(plain, at + 1)
        if local and domain:
            shown = ((at, at + 1),)
            yield Hit("email", "email:address", ((local.start(), domain.end()),), shown)
        at = plain.find("@", at + 1)
    for found in _SPOKEN_EMAIL.finditer(plain):
        yield Hit("email", "email:spoken", (found.span(),))


def _plates(plain: str) -> Iterator[Hit]:
    for found in _PLATE.finditer(plain):
        if sum(char.isdecimal() for char in found.group(1)) >= 3:
            start = found.start()
            yield Hit("plate", "plate:pattern", (found.span(),), ((start, start + 2),))


def _passports(plain: str, words: Words) -> Iterator[Hit]:
    for found in _PASSPORT.finditer(plain):
        meaning = words.before(plain, found.start())
        if meaning == "passport" or (meaning is None and found.group()[0] in "EG"):
            yield Hit("passport", "passport:pattern", (found.span(),))
    for found in _PERMIT.finditer(plain):
        if words.before(plain, found.start()) == "passport":
            yield Hit("passport", "passport:after_word", (found.span(),))


def _accounts(plain: str, words: Words) -> Iterator[Hit]:
    for word in words.all:
        if word.meaning not in ("account", "secret"):
            continue
        found = _ACCOUNT.search(plain, word.end, word.end + 60)
        if found is None or not is_connected(plain, word.end, found.start()):
            continue
        if not _ENGLISH_WORD.fullmatch(found.group()):
            yield Hit("account", f"account:after_{word.meaning}", (found.span(),))
