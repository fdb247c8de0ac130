"""What waiting callers are told, as names of sound files. Pure.

Every company can record them anew. In Chinese, where a syllable that stands alone is misheard,
places and minutes up to ten are whole sentences (`place_2`, `wait_2` … `place_10`, `wait_10`); all
others are put together from `number_0` … `number_10`, in English `number_11` … `number_19` too, and
the tens. A language without rules of its own is spoken as Chinese.
"""

from __future__ import annotations

from callwright.queues.model import WHOLE, Announce
from callwright.routing.expected import (
    LONGEST_SPOKEN_MIN,
    LONGEST_SPOKEN_PLACE,
    Expectation,
)

LANGUAGES = frozenset({"zh", "en"})


def spoken(announce: Announce, expected: Expectation, language: str) -> tuple[str, ...]:
    """Prompt names in order; empty when there is nothing that can honestly be said."""
    english = language.partition("-")[0] == "en"
    place = _place(expected.position, english) if announce.position else ()
    wait = _wait(expected.seconds, english) if announce.wait else ()
    return (*place, *wait)


def minutes(seconds: float) -> int:
    """Whole minutes, halves upwards; 0 = less than one."""
    return 0 if seconds < 60 else int(seconds / 60 + 0.5)


def _place(position: int, english: bool) -> tuple[str, ...]:
    if position > LONGEST_SPOKEN_PLACE:
        return ()
    if position == 1:
        return ("place_next",)
    if position <= WHOLE and not english:
        return (f"place_{position}",)
    return ("place_before", *number(position, english), "place_after")


def _wait(seconds: float | None, english: bool) -> tuple[str, ...]:
    if seconds is None:
        return ()
    count = minutes(seconds)
    if count == 0:
        return ("wait_short",)
    if count > LONGEST_SPOKEN_MIN:
        return ("wait_long",)
    if count == 1:
        return ("wait_minute",)
    if count <= WHOLE and not english:
        return (f"wait_{count}",)
    return ("wait_before", *number(count, english), "wait_after")


def number(value: int, english: bool) -> tuple[str, ...]:
    """0 to 99 in pieces: 23 is 二十 + 三, or twenty + three; 15 is 十 + 五, or fifteen."""
    if value <= (20 if english else 10):
        return (f"number_{value}",)
    tens, ones = value // 10 * 10, value % 10
    return (f"number_{tens}", *((f"number_{ones}",) if ones else ()))
