"""Gathers DTMF digits: the same rules for every PBX."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from callwright.kit.clock import Clock
from callwright.kit.errors import invalid
from callwright.ports.telephony import Digits, DigitsEnd, PlayResult

log = logging.getLogger(__name__)

DIGITS = frozenset("0123456789*#ABCD")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to gather: at most `max_digits`, ended by `terminator` (empty = none); seconds.

    `on_digit` is told how many were typed so far.
    """

    max_digits: int
    first_timeout_s: float
    next_timeout_s: float
    terminator: str
    on_digit: Callable[[int], None] | None = None

    def __post_init__(self) -> None:
        if self.max_digits < 1:
            raise invalid("max_digits", "must be at least 1")
        if self.terminator and self.terminator not in DIGITS:
            raise invalid("terminator", "must be one key of a phone, or empty")


@dataclass(slots=True)
class KeyPresses:
    """The keys that one leg presses while somebody gathers them; None = the leg is gone."""

    secure: bool = False
    queue: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)


async def gather(
    clock: Clock, presses: KeyPresses, prompt: Awaitable[PlayResult] | None, wanted: Wanted
) -> Digits:
    """Gather until enough, the terminator, a time-out or the leg's end.

    `prompt` is the playing, which the first key stops; time-outs count from its end.
    """
    typed = ""
    if prompt is not None:
        played = await prompt
        if played.state == "leg_gone":
            return Digits("", "leg_gone")
        if played.state == "failed":
            log.error("a prompt for typing was not heard: %s", played.reason)
    while True:
        wait = wanted.next_timeout_s if typed else wanted.first_timeout_s
        key = await _next(clock, presses.queue, wait)
        end = _end(key, typed, wanted)
        if key is not None and key not in {"timeout", wanted.terminator}:
            typed += key
            if wanted.on_digit is not None:
                wanted.on_digit(len(typed))
        if end is not None:
            return Digits(typed, end)


def _end(key: str | None, typed: str, wanted: Wanted) -> DigitsEnd | None:
    if key is None:
        return "leg_gone"
    if key == "timeout":
        return "timeout"
    if key == wanted.terminator:
        return "terminator"
    return "complete" if len(typed) + 1 >= wanted.max_digits else None


async def _next(clock: Clock, queue: asyncio.Queue[str | None], wait_s: float) -> str | None:
    """The next key, None when the leg is gone, or "timeout"."""
    if not queue.empty():
        return queue.get_nowait()
    key = asyncio.ensure_future(queue.get())
    alarm = asyncio.ensure_future(clock.sleep(wait_s))
    try:
        await asyncio.wait({key, alarm}, return_when=asyncio.FIRST_COMPLETED)
        return key.result() if key.done() else "timeout"
    finally:
        key.cancel()
        alarm.cancel()
